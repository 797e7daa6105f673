//! A bank takes a payment back: what staff may do meanwhile, and what follows when it decides.

use crate::support::{World, euros, refusal};
use domain::orders::{MoneyBack, OrderRefusal, OrderState, PaymentState};
use shop::{
    Actor,
    checkout::{self, RefundRefusal},
    orders::{self, TroubleKind},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

const DISPUTED: &str = "4000000000000259";
const STAFF: Actor = Actor::Operator;

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_disputed_payment_stops_the_parcel_and_the_refund(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, bowl) = World::with_bowls(pool, options, 9).await;
    let (_, placed) = w.paid_with(DISPUTED, &[(bowl, 1)]).await;
    w.hears_everything().await;
    assert_eq!(w.order(&placed).await.payment, PaymentState::Disputed);
    assert_eq!(w.troubles().await, [(TroubleKind::Disputed, 2980)]);
    let number = placed.number.as_str();
    assert_eq!(refusal(orders::pack(&w.shop, &STAFF, number, w.now).await), OrderRefusal::PaymentDisputed);
    assert_eq!(refusal(orders::ship(&w.shop, &STAFF, number, "dhl", "X1", w.now).await), OrderRefusal::PaymentDisputed);
    assert_eq!(refusal(orders::cancel(&w.shop, &STAFF, number, w.now).await), OrderRefusal::PaymentDisputed);
    let refund = checkout::request_refund(&w.shop, &STAFF, number, euros(100), "", w.now).await;
    assert_eq!(refusal(refund), RefundRefusal::Disputed);
    assert_eq!(w.number("select sum(minor)::bigint from payment_ledger where kind = 'capture'").await, 2980);
    assert_eq!(w.number("select sum(minor)::bigint from payment_ledger where kind = 'dispute'").await, -2980, "apart from refunds");
    assert_eq!(w.order(&placed).await.refunded, euros(0));
    w.check(false).await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_dispute_that_is_won_lets_everything_go_on(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 9).await;
    let (_, placed) = w.paid_with(DISPUTED, &[(bowl, 1)]).await;
    w.hears_everything().await;
    w.sandbox.close_dispute(&w.dispute().await, true).await.unwrap();
    let mut events = w.events().await;
    events.reverse();
    w.deliver(&events).await;
    assert_eq!((w.order(&placed).await.payment, w.troubles().await), (PaymentState::Paid, vec![]));
    orders::pack(&w.shop, &STAFF, &placed.number, w.now).await.unwrap();
    checkout::request_refund(&w.shop, &STAFF, &placed.number, euros(2980), "", w.now).await.unwrap();
    w.workers().await;
    assert_eq!(w.order(&placed).await.refunded, euros(2980));
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_dispute_that_is_lost_keeps_the_goods_and_gives_nothing_twice(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 9).await;
    let (_, placed) = w.paid_with(DISPUTED, &[(bowl, 1)]).await;
    w.hears_everything().await;
    w.sandbox.close_dispute(&w.dispute().await, false).await.unwrap();
    w.hears_everything().await;
    assert_eq!(w.order(&placed).await.payment, PaymentState::ChargedBack);
    assert_eq!(w.troubles().await, [(TroubleKind::DisputeLost, 2980)]);
    let number = placed.number.as_str();
    assert_eq!(refusal(orders::pack(&w.shop, &STAFF, number, w.now).await), OrderRefusal::PaymentDisputed);
    let refund = checkout::request_refund(&w.shop, &STAFF, number, euros(1), "", w.now).await;
    assert_eq!(refusal(refund), RefundRefusal::TooMuch { most: euros(0) });
    orders::cancel(&w.shop, &STAFF, number, w.now).await.unwrap();
    w.workers().await;
    let order = w.order(&placed).await;
    assert_eq!((order.state, order.payment, order.money_back), (OrderState::Cancelled, PaymentState::ChargedBack, None));
    assert_eq!((w.available(bowl).await, w.troubles().await), (9, vec![]));
    assert_eq!(w.number("select count(*) from refund").await, 0);
    assert_eq!(w.number("select count(*) from mail where key like 'order.given_back%'").await, 0);
    assert_eq!(w.number("select sum(minor)::bigint from payment_ledger").await, 0);
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_dispute_heard_of_before_its_payment_is_not_lost(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, bowl) = World::with_bowls(pool, options, 9).await;
    let (_, placed) = w.placed(&[(bowl, 1)]).await;
    w.pay(&placed, DISPUTED).await;
    let disputes: Vec<_> = w.events().await.into_iter().filter(|event| event.contains("charge.dispute.")).collect();
    assert_eq!(disputes.len(), 2);
    w.deliver(&disputes).await;
    let order = w.order(&placed).await;
    assert_eq!((order.state, order.payment), (OrderState::Paid, PaymentState::Disputed));
    w.check(false).await;
}

/// A refund that was queued when the bank stepped in.
async fn caught_in_a_dispute(w: &mut World, placed: &domain::orders::Placed) {
    checkout::request_refund(&w.shop, &STAFF, &placed.number, euros(2980), "", w.now).await.unwrap();
    let payment = w.text("select payment_intent from payment_attempt").await;
    w.sandbox.open_dispute(&payment, "fraudulent").await.unwrap();
    w.hears_everything().await;
    w.workers().await;
    assert_eq!(w.number("select count(*) from sandbox.object where kind = 'refund'").await, 0);
    assert!(matches!(w.order(placed).await.money_back, Some(MoneyBack::OnItsWay { .. })));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_refund_waits_for_the_bank_and_goes_out_when_it_is_won(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 9).await;
    let (_, placed) = w.paid(&[(bowl, 1)]).await;
    caught_in_a_dispute(&mut w, &placed).await;
    w.sandbox.close_dispute(&w.dispute().await, true).await.unwrap();
    w.hears_everything().await;
    w.all_ends_well().await;
    let order = w.order(&placed).await;
    assert_eq!((order.payment, order.refunded, w.troubles().await), (PaymentState::Refunded, euros(2980), vec![]));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_refund_is_dropped_when_the_bank_gave_the_money_back(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 9).await;
    let (_, placed) = w.paid(&[(bowl, 1)]).await;
    caught_in_a_dispute(&mut w, &placed).await;
    w.sandbox.close_dispute(&w.dispute().await, false).await.unwrap();
    w.hears_everything().await;
    orders::cancel(&w.shop, &STAFF, &placed.number, w.now).await.unwrap();
    w.all_ends_well().await;
    let order = w.order(&placed).await;
    assert_eq!((order.payment, order.refunded, order.money_back), (PaymentState::ChargedBack, euros(0), None));
    assert_eq!((w.troubles().await, w.refund_promises().await), (vec![], (0, 0, 0)), "withdrawn: the bank kept it for us");
}
