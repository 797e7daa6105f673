//! The cart as a shopper meets it.

mod support;

use domain::{
    Language,
    cart::{CartRefusal, LineProblem},
    catalog::Stock,
};
use shop::{Actor, cart};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use support::{World, cart_of, euros, refusal};
use time::Duration;

const ES: Language = Language::Es;

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_is_added_adds_up_and_is_counted(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    let (bowl, cup) = (w.variant("Cuenco", 2490, 10).await, w.variant("Taza", 1250, 10).await);
    let nobody = Actor::Guest { cart: None };
    assert!(w.cart(&nobody).await.is_empty());
    let (id, cart) = cart::add_line(&w.shop, &nobody, ES, bowl, 1, w.now).await.unwrap();
    assert_eq!(cart.goods, euros(2490));
    let actor = Actor::Guest { cart: Some(id) };
    cart::add_line(&w.shop, &actor, ES, bowl, 2, w.now).await.unwrap();
    let (same, cart) = cart::add_line(&w.shop, &actor, ES, cup, 1, w.now + Duration::seconds(1)).await.unwrap();
    assert_eq!(same, id);
    assert_eq!(cart.goods, euros(3 * 2490 + 1250));
    assert_eq!((cart.lines[0].title.as_str(), cart.lines[0].quantity, cart.lines[0].total), ("Cuenco", 3, euros(7470)));
    assert_eq!(cart::count(&w.shop, id).await.unwrap(), 4);
    let cart = cart::set_quantity(&w.shop, &actor, ES, bowl, 1, w.now).await.unwrap();
    assert_eq!(cart.count(), 2);
    let cart = cart::remove_line(&w.shop, &actor, ES, cup, w.now).await.unwrap();
    assert_eq!(cart.lines.len(), 1);
    assert!(cart::set_quantity(&w.shop, &actor, ES, bowl, 0, w.now).await.unwrap().is_empty());
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn nobody_gets_more_into_the_cart_than_there_is(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    let (rare, gone, plenty) = (w.variant("Jarra", 5900, 3).await, w.variant("Plato", 1500, 0).await, w.variant("Vaso", 900, 500).await);
    let actor = w.shopper(&[(rare, 2)]).await;
    let told = refusal(cart::add_line(&w.shop, &actor, ES, rare, 2, w.now).await);
    assert_eq!(told, CartRefusal::Only { available: 3, in_cart: 2 });
    let told = refusal(cart::set_quantity(&w.shop, &actor, ES, rare, 4, w.now).await);
    assert_eq!(told, CartRefusal::Only { available: 3, in_cart: 2 });
    assert_eq!(w.cart(&actor).await.lines[0].quantity, 2, "a refused change leaves the number as it was");
    assert_eq!(refusal(cart::add_line(&w.shop, &actor, ES, gone, 1, w.now).await), CartRefusal::SoldOut);
    assert_eq!(refusal(cart::add_line(&w.shop, &actor, ES, plenty, 100, w.now).await), CartRefusal::TooMany);
    assert_eq!(refusal(cart::add_line(&w.shop, &actor, ES, plenty, u32::MAX, w.now).await), CartRefusal::TooMany);
    assert_eq!(refusal(cart::add_line(&w.shop, &actor, ES, plenty, 0, w.now).await), CartRefusal::NotANumber);
    let unknown = domain::ids::VariantId(uuid::Uuid::new_v4());
    assert_eq!(refusal(cart::add_line(&w.shop, &actor, ES, unknown, 1, w.now).await), CartRefusal::NoSuchVariant);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_changes_while_it_lies_in_the_cart_is_said(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 5).await;
    let actor = w.shopper(&[(bowl, 4)]).await;
    w.sql("update price set minor = 2790").await;
    w.sql("update stock_level set on_hand = 3").await;
    let cart = w.cart(&actor).await;
    let line = &cart.lines[0];
    assert_eq!((line.unit, line.was), (euros(2790), Some(euros(2490))));
    assert_eq!(line.problem(), Some(LineProblem::Only(3)));
    let seen = cart::accept_prices(&w.shop, &actor, ES, w.now).await.unwrap();
    assert_eq!(seen.lines[0].was, None);
    w.sql("update stock_level set on_hand = 0").await;
    assert_eq!(w.cart(&actor).await.lines[0].problem(), Some(LineProblem::SoldOut));
    w.sql("update product set status = 'archived'; update stock_level set on_hand = 9").await;
    let cart = w.cart(&actor).await;
    assert_eq!((cart.lines[0].problem(), cart.goods), (Some(LineProblem::SoldOut), euros(0)));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn made_to_order_and_uncounted_things_do_not_run_out(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    let (tile, gift) = (w.variant("Azulejo", 700, 2).await, w.variant("Bono", 2000, 0).await);
    w.sql(&format!("update variant set backorder = true where id = '{tile}'; update variant set tracked = false where id = '{gift}'"))
        .await;
    w.sql("update stock_level set unlimited = true").await;
    let actor = w.shopper(&[(tile, 2), (gift, 5)]).await;
    let cart = w.cart(&actor).await;
    assert_eq!((cart.lines[0].stock, cart.lines[1].stock), (Stock::Available(2), Stock::Unlimited));
    let (_, cart) = cart::add_line(&w.shop, &actor, ES, tile, 10, w.now).await.unwrap();
    assert!(cart.lines[0].is_made_to_order() && cart.can_be_ordered());
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_forgotten_cart_goes_after_thirty_days_and_a_used_one_stays(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 5).await;
    let (forgotten, used) = (w.shopper(&[(bowl, 1)]).await, w.shopper(&[(bowl, 1)]).await);
    w.later(Duration::days(20));
    cart::add_line(&w.shop, &used, ES, bowl, 1, w.now).await.unwrap();
    assert_eq!(cart::sweep(&w.shop, w.now).await.unwrap(), 0);
    w.later(Duration::days(12));
    assert_eq!(cart::sweep(&w.shop, w.now).await.unwrap(), 1);
    assert!(w.cart(&forgotten).await.is_empty());
    assert_eq!(cart::count(&w.shop, cart_of(&used)).await.unwrap(), 2);
}
