//! The computation itself: once a night, by one node, and the same whenever it is done again.

use super::{ANA, bought, computed, crowd, is_in, order, staff, told, world};
use crate::support::refusal;
use domain::{
    customers::{CustomerClass, CustomerRefusal},
    staff::Role,
};
use shop::{
    Actor,
    customers::{self, Computed, Rules},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::{Duration, macros::datetime};

const ALL: &str = "select coalesce(string_agg(t::text, ' ' order by t::text), '') from customer_class t";

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn done_again_it_changes_nothing(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    crowd(&w, 40).await;
    bought(&w, ANA, &[63, 42, 21, 0], 2000).await;
    let first = computed(&w).await;
    assert!(first.people == 41 && first.standings == 41 && first.began > 80, "{first:?}");
    let (before, marks) = (w.text(ALL).await, w.text("select max(xmin::text::bigint)::text from customer_standing").await);
    assert_eq!(computed(&w).await, Computed { people: 41, ..Computed::default() });
    assert_eq!(w.text(ALL).await, before);
    assert_eq!(w.text("select max(xmin::text::bigint)::text from customer_standing").await, marks, "no row was written");
    assert_eq!(w.number("select count(*) from customer_model where r is not null").await, 1);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_night_does_it_once_and_not_before_three(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    bought(&w, ANA, &[5], 2000).await;
    // Half past two at the workshop.
    w.now = datetime!(2026-12-01 01:30 UTC);
    assert_eq!(customers::nightly(&w.shop, w.now).await.unwrap(), 0);
    w.later(Duration::hours(1));
    assert!(customers::nightly(&w.shop, w.now).await.unwrap() > 0);
    bought(&w, "ben@example.org", &[1], 2000).await;
    w.later(Duration::hours(5));
    assert_eq!(customers::nightly(&w.shop, w.now).await.unwrap(), 0, "it is done today");
    assert!(told(&w, "ben@example.org").await.is_empty());
    w.later(Duration::days(1));
    assert!(customers::nightly(&w.shop, w.now).await.unwrap() > 0);
    assert!(!told(&w, "ben@example.org").await.is_empty());
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn of_two_nodes_one_does_it(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    crowd(&w, 200).await;
    let nights = futures::future::join_all((0..4).map(|_| customers::nightly(&w.shop, w.now))).await;
    let changed: Vec<usize> = nights.into_iter().map(|night| night.unwrap()).filter(|changed| *changed > 0).collect();
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert_eq!(w.number("select count(*) from customer_standing").await, 200);
    assert_eq!(i64::try_from(changed[0]).unwrap(), w.number("select count(*) from customer_class").await);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_began_and_ended_on_one_day_leaves_no_trace(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let id = order(&w, ANA, 5, 2000, "paid").await;
    bought(&w, ANA, &[40], 2000).await;
    computed(&w).await;
    w.sql(&format!("update orders set placed_at = placed_at - interval '190 days' where id = '{id}' or placed_at < '{}'", w.now)).await;
    computed(&w).await;
    assert!(told(&w, ANA).await.iter().all(|(reason, _, until)| until.is_none() && reason.class() != CustomerClass::Active));
    w.sql("update orders set state = 'cancelled'").await;
    computed(&w).await;
    assert_eq!(w.number("select count(*) from customer_standing").await, 0, "an address without orders that count is not kept");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn managers_say_where_the_lines_lie(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let (agent, manager) = (staff(&w, Role::Agent).await, staff(&w, Role::Manager).await);
    bought(&w, ANA, &[63, 42, 21, 0], 2000).await;
    computed(&w).await;
    assert!(is_in(&w, ANA, CustomerClass::Frequent).await);
    let rules = Rules { frequent_gap_days: 20, ..Rules::default() };
    assert_eq!(customers::rules(&w.shop).await.unwrap(), Rules::default(), "what the table begins with");
    assert_eq!(refusal(customers::set_rules(&w.shop, &agent, rules, w.now).await), CustomerRefusal::NotAllowed);
    let none = Rules { many_orders: 1, ..rules };
    assert_eq!(refusal(customers::set_rules(&w.shop, &manager, none, w.now).await), CustomerRefusal::OutOfBounds);
    customers::set_rules(&w.shop, &manager, rules, w.now).await.unwrap();
    computed(&w).await;
    assert!(!is_in(&w, ANA, CustomerClass::Frequent).await);
    assert_eq!(w.number("select count(*) from audit where action = 'customers.rules'").await, 1);
    assert!(
        customers::classify(&w.shop, &agent, w.now).await.is_err()
            && customers::classify(&w.shop, &Actor::Guest { cart: None }, w.now).await.is_err()
    );
}
