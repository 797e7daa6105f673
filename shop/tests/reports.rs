//! Service reports: every measure from a log whose answers can be counted by hand.

mod support;

use domain::{
    chat::Topic,
    ids::StaffId,
    staff::{Role, Roles},
};
use shop::{Actor, reports};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use support::{World, refusal};
use time::{OffsetDateTime, macros::datetime};

const BOSS: Actor = Actor::Operator;

/// A conversation of the chat that was opened then.
async fn conversation(w: &World, number: i64, who: &str, topic: &str, opened: OffsetDateTime) {
    w.sql(&format!(
        "insert into conversation (id, number, channel, client_id, email, language, topic, state, opened_at, changed_at, cycle_began_at)
         overriding system value
         values ('00000000-0000-0000-0000-{number:012}', {number}, 'chat', gen_random_uuid(), '{who}', 'es', '{topic}', 'queued', '{opened}', '{opened}', '{opened}')"
    ))
    .await;
}

async fn entry(w: &World, number: i64, kind: &str, author: &str, name: &str, at: OffsetDateTime) {
    w.sql(&format!(
        "with c as (update conversation set last_seq = last_seq + 1, changed_at = '{at}' where number = {number} returning id, last_seq)
         insert into conversation_entry (conversation_id, seq, kind, author, author_name, staff_id, detail, at)
         select id, last_seq, '{kind}', '{author}', '{name}', (select id from staff where name = '{name}'), case when '{kind}' = 'rated' then '{{\"rating\": 5}}'::jsonb else '{{}}' end, '{at}' from c"
    ))
    .await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn every_measure_is_what_one_counts_by_hand(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    w.now = datetime!(2026-11-27 18:00 +1);
    // Tuesday ten o'clock: the shop says something by itself, Marta answers after ten minutes and closes after an hour.
    conversation(&w, 1, "ana@example.org", "order", datetime!(2026-11-10 10:00 +1)).await;
    entry(&w, 1, "message", "system", "", datetime!(2026-11-10 10:00:01 +1)).await;
    entry(&w, 1, "message", "staff", "Marta", datetime!(2026-11-10 10:10 +1)).await;
    entry(&w, 1, "closed", "staff", "Marta", datetime!(2026-11-10 11:00 +1)).await;
    entry(&w, 1, "rated", "shopper", "", datetime!(2026-11-10 11:01 +1)).await;
    // The same evening, after hours: Luis answers the next morning, twenty minutes after they open. Ana asks the same
    // again within the week: her first contact has not settled it.
    conversation(&w, 2, "ANA@example.org", "order", datetime!(2026-11-10 20:00 +1)).await;
    entry(&w, 2, "message", "staff", "Luis", datetime!(2026-11-11 9:20 +1)).await;
    entry(&w, 2, "closed", "staff", "Luis", datetime!(2026-11-11 9:30 +1)).await;
    // Eva gives up after five minutes: before anybody was late.
    conversation(&w, 3, "eva@example.org", "product", datetime!(2026-11-12 12:00 +1)).await;
    entry(&w, 3, "closed", "shopper", "", datetime!(2026-11-12 12:05 +1)).await;
    // Reopened two days after: a case of its own, on the second of which nobody has answered for hours.
    entry(&w, 1, "reopened", "shopper", "", datetime!(2026-11-27 12:00 +1)).await;
    w.sql("update conversation set waiting_since = '2026-11-27 12:00 +1' where number = 1").await;
    // Settled yesterday: too young to say whether at the first contact.
    conversation(&w, 4, "leo@example.org", "order", datetime!(2026-11-26 12:00 +1)).await;
    entry(&w, 4, "message", "staff", "Marta", datetime!(2026-11-26 12:05 +1)).await;
    entry(&w, 4, "closed", "staff", "Marta", datetime!(2026-11-26 12:15 +1)).await;

    let report = reports::report(&w.shop, &BOSS, 30, w.now).await.unwrap();
    let total = &report.total;
    assert_eq!((total.cases, total.replied, total.resolved), (5, 3, 3));
    let reply = total.reply_business.unwrap();
    assert_eq!((reply.median, reply.p90), (10 * 60, 20 * 60), "five, ten and twenty business minutes");
    assert_eq!(total.reply_calendar.unwrap().p90, (13 * 60 + 20) * 60, "by the clock the night counts");
    // Fifteen business minutes: two met; Luis and the reopened one missed; Eva's is undecided.
    assert_eq!((total.reply_in_target.yes, total.reply_in_target.of), (2, 4));
    // Ana came back within a week, so her first was not settled; her second was; Leo's is too young.
    assert_eq!((total.first_contact.yes, total.first_contact.of), (1, 2));
    assert_eq!((total.abandoned, total.waiting, total.longest_wait), (1, 1, Some(6 * 3600)));
    assert_eq!((total.satisfied.yes, total.satisfied.of), (1, 1));
    let agents: Vec<_> = report.by_agent.iter().map(|(name, f)| (name.as_deref(), f.cases, f.satisfied.of)).collect();
    assert_eq!(agents, [(Some("Marta"), 2, 1), (Some("Luis"), 1, 0), (None, 2, 0)]);
    assert_eq!(report.by_topic.iter().map(|(topic, f)| (*topic, f.cases)).collect::<Vec<_>>(), [(Topic::Order, 4), (Topic::Product, 1)]);
    assert_eq!(report.by_hour[20].1.cases, 1, "by the clock of the workshop");
    let week = reports::report(&w.shop, &BOSS, 7, w.now).await.unwrap();
    assert_eq!(week.total.cases, 2, "a reopening counts when it happens");
    let table = reports::csv(&w.shop, &BOSS, 30, w.now).await.unwrap();
    assert_eq!(table.lines().count(), 6);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_team_has_the_cases_of_its_people_and_those_of_nobody_have_none(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    w.now = datetime!(2026-11-27 18:00 +1);
    for (name, team) in [("Marta", "Mornings"), ("Luis", "Mornings"), ("Eva", "Evenings"), ("Sol", "")] {
        w.sql(&format!(
            "insert into staff (id, email, name, roles, team, created_at)
             values (gen_random_uuid(), '{name}@shop.test', '{name}', '{{agent}}', '{team}', now())"
        ))
        .await;
    }
    let at = datetime!(2026-11-10 10:00 +1);
    for (number, name) in [(1, "Marta"), (2, "Luis"), (3, "Eva"), (4, "Sol"), (5, "")] {
        conversation(&w, number, &format!("{number}@example.org"), "order", at).await;
        if !name.is_empty() {
            entry(&w, number, "message", "staff", name, at + time::Duration::minutes(number)).await;
        }
    }
    let report = reports::report(&w.shop, &BOSS, 30, w.now).await.unwrap();
    let teams: Vec<_> = report.by_team.iter().map(|(team, f)| (team.as_deref(), f.cases, f.replied)).collect();
    assert_eq!(teams, [(Some("Mornings"), 2, 2), (Some("Evenings"), 1, 1), (None, 2, 1)]);
    assert_eq!(report.by_team.iter().map(|(_, f)| f.cases).sum::<u32>(), report.total.cases);
    // Whoever changes teams takes their cases along.
    w.sql("update staff set team = 'Evenings' where name = 'Luis'").await;
    let report = reports::report(&w.shop, &BOSS, 30, w.now).await.unwrap();
    let teams: Vec<_> = report.by_team.iter().map(|(team, f)| (team.as_deref(), f.cases)).collect();
    assert_eq!(teams, [(Some("Evenings"), 2), (Some("Mornings"), 1), (None, 2)]);
    assert!(reports::csv(&w.shop, &BOSS, 30, w.now).await.unwrap().contains(",Mornings"));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn agents_do_not_see_reports(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    let agent = Actor::Staff { id: StaffId(uuid::Uuid::nil()), roles: Roles::of(&[Role::Agent]) };
    refusal(reports::report(&w.shop, &agent, 30, w.now).await);
    refusal(reports::csv(&w.shop, &agent, 30, w.now).await);
}
