//! Who of those asked came how far, who they were, and what the forms get.

use crate::support::World;
use crate::{Answered, EFFICIENCY, Filter, VERSION, keep, said, service_quality, survey_health, world};
use domain::{Language, surveys::Form};
use quality::{intervals, nonresponse, sample::Moments};
use shop::{
    Actor,
    survey_health::{Responses, Trait, TraitKind, Worth, shares},
    surveys::Funnel,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::Duration;
use uuid::Uuid;

/// Somebody who was asked, so many days ago, and how far they came: 1 opened, 2 began, 3 finished.
#[derive(Clone, Copy)]
struct Asked {
    form: &'static str,
    language: &'static str,
    days_ago: i64,
    steps: u8,
    reminded: bool,
    minor: i64,
    late: bool,
}

const SOMEBODY: Asked = Asked { form: "full", language: "en", days_ago: 3, steps: 0, reminded: false, minor: 2000, late: false };

async fn ask(w: &World, people: &[Asked]) {
    for asked in people {
        let (order, invitation, at) = (Uuid::new_v4(), Uuid::new_v4(), w.now - Duration::days(asked.days_ago));
        let step =
            |least: u8| if asked.steps >= least { format!("'{}'", at + Duration::hours(i64::from(least) * 2)) } else { "null".into() };
        let reminded = if asked.reminded { format!("'{at}'") } else { "null".into() };
        let promised = if asked.late { at - Duration::days(9) } else { at };
        let (minor, language, form) = (asked.minor, asked.language, asked.form);
        w.sql(&format!(
            "insert into orders (id, number, language, currency, email, name, address, country, goods_minor, delivery_minor, tax_minor,
                 tax_included, total_minor, method_code, method_name, carrier_code, promised_from, promised_by, state, payment_state,
                 placed_at, paid_at, delivered_at)
             values ('{order}', '{order}', '{language}', 'EUR', '{order}@example.org', 'Ana Gil', '{{}}', 'ES', {minor}, 0, 0, true, {minor},
                 'es-standard', 'Standard', 'correos', '{promised}', '{promised}', 'delivered', 'paid', timestamptz '{at}' - interval '9 days',
                 timestamptz '{at}' - interval '9 days', timestamptz '{at}' - interval '5 days');
             insert into survey_invitation (id, instrument_id, version_id, order_id, language, form, asked_at, reminded_at, opened_at, started_at,
                 completed_at, expires_at)
             select '{invitation}', instrument_id, id, '{order}', '{language}', '{form}', '{at}', {reminded}, {}, {}, {}, timestamptz '{at}' + interval '30 days'
             from survey_version where id = '{VERSION}'",
            step(1),
            step(2),
            step(3)
        ))
        .await;
    }
}

async fn responses(w: &World, filter: Filter) -> Responses {
    survey_health::responses(&w.shop, &Actor::Operator, &filter, Language::En, w.now).await.unwrap().found
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn everybody_is_counted_once_at_each_step_they_came_to(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let mut people = vec![SOMEBODY; 3];
    people.extend([1, 2, 3, 3].map(|steps| Asked { steps, language: "es", ..SOMEBODY }));
    people.extend([0, 3].map(|steps| Asked { steps, form: "short", reminded: true, days_ago: 12, ..SOMEBODY }));
    people.push(Asked { reminded: true, days_ago: 12, ..SOMEBODY });
    ask(&w, &people).await;
    let found = responses(&w, service_quality()).await;
    assert_eq!(found.total, Funnel { asked: 10, opened: 5, started: 4, completed: 3 });
    assert_eq!(shares(&found.total), [Some(0.5), Some(0.8), Some(0.75), Some(0.3)]);
    let of_form = |form| found.by_form.iter().find(|(each, _)| *each == form).unwrap().1;
    assert_eq!(of_form(Form::Short), Funnel { asked: 2, opened: 1, started: 1, completed: 1 });
    assert_eq!(found.by_language.iter().find(|(each, _)| *each == Language::Es).unwrap().1.opened, 4);
    // Friday the 27th and Wednesday the 18th.
    let weeks: Vec<_> = found.by_week.iter().map(|(monday, funnel)| (monday.to_string(), funnel.asked)).collect();
    assert_eq!(weeks, [("2026-11-16".to_owned(), 3), ("2026-11-23".to_owned(), 7)]);
    assert_eq!((found.reminder.reminded, found.reminder.finished), (3, 1));
    assert_eq!((found.hours, found.timed), (None, 0), "no link leads to their answers any more");
    let spanish = responses(&w, Filter { language: Some(Language::Es), ..service_quality() }).await;
    assert_eq!(spanish.total.asked, 4);
    let older = responses(&w, Filter { version: Some(1), days: Some(30), form: Some(Form::Short), ..service_quality() }).await;
    assert_eq!(older.total.asked, 2);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn those_who_answered_stand_beside_all_who_were_asked(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let mut people: Vec<Asked> = (0..10).map(|n| Asked { steps: 3, minor: 1000 + 100 * n, ..SOMEBODY }).collect();
    people.extend((0..6).map(|n| Asked { minor: 3000 + 100 * n, late: true, ..SOMEBODY }));
    ask(&w, &people[..4]).await;
    assert!(responses(&w, service_quality()).await.traits.is_empty(), "of four it could be told who");
    ask(&w, &people[4..]).await;
    let found = responses(&w, service_quality()).await;
    let of = |kind: TraitKind| found.traits.iter().find(|each| each.kind == kind).cloned().unwrap();
    let value = of(TraitKind::Value);
    let moments = |count: usize| -> Moments { people[..count].iter().map(|person| person.minor as f64 / 100.0).collect() };
    let (answered, asked) = (moments(10), moments(16));
    assert!((value.answered.unwrap() - answered.mean().unwrap()).abs() < 1e-9);
    assert!((value.difference.unwrap() - nonresponse::of_numbers(&answered, &asked).unwrap()).abs() < 1e-9);
    assert!(value.is_notable());
    let late = of(TraitKind::Late);
    assert_eq!((late.answered, late.asked), (Some(0.0), Some(6.0 / 16.0)), "nobody whose parcel was late answered");
    assert_eq!(late.difference, nonresponse::of_shares((0, 10), (6, 16)));
    assert!(late.is_notable());
    let carrier = of(TraitKind::Carrier("correos".into()));
    assert_eq!(carrier, Trait { kind: carrier.kind.clone(), answered: Some(1.0), asked: Some(1.0), difference: None });
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_short_form_is_weighed_by_what_it_needs_and_what_it_gets(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let of = |form, steps, count: usize| vec![Asked { form, steps, ..SOMEBODY }; count];
    ask(&w, &[of("full", 3, 10), of("full", 1, 10), of("short", 3, 12), of("short", 0, 8)].concat()).await;
    let mut people: Vec<Answered> = (0..10).map(|n| said(n, &EFFICIENCY)).collect();
    people.extend((0..6).map(|n| Answered { form: "short", seconds: 60 + 10 * n, ..said(3, &EFFICIENCY[..2]) }));
    keep(&w, &people).await;
    let found = responses(&w, service_quality()).await.forms;
    assert_eq!((found.full.rate, found.short.rate), (Some(0.5), Some(0.6)));
    let gets = found.gets.unwrap();
    assert_eq!((gets.times, gets.interval), (1.2, intervals::of_ratio((12, 20), (10, 20)).unwrap()));
    assert_eq!(found.short.interval, intervals::of_share(12, 20).ok());
    assert_eq!((found.full.seconds, found.short.seconds), (Some(240.0), Some(85.0)));
    // The full form asks 22, 4, 5 and the recommendation on a scale; the short one 2 of each dimension and the recommendation.
    assert!((found.full.unanswered.unwrap() - (1.0 - 8.0 / 32.0)).abs() < 1e-9);
    assert!((found.short.unanswered.unwrap() - (1.0 - 2.0 / 9.0)).abs() < 1e-9);
    let health = survey_health::health(&w.shop, &Actor::Operator, &service_quality(), w.now).await.unwrap().found;
    let alpha = *health.dimensions[0].alpha.said().unwrap();
    let even = found.break_even.iter().find(|each| each.code == "EFF").unwrap();
    assert_eq!((even.items, even.asked, even.alpha), (8, 2, alpha));
    assert!((even.needs - quality::forms::break_even(alpha, 8, 2)).abs() < 1e-12);
    assert_eq!(even.worth(&gets), Worth::Open, "of forty people");
}
