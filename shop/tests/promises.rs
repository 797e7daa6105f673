//! The promise ledger: what is kept, broken and put off, and what managers read of it.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly too")]

mod support;

use domain::{
    chat::Priority,
    credit::MakesUpBy,
    ids::{ConversationId, StaffId},
    orders::PromiseState,
    promises::{PromiseKind, PromiseRefusal},
    staff::{Role, Roles},
};
use shop::{
    Actor, calendar,
    promises::{self, Filter, Ledger, Rules, Which, targets},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use support::{World, refusal};
use time::{Duration, OffsetDateTime, macros::datetime};
use uuid::Uuid;

const BOSS: Actor = Actor::Operator;
/// A Friday, ten minutes before they close.
const FRIDAY: OffsetDateTime = datetime!(2026-11-27 17:50 +1);

async fn waiting(w: &World) -> ConversationId {
    let id = Uuid::new_v4();
    w.sql(&format!(
        "insert into conversation (id, channel, client_id, language, state, opened_at, changed_at, cycle_began_at)
         values ('{id}', 'chat', gen_random_uuid(), 'es', 'queued', now(), now(), now())"
    ))
    .await;
    ConversationId(id)
}

async fn promise_reply(w: &World, conversation: ConversationId) {
    let calendar = calendar::load(&w.shop).await.unwrap();
    let mut db = w.shop.db.acquire().await.unwrap();
    targets::promise_reply(&mut db, &calendar, conversation, Priority::Normal, w.now).await.unwrap();
}

async fn keep_reply(w: &World, conversation: ConversationId) {
    targets::keep_reply(&mut w.shop.db.acquire().await.unwrap(), conversation, w.now).await.unwrap();
}

async fn ledger(w: &World, which: Which) -> Ledger {
    promises::ledger(&w.shop, &BOSS, Filter { which, kind: None, weeks: 4 }, 0, w.now).await.unwrap()
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_reply_is_due_in_business_minutes_and_a_second_message_puts_nothing_off(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    w.now = FRIDAY;
    let conversation = waiting(&w).await;
    promise_reply(&w, conversation).await;
    w.later(Duration::minutes(5));
    promise_reply(&w, conversation).await;
    let open = ledger(&w, Which::Outstanding).await.listed.promises;
    assert_eq!(open.len(), 1);
    // Ten minutes of Friday and five of Saturday morning.
    assert_eq!((open[0].kind, open[0].due_at), (PromiseKind::Reply, datetime!(2026-11-28 10:05 +1)));
    w.now = datetime!(2026-11-28 10:05 +1);
    keep_reply(&w, conversation).await;
    w.later(Duration::minutes(1));
    promise_reply(&w, conversation).await;
    w.later(Duration::minutes(16));
    keep_reply(&w, conversation).await;
    let ledger = ledger(&w, Which::All).await;
    assert_eq!((ledger.total.kept, ledger.total.broken, ledger.total.open), (1, 1, 0), "each time they waited is a promise of its own");
    assert_eq!(ledger.by_kind, [(PromiseKind::Reply, ledger.total)]);
    assert_eq!(ledger.by_week.len(), 4, "weeks without promises are shown, too");
    assert_eq!(ledger.by_week.last().unwrap().1, ledger.total);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn nothing_broken_becomes_kept_and_what_nobody_waits_for_is_withdrawn(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    w.now = FRIDAY;
    let (late, gone) = (waiting(&w).await, waiting(&w).await);
    promise_reply(&w, late).await;
    promise_reply(&w, gone).await;
    targets::withdraw_for(&mut w.shop.db.acquire().await.unwrap(), gone, w.now).await.unwrap();
    w.later(Duration::days(3));
    // Before the worker has come by it is known to be late, and listed first.
    let outstanding = ledger(&w, Which::Outstanding).await;
    assert_eq!((outstanding.listed.promises[0].state, outstanding.total.broken), (PromiseState::Broken, 1));
    assert_eq!(promises::mark_broken(&w.shop, w.now).await.unwrap(), 1);
    keep_reply(&w, late).await;
    assert_eq!(promises::mark_broken(&w.shop, w.now).await.unwrap(), 0);
    let all = ledger(&w, Which::All).await;
    assert_eq!((all.total.kept, all.total.broken, all.total.withdrawn), (0, 1, 1));
    assert!(ledger(&w, Which::Outstanding).await.listed.promises.is_empty(), "late, and done");
    assert_eq!(ledger(&w, Which::Broken).await.listed.promises.len(), 1);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_table_has_what_the_page_has_and_agents_see_neither(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 5).await;
    let (_, placed) = w.paid(&[(bowl, 1)]).await;
    promise_reply(&w, waiting(&w).await).await;
    let filter = Filter { which: Which::Outstanding, kind: None, weeks: 4 };
    let open = promises::ledger(&w.shop, &BOSS, filter, 0, w.now).await.unwrap().listed.promises;
    let delivery = open.iter().find(|promise| promise.kind == PromiseKind::Delivery).unwrap();
    assert_eq!(delivery.order, Some((placed.number.clone(), placed.token.clone())), "it leads to its order");
    let table = promises::csv(&w.shop, &BOSS, filter, w.now).await.unwrap();
    assert_eq!(table.lines().count(), 1 + open.len());
    assert!(table.contains(&placed.number));
    let only = Filter { kind: Some(PromiseKind::Reply), ..filter };
    assert_eq!(promises::ledger(&w.shop, &BOSS, only, 0, w.now).await.unwrap().listed.promises.len(), 1);
    let agent = Actor::Staff { id: StaffId(Uuid::nil()), roles: Roles::of(&[Role::Agent]) };
    refusal(promises::ledger(&w.shop, &agent, filter, 0, w.now).await);
    refusal(promises::csv(&w.shop, &agent, filter, w.now).await);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_calendar_knows_the_workshops_holidays(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    let calendar = calendar::load(&w.shop).await.unwrap();
    assert_eq!(calendar.next_opening(datetime!(2026-12-07 19:00 +1)), Some(datetime!(2026-12-09 9:00 +1)), "the 8th is a holiday");
    assert!(calendar.is_open(datetime!(2026-11-28 13:59 +1)) && !calendar.is_open(datetime!(2026-11-28 14:00 +1)));
    // The carrier's holidays are not ours.
    w.sql("insert into holiday (carrier_code, day) values ('seur', '2026-11-30')").await;
    assert!(calendar::load(&w.shop).await.unwrap().is_open(datetime!(2026-11-30 10:00 +1)));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_late_parcel_makes_up_for_itself_once_and_by_the_managers_rule(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 9).await;
    let deliver = async |w: &World, number: &str, tracking: &str| {
        shop::orders::ship(&w.shop, &BOSS, number, "correos", tracking, w.now).await.unwrap();
        shop::orders::deliver(&w.shop, &BOSS, number, w.now).await.unwrap();
    };
    let given = async |w: &World| w.number("select coalesce(sum(minor), 0)::bigint from refund where reason = 'late_delivery'").await;
    let (_, before) = w.paid(&[(bowl, 1)]).await;
    let (_, late) = w.paid(&[(bowl, 2)]).await;
    w.later(Duration::days(12));
    promises::mark_broken(&w.shop, w.now).await.unwrap();
    deliver(&w, &before.number, "X1").await;
    assert_eq!(promises::make_up_for_late(&w.shop, w.now).await.unwrap(), 0, "no rule, no money");
    w.later(Duration::hours(1));
    let rules = Rules { late_basis_points: 1000, late_by: MakesUpBy::Refund, ..promises::rules(&w.shop).await.unwrap() };
    let agent = Actor::Staff { id: StaffId(Uuid::nil()), roles: Roles::of(&[Role::Supervisor]) };
    assert_eq!(refusal(promises::set_rules(&w.shop, &agent, rules, w.now).await), PromiseRefusal::NotAllowed);
    let wild = Rules { late_basis_points: 10_001, ..rules };
    assert_eq!(refusal(promises::set_rules(&w.shop, &BOSS, wild, w.now).await), PromiseRefusal::OutOfBounds);
    promises::set_rules(&w.shop, &BOSS, rules, w.now).await.unwrap();
    w.later(Duration::hours(1));
    deliver(&w, &late.number, "X2").await;
    // Two workers at once.
    let (one, two) = tokio::join!(promises::make_up_for_late(&w.shop, w.now), promises::make_up_for_late(&w.shop, w.now));
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    assert_eq!(promises::make_up_for_late(&w.shop, w.now).await.unwrap(), 0);
    assert_eq!(given(&w).await, 498, "a tenth of two bowls, once; what came late before the rule gets nothing");
    shop::jobs::run_due(&w.shop, || w.now).await.unwrap();
    let told = w.text("select text_body from mail where key like 'order.made_up_for:%'").await;
    assert!(told.contains("4,98") && told.contains(&late.token.0), "{told}");
    w.check(false).await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_late_parcel_makes_up_for_itself_with_credit_unless_the_manager_says_otherwise(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 9).await;
    let (_, late) = w.paid(&[(bowl, 2)]).await;
    let rules = Rules { late_basis_points: 1000, ..promises::rules(&w.shop).await.unwrap() };
    promises::set_rules(&w.shop, &BOSS, rules, w.now).await.unwrap();
    w.later(Duration::days(12));
    promises::mark_broken(&w.shop, w.now).await.unwrap();
    shop::orders::ship(&w.shop, &BOSS, &late.number, "correos", "X1", w.now).await.unwrap();
    shop::orders::deliver(&w.shop, &BOSS, &late.number, w.now).await.unwrap();
    let (one, two) = tokio::join!(promises::make_up_for_late(&w.shop, w.now), promises::make_up_for_late(&w.shop, w.now));
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    assert_eq!(promises::make_up_for_late(&w.shop, w.now).await.unwrap(), 0);
    assert_eq!(w.number("select sum(balance_minor)::bigint from store_credit").await, 498, "a tenth of two bowls, once");
    assert_eq!(w.number("select count(*) from refund").await, 0);
    let code = w.text("select code from store_credit").await;
    let told = w.text("select text_body from mail where key like 'credit.given:%'").await;
    assert!(told.contains("4,98") && told.contains(&domain::credit::shown(&code)), "{told}");
    w.check(false).await;
}
