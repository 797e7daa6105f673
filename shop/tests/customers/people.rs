//! Forgetting somebody, an address that becomes another, and what a survey may know.

use super::{ANA, account, bought, computed, order, told, world};
use domain::{Language, account::AccountRefusal, ids::CustomerId};
use shop::{
    Actor, Failure,
    account::customer::{self, Proof},
    customers,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::Duration;

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn whoever_deletes_their_account_is_known_no_more(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    let id = account(&w, ANA, true).await;
    let theirs = order(&w, "ana@work.example", 5, 2000, "delivered").await;
    w.sql(&format!("update orders set customer_id = '{id}' where id = '{theirs}'")).await;
    bought(&w, ANA, &[40, 20], 2000).await;
    bought(&w, "ben@example.org", &[5], 2000).await;
    computed(&w).await;
    assert!(!told(&w, ANA).await.is_empty());
    deleted(&w, id).await.unwrap();
    assert_eq!(w.text("select string_agg(distinct email, ' ') from customer_standing").await, "ben@example.org");
    assert_eq!(w.text("select string_agg(distinct email, ' ') from customer_class").await, "ben@example.org");
    w.later(Duration::days(1));
    computed(&w).await;
    assert_eq!(w.text("select string_agg(email, ' ') from customer_standing").await, "ben@example.org", "nor from the next night on");
    // Whoever comes back begins anew.
    bought(&w, ANA, &[0], 2000).await;
    computed(&w).await;
    assert_eq!(w.number("select orders::bigint from customer_standing where email = 'ana@example.org'").await, 1);
}

/// By the link of a mail, as somebody without a password does.
async fn deleted(w: &crate::support::World, id: uuid::Uuid) -> Result<(), Failure<AccountRefusal>> {
    let ana = Actor::Customer { id: CustomerId(id), cart: None };
    customer::ask_for_deletion(&w.shop, &ana, Language::En, w.now).await?;
    let text = w.text("select text_body from mail order by queued_at desc, id desc limit 1").await;
    let token = domain::token::Token(text.split_once("?t=").unwrap().1.split_whitespace().next().unwrap().to_owned());
    customer::delete(&w.shop, &ana, Proof::Link(&token), w.now).await
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_account_that_only_claims_an_address_forgets_nobody_else(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let eve = account(&w, ANA, false).await;
    bought(&w, ANA, &[5], 2000).await;
    computed(&w).await;
    deleted(&w, eve).await.unwrap();
    assert_eq!(w.text("select string_agg(email, ' ') from customer_standing").await, ANA);
    assert_eq!(w.number("select count(*) from orders where forgotten").await, 0);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_survey_learns_how_often_before_how_recently(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    bought(&w, ANA, &[63, 42, 21, 0], 2000).await;
    bought(&w, "ben@example.org", &[10], 2000).await;
    bought(&w, "cai@example.org", &[500], 2000).await;
    let id = account(&w, "dora@example.org", true).await;
    let at_work = order(&w, "dora@work.example", 5, 2000, "paid").await;
    w.sql(&format!("update orders set customer_id = '{id}' where id = '{at_work}'")).await;
    computed(&w).await;
    let mut db = w.shop.db.acquire().await.unwrap();
    for (email, class) in [
        ("ANA@example.org", Some("frequent")),
        ("ben@example.org", Some("occasional")),
        ("cai@example.org", Some("inactive")),
        ("dora@work.example", Some("occasional")),
        ("eve@example.org", None),
    ] {
        assert_eq!(customers::primary_class(&mut db, email).await.unwrap().as_deref(), class, "{email}");
    }
}
