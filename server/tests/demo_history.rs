//! A year is made, and what was planted in it is found by looking at nothing but the database: the carrier that slipped, the
//! slow release, the quicker replies; and nothing else is.

#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

#[path = "../../shop/tests/support/invariants.rs"]
mod invariants;

use clap::Parser;
use domain::{
    Language,
    measured::{Rating, rating, three_quarters},
    promises::PromiseKind,
    scores,
    staff::{Role, Roles},
};
use quality::{charts, compare};
use server::{
    config::Config,
    demo_history::{self, Faults, Made, Wanted},
    start::{self, Role as Opens, Started},
};
use shop::{
    Actor, Shop,
    account::staff::{self, FirstPassword, NewStaff},
    catalog::import::{self, ImportOptions},
    promises::{self, Filter, Which},
    scores::{Finding, Kept, Scale, What},
};
use sqlx::{
    ConnectOptions, Connection, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{collections::BTreeMap, io::Cursor, path::PathBuf};
use time::{Date, Duration, Month, OffsetDateTime, macros::datetime};

const UNTIL: OffsetDateTime = datetime!(2026-11-20 12:00 UTC);
/// The seed of `server demo history`.
const SEED: u64 = 7;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    config: Config,
}

/// A data folder, gone after the test.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A shop with something to sell and somebody who works in it.
async fn opened(database: &PgConnectOptions) -> (Started, Folder) {
    let folder = Folder(std::env::temp_dir().join(format!("vitrina-history-{}", uuid::Uuid::new_v4())));
    let line = [
        "server".to_owned(),
        format!("--database-url={}", database.to_url_lossy()),
        format!("--data-folder={}", folder.0.display()),
        "--secret=a secret of the tests, with enough letters".to_owned(),
        "--database-connections=4".to_owned(),
    ];
    std::fs::create_dir_all(&folder.0).unwrap();
    let started = start::start(&Line::parse_from(line).config, Opens::Server).await.unwrap();
    let options = ImportOptions { images: None, base_language: Language::En, dry_run: false };
    let report = import::import(&started.shop, Cursor::new(catalogue()), &options, |_| {}, UNTIL).await.unwrap();
    assert!(report.rejections.is_empty(), "{:?}", report.rejections);
    for (name, role) in [("alba", Role::Agent), ("sol", Role::Supervisor)] {
        let new = NewStaff { email: format!("{name}@shop.test"), name: name.into(), roles: Roles::of(&[role]) };
        staff::add(&started.shop, &Actor::System, new, FirstPassword::Own("a long password of the tests"), UNTIL).await.unwrap();
    }
    (started, folder)
}

fn catalogue() -> String {
    let header = "Handle,Title,Title [es],Product Category,Product Category [es],Variant SKU,Variant Grams,Variant Inventory Tracker,\
                  Variant Inventory Qty,Variant Inventory Policy,Variant Price,Published,Status\n";
    let rows = (0..24).map(|n| {
        let (category, categoria) = [("Bowls", "Cuencos"), ("Cups", "Tazas"), ("Vases", "Jarrones"), ("Tiles", "Azulejos")][n % 4];
        let price = 14 + 5 * (n % 7);
        format!("piece-{n},Piece {n},Pieza {n},{category},{categoria},P{n},{},shopify,900,deny,{price}.00,TRUE,active\n", 250 + 90 * n)
    });
    header.to_owned() + &rows.collect::<String>()
}

async fn history(started: &mut Started, orders: usize) -> Made {
    let wanted = Wanted { orders, seed: SEED, until: UNTIL };
    demo_history::make(started, &wanted, |_, _| {}).await.unwrap()
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_was_planted_is_found_and_nothing_else(pool: PgPoolOptions, database: PgConnectOptions) {
    let (mut started, _folder) = opened(&database).await;
    let made = history(&mut started, 400).await;
    let db = pool.connect_with(database).await.unwrap();
    let faults = Faults::of_year_until(UNTIL.date());
    assert!(made.delivered > 350 && made.answers > 160 && made.conversations > 70 && made.complaints > 15, "{made}");

    let slipping = vec![("correos".to_owned(), 3)];
    assert_eq!(carriers_that_break_promises(&db).await, slipping, "the carrier that slipped in March, and no other month or carrier");
    assert_eq!(carriers_whose_buyers_say_so(&db).await, slipping);
    let those = format!("r.carrier = 'correos' and date_trunc('month', p.due_at at time zone 'Europe/Madrid') = '{}'", faults.march);
    assert_eq!(dimensions_that_fall(&db, &those).await, ["FUL"], "where the carrier slipped");
    assert_eq!(months_of_broken_promises(&started.shop).await, [Month::March]);

    let slow: Vec<Date> = (0..3).map(|week| faults.slow.0 + Duration::weeks(week)).collect();
    assert_eq!(slow_weeks(&db).await, slow, "poor in those weeks, good in all others");
    for dimension in ["EFF", "SYS"] {
        assert_eq!(blocks_below_the_limits(&db, dimension, faults.slow.0).await, [0], "{dimension} falls with the slow release only");
    }
    assert!(blocks_below_the_limits(&db, "PRI", faults.slow.0).await.is_empty());
    let those = format!("r.changed_at >= '{}' and r.changed_at < '{}'", faults.slow.0, faults.slow.1);
    assert_eq!(dimensions_that_fall(&db, &those).await, ["EFF", "SYS"], "while the slow release was out");
    assert!(replies_are_kept_more_often_since(&db, faults.quicker).await, "from October on somebody answers sooner");
    the_desk_says_so(&started.shop, &faults).await;
    the_books_are_right(&db).await;
    started.stop().await.unwrap();
}

/// What a manager reads under "what stands out".
async fn the_desk_says_so(shop: &Shop, faults: &Faults) {
    let filter =
        scores::Filter { instrument: "service-quality".into(), version: None, weeks: 52, group: None, measure: scores::ALL.into() };
    let desk = shop::scores::desk(shop, &Actor::Operator, &filter, UNTIL).await.unwrap();
    let (findings, share) = (desk.findings, |kept: Kept| kept.kept as f64 / kept.of as f64);
    assert!(share(desk.facts.minutes) > 0.999 && share(desk.facts.minutes) < 1.0, "{:?}", desk.facts.minutes);
    assert!(share(desk.facts.staffed) > 0.85 && share(desk.facts.staffed) < 0.97, "{:?}", desk.facts.staffed);
    let of = |what: What, group: Option<&str>| {
        let is_it = |finding: &&Finding| finding.what == what && finding.group.as_ref().map(|(_, value)| value.as_str()) == group;
        findings.iter().find(is_it).unwrap_or_else(|| panic!("no {what:?} of {group:?} in {findings:#?}"))
    };
    let slipped = of(What::Kept, Some("correos"));
    assert!(slipped.first.month() == Month::March && slipped.last.month() == Month::March && slipped.value < 0.6, "{slipped:?}");
    let slow = of(What::Paint, None);
    assert_eq!((slow.first, slow.last), (faults.slow.0, faults.slow.0 + Duration::weeks(2)));
    let in_slow_weeks = |finding: &Finding| match finding.scale {
        Scale::Week => finding.first >= faults.slow.0 && finding.last < faults.slow.0 + Duration::weeks(5),
        Scale::Month => matches!(finding.first.month(), Month::June | Month::July),
    };
    let says_slow =
        |finding: &Finding| matches!(&finding.what, What::Score(code) if code == "EFF" || code == "SYS") && in_slow_weeks(finding);
    assert!(findings.iter().any(says_slow), "{findings:#?}");
    let is_planted = |finding: &Finding| match &finding.what {
        // People answer some days after their parcel.
        What::Score(code) if code == "FUL" => matches!(finding.first.month(), Month::March | Month::April),
        What::Score(_) => in_slow_weeks(finding) || matches!(finding.first.month(), Month::March | Month::April),
        What::Kept => finding == slipped,
        What::Paint => finding == slow,
    };
    assert!(findings.iter().all(is_planted), "{findings:#?}");
}

/// A carrier and a month.
type Cell = (String, i32);

/// The rule of the desk: fewer people than this are no figure.
const FEWEST: usize = 5;

/// Cells of a carrier and a month (of the day that was promised) whose share of kept promises lies below the limits of
/// its chart.
async fn carriers_that_break_promises(db: &PgPool) -> Vec<Cell> {
    let cells: Vec<(String, i32, i64, i64)> = sqlx::query_as(
        "select o.carrier_code, extract(month from p.due_at at time zone 'Europe/Madrid')::int, count(p.kept_at), count(*)
         from promise p join orders o on o.id = p.subject
         where p.kind = 'delivery' and (p.kept_at is not null or p.broken_at is not null) group by 1, 2 order by 1, 2",
    )
    .fetch_all(db)
    .await
    .unwrap();
    let cells: Vec<_> = cells.into_iter().filter(|(.., all)| *all >= FEWEST as i64).collect();
    let counts: Vec<(u64, u64)> = cells.iter().map(|(.., kept, all)| (kept.unsigned_abs(), all.unsigned_abs())).collect();
    let below = cells.into_iter().zip(charts::shares(&counts)).filter(|(_, point)| point.value < point.low);
    below.map(|((carrier, month, ..), _)| (carrier, month)).collect()
}

/// The same of what their buyers say of fulfilment.
async fn carriers_whose_buyers_say_so(db: &PgPool) -> Vec<Cell> {
    let answers: Vec<(String, i32, f64)> = sqlx::query_as(
        "select o.carrier_code, extract(month from p.due_at at time zone 'Europe/Madrid')::int, avg(a.value)::float8
         from survey_invitation v join survey_link l on l.invitation_id = v.id join survey_answer a on a.response_id = l.response_id
         join survey_item i on i.id = a.item_id join orders o on o.id = v.order_id join promise p on p.subject = o.id and p.kind = 'delivery'
         where i.dimension = 'FUL' and v.completed_at is not null group by l.response_id, 1, 2 having avg(a.value) is not null",
    )
    .fetch_all(db)
    .await
    .unwrap();
    let mut cells: BTreeMap<Cell, Vec<f64>> = BTreeMap::new();
    for (carrier, month, mean) in answers {
        cells.entry((carrier, month)).or_default().push(mean);
    }
    below_the_limits(cells)
}

/// Groups whose mean lies below the limits of their chart.
fn below_the_limits<K: Ord>(mut groups: BTreeMap<K, Vec<f64>>) -> Vec<K> {
    groups.retain(|_, values| values.len() >= FEWEST);
    let values: Vec<Vec<f64>> = groups.values().cloned().collect();
    groups.into_keys().zip(charts::means(&values)).filter(|(_, point)| point.value < point.low).map(|(key, _)| key).collect()
}

/// Dimensions that are judged significantly worse by those for whom `which` holds than by all others (Welch, corrected by
/// Holm for the four dimensions).
async fn dimensions_that_fall(db: &PgPool, which: &str) -> Vec<&'static str> {
    const MAIN: [&str; 4] = ["EFF", "SYS", "FUL", "PRI"];
    let query = format!(
        "select i.dimension, {which}, avg(a.value)::float8 from survey_response r join survey_answer a on a.response_id = r.id
         join survey_item i on i.id = a.item_id join survey_link l on l.response_id = r.id join survey_invitation v on v.id = l.invitation_id
         join promise p on p.subject = v.order_id and p.kind = 'delivery'
         where i.dimension in ('EFF', 'SYS', 'FUL', 'PRI') and a.value is not null group by r.id, 1, 2"
    );
    let answers: Vec<(String, bool, f64)> = sqlx::query_as(sqlx::AssertSqlSafe(query)).fetch_all(db).await.unwrap();
    let of = |dimension: &str, those| {
        let these = answers.iter().filter(|(named, is_so, _)| named == dimension && *is_so == those);
        these.map(|(.., mean)| *mean).collect::<Vec<_>>()
    };
    let tests = MAIN.map(|dimension| compare::welch(&of(dimension, true), &of(dimension, false)).unwrap());
    let corrected = compare::holm(&tests.iter().map(|test| test.p).collect::<Vec<_>>());
    let found = MAIN.into_iter().zip(tests.iter().zip(corrected));
    found.filter(|(_, (test, p))| *p < 0.05 && test.difference < 0.0).map(|(dimension, _)| dimension).collect()
}

/// From the ledger that managers read: months whose share of kept deliveries lies below the limits.
async fn months_of_broken_promises(shop: &Shop) -> Vec<Month> {
    let filter = Filter { which: Which::All, kind: Some(PromiseKind::Delivery), weeks: 53 };
    let ledger = promises::ledger(shop, &Actor::System, filter, 0, UNTIL).await.unwrap();
    let mut months: BTreeMap<u8, (u64, u64)> = BTreeMap::new();
    for (week, tally) in ledger.by_week {
        let (kept, all) = months.entry(week.month().into()).or_default();
        *kept += u64::from(tally.kept);
        *all += u64::from(tally.kept + tally.broken);
    }
    let counts: Vec<(u64, u64)> = months.values().copied().collect();
    let below = months.into_keys().zip(charts::shares(&counts)).filter(|(_, point)| point.value < point.low);
    below.map(|(month, _)| Month::try_from(month).unwrap()).collect()
}

/// Weeks in which the first paint was poor for a quarter of the visits; in every other it is good.
async fn slow_weeks(db: &PgPool) -> Vec<Date> {
    let sizes: Vec<(Date, i16, i64)> = sqlx::query_as(
        "select date_trunc('week', hour at time zone 'UTC')::date, size, sum(count)::bigint from measure where measure = 'lcp'
         group by 1, 2 order by 1, 2",
    )
    .fetch_all(db)
    .await
    .unwrap();
    let mut weeks: BTreeMap<Date, Vec<(i16, u64)>> = BTreeMap::new();
    for (week, size, count) in sizes {
        weeks.entry(week).or_default().push((size, count.unsigned_abs()));
    }
    let mut slow = Vec::new();
    for (week, sizes) in weeks {
        match rating(domain::measured::Measure::Paint, three_quarters(&sizes).unwrap()) {
            Some(Rating::Good) => {}
            Some(Rating::Poor) => slow.push(week),
            other => panic!("{other:?} in the week of {week}"),
        }
    }
    slow
}

/// Of three weeks each, counted from a Monday, those whose mean of a dimension lies below the limits of its chart.
async fn blocks_below_the_limits(db: &PgPool, dimension: &str, from: Date) -> Vec<i64> {
    let answers: Vec<(Date, f64)> = sqlx::query_as(
        "select r.changed_at::date, avg(a.value)::float8 from survey_response r join survey_answer a on a.response_id = r.id
         join survey_item i on i.id = a.item_id where i.dimension = $1 and a.value is not null group by r.id",
    )
    .bind(dimension)
    .fetch_all(db)
    .await
    .unwrap();
    let mut blocks: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
    for (day, mean) in answers {
        blocks.entry((day - from).whole_days().div_euclid(21)).or_default().push(mean);
    }
    below_the_limits(blocks)
}

async fn replies_are_kept_more_often_since(db: &PgPool, day: Date) -> bool {
    let replies: Vec<(bool, bool)> = sqlx::query_as(
        "select made_at >= $1, kept_at is not null from promise where kind = 'reply' and conversation_id is not null and withdrawn_at is null",
    )
    .bind(day.midnight().assume_utc())
    .fetch_all(db)
    .await
    .unwrap();
    let kept = |since| replies.iter().filter(|(after, _)| *after == since).map(|(_, kept)| f64::from(*kept)).collect::<Vec<_>>();
    let test = compare::welch(&kept(true), &kept(false)).unwrap();
    test.difference > 0.0 && test.p < 0.05
}

/// Money, stock and mail: nothing is owed that nobody knows of, and nothing waits to be sent to people who are not there.
async fn the_books_are_right(db: &PgPool) {
    invariants::install(db).await;
    let broken: Vec<String> = sqlx::query_scalar("select * from broken_invariants(true)").fetch_all(db).await.unwrap();
    // Who ordered last may still be paying.
    let broken: Vec<_> = broken.into_iter().filter(|said| !said.starts_with("still under way")).collect();
    assert!(broken.is_empty(), "{broken:#?}");
    for waiting in [
        "select count(*) from mail where sent_at is null",
        "select count(*) from job where done_at is null",
        "select count(*) from mail where recipient not like '%.example.test' and recipient not like '%@shop.test'",
        "select count(*) from sandbox.delivery where state = 'waiting'",
        "select count(*) from orders where placed_at > '2026-11-20 12:00Z' or placed_at < '2025-11-20Z'",
    ] {
        let count: i64 = sqlx::query_scalar(waiting).fetch_one(db).await.unwrap();
        assert_eq!(count, 0, "{waiting}");
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_same_seed_makes_the_same_history_and_only_in_an_empty_shop(_: PgPoolOptions, database: PgConnectOptions) {
    let (mut first, _folder) = opened(&database).await;
    let made = history(&mut first, 40).await;
    let again = Wanted { orders: 1, seed: 1, until: UNTIL };
    let told = demo_history::make(&mut first, &again, |_, _| {}).await.unwrap_err().to_string();
    assert_eq!(told, "this shop has orders already; a history is made in an empty one");

    let other = database.clone().database(&format!("again_{}", uuid::Uuid::new_v4().simple()));
    let mut server = PgConnection::connect_with(&database).await.unwrap();
    let name = other.get_database().unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("create database {name:?}"))).execute(&mut server).await.unwrap();
    let (mut second, _folder) = opened(&other).await;
    assert_eq!(history(&mut second, 40).await, made);
    assert_eq!(told_of(&second.shop.db).await, told_of(&first.shop.db).await);
    first.stop().await.unwrap();
    second.stop().await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("drop database {name:?} with (force)"))).execute(&mut server).await.unwrap();
}

/// Who bought what when and what became of it, and how much was said and answered.
async fn told_of(db: &PgPool) -> (String, Vec<i64>) {
    let orders = "select string_agg(concat_ws(' ', email, total_minor, state, placed_at, delivered_at), E'\n' order by placed_at, email) from orders";
    let mut counts = Vec::new();
    for table in
        ["conversation_entry", "complaint_entry", "survey_answer", "survey_comment", "promise", "measure", "mail", "stock_movement"]
    {
        let count = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(*) from {table}")));
        counts.push(count.fetch_one(db).await.unwrap());
    }
    (sqlx::query_scalar(orders).fetch_one(db).await.unwrap(), counts)
}
