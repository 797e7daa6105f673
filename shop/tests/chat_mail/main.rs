//! Files of conversations, the mails about them, and the answers by mail.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly too")]
#![allow(clippy::cloned_ref_to_slice_refs, reason = "a list of one reads best as a list")]

#[path = "../support/mod.rs"]
mod support;

mod by_mail;
mod unsent;

use domain::{
    Language,
    chat::{Attachment, ChatRefusal, MOST_BYTES, Topic},
    ids::{ConversationId, StaffId},
    staff::{Role, Roles},
};
use shop::{
    Actor, Outcome,
    chat::{self, OpenConversation, Post, Visitor, Who},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use support::{World, refusal};
use time::{Duration, macros::datetime};
use uuid::Uuid;

const GUEST: Actor = Actor::Guest { cart: None };
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";
const PDF: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";

/// A conversation that Ana began, and an agent who answers.
struct Talk {
    w: World,
    visitor: Visitor,
    id: ConversationId,
    agent: Actor,
}

impl Talk {
    async fn new(pool: PgPoolOptions, options: PgConnectOptions, email: &str) -> Self {
        let mut w = World::new(pool, options).await;
        w.now = datetime!(2026-11-30 09:00 UTC);
        let visitor = Visitor(Uuid::new_v4());
        let opening = OpenConversation {
            client_id: Uuid::new_v4(),
            language: Language::Es,
            name: "Ana".into(),
            email: email.into(),
            topic: Topic::Product,
            body: "¿Es apto para <lavavajillas>?".into(),
            message_client_id: Uuid::new_v4(),
            page: "/es".into(),
            order: None,
        };
        let id = chat::open(&w.shop, &GUEST, visitor, opening, w.now).await.unwrap().id;
        let staff = Uuid::new_v4();
        w.sql(&format!(
            "insert into staff (id, email, name, roles, created_at) values ('{staff}', 'eva@shop.test', 'Eva', '{{agent}}', now())"
        ))
        .await;
        let agent = Actor::Staff { id: StaffId(staff), roles: Roles::of(&[Role::Agent]) };
        Self { w, visitor, id, agent }
    }

    fn shopper(&self) -> Who {
        Who::shopper(&GUEST, self.visitor)
    }

    fn staff(&self) -> Who {
        Who::staff(&self.agent)
    }

    async fn attach(&self, who: Who, name: &str, bytes: &[u8]) -> Outcome<Attachment, ChatRefusal> {
        chat::attach(&self.w.shop, who, self.id, name, bytes.to_vec(), self.w.now).await
    }

    async fn say(&self, who: Who, body: &str, files: &[&Attachment], note: bool) -> Outcome<u64, ChatRefusal> {
        let attachments = files.iter().map(|file| file.id).collect();
        let post = Post { client_id: Uuid::new_v4(), body: body.into(), attachments, note };
        chat::post(&self.w.shop, who, self.id, post, self.w.now).await
    }

    async fn answer(&self, body: &str) -> u64 {
        self.say(self.staff(), body, &[], false).await.unwrap()
    }

    /// The mails that have gone out by now.
    async fn mails(&self) -> Vec<String> {
        // What one job writes the next one sends.
        for _ in 0..2 {
            shop::jobs::run_due(&self.w.shop, || self.w.now).await.unwrap();
        }
        let letters = shop::mail::list(&self.w.shop, 9).await.unwrap();
        assert!(letters.iter().all(|letter| letter.sent_at.is_some()));
        letters.into_iter().rev().map(|letter| format!("{}\n{}\n{}", letter.recipient, letter.subject, letter.text)).collect()
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_file_is_what_it_is_and_belongs_to_one_conversation(pool: PgPoolOptions, options: PgConnectOptions) {
    let talk = Talk::new(pool, options, "").await;
    let picture = talk.attach(talk.shopper(), "../plato roto.pdf", PNG).await.unwrap();
    assert_eq!((picture.media_type.as_str(), picture.name.as_str()), ("image/png", "plato roto.pdf"));
    for wrong in [&b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"[..], b"<!doctype html><script>", b"MZ\x90", b"text", b""] {
        assert_eq!(refusal(talk.attach(talk.shopper(), "plato.png", wrong).await), ChatRefusal::WrongType);
    }
    let mut large = PNG.to_vec();
    large.resize(MOST_BYTES + 1, 0);
    assert_eq!(refusal(talk.attach(talk.shopper(), "large.png", &large).await), ChatRefusal::TooLarge);
    let stranger = Who::shopper(&GUEST, Visitor(Uuid::new_v4()));
    assert_eq!(refusal(talk.attach(stranger, "x.png", PNG).await), ChatRefusal::NoSuchConversation);

    let seq = talk.say(talk.shopper(), "", &[&picture], false).await.unwrap();
    let read = chat::entries(&talk.w.shop, talk.staff(), talk.id, seq - 1, 1).await.unwrap().unwrap().entries;
    assert_eq!(read[0].attachments, [picture.clone()]);
    assert_eq!(refusal(talk.say(talk.shopper(), "again", &[&picture], false).await), ChatRefusal::NoSuchFile, "it is sent");
    assert_eq!(refusal(talk.say(talk.shopper(), "", &[], false).await), ChatRefusal::Empty);
    for who in [talk.shopper(), talk.staff()] {
        assert_eq!(chat::file(&talk.w.shop, who, picture.id).await.unwrap().bytes, PNG);
    }
    assert_eq!(
        chat::file(&talk.w.shop, stranger, picture.id).await.map(|_| ()).map_err(|e| e.to_string()),
        Err(ChatRefusal::NoSuchFile.to_string())
    );

    let hidden = talk.attach(talk.staff(), "invoice.pdf", PDF).await.unwrap();
    talk.say(talk.staff(), "for us", &[&hidden], true).await.unwrap();
    assert!(chat::file(&talk.w.shop, talk.staff(), hidden.id).await.is_ok());
    assert!(chat::file(&talk.w.shop, talk.shopper(), hidden.id).await.is_err(), "a note's file is staff's");
    let mut stopped = Ok(());
    for _ in 0..25 {
        stopped = stopped.and(talk.attach(talk.shopper(), "x.png", PNG).await.map(|_| ()));
    }
    assert_eq!(refusal(stopped), ChatRefusal::TooManyFiles);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn answers_that_nobody_saw_go_out_in_one_mail(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut talk = Talk::new(pool, options, "ana@example.org").await;
    talk.answer("Sí, es apto.").await;
    talk.w.later(Duration::minutes(4));
    talk.answer("También para el <horno>.").await;
    assert_eq!(talk.mails().await.len(), 0, "she may still be looking");
    talk.w.later(Duration::minutes(2));
    let mails = talk.mails().await;
    assert_eq!(mails.len(), 1);
    for said in [
        "ana@example.org\nRespuesta a tu conversación 1\n",
        "Hola, Ana:",
        "Sí, es apto.",
        "También para el <horno>.",
        "https://shop.test/es/chat",
    ] {
        assert!(mails[0].contains(said), "no `{said}` in {}", mails[0]);
    }
    assert!(!mails[0].contains("lavavajillas"), "what she said herself is not an answer");
    assert!(!talk.w.text("select html_body from mail").await.contains("<horno>"));

    talk.answer("Y para el microondas.").await;
    talk.w.later(Duration::minutes(6));
    let mails = talk.mails().await;
    assert_eq!(mails.len(), 2);
    assert!(mails[1].contains("microondas") && !mails[1].contains("horno"), "{}", mails[1]);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_saw_it_or_looks_is_sent_no_mail(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut talk = Talk::new(pool, options, "ana@example.org").await;
    let said = talk.answer("Sí.").await;
    chat::read(&talk.w.shop, talk.shopper(), talk.id, said, talk.w.now).await.unwrap();
    talk.w.later(Duration::minutes(10));
    assert_eq!(talk.mails().await.len(), 0, "seen");

    talk.answer("¿Algo más?").await;
    chat::is_here(&talk.w.shop, talk.shopper(), talk.id, true, talk.w.now).await.unwrap();
    talk.w.later(Duration::minutes(5));
    assert_eq!(talk.mails().await.len(), 0, "she is there");
    chat::is_here(&talk.w.shop, talk.shopper(), talk.id, false, talk.w.now).await.unwrap();
    talk.w.later(Duration::minutes(6));
    assert_eq!(talk.mails().await.len(), 1, "she left without seeing it");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_address_left_later_gets_what_was_answered_before(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut talk = Talk::new(pool, options, "").await;
    talk.answer("Sí, es apto.").await;
    assert_eq!(refusal(chat::transcript(&talk.w.shop, talk.shopper(), talk.id, talk.w.now).await), ChatRefusal::NotAnAddress);
    talk.w.later(Duration::minutes(30));
    assert_eq!(talk.mails().await.len(), 0);
    for wrong in ["", "ana", "a@b.es, c@d.es"] {
        let told = chat::leave_address(&talk.w.shop, talk.shopper(), talk.id, wrong, talk.w.now).await;
        assert_eq!(refusal(told), ChatRefusal::NotAnAddress, "{wrong}");
    }
    chat::leave_address(&talk.w.shop, talk.shopper(), talk.id, "ana@example.org", talk.w.now).await.unwrap();
    talk.w.later(Duration::minutes(6));
    assert_eq!(talk.mails().await.len(), 1);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_transcript_holds_what_both_said_and_no_more(pool: PgPoolOptions, options: PgConnectOptions) {
    let talk = Talk::new(pool, options, "ana@example.org").await;
    let picture = talk.attach(talk.shopper(), "plato.png", PNG).await.unwrap();
    talk.say(talk.shopper(), "Mira", &[&picture], false).await.unwrap();
    talk.answer("Ya veo.").await;
    talk.say(talk.staff(), "pobrecita", &[], true).await.unwrap();
    for _ in 0..2 {
        chat::transcript(&talk.w.shop, talk.shopper(), talk.id, talk.w.now).await.unwrap();
    }
    let mails = talk.mails().await;
    assert_eq!(mails.len(), 1, "twice asked, once sent");
    for said in ["Tu conversación 1", "Ana, ", "Eva, ", "¿Es apto para <lavavajillas>?", "Mira\n[plato.png]", "Ya veo."] {
        assert!(mails[0].contains(said), "no `{said}` in {}", mails[0]);
    }
    assert!(!mails[0].contains("pobrecita"));
}
