//! Blocked people do not get through: by no conversation, new or old, and by no other browser of their account.

use super::{
    GUEST, Shopper, agent, entries, opening, person, present, says,
    support::{World, refusal},
    world,
};
use domain::{
    chat::ChatRefusal,
    desk::DeskRefusal,
    ids::{ConversationId, CustomerId},
    staff::Role,
};
use shop::{
    Actor,
    chat::{self, OpenConversation, Visitor, Who},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::Duration;
use uuid::Uuid;

async fn customer(w: &World, email: &str) -> Actor {
    let id = Uuid::new_v4();
    w.sql(&format!(
        "insert into customer (id, email, name, language, confirmed_at, created_at) values ('{id}', '{email}', 'Ana', 'es', now(), now())"
    ))
    .await;
    Actor::Customer { id: CustomerId(id), cart: None }
}

/// What the chat answers to everything that somebody may write.
async fn told(w: &World, who: Who, id: ConversationId) -> Vec<ChatRefusal> {
    let picture = b"GIF89a\x01\0\x01\0\0\0\0;".to_vec();
    vec![
        refusal(chat::post(&w.shop, who, id, says("otra vez"), w.now).await),
        refusal(chat::attach(&w.shop, who, id, "x.gif", picture, w.now).await),
        refusal(chat::is_writing(&w.shop, who, id, w.now).await),
        refusal(chat::rate(&w.shop, who, id, 1, "otra vez", w.now).await),
        refusal(chat::leave_address(&w.shop, who, id, "otra@example.org", w.now).await),
    ]
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_is_blocked_writes_nowhere_until_it_is_over(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    let eva = present(&w, "Eva").await;
    let shopper = Shopper::new();
    let (one, other) = (shopper.opens(&w, "Hola").await.id, shopper.opens(&w, "Otra cosa").await.id);
    chat::post(&w.shop, Who::staff(&eva), one, says("Buenas"), w.now).await.unwrap();
    chat::block(&w.shop, &eva, one, "insulta", Some(7), w.now).await.unwrap();
    for id in [one, other] {
        assert_eq!(told(&w, shopper.who(), id).await, [ChatRefusal::Blocked; 5], "in every conversation");
    }
    assert_eq!(refusal(chat::open(&w.shop, &GUEST, shopper.0, opening("soy yo"), w.now).await), ChatRefusal::Blocked);
    let until = chat::blocked(&w.shop, shopper.who(), w.now).await.unwrap();
    assert_eq!(until, Some(Some(w.now + Duration::days(7))), "and is told until when");
    assert!(entries(&w, shopper.who(), one).await.iter().any(|entry| entry.body == "Buenas"), "what was said stays theirs to read");
    chat::post(&w.shop, Who::staff(&eva), one, says("Hasta el lunes"), w.now).await.unwrap();
    // Others, and the same person when it is over, write as before.
    Shopper::new().opens(&w, "Yo no").await;
    w.later(Duration::days(7));
    chat::post(&w.shop, shopper.who(), one, says("Perdón"), w.now).await.unwrap();
    shopper.opens(&w, "De nuevo").await;
    assert_eq!(chat::blocked(&w.shop, shopper.who(), w.now).await.unwrap(), None);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn another_browser_of_the_account_or_its_address_is_no_way_in(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let eva = present(&w, "Eva").await;
    let ana = customer(&w, "Ana@Example.org").await;
    let at_home = Visitor(Uuid::new_v4());
    let id = chat::open(&w.shop, &ana, at_home, opening("Hola"), w.now).await.unwrap().id;
    chat::block(&w.shop, &eva, id, "insulta", Some(1), w.now).await.unwrap();
    let elsewhere = Visitor(Uuid::new_v4());
    assert_eq!(refusal(chat::open(&w.shop, &ana, elsewhere, opening("en el trabajo"), w.now).await), ChatRefusal::Blocked);
    assert_eq!(refusal(chat::open(&w.shop, &GUEST, at_home, opening("sin cuenta"), w.now).await), ChatRefusal::Blocked);
    assert_eq!(refusal(chat::open(&w.shop, &GUEST, elsewhere, opening("con mi dirección"), w.now).await), ChatRefusal::Blocked);
    let stranger = OpenConversation { email: "leo@example.org".into(), ..opening("Soy Leo") };
    chat::open(&w.shop, &GUEST, elsewhere, stranger, w.now).await.unwrap();
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_address_that_was_only_typed_blocks_nobody_else(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let eva = present(&w, "Eva").await;
    // Somebody gives the address of another.
    let id = Shopper::new().opens(&w, "Soy Ana").await.id;
    chat::block(&w.shop, &eva, id, "insulta", Some(1), w.now).await.unwrap();
    Shopper::new().opens(&w, "Ana de verdad").await;
    // An account whose address nobody has confirmed is no proof either.
    let claims = customer(&w, "leo@example.org").await;
    w.sql("update customer set confirmed_at = null").await;
    let id = chat::open(&w.shop, &claims, Visitor(Uuid::new_v4()), opening("Soy Leo"), w.now).await.unwrap().id;
    chat::block(&w.shop, &eva, id, "insulta", Some(1), w.now).await.unwrap();
    let leo = OpenConversation { email: "leo@example.org".into(), ..opening("Leo de verdad") };
    chat::open(&w.shop, &GUEST, Visitor(Uuid::new_v4()), leo, w.now).await.unwrap();
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_may_block_for_how_long_and_lift_it(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    let (eva, leo) = (present(&w, "Eva").await, agent(&w, "Leo").await);
    let chief = person(&w, "chief", &[Role::Supervisor], "{es}", 5).await;
    let writer = person(&w, "Ines", &[Role::Merchandiser], "{es}", 5).await;
    let shopper = Shopper::new();
    let id = shopper.opens(&w, "Hola").await.id;
    let block = async |w: &World, by: &Actor, reason: &str, days| chat::block(&w.shop, by, id, reason, days, w.now).await;
    assert_eq!(refusal(block(&w, &writer, "x", Some(1)).await), DeskRefusal::NotAllowed);
    assert_eq!(refusal(block(&w, &eva, " ", Some(1)).await), DeskRefusal::BlockReason);
    for days in [Some(8), None] {
        assert_eq!(refusal(block(&w, &eva, "x", days).await), DeskRefusal::BlockTooLong);
    }
    block(&w, &eva, "insulta", Some(7)).await.unwrap();
    w.later(Duration::minutes(1));
    block(&w, &chief, "amenaza", None).await.unwrap();
    let listed = chat::blocks(&w.shop, &chief, w.now).await.unwrap();
    assert_eq!(listed.len(), 1, "a later one takes the place of the first");
    let card = &listed[0];
    assert_eq!((card.reason.as_str(), card.until, card.by.as_str(), card.shopper.as_str()), ("amenaza", None, "chief", "Ana"));
    assert_eq!(chat::block_of(&w.shop, &leo, id, w.now).await.unwrap().as_ref(), Some(card), "colleagues see it beside the conversation");
    assert_eq!(refusal(chat::blocks(&w.shop, &eva, w.now).await), DeskRefusal::NotAllowed);
    assert_eq!(refusal(chat::unblock(&w.shop, &eva, card.id, w.now).await), DeskRefusal::NotAllowed, "it is not hers");
    chat::unblock(&w.shop, &chief, card.id, w.now).await.unwrap();
    assert_eq!(refusal(chat::unblock(&w.shop, &chief, card.id, w.now).await), DeskRefusal::NotBlocked);
    chat::post(&w.shop, shopper.who(), id, says("Gracias"), w.now).await.unwrap();
    assert_eq!(w.number("select count(*) from audit where action in ('shopper.blocked', 'shopper.unblocked')").await, 3);
}
