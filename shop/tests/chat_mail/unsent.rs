//! Files that nobody sent go after a day; what anybody needs stays, whatever happens at the same moment.

use super::{GUEST, PDF, PNG, Talk};
use domain::chat::{Attachment, ChatRefusal};
use shop::{
    chat::{self, Visitor, Who},
    jobs,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::Duration;
use uuid::Uuid;

impl Talk {
    /// One round of the worker, and of the jobs that it left.
    async fn sweep(&self) -> usize {
        let swept = chat::sweep_files(&self.w.shop, self.w.now).await.unwrap();
        jobs::run_due(&self.w.shop, || self.w.now).await.unwrap();
        swept
    }

    async fn opens(&self, file: &Attachment) -> bool {
        chat::file(&self.w.shop, self.shopper(), file.id).await.is_ok()
    }

    /// How many files lie in this test's store.
    async fn stored(&self) -> usize {
        let places: Vec<String> = sqlx::query_scalar(
            "select payload->>'place' from job where kind = 'file.remove'
             union all select place from stored_file",
        )
        .fetch_all(&self.w.shop.db)
        .await
        .unwrap();
        let folder = self.w.shop.settings.data_folder.join("files");
        places.iter().filter(|place| folder.join(place).exists()).count()
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_was_never_sent_goes_after_a_day_and_what_somebody_has_stays(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut talk = Talk::new(pool, options, "").await;
    let sent = talk.attach(talk.shopper(), "plato.png", PNG).await.unwrap();
    talk.say(talk.shopper(), "Mira", &[&sent], false).await.unwrap();
    // The same content once more, and another, that are never sent.
    let again = talk.attach(talk.shopper(), "otra vez.png", PNG).await.unwrap();
    let unsent = talk.attach(talk.shopper(), "factura.pdf", PDF).await.unwrap();
    assert_eq!(talk.stored().await, 2, "the same content lies there once");
    talk.w.later(Duration::hours(23));
    assert_eq!(talk.sweep().await, 0);
    assert!(talk.opens(&unsent).await);
    talk.w.later(Duration::hours(2));
    assert_eq!(talk.sweep().await, 1);
    assert!(talk.opens(&sent).await, "a message has it");
    assert!(!talk.opens(&again).await && !talk.opens(&unsent).await);
    assert_eq!(talk.stored().await, 1);
    let late = talk.say(talk.shopper(), "", &[&unsent], false).await;
    assert_eq!(super::refusal(late), ChatRefusal::NoSuchFile);
    assert_eq!(talk.sweep().await, 0, "a second round finds nothing");
}

/// The old file of this content is swept at the moment at which somebody uploads the same content.
#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_upload_beside_the_sweep_loses_nothing(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut talk = Talk::new(pool, options, "").await;
    for round in 0..30_u8 {
        let bytes = [PNG, &[round]].concat();
        talk.attach(talk.shopper(), "vieja.png", &bytes).await.unwrap();
        talk.w.later(Duration::hours(25));
        let upload = async {
            // Before, amid and after the sweep's steps.
            tokio::time::sleep(std::time::Duration::from_micros(u64::from(round) * 150)).await;
            talk.attach(talk.shopper(), "nueva.png", &bytes).await.unwrap()
        };
        let (_, new) = tokio::join!(talk.sweep(), upload);
        jobs::run_due(&talk.w.shop, || talk.w.now).await.unwrap();
        assert!(talk.opens(&new).await, "round {round}: the file of somebody who has just uploaded it is gone");
        talk.say(talk.shopper(), "Mira", &[&new], false).await.unwrap();
    }
}

/// The same content comes between the sweep and the job that takes the old file away.
#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_file_is_never_taken_away_under_the_name_of_a_newer_one(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut talk = Talk::new(pool, options, "").await;
    talk.attach(talk.shopper(), "vieja.pdf", PDF).await.unwrap();
    talk.w.later(Duration::hours(25));
    assert_eq!(chat::sweep_files(&talk.w.shop, talk.w.now).await.unwrap(), 1);
    // The job that takes the file away has not run yet.
    let new = talk.attach(talk.shopper(), "nueva.pdf", PDF).await.unwrap();
    jobs::run_due(&talk.w.shop, || talk.w.now).await.unwrap();
    assert!(talk.opens(&new).await);
    let stranger = Who::shopper(&GUEST, Visitor(Uuid::new_v4()));
    assert!(chat::file(&talk.w.shop, stranger, new.id).await.is_err());
}
