//! Who is in which class, since when, and why.

use super::{ANA, account, bought, computed, crowd, is_in, order, told, world};
use domain::customers::{CustomerClass, Reason};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::{Duration, macros::date};
use uuid::Uuid;

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn classes_are_dated_and_explained_by_orders_that_count(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    bought(&w, ANA, &[63, 42], 2000).await;
    bought(&w, "Ana@Example.org", &[21, 0], 2000).await;
    order(&w, ANA, 10, 2000, "cancelled").await;
    order(&w, ANA, 11, 2000, "placed").await;
    assert_eq!(computed(&w).await.people, 1);
    let today = date!(2026 - 11 - 30);
    assert_eq!(
        told(&w, ANA).await,
        [
            (Reason::Active { last: today }, today, None),
            (Reason::Frequent { orders: 4, mean_gap: 21.0 }, today, None),
            (Reason::Habitual { orders: 4, variation: 0.0 }, today, None),
        ]
    );
    assert_eq!(w.number("select spent_minor from customer_standing").await, 8000);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_class_ends_and_another_begins_on_the_day(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    bought(&w, ANA, &[63, 42, 21, 0], 2000).await;
    computed(&w).await;
    let (began, ends) = (date!(2026 - 11 - 30), date!(2027 - 06 - 18));
    w.later(Duration::days(200));
    let second = computed(&w).await;
    assert_eq!((second.began, second.ended, second.explained), (1, 1, 0));
    let told = told(&w, ANA).await;
    assert!(told.contains(&(Reason::Active { last: began }, began, Some(ends))), "{told:?}");
    assert!(told.contains(&(Reason::Inactive { last: began }, ends, None)), "{told:?}");
    assert!(told.contains(&(Reason::Frequent { orders: 4, mean_gap: 21.0 }, began, None)), "it goes on since the first day: {told:?}");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn money_that_went_back_was_not_spent(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let id = order(&w, ANA, 5, 9000, "delivered").await;
    w.sql(&format!(
        "insert into payment_attempt (id, order_id, n, idempotency_key, request, amount_minor, currency, state, expires_at, created_at)
             values ('{id}', '{id}', 1, 'k', '{{}}', 9000, 'EUR', 'paid', now(), now());
         insert into refund (id, order_id, attempt_id, idempotency_key, minor, currency, reason, state, created_at, updated_at)
             values (gen_random_uuid(), '{id}', '{id}', 'a', 2500, 'EUR', '', 'succeeded', now(), now()),
                    (gen_random_uuid(), '{id}', '{id}', 'b', 4000, 'EUR', '', 'failed', now(), now())"
    ))
    .await;
    computed(&w).await;
    assert_eq!(w.number("select spent_minor from customer_standing").await, 6500);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_account_gathers_what_it_ordered_under_other_addresses(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let (ana, eve) = (account(&w, ANA, true).await, account(&w, "eve@example.org", false).await);
    for (email, owner) in [("ana@work.example", ana), ("ana@home.example", ana), ("ben@example.org", eve)] {
        let id = order(&w, email, 5, 2000, "paid").await;
        w.sql(&format!("update orders set customer_id = '{owner}' where id = '{id}'")).await;
    }
    computed(&w).await;
    assert_eq!(
        w.text("select string_agg(email || ':' || orders, ' ' order by email) from customer_standing").await,
        "ana@example.org:2 ben@example.org:1"
    );
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn whoever_complains_is_dissatisfied_until_they_say_otherwise(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = world(pool, options).await;
    let id = order(&w, "ben@example.org", 5, 2000, "paid").await;
    bought(&w, ANA, &[5], 2000).await;
    w.sql(&format!(
        "insert into complaint (id, kind, stage, language, channel, email, order_id, statement, wanted, from_department, about_department, opened_at, changed_at)
             values ('{id}', 'queja', 'opened', 'es', 'web', '', '{id}', 'Roto', 'Otro', 'customer', 'dispatch', '{now}', '{now}');
         insert into conversation (id, channel, client_id, language, email, state, opened_at, changed_at, cycle_began_at, rating, rated_at)
             values (gen_random_uuid(), 'chat', gen_random_uuid(), 'es', 'ANA@example.org', 'closed', '{now}', '{now}', '{now}', 5, '{now}'::timestamptz - interval '2 days'),
                    (gen_random_uuid(), 'chat', gen_random_uuid(), 'es', 'ana@example.org', 'closed', '{now}', '{now}', '{now}', 2, '{now}'::timestamptz - interval '1 day')",
        now = w.now
    ))
    .await;
    computed(&w).await;
    assert!(
        told(&w, "ben@example.org")
            .await
            .iter()
            .any(|(reason, ..)| *reason == Reason::Dissatisfied { satisfaction: None, complaint: true })
    );
    assert!(
        told(&w, ANA).await.iter().any(|(reason, ..)| *reason == Reason::Dissatisfied { satisfaction: Some(2), complaint: false }),
        "the last rating"
    );

    for (how, dissatisfied) in [("unconfirmed", true), ("confirmed", false)] {
        w.later(Duration::days(1));
        w.sql(&format!(
            "update complaint set stage = 'closed', owner_id = null, merged_into = id, closed_at = now(), closed_how = '{how}'"
        ))
        .await;
        computed(&w).await;
        assert_eq!(is_in(&w, "ben@example.org", CustomerClass::Dissatisfied).await, dissatisfied, "{how}");
    }
}

/// She says that she is pleased, and stays away.
#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn pleased_and_probably_gone_is_fragile(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    crowd(&w, 60).await;
    bought(&w, ANA, &[400, 390, 380, 370, 360, 350, 340], 9000).await;
    let rated = Uuid::new_v4();
    w.sql(&format!(
        "insert into conversation (id, channel, client_id, language, email, state, opened_at, changed_at, cycle_began_at, rating, rated_at)
         values ('{rated}', 'chat', gen_random_uuid(), 'es', '{ANA}', 'closed', '{now}', '{now}', '{now}', 5, '{now}')",
        now = w.now
    ))
    .await;
    computed(&w).await;
    let told = told(&w, ANA).await;
    let fragile = told.iter().find_map(|(reason, ..)| match reason {
        Reason::PleasedButFragile { satisfaction, alive } => Some((*satisfaction, *alive)),
        _ => None,
    });
    assert!(fragile.is_some_and(|(satisfaction, alive)| satisfaction == 5 && alive < 0.5), "{told:?}");
    assert!(told.iter().any(|(reason, ..)| *reason == Reason::HighVolume { money: 5 }), "{told:?}");
}
