//! The cart while its order's money takes days: it is empty, for who comes back shall not order twice; and when the
//! payment fails, one click puts everything back.

use crate::{
    ES,
    support::{World, details, minutes, refusal},
};
use domain::{
    ids::VariantId,
    orders::{OrderRefusal, OrderState, Placed},
    token::Token,
};
use shop::{Actor, cart, checkout};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

/// An order whose delayed payment has failed.
async fn failed(w: &mut World, wanted: &[(VariantId, u32)]) -> (Actor, Placed) {
    let (actor, placed) = w.processing(wanted, false).await;
    w.banks_work().await;
    w.later(minutes(4));
    w.workers().await;
    assert_eq!(w.order(&placed).await.state, OrderState::Cancelled);
    (actor, placed)
}

async fn lines(w: &World, actor: &Actor) -> Vec<(VariantId, u32)> {
    w.cart(actor).await.lines.iter().map(|line| (line.variant, line.quantity)).collect()
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_cart_is_empty_while_the_money_is_on_its_way(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 5).await;
    let cup = w.variant("Taza", 1250, 5).await;
    let (actor, placed) = w.processing(&[(bowl, 2)], true).await;
    assert!(w.cart(&actor).await.is_empty());
    let again = w.place(&actor).await.unwrap();
    assert_eq!(again.number, placed.number, "the other tab's click is about the same order");
    assert!(again.pay_url.contains("/order/"));
    // What comes into the cart now is another order, and its own.
    cart::add_line(&w.shop, &actor, ES, cup, 1, w.now).await.unwrap();
    w.later(minutes(1));
    cart::add_line(&w.shop, &actor, ES, bowl, 1, w.now).await.unwrap();
    w.banks_work().await;
    w.hears_everything().await;
    assert_eq!(w.order(&placed).await.state, OrderState::Paid);
    assert_eq!(lines(&w, &actor).await, [(cup, 1), (bowl, 1)], "paying does not empty the cart a second time");
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_wants_more_meanwhile_orders_more(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 3).await;
    let (actor, first) = w.processing(&[(bowl, 2)], true).await;
    let told = refusal(cart::add_line(&w.shop, &actor, ES, bowl, 2, w.now).await);
    assert_eq!(told, domain::cart::CartRefusal::Only { available: 1, in_cart: 0 }, "what the first order holds is gone");
    cart::add_line(&w.shop, &actor, ES, bowl, 1, w.now).await.unwrap();
    checkout::save(&w.shop, &actor, ES, details(), w.now).await.unwrap();
    let second = w.place(&actor).await.unwrap();
    assert_ne!(first.number, second.number);
    w.pay(&second, crate::support::GOOD_CARD).await;
    w.settle(&second).await;
    w.all_ends_well().await;
    assert_eq!(w.number("select count(*) from orders where state = 'paid'").await, 2);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn one_click_puts_back_what_was_not_paid(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 5).await;
    let (actor, placed) = failed(&mut w, &[(bowl, 2)]).await;
    assert!(w.cart(&actor).await.is_empty() && w.order(&placed).await.can_be_put_back);
    let click = async |token: &Token| cart::put_back(&w.shop, &actor, ES, &placed.number, token, w.now).await;
    assert_eq!(refusal(click(&Token("guessed".into())).await), OrderRefusal::NoSuchOrder);
    let (one, two) = tokio::join!(click(&placed.token), click(&placed.token));
    assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1, "a double click puts it back once");
    assert_eq!(lines(&w, &actor).await, [(bowl, 2)]);
    assert!(!w.order(&placed).await.can_be_put_back);
    // Nothing has to be typed again.
    let again = w.place(&actor).await.unwrap();
    assert_ne!(again.number, placed.number);
    w.pay(&again, crate::support::GOOD_CARD).await;
    w.settle(&again).await;
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn only_what_is_left_comes_back_and_the_person_is_told(pool: PgPoolOptions, options: PgConnectOptions) {
    let (mut w, bowl) = World::with_bowls(pool, options, 3).await;
    let cup = w.variant("Taza", 1250, 1).await;
    let (_, placed) = failed(&mut w, &[(bowl, 3), (cup, 1)]).await;
    w.paid(&[(bowl, 2), (cup, 1)]).await;
    // From another device, whose cart is not the one it was ordered from.
    let elsewhere = Actor::Guest { cart: None };
    let back = cart::put_back(&w.shop, &elsewhere, ES, &placed.number, &placed.token, w.now).await.unwrap();
    assert!(!back.complete);
    assert_eq!(lines(&w, &Actor::Guest { cart: Some(back.cart) }).await, [(bowl, 1)]);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn there_is_nothing_to_put_back_from_an_order_that_goes_on(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, bowl) = World::with_bowls(pool, options, 5).await;
    let (actor, paid) = w.paid(&[(bowl, 1)]).await;
    let (_, pending) = w.processing(&[(bowl, 1)], true).await;
    let (_, open) = w.placed(&[(bowl, 1)]).await;
    for placed in [&paid, &pending, &open] {
        assert!(!w.order(placed).await.can_be_put_back);
        let told = cart::put_back(&w.shop, &actor, ES, &placed.number, &placed.token, w.now).await;
        assert_eq!(refusal(told), OrderRefusal::NothingToPutBack);
    }
    assert!(w.cart(&actor).await.is_empty());
}
