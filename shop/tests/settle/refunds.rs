//! Money on its way back: once, never too much, and never forgotten when it fails.

use crate::support::{GOOD_CARD, World, euros, minutes, refusal};
use domain::orders::{MoneyBack, OrderRefusal, PaymentState, Placed};
use payments::RefundRequest;
use sandbox::FaultKind;
use shop::{
    Actor,
    checkout::{self, RefundRefusal},
    orders::{self, TroubleKind},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::Duration;

const REFUND_FAILS: &str = "4000000000005126";
const REFUND_IS_SLOW: &str = "4000000000007726";

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn refunds_never_exceed_what_was_paid_and_are_sent_once(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 9).await;
    let (_, placed) = w.paid(&[(bowl, 1)]).await;
    let refund = |minor| checkout::request_refund(&w.shop, &Actor::Operator, &placed.number, euros(minor), "chipped", w.now);
    let guest = checkout::request_refund(&w.shop, &Actor::Guest { cart: None }, &placed.number, euros(1), "", w.now).await;
    assert_eq!(refusal(guest), RefundRefusal::NotAllowed);
    let asked = tokio::join!(refund(1000), refund(1000), refund(1000), refund(0));
    let granted = [asked.0, asked.1, asked.2, asked.3].into_iter().filter(Result::is_ok).count();
    assert_eq!(granted, 2, "29.80 hold two of 10.00");
    assert_eq!(refusal(refund(981).await), RefundRefusal::TooMuch { most: euros(980) });
    // Accepted there, never heard of here; a day later the key is forgotten, too.
    w.fault(FaultKind::Close, "/v1/refunds", 3);
    shop::jobs::run_due(&w.shop, || w.now).await.unwrap();
    w.sql("delete from sandbox.idempotency").await;
    w.later(Duration::hours(30));
    w.workers().await;
    let order = w.order(&placed).await;
    assert_eq!((order.payment, order.refunded), (PaymentState::PartRefunded, euros(2000)));
    assert_eq!(w.number("select count(*) from sandbox.object where kind = 'refund'").await, 2);
    w.all_ends_well().await;
}

async fn ask(w: &World, placed: &Placed, minor: i64) {
    checkout::request_refund(&w.shop, &Actor::Operator, &placed.number, euros(minor), "returned", w.now).await.unwrap();
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_refund_is_a_promise_that_is_kept(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 9).await;
    let (_, placed) = w.paid_with(REFUND_IS_SLOW, &[(bowl, 1)]).await;
    ask(&w, &placed, 1000).await;
    w.workers().await;
    let day = w.shop.settings.local(w.now + Duration::days(10)).date();
    assert_eq!(w.order(&placed).await.money_back, Some(MoneyBack::OnItsWay { money: euros(1000), by: day }));
    assert_eq!((w.refund_promises().await, w.troubles().await), ((0, 0, 1), vec![]));
    let sent_under_its_key = "select count(*) from sandbox.idempotency i join refund r on r.idempotency_key = i.key";
    assert_eq!(w.number(sent_under_its_key).await, 1);
    w.banks_work().await;
    w.later(minutes(4));
    w.workers().await;
    let order = w.order(&placed).await;
    assert_eq!((order.money_back, order.refunded), (None, euros(1000)));
    assert_eq!((w.refund_promises().await, w.troubles().await), ((1, 0, 0), vec![]));
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_refund_that_fails_is_a_debt_until_it_arrives(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 9).await;
    let (_, placed) = w.paid_with(REFUND_FAILS, &[(bowl, 1)]).await;
    ask(&w, &placed, 2980).await;
    w.workers().await;
    assert_eq!((w.order(&placed).await.payment, w.refund_promises().await), (PaymentState::Refunded, (1, 0, 0)));
    w.banks_work().await;
    let mut events = w.events().await;
    events.reverse();
    w.deliver(&events).await;
    let order = w.order(&placed).await;
    assert_eq!((order.payment, order.refunded), (PaymentState::Paid, euros(0)));
    assert_eq!(order.money_back, Some(MoneyBack::InTrouble { money: euros(2980) }));
    assert_eq!(w.troubles().await, [(TroubleKind::RefundFailed, 2980)]);
    assert_eq!(w.refund_promises().await, (0, 1, 0), "what seemed kept is broken");
    w.check(false).await;
    let guest = checkout::refund_again(&w.shop, &Actor::Guest { cart: None }, &placed.number, w.now).await;
    assert_eq!(refusal(guest), RefundRefusal::NotAllowed);
    checkout::refund_again(&w.shop, &Actor::Operator, &placed.number, w.now).await.unwrap();
    let twice = checkout::refund_again(&w.shop, &Actor::Operator, &placed.number, w.now).await;
    assert_eq!(refusal(twice), RefundRefusal::NothingFailed);
    w.sql("update sandbox.object set hidden = '{}' where kind = 'payment_intent'").await;
    w.workers().await;
    assert_eq!(w.troubles().await, []);
    let order = w.order(&placed).await;
    assert_eq!((order.payment, order.refunded, order.money_back), (PaymentState::Refunded, euros(2980), None));
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_refund_that_fails_unheard_is_found_out_within_a_day(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 9).await;
    let (_, placed) = w.paid_with(REFUND_FAILS, &[(bowl, 1)]).await;
    ask(&w, &placed, 2980).await;
    w.workers().await;
    w.banks_work().await;
    w.later(Duration::hours(25));
    w.workers().await;
    assert_eq!(w.troubles().await, [(TroubleKind::RefundFailed, 2980)]);
    assert_eq!(w.order(&placed).await.money_back, Some(MoneyBack::InTrouble { money: euros(2980) }));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_refund_the_service_refuses_reaches_a_person_and_goes_out_once(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 9).await;
    let (_, placed) = w.paid(&[(bowl, 1)]).await;
    let refunded =
        |minor: i64| format!("update sandbox.object set body = body || '{{\"amount_refunded\": {minor}}}' where kind = 'charge'");
    w.sql(&refunded(2980)).await;
    ask(&w, &placed, 2980).await;
    w.workers().await;
    assert_eq!(w.troubles().await, [(TroubleKind::RefundFailed, 2980)]);
    assert_eq!(w.text("select failure from refund").await, "charge_already_refunded");
    assert_eq!(w.refund_promises().await, (0, 1, 0));
    w.later(Duration::days(1));
    w.workers().await;
    assert_eq!(w.number("select count(*) from refund").await, 1, "a definite no is not asked again by itself");
    w.sql(&refunded(0)).await;
    checkout::refund_again(&w.shop, &Actor::Operator, &placed.number, w.now).await.unwrap();
    w.workers().await;
    assert_eq!(w.number("select count(*) from sandbox.object where kind = 'refund'").await, 1);
    assert_eq!((w.troubles().await, w.order(&placed).await.refunded), (vec![], euros(2980)));
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_refund_that_cannot_be_sent_is_tried_again_and_shown(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 9).await;
    let (_, placed) = w.paid(&[(bowl, 1)]).await;
    ask(&w, &placed, 2980).await;
    w.fault(FaultKind::ServerError, "/v1/refunds", 999);
    for _ in 0..4 {
        w.later(minutes(20));
        w.workers().await;
    }
    assert_eq!(w.troubles().await, [(TroubleKind::RefundWaits, 2980)]);
    assert!(matches!(w.order(&placed).await.money_back, Some(MoneyBack::OnItsWay { .. })));
    w.later(Duration::days(11));
    w.workers().await;
    assert_eq!(w.refund_promises().await, (0, 1, 0), "past its day");
    w.all_ends_well().await;
    assert_eq!(w.number("select count(*) from sandbox.object where kind = 'refund'").await, 1);
    assert_eq!((w.troubles().await, w.order(&placed).await.refunded), (vec![], euros(2980)));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_debt_can_be_settled_by_hand_and_is_not_paid_twice(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, bowl) = World::with_bowls(pool, options, 9).await;
    let (_, placed) = w.paid_with(REFUND_FAILS, &[(bowl, 1)]).await;
    let by_hand = || checkout::settle_by_hand(&w.shop, &Actor::Operator, &placed.number, "bank transfer", w.now);
    assert_eq!(refusal(by_hand().await), RefundRefusal::NothingFailed);
    ask(&w, &placed, 2000).await;
    w.workers().await;
    w.banks_work().await;
    w.hears_everything().await;
    by_hand().await.unwrap();
    assert_eq!((w.troubles().await, w.order(&placed).await.money_back), (vec![], None));
    let more = checkout::request_refund(&w.shop, &Actor::Operator, &placed.number, euros(981), "", w.now).await;
    assert_eq!(refusal(more), RefundRefusal::TooMuch { most: euros(980) });
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_refund_made_in_the_dashboard_is_not_made_again(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 9).await;
    let (_, placed) = w.paid(&[(bowl, 1)]).await;
    let in_dashboard = RefundRequest {
        idempotency_key: "dashboard".into(),
        payment_intent: w.text("select payment_intent from payment_attempt").await,
        amount_minor: 2980,
        currency: "eur".into(),
        reason: None,
        reference: String::new(),
    };
    w.shop.payments.refund(&in_dashboard).await.unwrap();
    // Staff cancels before any webhook came.
    orders::cancel(&w.shop, &Actor::Operator, &placed.number, w.now).await.unwrap();
    w.workers().await;
    let order = w.order(&placed).await;
    assert_eq!((order.payment, order.refunded, order.money_back), (PaymentState::Refunded, euros(2980), None));
    assert_eq!(w.troubles().await, []);
    w.hears_everything().await;
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn money_kept_for_an_order_that_cannot_be_fulfilled_is_shown_until_it_leaves(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 1).await;
    let rival = w.shopper(&[(bowl, 1)]).await;
    let (_, placed) = w.placed(&[(bowl, 1)]).await;
    w.pay(&placed, GOOD_CARD).await;
    w.later(minutes(60));
    let rivals = w.place(&rival).await.unwrap();
    w.pay(&rivals, GOOD_CARD).await;
    w.settle(&rivals).await;
    w.settle(&placed).await;
    assert_eq!(w.troubles().await, [(TroubleKind::CannotBeFulfilled, 2980)]);
    w.workers().await;
    assert_eq!(w.troubles().await, []);
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_is_wholly_refunded_stays_in_the_house(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 9).await;
    let (_, placed) = w.paid(&[(bowl, 1)]).await;
    ask(&w, &placed, 2980).await;
    w.workers().await;
    assert_eq!(w.order(&placed).await.payment, PaymentState::Refunded);
    let (staff, number) = (&Actor::Operator, placed.number.as_str());
    assert_eq!(refusal(orders::pack(&w.shop, staff, number, w.now).await), OrderRefusal::PaymentRefunded);
    assert_eq!(refusal(orders::ship(&w.shop, staff, number, "dhl", "X1", w.now).await), OrderRefusal::PaymentRefunded);
    w.all_ends_well().await;
}
