//! What the shop measures of itself: counted in memory, written by the hour, read by the day.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly too")]

mod support;

use domain::{
    ids::StaffId,
    measured::{Device, Visit},
    staff::{Role, Roles},
};
use shop::{
    Actor,
    measured::{self, Measured},
    reports::Share,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use support::World;
use time::{Duration, OffsetDateTime, macros::datetime};
use uuid::Uuid;

/// A Friday evening in Madrid; the day began at 23:00 UTC.
const EVENING: OffsetDateTime = datetime!(2026-11-27 20:30:10 +1);

fn visit(device: Device, lcp: f64) -> Visit {
    Visit { device, lcp: Some(lcp), inp: Some(40.0), ttfb: Some(20.0), cls: Some(0.01), failed: 0 }
}

async fn read(w: &World, days: u32, now: OffsetDateTime) -> Measured {
    measured::report(&w.shop, &Actor::Operator, days, now).await.unwrap()
}

fn near(found: Option<f64>, wanted: f64) {
    assert!((found.unwrap() / wanted - 1.0).abs() < 0.045, "{found:?}, not {wanted}");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_was_counted_is_read_by_day_and_device(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    let counts = &w.shop.counts;
    // The evening before: slow.
    assert!(counts.visited(&visit(Device::Phone, 9000.0)));
    counts.searched(false);
    measured::keep(&w.shop, EVENING - Duration::days(1)).await.unwrap();
    // Today: three are quick, the slowest of four does not matter.
    for lcp in [500.0, 1000.0, 1500.0, 8000.0] {
        assert!(counts.visited(&visit(Device::Desktop, lcp)));
    }
    assert!(counts.visited(&Visit { failed: 2, ..visit(Device::Phone, 2000.0) }));
    assert!(!counts.visited(&visit(Device::Phone, -3.0)), "no browser paints before it asked");
    for found in [true, true, false] {
        counts.searched(found);
    }
    (0..200).for_each(|n| counts.answered(n == 7));

    let found = read(&w, 2, EVENING).await;
    near(found.desktop.paint.three_quarters, 1500.0);
    assert_eq!((found.desktop.paint.visits, found.phone.paint.visits, found.total.paint.visits), (4, 2, 6));
    let [(yesterday, before), (today, now)] = found.by_day.as_slice() else { panic!("{:?}", found.by_day) };
    assert_eq!((yesterday.day(), today.day()), (26, 27));
    near(before.paint.three_quarters, 9000.0);
    assert_eq!((before.scripts_failed, now.scripts_failed), (0, 2));
    assert_eq!((before.searches, now.searches), (Share { yes: 0, of: 1 }, Share { yes: 2, of: 3 }));
    assert_eq!(now.answers, Share { yes: 199, of: 200 });
    assert_eq!(found.whole.searches, Share { yes: 2, of: 4 });
    // Read again: what was in memory was written, and is not counted twice.
    assert_eq!(read(&w, 2, EVENING).await, found);
    assert_eq!(read(&w, 1, EVENING).await.whole.searches, Share { yes: 2, of: 3 });
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_hour_without_a_minute_is_an_hour_closed(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    let at = |hour: i64, minute: i64| datetime!(2026-11-27 08:00 UTC) + Duration::hours(hour) + Duration::minutes(minute);
    // Opened at eight and a half; closed from ten past nine until eleven; open since, on two nodes.
    for minute in 30..60 {
        measured::minute(&w.shop, at(0, minute)).await.unwrap();
    }
    for minute in 0..10 {
        measured::minute(&w.shop, at(1, minute)).await.unwrap();
    }
    for minute in (0..60).chain(0..60) {
        measured::minute(&w.shop, at(3, minute)).await.unwrap();
    }
    measured::minute(&w.shop, at(4, 0)).await.unwrap();
    let minutes = |found: Measured| found.whole.minutes;
    assert_eq!(minutes(read(&w, 7, at(4, 1)).await), Share { yes: 70, of: 180 }, "neither the first hour nor the one that goes on");
    assert_eq!(minutes(read(&w, 7, at(0, 59)).await), Share { yes: 0, of: 0 }, "nothing is known yet");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn nothing_counted_is_lost_when_the_database_is_away(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    w.shop.counts.searched(true);
    w.shop.counts.answered(true);
    w.sql("alter table measure rename to away").await;
    measured::keep(&w.shop, EVENING).await.unwrap_err();
    w.sql("alter table away rename to measure").await;
    let found = read(&w, 1, EVENING).await;
    assert_eq!((found.whole.searches, found.whole.answers), (Share { yes: 1, of: 1 }, Share { yes: 0, of: 1 }));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn only_who_sees_reports_sees_it(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    for (role, may) in [(Role::Agent, false), (Role::Merchandiser, false), (Role::Manager, true)] {
        let actor = Actor::Staff { id: StaffId(Uuid::nil()), roles: Roles::of(&[role]) };
        assert_eq!(measured::report(&w.shop, &actor, 7, EVENING).await.is_ok(), may, "{role:?}");
    }
}
