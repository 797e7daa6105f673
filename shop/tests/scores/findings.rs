//! What stands out is what was planted, and nothing else.

use crate::{MONDAY, desk, filter, finished, quiet_year, world};
use domain::{
    measured::{Device, Visit},
    scores::{ALL, Segment},
};
use shop::{
    measured,
    scores::{Finding, Scale, What},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::{Duration, macros::date};

fn said(finding: &Finding) -> (String, Option<(Segment, String)>, Scale) {
    let what = match &finding.what {
        What::Score(code) => code.clone(),
        other => format!("{other:?}"),
    };
    (what, finding.group.clone(), finding.scale)
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_quiet_year_has_nothing_to_report(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let mut alarms = 0;
    for seed in 11..19 {
        w.sql("truncate survey_response, survey_answer, survey_sheet, survey_rollup, survey_item_rollup, survey_product cascade").await;
        finished(&w, &quiet_year(seed, 7)).await;
        alarms += usize::from(!desk(&w, &filter(52, ALL)).await.findings.is_empty());
    }
    assert_eq!(alarms, 0, "years in which something stood out");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_carrier_that_slips_in_march_is_named(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let mut year = quiet_year(21, 12);
    let in_march = |person: &&mut crate::Person| (date!(2026 - 03 - 02)..date!(2026 - 03 - 30)).contains(&person.at.date());
    for person in year.iter_mut().filter(in_march).filter(|person| person.carrier == "seur") {
        person
            .answers
            .iter_mut()
            .filter(|(code, _)| code.starts_with("FUL"))
            .for_each(|(_, value)| *value = value.map(|value| (value - 2).max(1)));
    }
    finished(&w, &year).await;
    let findings = desk(&w, &filter(52, ALL)).await.findings;
    let carrier = findings.iter().find(|finding| finding.group.is_some()).unwrap();
    assert_eq!(said(carrier), ("FUL".into(), Some((Segment::Carrier, "seur".into())), Scale::Month));
    assert_eq!((carrier.first, carrier.last), (date!(2026 - 03 - 01), date!(2026 - 03 - 01)));
    assert!(carrier.value < 2.6 && carrier.usual > 3.7, "{carrier:?}");
    // Besides, only what follows from it: fulfilment of everybody, and of their other groups, in the same month.
    for finding in &findings {
        assert!(matches!(&finding.what, What::Score(code) if code == "FUL"), "{finding:?}");
        assert!(finding.first >= date!(2026 - 03 - 01) && finding.last < date!(2026 - 04 - 01), "{finding:?}");
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn slow_weeks_are_one_episode_said_and_measured(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let mut year = quiet_year(31, 12);
    let (first, last) = (date!(2026 - 06 - 08), date!(2026 - 06 - 22));
    let slow = first..last + Duration::WEEK;
    for person in year.iter_mut().filter(|person| slow.contains(&person.at.date())) {
        person
            .answers
            .iter_mut()
            .filter(|(code, _)| code.starts_with("EFF"))
            .for_each(|(_, value)| *value = value.map(|value| (value - 1).max(1)));
    }
    finished(&w, &year).await;
    for week in 0..52 {
        let at = MONDAY - Duration::weeks(week);
        let lcp = if slow.contains(&at.date()) { 4600.0 } else { 1500.0 };
        (0..60).for_each(|_| {
            assert!(w.shop.counts.visited(&Visit {
                device: Device::Phone,
                lcp: Some(lcp),
                inp: Some(60.0),
                ttfb: None,
                cls: None,
                failed: 0
            }));
        });
        measured::keep(&w.shop, at).await.unwrap();
    }
    let findings = desk(&w, &filter(52, ALL)).await.findings;
    let of = |what: &What| findings.iter().find(|finding| finding.what == *what && finding.group.is_none()).unwrap();
    let (paint, efficiency) = (of(&What::Paint), of(&What::Score("EFF".into())));
    assert_eq!((paint.first, paint.last), (first, last));
    assert!((paint.value / 4600.0 - 1.0).abs() < 0.05 && (paint.usual / 1500.0 - 1.0).abs() < 0.05, "{paint:?}");
    assert_eq!((efficiency.first, efficiency.last, efficiency.scale), (first, last, Scale::Week));
    assert!(
        findings.iter().all(|finding| finding.what == What::Paint
            || finding.what == What::Score("EFF".into())
            || finding.what == What::Score(ALL.into())),
        "{findings:?}"
    );
}
