//! Customers: whose address it is, what joins an account and when, and what a checkout begins with.

use super::{
    ANA, PASSWORD, home,
    support::{World, refusal},
};
use domain::{
    Language,
    account::AccountRefusal::{Details, LinkSpent, NotAllowed, TooManyTries, WrongLogIn, WrongPassword},
    checkout::Draft,
    token::Token,
};
use shop::{
    Actor,
    account::{
        customer::{self, NewCustomer},
        link::Purpose,
        session,
    },
    checkout, orders,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::Duration;

pub(super) async fn register(w: &World, email: &str, password: &str) {
    let new = NewCustomer { email: email.into(), name: "Ana".into(), password: password.into(), language: Language::Es };
    customer::register(&w.shop, new, w.now).await.unwrap();
}

/// Who this cookie lets in.
pub(super) async fn behind(w: &World, cookie: &Token) -> Option<Actor> {
    let session = session::of_customer(&w.shop, &cookie.0, w.now).await.unwrap()?;
    Some(Actor::Customer { id: session.customer, cart: None })
}

pub(super) async fn log_in(w: &World, email: &str, password: &str) -> Actor {
    behind(w, &customer::log_in(&w.shop, email, password, "", w.now).await.unwrap()).await.unwrap()
}

pub(super) async fn history(w: &World, actor: &Actor) -> Vec<String> {
    orders::of_customer(&w.shop, actor).await.unwrap().into_iter().map(|order| order.number).collect()
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn orders_of_a_guest_join_an_account_when_its_address_is_confirmed_and_not_before(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, bowl) = World::with_bowls(pool, options, 9).await;
    let (_, before) = w.placed(&[(bowl, 1)]).await;
    register(&w, "ANA@example.org", PASSWORD).await;
    let ana = log_in(&w, ANA, PASSWORD).await;
    assert_eq!(history(&w, &ana).await, Vec::<String>::new(), "anybody can register with any address");
    let (_, meanwhile) = w.placed(&[(bowl, 1)]).await;
    assert_eq!(history(&w, &ana).await, Vec::<String>::new());

    let link = w.link_to("ANA@example.org").await;
    assert!(customer::confirm(&w.shop, &ana, &link, "", "", w.now).await.unwrap().is_none(), "who is in needs no other session");
    assert_eq!(history(&w, &ana).await, [meanwhile.number, before.number]);
    let (_, later) = w.placed(&[(bowl, 1)]).await;
    assert_eq!(history(&w, &ana).await[0], later.number, "and so do those that come");
    assert_eq!(refusal(customer::confirm(&w.shop, &ana, &link, "", "", w.now).await), LinkSpent);

    register(&w, "eve@example.org", PASSWORD).await;
    let eve = log_in(&w, "eve@example.org", PASSWORD).await;
    customer::confirm(&w.shop, &eve, &w.link_to("eve@example.org").await, "", "", w.now).await.unwrap();
    assert_eq!(history(&w, &eve).await, Vec::<String>::new());
    assert_eq!(history(&w, &Actor::Guest { cart: None }).await, Vec::<String>::new());
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_order_of_somebody_who_is_logged_in_is_theirs_whatever_address_it_names(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, bowl) = World::with_bowls(pool, options, 9).await;
    register(&w, "eve@example.org", PASSWORD).await;
    let eve = log_in(&w, "eve@example.org", PASSWORD).await;
    let cart = w.shopper(&[(bowl, 1)]).await.cart();
    let placed = w.place(&Actor::Customer { id: eve.customer().unwrap(), cart }).await.unwrap();
    assert_eq!(history(&w, &eve).await, [placed.number.clone()]);
    register(&w, ANA, PASSWORD).await;
    let ana = log_in(&w, ANA, PASSWORD).await;
    customer::confirm(&w.shop, &ana, &w.link_to(ANA).await, "", "", w.now).await.unwrap();
    assert_eq!(history(&w, &ana).await, Vec::<String>::new(), "it has an owner already");
}

/// Eve registers with Ana's address and a password of hers, and waits.
#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn nobody_opens_an_account_for_another_and_keeps_a_key(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, bowl) = World::with_bowls(pool, options, 9).await;
    w.placed(&[(bowl, 1)]).await;
    register(&w, ANA, "the password of eve").await;
    let eves = customer::log_in(&w.shop, ANA, "the password of eve", "", w.now).await.unwrap();
    // Ana follows the link without knowing the password: it does not confirm by itself.
    let link = w.link_to(ANA).await;
    let guest = Actor::Guest { cart: None };
    assert_eq!(refusal(customer::confirm(&w.shop, &guest, &link, "what ana would take", "", w.now).await), WrongPassword);
    let anas = customer::enter(&w.shop, &link, "", w.now).await.unwrap();
    let ana = behind(&w, &anas).await.unwrap();
    assert_eq!(history(&w, &ana).await.len(), 1);
    assert!(behind(&w, &eves).await.is_none(), "the stranger is out");
    assert_eq!(refusal(customer::log_in(&w.shop, ANA, "the password of eve", "", w.now).await), WrongLogIn);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_link_logs_in_once_and_an_address_is_told_that_it_is_known_but_nobody_else(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::without_goods(pool, options).await;
    let ask =
        async |w: &World, email: &str| customer::ask_for_link(&w.shop, Purpose::CustomerLogIn, email, Language::En, w.now).await.unwrap();
    ask(&w, ANA).await;
    assert_eq!(w.letters_to(ANA).await, 0);
    register(&w, ANA, PASSWORD).await;
    w.later(Duration::seconds(1));
    register(&w, ANA, "another password").await;
    assert_eq!(w.letters_to(ANA).await, 2);
    assert_eq!(
        refusal(customer::log_in(&w.shop, ANA, "another password", "", w.now).await),
        WrongLogIn,
        "registering again changes nothing"
    );
    w.later(Duration::seconds(1));
    ask(&w, "Ana@Example.org").await;
    let link = w.link_to(ANA).await;
    let cookie = customer::enter(&w.shop, &link, "", w.now).await.unwrap();
    assert!(behind(&w, &cookie).await.is_some());
    assert_eq!(refusal(customer::enter(&w.shop, &link, "", w.now).await), LinkSpent);
    w.later(Duration::seconds(1));
    ask(&w, ANA).await;
    let link = w.link_to(ANA).await;
    assert_eq!(refusal(customer::choose_password(&w.shop, &link, PASSWORD, "", w.now).await), LinkSpent, "a link opens what it is for");
    w.later(Duration::hours(1));
    assert_eq!(refusal(customer::enter(&w.shop, &link, "", w.now).await), LinkSpent);

    customer::ask_for_link(&w.shop, Purpose::CustomerPassword, ANA, Language::En, w.now).await.unwrap();
    let mine = customer::choose_password(&w.shop, &w.link_to(ANA).await, "yet another one", "", w.now).await.unwrap();
    assert!(behind(&w, &mine).await.is_some() && behind(&w, &cookie).await.is_none());
    for _ in 0..5 {
        assert_eq!(refusal(customer::log_in(&w.shop, ANA, PASSWORD, "", w.now).await), WrongLogIn);
    }
    assert!(matches!(refusal(customer::log_in(&w.shop, ANA, PASSWORD, "", w.now).await), TooManyTries { .. }));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_checkout_begins_with_the_first_address_until_something_is_typed(pool: PgPoolOptions, options: PgConnectOptions) {
    let (w, bowl) = World::with_bowls(pool, options, 9).await;
    register(&w, ANA, PASSWORD).await;
    let ana = log_in(&w, ANA, PASSWORD).await;
    let home = home();
    let work = Draft { line1: "Gran Vía 2".into(), ..home.clone() };
    let save = async |typed: &Draft| customer::save_address(&w.shop, &ana, None, typed, w.now).await;
    assert_eq!(refusal(save(&Draft { postcode: "1".into(), ..home.clone() }).await), Details);
    save(&home).await.unwrap();
    save(&work).await.unwrap();
    let (cart, _) = shop::cart::add_line(&w.shop, &ana, Language::Es, bowl, 1, w.now).await.unwrap();
    let shopping = Actor::Customer { id: ana.customer().unwrap(), cart: Some(cart) };
    let line1 = async || checkout::view(&w.shop, &shopping, Language::Es, w.now).await.unwrap().draft.line1;
    assert_eq!(line1().await, "Calle Mayor 1");
    let addresses = customer::profile(&w.shop, &ana).await.unwrap().addresses;
    customer::begin_with(&w.shop, &ana, addresses[1].id).await.unwrap();
    assert_eq!(line1().await, "Gran Vía 2");
    customer::remove_address(&w.shop, &ana, addresses[1].id).await.unwrap();
    assert_eq!(line1().await, "Calle Mayor 1");
    let typed = checkout::DraftPatch { line1: Some("Otra 3".into()), ..checkout::DraftPatch::default() };
    checkout::save(&w.shop, &shopping, Language::Es, typed, w.now).await.unwrap();
    assert_eq!(line1().await, "Otra 3");
    let guest = Actor::Guest { cart: None };
    assert_eq!(refusal(customer::save_address(&w.shop, &guest, None, &home, w.now).await), NotAllowed);
}
