//! Money that comes after the goods went, money that takes days, and money that never comes.

use crate::support::{GOOD_CARD, World, minutes};
use domain::orders::{CancelReason, OrderState, PaymentState, PromiseState};
use sandbox::PayOutcome;
use shop::{
    Actor,
    checkout::{self, Standing},
    orders,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::Duration;

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_payment_after_the_hold_lapsed_gets_its_goods_if_they_are_there(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 1).await;
    let rival = w.shopper(&[(bowl, 1)]).await;
    let (_, placed) = w.placed(&[(bowl, 1)]).await;
    w.pay(&placed, GOOD_CARD).await;
    // Nobody hears of it; an hour later the rival orders, takes the lapsed hold, and gives up.
    w.later(minutes(60));
    let rivals = w.place(&rival).await.unwrap();
    w.later(minutes(1));
    orders::cancel(&w.shop, &Actor::Operator, &rivals.number, w.now).await.unwrap();
    w.settle(&placed).await;
    let order = w.order(&placed).await;
    assert_eq!((order.state, order.promised.kept), (OrderState::Paid, PromiseState::Open));
    assert_eq!(w.available(bowl).await, 0);
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_payment_after_the_last_one_was_sold_goes_back_by_itself(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 1).await;
    let rival = w.shopper(&[(bowl, 1)]).await;
    let (_, placed) = w.placed(&[(bowl, 1)]).await;
    w.pay(&placed, GOOD_CARD).await;
    w.later(minutes(60));
    let rivals = w.place(&rival).await.unwrap();
    w.pay(&rivals, GOOD_CARD).await;
    w.settle(&rivals).await;
    assert_eq!(w.settle(&placed).await, Standing::Refunding);
    w.workers().await;
    let order = w.order(&placed).await;
    assert_eq!((order.state, order.cancelled_because), (OrderState::Cancelled, Some(CancelReason::SoldOut)));
    assert_eq!((order.payment, order.refunded), (PaymentState::Refunded, order.total));
    assert_eq!(w.order(&rivals).await.state, OrderState::Paid);
    let letters = shop::mail::list(&w.shop, 9).await.unwrap();
    assert!(letters.iter().any(|l| l.subject.contains("te devolvemos") && l.text.contains("29,80")), "{letters:?}");
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_delayed_payment_is_waited_for(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 2).await;
    let (_, comes) = w.processing(&[(bowl, 1)], true).await;
    let (_, fails) = w.processing(&[(bowl, 1)], false).await;
    assert_eq!(w.order(&comes).await.payment, PaymentState::Processing);
    w.later(Duration::days(3));
    w.workers().await;
    assert_eq!(w.available(bowl).await, 0, "held as long as it takes");
    let shown = w.order(&comes).await.promised;
    w.banks_work().await;
    w.hears_everything().await;
    let order = w.order(&comes).await;
    assert_eq!(order.state, OrderState::Paid);
    assert!(order.promised.latest > shown.latest, "three days later the dates are new ones");
    let order = w.order(&fails).await;
    assert_eq!((order.state, order.cancelled_because), (OrderState::Cancelled, Some(CancelReason::PaymentFailed)));
    assert_eq!(w.available(bowl).await, 1);
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_delayed_payment_that_failed_unheard_gives_its_stock_back_within_minutes(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 1).await;
    let (_, placed) = w.processing(&[(bowl, 1)], false).await;
    w.later(minutes(4));
    w.workers().await;
    assert_eq!(w.order(&placed).await.payment, PaymentState::Processing, "the bank has not answered yet");
    w.banks_work().await;
    w.later(minutes(4));
    w.workers().await;
    let order = w.order(&placed).await;
    assert_eq!((order.state, order.cancelled_because), (OrderState::Cancelled, Some(CancelReason::PaymentFailed)));
    assert_eq!(w.available(bowl).await, 1);
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_declined_card_on_an_open_page_ends_nothing(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 1).await;
    let (_, placed) = w.placed(&[(bowl, 1)]).await;
    assert_eq!(w.pay(&placed, "4000000000009995").await, PayOutcome::Declined("insufficient_funds".into()));
    w.hears_everything().await;
    w.later(minutes(4));
    w.workers().await;
    assert_eq!(w.settle(&placed).await, Standing::Open);
    assert_eq!((w.order(&placed).await.state, w.available(bowl).await), (OrderState::Placed, 0));
    w.pay(&placed, GOOD_CARD).await;
    assert_eq!(w.settle(&placed).await, Standing::Paid);
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn money_that_comes_after_it_was_given_up_still_finds_its_order(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 1).await;
    let (_, placed) = w.processing(&[(bowl, 1)], true).await;
    w.later(Duration::days(16));
    w.workers().await;
    let order = w.order(&placed).await;
    assert_eq!((order.state, order.cancelled_because), (OrderState::Cancelled, Some(CancelReason::PaymentFailed)));
    w.banks_work().await;
    w.hears_everything().await;
    let order = w.order(&placed).await;
    assert_eq!((order.state, order.payment, order.cancelled_because), (OrderState::Paid, PaymentState::Paid, None));
    assert_eq!(w.available(bowl).await, 0);
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_days_count_from_the_payment(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 1).await;
    let (_, placed) = w.placed(&[(bowl, 1)]).await;
    let shown = w.order(&placed).await.promised;
    w.pay(&placed, GOOD_CARD).await;
    w.later(Duration::days(3));
    assert_eq!(w.settle(&placed).await, Standing::Paid);
    assert!(w.order(&placed).await.promised.latest > shown.latest);
    w.all_ends_well().await;
}

async fn letters(w: &World, subject: &str) -> Vec<String> {
    let all = shop::mail::list(&w.shop, 99).await.unwrap();
    all.into_iter().filter(|letter| letter.subject.contains(subject)).map(|letter| letter.text).collect()
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn whoever_waits_for_a_late_order_is_told_once_and_before_the_day(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 2).await;
    let (_, late) = w.paid(&[(bowl, 1)]).await;
    let (_, arrives) = w.paid(&[(bowl, 1)]).await;
    orders::ship(&w.shop, &Actor::Operator, &arrives.number, "seur", "S1", w.now).await.unwrap();
    w.workers().await;
    assert!(letters(&w, "llegará más tarde").await.is_empty());
    while w.order(&late).await.promised.expected.is_none() {
        w.later(Duration::days(1));
    }
    let promised = w.order(&late).await.promised;
    assert_eq!(promised.kept, PromiseState::Open, "it is told before the promise is broken");
    let (one, other) = tokio::join!(orders::warn_of_delays(&w.shop, w.now), orders::warn_of_delays(&w.shop, w.now));
    assert!(one.unwrap() + other.unwrap() >= 1);
    w.workers().await;
    w.later(Duration::days(1));
    w.workers().await;
    let told = letters(&w, &late.number).await.into_iter().filter(|text| text.contains("no vamos a llegar")).collect::<Vec<_>>();
    assert_eq!(told.len(), 1, "{told:?}");
    let day = domain::format::day(promised.expected.unwrap(), domain::Language::Es);
    assert!(told[0].contains(&day) && told[0].contains("cancelar") && told[0].contains(&format!("/es/order/{}", late.number)), "{told:?}");
    orders::deliver(&w.shop, &Actor::Operator, &arrives.number, w.now).await.unwrap();
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_paid_with_money_that_never_came_is_told_once(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 2).await;
    let (_, fails) = w.processing(&[(bowl, 1)], false).await;
    let (_, silent) = w.processing(&[(bowl, 1)], true).await;
    w.later(Duration::days(16));
    checkout::sweep_expired(&w.shop, w.now).await.unwrap();
    w.workers().await;
    w.workers().await;
    let told = letters(&w, "el pago no ha llegado").await;
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().all(|text| text.contains("carrito")) && told.iter().any(|text| text.contains(&fails.number)), "{told:?}");
    assert_eq!(w.order(&silent).await.state, OrderState::Cancelled);
}
