//! Whom a note calls, and who has seen it.

use super::{
    Shopper, agent, person, present, says,
    support::{World, refusal},
    world,
};
use domain::{
    chat::{ChatRefusal, Mention},
    ids::ConversationId,
    staff::Role,
};
use shop::{
    Actor,
    chat::{self, Post, Who},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::Duration;

async fn notes(w: &World, by: &Actor, id: ConversationId, body: &str) -> u64 {
    chat::post(&w.shop, Who::staff(by), id, Post { note: true, ..says(body) }, w.now).await.unwrap()
}

async fn list(w: &World, of: &Actor) -> Vec<Mention> {
    chat::mentions(&w.shop, of).await.unwrap()
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn whoever_a_note_calls_finds_it_until_they_have_seen_it(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    let (eva, luz) = (present(&w, "Eva").await, agent(&w, "Luz Peña").await);
    let id = Shopper::new().opens(&w, "Hola").await.id;
    let first = notes(&w, &eva, id, "@luz pena, ¿lo sabes tú? @Eva").await;
    w.later(Duration::minutes(1));
    let second = notes(&w, &eva, id, "Nada nuevo, @Luz").await;
    notes(&w, &eva, id, "Sin llamar a nadie: luz@example.org").await;
    chat::post(&w.shop, Who::staff(&eva), id, says("Le pregunto a @Luz Peña"), w.now).await.unwrap();
    let found = list(&w, &luz).await;
    assert_eq!(found.iter().map(|m| (m.seq, m.seen)).collect::<Vec<_>>(), [(second, false), (first, false)], "notes only, newest first");
    let newest = &found[0];
    assert_eq!((newest.conversation, newest.by.as_str(), newest.shopper.as_str()), (id, "Eva", "Ana"));
    assert_eq!(newest.said, "Nada nuevo, @Luz");
    assert!(list(&w, &eva).await.is_empty(), "nobody calls themselves");
    // Seen up to the first: the second stays new, and comes first.
    chat::read(&w.shop, Who::staff(&luz), id, first, w.now).await.unwrap();
    assert_eq!(list(&w, &luz).await.iter().map(|m| (m.seq, m.seen)).collect::<Vec<_>>(), [(second, false), (first, true)]);
    chat::see_mentions(&w.shop, &luz, id, second, w.now).await.unwrap();
    assert!(list(&w, &luz).await.iter().all(|m| m.seen));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn nobody_is_called_who_may_not_see_the_conversation(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let eva = present(&w, "Eva").await;
    let writer = person(&w, "Ines", &[Role::Merchandiser], "{es}", 5).await;
    let gone = agent(&w, "Leo").await;
    w.sql("update staff set active = false where name = 'Leo'").await;
    let id = Shopper::new().opens(&w, "Hola").await.id;
    notes(&w, &eva, id, "@Ines @Leo mirad").await;
    assert_eq!(w.number("select count(*) from mention").await, 0);
    assert!(list(&w, &gone).await.is_empty());
    assert_eq!(refusal(chat::mentions(&w.shop, &writer).await), ChatRefusal::NotAllowed);
}
