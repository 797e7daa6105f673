//! The checkout as a shopper meets it, up to the payment page.

mod support;

use domain::{
    Language,
    checkout::{CheckoutRefusal, Field, FieldProblem},
    orders::{CancelReason, OrderState},
};
use sandbox::{FaultKind, PayOutcome};
use shop::{
    Actor, cart,
    checkout::{self, DraftPatch},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use support::{GOOD_CARD, World, details, euros, refusal, session_of};
use time::Duration;

const ES: Language = Language::Es;

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_is_typed_is_kept_and_only_complained_about_once_handed_in(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 5).await;
    let (cart, _) = cart::add_line(&w.shop, &Actor::Guest { cart: None }, ES, bowl, 1, w.now).await.unwrap();
    let actor = Actor::Guest { cart: Some(cart) };
    let typed = DraftPatch { email: Some("ana@".into()), name: Some("  Ana".into()), ..DraftPatch::default() };
    let page = checkout::save(&w.shop, &actor, ES, typed, w.now).await.unwrap();
    assert_eq!((page.draft.email.as_str(), page.draft.name.as_str()), ("ana@", "  Ana"));
    assert!(page.problems.is_empty() && page.methods.is_empty() && page.totals.is_none());
    let handed_in = DraftPatch { submitted: true, postcode: Some("28013".into()), country: Some("ES".into()), ..DraftPatch::default() };
    let page = checkout::save(&w.shop, &actor, ES, handed_in, w.now).await.unwrap();
    assert_eq!(page.draft.name, "  Ana", "the other fields stay");
    assert_eq!(page.problems[&Field::Email], FieldProblem::NotAnEmail);
    assert_eq!(page.problems[&Field::City], FieldProblem::Missing);
    assert_eq!(page.draft.method, "es-standard", "the first method is chosen until the shopper chooses");
    assert_eq!(page.totals.unwrap().total, euros(2490 + 490));
    let page = checkout::view(&w.shop, &actor, Language::En, w.now).await.unwrap();
    assert_eq!(page.methods.iter().map(|m| m.name.as_str()).collect::<Vec<_>>(), ["Standard", "Express"]);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn where_it_goes_decides_delivery_and_tax(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 4500, 50).await;
    let actor = w.shopper(&[(bowl, 1)]).await;
    let to = |country: &str, region: &str, postcode: &str, method: &str| DraftPatch {
        country: Some(country.into()),
        region: Some(region.into()),
        postcode: Some(postcode.into()),
        method: Some(method.into()),
        ..DraftPatch::default()
    };
    let page = checkout::view(&w.shop, &actor, ES, w.now).await.unwrap();
    let madrid = page.totals.unwrap();
    assert_eq!((madrid.total, madrid.taxes[0].tax), (euros(4990), euros(781 + 85)));
    w.sql("update variant set taxable = false").await;
    let untaxed = checkout::view(&w.shop, &actor, ES, w.now).await.unwrap().totals.unwrap();
    assert_eq!((untaxed.total, untaxed.taxes[0].tax, untaxed.taxes[0].net), (euros(4990), euros(85), euros(405)));
    w.sql("update variant set taxable = true").await;
    let page = checkout::save(&w.shop, &actor, ES, to("ES", "", "38001", ""), w.now).await.unwrap();
    assert_eq!(page.totals.unwrap().tax, euros(0), "the Canary Islands are outside the VAT area");
    let page = checkout::save(&w.shop, &actor, ES, to("US", "NY", "10001", "es-standard"), w.now).await.unwrap();
    assert_eq!(page.problems[&Field::Method], FieldProblem::MethodGone);
    assert!(!page.can_be_placed());
    let page = checkout::save(&w.shop, &actor, ES, to("US", "NY", "10001", ""), w.now).await.unwrap();
    let totals = page.totals.unwrap();
    assert_eq!(totals.total, euros(4500 + 2490 + 400 + 221), "8.88 % on top, rounded once a line");
    let placed = w.place(&actor).await.unwrap();
    assert_eq!(w.order(&placed).await.total, totals.total);
    assert_eq!(w.number("select amount_minor from payment_attempt").await, totals.total.minor);
    assert_eq!(
        w.number("select (body ->> 'amount_total')::bigint from sandbox.object where kind = 'checkout.session'").await,
        totals.total.minor
    );
    let two = cart::set_quantity(&w.shop, &actor, ES, bowl, 30, w.now).await.unwrap();
    assert!(two.can_be_ordered());
    let page = checkout::save(&w.shop, &actor, ES, to("US", "NY", "10001", ""), w.now).await.unwrap();
    assert!(page.methods.is_empty(), "too heavy for every method");
    assert_eq!(page.problems[&Field::Country], FieldProblem::NotDeliveredThere);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_order_is_a_copy_and_holds_its_stock(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    let (bowl, cup) = (w.variant("Cuenco", 2490, 2).await, w.variant("Taza", 1250, 9).await);
    let (actor, placed) = w.placed(&[(bowl, 2), (cup, 1)]).await;
    assert_eq!((w.available(bowl).await, w.available(cup).await), (0, 8));
    assert!(w.cart(&actor).await.can_be_ordered(), "nobody is blocked by their own reservation");
    w.sql("update price set minor = minor * 2; update product_translation set title = 'Otra cosa'").await;
    let order = w.order(&placed).await;
    assert_eq!((order.state, order.total), (OrderState::Placed, euros(2 * 2490 + 1250 + 490)));
    assert_eq!((order.lines[0].title.as_str(), order.lines[0].unit), ("Cuenco", euros(2490)));
    assert_eq!(order.address.line1, "Calle Mayor 1");
    assert_eq!(order.pay_url.as_deref(), Some(placed.pay_url.as_str()));
    let other = w.shop.clone();
    let told = refusal(cart::add_line(&other, &Actor::Guest { cart: None }, ES, bowl, 1, w.now).await);
    assert_eq!(told, domain::cart::CartRefusal::SoldOut);
    w.check(false).await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_cannot_be_ordered_is_refused_with_a_reason(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 2).await;
    assert_eq!(refusal(w.place(&Actor::Guest { cart: None }).await), CheckoutRefusal::EmptyCart);
    let (cart, _) = cart::add_line(&w.shop, &Actor::Guest { cart: None }, ES, bowl, 2, w.now).await.unwrap();
    let actor = Actor::Guest { cart: Some(cart) };
    assert_eq!(refusal(w.place(&actor).await), CheckoutRefusal::Details);
    assert_eq!(checkout::view(&w.shop, &actor, ES, w.now).await.unwrap().problems[&Field::Email], FieldProblem::Missing);
    checkout::save(&w.shop, &actor, ES, details(), w.now).await.unwrap();
    w.sql("update stock_level set on_hand = 1").await;
    assert_eq!(refusal(w.place(&actor).await), CheckoutRefusal::CartChanged);
    w.sql("update stock_level set on_hand = 2; update price set minor = 2600").await;
    let seen = checkout::place_order(&w.shop, &actor, ES, Some(euros(2 * 2490 + 490)), w.now).await;
    assert_eq!(refusal(seen), CheckoutRefusal::TotalChanged { now: euros(2 * 2600 + 490) });
    assert_eq!(w.number("select count(*) from orders").await, 0, "nothing was placed at a price nobody saw");
    checkout::place_order(&w.shop, &actor, ES, Some(euros(2 * 2600 + 490)), w.now).await.unwrap();
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_double_click_and_a_second_look_end_on_the_same_page(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 9).await;
    let actor = w.shopper(&[(bowl, 1)]).await;
    let (one, two) = tokio::join!(w.place(&actor), w.place(&actor));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one, two);
    w.later(support::minutes(5));
    assert_eq!(w.place(&actor).await.unwrap(), one);
    assert_eq!(w.number("select count(*) from orders").await, 1);
    assert_eq!(w.number("select count(*) from sandbox.object where kind = 'checkout.session'").await, 1);
    assert_eq!(w.available(bowl).await, 8);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_changed_cart_replaces_the_order_and_closes_its_page(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 3).await;
    let (actor, first) = w.placed(&[(bowl, 2)]).await;
    cart::set_quantity(&w.shop, &actor, ES, bowl, 3, w.now).await.unwrap();
    let second = w.place(&actor).await.unwrap();
    assert_ne!(first.number, second.number);
    assert_eq!(w.order(&first).await.cancelled_because, Some(CancelReason::Replaced));
    assert_eq!(w.pay(&first, GOOD_CARD).await, PayOutcome::Expired, "nobody pays for what they no longer want");
    assert_eq!(w.available(bowl).await, 0);
    assert_eq!(w.pay(&second, GOOD_CARD).await, PayOutcome::Paid);
    w.settle(&second).await;
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_paid_in_one_tab_is_not_asked_again_in_the_other(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 9).await;
    let (actor, placed) = w.placed(&[(bowl, 1)]).await;
    assert_eq!(w.pay(&placed, GOOD_CARD).await, PayOutcome::Paid);
    // Nobody told the shop yet; the other tab changes the cart and orders.
    cart::add_line(&w.shop, &actor, ES, bowl, 1, w.now).await.unwrap();
    let again = w.place(&actor).await.unwrap();
    assert_eq!(again.number, placed.number);
    assert!(again.pay_url.starts_with("https://shop.test/es/order/"), "they see the order they paid: {}", again.pay_url);
    assert_eq!(w.order(&placed).await.state, OrderState::Paid);
    assert_eq!(w.cart(&actor).await.count(), 1, "what was added since stays in the cart");
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_payment_service_in_trouble_costs_nobody_an_order(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 99).await;
    for kind in [FaultKind::Conflict, FaultKind::RateLimit, FaultKind::ServerError, FaultKind::BadGateway, FaultKind::Close] {
        let actor = w.shopper(&[(bowl, 1)]).await;
        w.fault(kind, "/v1/checkout/sessions", 3);
        assert_eq!(refusal(w.place(&actor).await), CheckoutRefusal::PaymentUnavailable, "{kind:?}");
        w.check(false).await;
        let placed = w.place(&actor).await.unwrap();
        assert_eq!(w.pay(&placed, GOOD_CARD).await, PayOutcome::Paid, "{kind:?}");
        w.settle(&placed).await;
    }
    assert_eq!(w.number("select count(*) from orders").await, 5, "trying again continues the same order");
    assert_eq!(w.number("select count(*) from sandbox.object where kind = 'checkout.session'").await, 5);
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_page_whose_address_was_lost_is_found_again(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 9).await;
    let actor = w.shopper(&[(bowl, 1)]).await;
    // Accepted there, never heard of here.
    w.fault(FaultKind::Hang, "/v1/checkout/sessions", 3);
    assert_eq!(refusal(w.place(&actor).await), CheckoutRefusal::PaymentUnavailable);
    let lost = w.text("select id from sandbox.object where kind = 'checkout.session'").await;
    w.later(support::minutes(4));
    w.workers().await;
    let placed = w.place(&actor).await.unwrap();
    assert_eq!(session_of(&placed), lost);
    assert_eq!(w.number("select count(*) from sandbox.object where kind = 'checkout.session'").await, 1);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_order_that_stays_unpaid_gives_its_stock_back(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 1).await;
    let (_, placed) = w.placed(&[(bowl, 1)]).await;
    w.later(support::minutes(45));
    w.workers().await;
    assert_eq!(w.available(bowl).await, 0, "the grace is not over");
    w.later(support::minutes(10));
    w.workers().await;
    assert_eq!(w.available(bowl).await, 1);
    let order = w.order(&placed).await;
    assert_eq!((order.state, order.cancelled_because), (OrderState::Cancelled, Some(CancelReason::Expired)));
    assert_eq!(w.pay(&placed, GOOD_CARD).await, PayOutcome::Expired);
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_stock_is_kept_while_the_payment_page_cannot_be_closed(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 1).await;
    let (_, placed) = w.placed(&[(bowl, 1)]).await;
    w.later(support::minutes(60));
    w.fault(FaultKind::ServerError, "/v1/checkout/sessions", 99);
    checkout::sweep_expired(&w.shop, w.now).await.unwrap();
    assert_eq!(w.order(&placed).await.state, OrderState::Placed);
    w.sandbox.clear_faults();
    assert_eq!(w.pay(&placed, GOOD_CARD).await, PayOutcome::Paid);
    checkout::sweep_expired(&w.shop, w.now).await.unwrap();
    assert_eq!(w.order(&placed).await.state, OrderState::Paid, "who pays at the last moment is served");
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_address_that_the_payment_service_refuses_is_named(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 9).await;
    let actor = w.shopper(&[(bowl, 1)]).await;
    let write = async |email: &str| {
        let patch = DraftPatch { email: Some(email.into()), ..support::details() };
        checkout::save(&w.shop, &actor, ES, patch, w.now).await.unwrap();
    };
    write("ñandú@example.org").await;
    assert_eq!(refusal(w.place(&actor).await), CheckoutRefusal::EmailRefused);
    write("nandu@example.org").await;
    w.place(&actor).await.unwrap();
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_others_did_not_pay_in_time_can_be_put_into_a_cart(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 1).await;
    w.placed(&[(bowl, 1)]).await;
    let nobody = Actor::Guest { cart: None };
    assert!(shop::cart::add_line(&w.shop, &nobody, ES, bowl, 1, w.now).await.is_err());
    w.later(support::minutes(60));
    let actor = w.shopper(&[(bowl, 1)]).await;
    let cart = w.cart(&actor).await;
    assert!(cart.can_be_ordered(), "{cart:?}");
    w.place(&actor).await.unwrap();
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_order_whose_session_nobody_knows_any_more_expires(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 1).await;
    let (_, placed) = w.placed(&[(bowl, 1)]).await;
    w.sql("delete from sandbox.object where kind = 'checkout.session'").await;
    w.later(Duration::hours(20));
    w.workers().await;
    assert_eq!(w.order(&placed).await.state, OrderState::Placed);
    w.later(Duration::hours(6));
    w.workers().await;
    assert_eq!((w.order(&placed).await.state, w.available(bowl).await), (OrderState::Cancelled, 1));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn orders_that_cannot_be_given_up_keep_no_other_waiting(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 99).await;
    for _ in 0..50 {
        w.placed(&[(bowl, 1)]).await;
    }
    w.sql("delete from sandbox.object where kind = 'checkout.session'").await;
    w.later(support::minutes(2));
    let (_, last) = w.placed(&[(bowl, 1)]).await;
    w.later(support::minutes(60));
    checkout::sweep_expired(&w.shop, w.now).await.unwrap();
    w.later(support::minutes(1));
    checkout::sweep_expired(&w.shop, w.now).await.unwrap();
    assert_eq!(w.order(&last).await.state, OrderState::Cancelled);
}
