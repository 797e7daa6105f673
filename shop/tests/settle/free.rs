//! Orders over nothing: paid when they are placed, and never shown to the payment service.

use crate::{
    ES,
    support::{World, euros, minutes},
};
use domain::{
    checkout::CheckoutRefusal,
    ids::VariantId,
    orders::{Milestone, OrderState, PaymentState, Placed, PromiseState},
};
use futures::future::join_all;
use shop::{Actor, Failure, orders};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

/// A shop that gives its catalogue away: so many of them, delivered for nothing.
async fn giving_away(pool: PgPoolOptions, options: PgConnectOptions, on_hand: i32) -> (World, VariantId) {
    let w = World::new(pool, options).await;
    let leaflet = w.variant("Folleto", 0, on_hand).await;
    w.sql("update shipping_rate set minor = 0").await;
    (w, leaflet)
}

fn is_the_order_itself(placed: &Placed) -> bool {
    placed.pay_url == format!("https://shop.test/es/order/{}?t={}", placed.number, placed.token.0)
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_order_over_nothing_is_paid_at_once(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, leaflet) = giving_away(pool, options, 5).await;
    let (actor, placed) = w.placed(&[(leaflet, 2)]).await;
    assert!(is_the_order_itself(&placed), "{}", placed.pay_url);
    let order = w.order(&placed).await;
    assert_eq!((order.state, order.payment, order.total), (OrderState::Paid, PaymentState::Paid, euros(0)));
    assert_eq!((order.promised.kept, order.pay_url, order.money_back), (PromiseState::Open, None, None));
    assert!(order.timeline.iter().any(|step| step.milestone == Milestone::Paid && step.at.is_some()));
    assert_eq!((w.available(leaflet).await, w.number("select sum(allocated)::bigint from stock_level").await), (3, 2));
    assert!(w.cart(&actor).await.is_empty());
    assert_eq!(w.number("select count(*) from payment_attempt").await, 0);
    assert_eq!(w.number("select count(*) from sandbox.object").await, 0, "nothing to pay, nobody to ask");
    w.workers().await;
    let letter = shop::mail::list(&w.shop, 9).await.unwrap().remove(0);
    assert!(letter.text.contains("Total: 0,00") && !letter.text.contains("el pago"), "{}", letter.text);
    orders::pack(&w.shop, &Actor::Operator, &placed.number, w.now).await.unwrap();
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_double_click_orders_once_for_nothing(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, leaflet) = giving_away(pool, options, 5).await;
    let actor = w.shopper(&[(leaflet, 1)]).await;
    let (one, two) = tokio::join!(w.place(&actor), w.place(&actor));
    assert_eq!(one.unwrap(), two.unwrap());
    assert_eq!((w.number("select count(*) from orders").await, w.available(leaflet).await), (1, 4));
    w.later(minutes(120));
    assert!(matches!(w.place(&actor).await, Err(Failure::Refused(CheckoutRefusal::EmptyCart))), "by then the click means nothing");
    shop::cart::add_line(&w.shop, &actor, ES, leaflet, 1, w.now).await.unwrap();
    shop::checkout::save(&w.shop, &actor, ES, crate::support::details(), w.now).await.unwrap();
    w.place(&actor).await.unwrap();
    assert_eq!(w.number("select count(*) from orders where state = 'paid'").await, 2);
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_last_free_one_goes_to_one_person(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, leaflet) = giving_away(pool, options, 1).await;
    let mut shoppers = Vec::new();
    for _ in 0..20 {
        shoppers.push(w.shopper(&[(leaflet, 1)]).await);
    }
    let outcomes = join_all(shoppers.iter().map(|actor| w.place(actor))).await;
    let refused = outcomes.iter().filter(|o| matches!(o, Err(Failure::Refused(CheckoutRefusal::CartChanged)))).count();
    assert_eq!((outcomes.iter().filter(|o| o.is_ok()).count(), refused), (1, 19));
    assert_eq!(w.available(leaflet).await, 0);
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_free_order_that_is_cancelled_gives_nothing_back_but_its_goods(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, leaflet) = giving_away(pool, options, 5).await;
    let (_, placed) = w.placed(&[(leaflet, 1)]).await;
    orders::cancel(&w.shop, &Actor::Operator, &placed.number, w.now).await.unwrap();
    w.workers().await;
    assert_eq!((w.available(leaflet).await, w.number("select count(*) from refund").await), (5, 0));
    assert_eq!(w.number("select count(*) from mail where key like 'order.given_back%'").await, 0, "there is nothing to return");
    w.all_ends_well().await;
}
