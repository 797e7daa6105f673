//! A payment is told of by webhook, return page and poller: once, twice, late, wrongly, or cut off in between.

use crate::{
    ES,
    support::{GOOD_CARD, World, crash_after, euros, minutes, refusal, session_of, signature},
};
use domain::orders::{OrderState, PaymentState};
use sandbox::{FaultKind, PayOutcome, PaymentMethod};
use shop::{
    Actor, Failure, Shop, cart,
    checkout::{self, Received, Standing},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_payment_is_acted_on_once_however_often_it_is_told(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 5).await;
    let (actor, placed) = w.placed(&[(bowl, 2)]).await;
    w.pay(&placed, GOOD_CARD).await;
    let events = w.events().await;
    assert_eq!(w.settle(&placed).await, Standing::Paid);
    let mut backwards = events.clone();
    backwards.reverse();
    w.deliver(&backwards).await;
    assert_eq!(w.receive(&events[0]).await.unwrap(), Received::Known);
    w.settle(&placed).await;
    w.later(minutes(5));
    w.workers().await;
    let order = w.order(&placed).await;
    assert_eq!((order.state, order.payment), (OrderState::Paid, PaymentState::Paid));
    assert!(w.cart(&actor).await.is_empty());
    assert_eq!(w.available(bowl).await, 3);
    assert_eq!(w.number("select count(*) from event where kind = 'order.paid'").await, 1);
    assert_eq!(shop::mail::list(&w.shop, 9).await.unwrap().len(), 1);
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn one_of_webhook_return_page_and_poller_is_enough(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 9).await;
    let (_, by_webhook) = w.placed(&[(bowl, 1)]).await;
    w.pay(&by_webhook, GOOD_CARD).await;
    w.hears_everything().await;
    assert_eq!(w.order(&by_webhook).await.state, OrderState::Paid);
    let (_, by_return) = w.placed(&[(bowl, 1)]).await;
    w.pay(&by_return, GOOD_CARD).await;
    w.settle(&by_return).await;
    assert_eq!(w.order(&by_return).await.state, OrderState::Paid);
    let (_, by_poller) = w.placed(&[(bowl, 1)]).await;
    w.pay(&by_poller, GOOD_CARD).await;
    w.later(minutes(4));
    checkout::reconcile(&w.shop, w.now).await.unwrap();
    assert_eq!(w.order(&by_poller).await.state, OrderState::Paid);
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_payment_on_a_page_the_shop_never_heard_of_finds_its_order(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 9).await;
    let actor = w.shopper(&[(bowl, 1)]).await;
    w.fault(FaultKind::Close, "/v1/checkout/sessions", 3);
    refusal(w.place(&actor).await);
    assert_eq!(w.number("select count(*) from payment_attempt where session_id is null").await, 1);
    let session = w.text("select id from sandbox.object where kind = 'checkout.session'").await;
    let method = PaymentMethod::Card { number: GOOD_CARD, name: None };
    assert_eq!(w.sandbox.pay(&session, method).await.unwrap(), PayOutcome::Paid);
    w.hears_everything().await;
    assert_eq!(w.number("select count(*) from orders where state = 'paid'").await, 1);
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn forged_webhooks_are_refused_and_strange_ones_kept(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, bowl) = World::with_bowls(pool, options, 9).await;
    let (_, placed) = w.placed(&[(bowl, 1)]).await;
    let forged = format!(r#"{{"id":"evt_1","type":"checkout.session.completed","data":{{"object":{{"id":"{}"}}}}}}"#, session_of(&placed));
    refusal(checkout::receive(&w.shop, forged.as_bytes(), "t=1,v1=00", w.now).await);
    refusal(checkout::receive(&w.shop, forged.as_bytes(), &signature("another body"), w.now).await);
    assert_eq!(w.number("select count(*) from webhook_inbox").await, 0);
    // Signed by the service, but saying what is not so: the session decides.
    let event = |id: &str, kind: &str, session: &str| {
        format!(
            r#"{{"id":"{id}","object":"event","type":"{kind}","livemode":false,"created":1,"pending_webhooks":1,"data":{{"object":{{"object":"checkout.session","id":"{session}","payment_status":"paid"}}}}}}"#
        )
    };
    let session = session_of(&placed);
    let odd = [
        event("evt_2", "checkout.session.completed", session),
        event("evt_3", "moon.risen", ""),
        event("evt_4", "checkout.session.completed", "cs_test_nobodys"),
        "no event at all".into(),
    ];
    w.deliver(&odd).await;
    assert_eq!(w.order(&placed).await.state, OrderState::Placed);
    assert_eq!(w.number("select count(*) from webhook_inbox where processed_at is not null").await, 4);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_webhook_that_cannot_be_acted_on_waits(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 9).await;
    let (_, placed) = w.placed(&[(bowl, 1)]).await;
    w.pay(&placed, GOOD_CARD).await;
    w.fault(FaultKind::BadGateway, "/v1/checkout/sessions", 99);
    w.hears_everything().await;
    assert_eq!(w.order(&placed).await.state, OrderState::Placed);
    w.sandbox.clear_faults();
    w.later(minutes(3));
    checkout::process_inbox(&w.shop, w.now).await.unwrap();
    assert_eq!(w.order(&placed).await.state, OrderState::Paid);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_wrong_amount_is_not_fulfilled_and_goes_back(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 1).await;
    let (_, placed) = w.placed(&[(bowl, 1)]).await;
    w.sql("update payment_attempt set amount_minor = amount_minor + 1").await;
    w.pay(&placed, GOOD_CARD).await;
    w.settle(&placed).await;
    w.workers().await;
    let order = w.order(&placed).await;
    assert_eq!((order.state, order.payment, order.refunded), (OrderState::Cancelled, PaymentState::Refunded, euros(2980)));
    assert_eq!(w.available(bowl).await, 1);
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_was_added_while_paying_stays_in_the_cart(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    let (bowl, cup) = (w.variant("Cuenco", 2490, 9).await, w.variant("Taza", 1250, 9).await);
    let (actor, placed) = w.placed(&[(bowl, 1)]).await;
    cart::add_line(&w.shop, &actor, ES, cup, 2, w.now).await.unwrap();
    w.pay(&placed, GOOD_CARD).await;
    w.settle(&placed).await;
    let left = w.cart(&actor).await;
    assert_eq!(left.lines.iter().map(|l| (l.variant, l.quantity)).collect::<Vec<_>>(), [(cup, 2)]);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_loss_of_power_between_any_two_steps_loses_nothing(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 500).await;
    for polls in (1..60).step_by(2) {
        let actor = w.shopper(&[(bowl, 1)]).await;
        crash_after(polls, w.place(&actor)).await;
        let placed = w.place(&actor).await.unwrap();
        assert_eq!(w.pay(&placed, GOOD_CARD).await, PayOutcome::Paid);
        crash_after(polls, w.settle(&placed)).await;
        w.settle(&placed).await;
        assert_eq!(w.order(&placed).await.state, OrderState::Paid, "after {polls} polls");
        checkout::request_refund(&w.shop, &Actor::Operator, &placed.number, euros(500), "", w.now).await.unwrap();
        crash_after(polls, shop::jobs::run_due(&w.shop, || w.now)).await;
    }
    w.check(false).await;
    w.all_ends_well().await;
    assert_eq!(w.number("select count(*) from sandbox.object where kind = 'refund'").await, 30);
    assert_eq!(w.number("select count(*) from mail where sent_at is not null").await, 30);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_webhook_of_the_other_mode_changes_nothing(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 9).await;
    let (_, placed) = w.placed(&[(bowl, 1)]).await;
    w.pay(&placed, GOOD_CARD).await;
    let live: Vec<_> = w.events().await.iter().map(|event| event.replace("\"livemode\":false", "\"livemode\":true")).collect();
    w.deliver(&live).await;
    assert_eq!(w.order(&placed).await.state, OrderState::Placed);
    w.all_ends_well().await;
    assert_eq!(w.order(&placed).await.state, OrderState::Paid);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_webhook_that_cannot_be_stored_is_not_said_to_be(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, bowl) = World::with_bowls(pool, options.clone(), 9).await;
    let (_, placed) = w.placed(&[(bowl, 1)]).await;
    w.pay(&placed, GOOD_CARD).await;
    let down = PgPoolOptions::new().connect_lazy_with(options);
    down.close().await;
    let unreachable = Shop { db: down, ..w.shop.clone() };
    for body in w.events().await {
        let answer = checkout::receive(&unreachable, body.as_bytes(), &signature(&body), w.now).await;
        assert!(matches!(answer, Err(Failure::Fault(_))), "it will be sent again: {answer:?}");
    }
    w.hears_everything().await;
    assert_eq!(w.order(&placed).await.state, OrderState::Paid);
}
