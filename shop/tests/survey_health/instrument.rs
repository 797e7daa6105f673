//! The instrument's figures, and who stays hidden.

use crate::support::{World, refusal};
use crate::{Answered, EFFICIENCY, Filter, PRIVACY, keep, opinion, said, service_quality, staff, survey_health, world};
use domain::{Language, staff::Role, surveys::Form, surveys::SurveyRefusal};
use quality::{Cell, reliability, sample};
use shop::{
    Actor,
    survey_health::{BY_DESIGN, DimensionHealth, Health, Hidden, Stated},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::sync::Arc;

async fn health(w: &World, filter: Filter) -> Arc<Health> {
    survey_health::health(&w.shop, &Actor::Operator, &filter, w.now).await.unwrap().found
}

fn dimension<'a>(health: &'a Health, code: &str) -> &'a DimensionHealth {
    health.dimensions.iter().find(|dimension| dimension.code == code).unwrap()
}

fn near(found: Option<f64>, expected: f64) {
    let found = found.unwrap();
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn alpha_is_that_of_the_answers_with_reversed_items_turned(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    w.sql("update survey_item set reversed = true where code = 'PRI3'").await;
    let (first, second, third) = ([1, 2, 3, 4, 5], [2, 1, 4, 3, 5], [1, 3, 2, 5, 4]);
    let people = (0..5).map(|i| Answered::of([("PRI1", first[i]), ("PRI2", second[i]), ("PRI3", 6 - third[i])]));
    keep(&w, &people.collect::<Vec<_>>()).await;
    let health = health(&w, service_quality()).await;
    let privacy = dimension(&health, "PRI");
    assert_eq!((privacy.answered, privacy.complete, privacy.by_design), (5, 5, false));
    // By hand: variances of 2.5 each, covariances of 2, 2 and .75.
    near(privacy.alpha.said().copied(), 1.5 * (1.0 - 7.5 / 17.0));
    let (low, high) = reliability::feldt(1.5 * (1.0 - 7.5 / 17.0), 5, 3).unwrap();
    near(privacy.alpha_interval.map(|interval| interval.0), low);
    near(privacy.alpha_interval.map(|interval| interval.1), high);
    let columns: Vec<Vec<Cell>> =
        [first, second, third].iter().map(|column| column.iter().map(|v| Some(f64::from(*v))).collect()).collect();
    let columns: Vec<&[Cell]> = columns.iter().map(Vec::as_slice).collect();
    assert_eq!(privacy.omega, reliability::omega(&columns).map_or_else(Stated::Unsaid, Stated::Said), "or the reason that there is none");
    let rest = reliability::rest_correlations(&reliability::item_covariances(&columns).unwrap()).unwrap();
    near(privacy.items[2].rest_correlation, rest[2].unwrap());
    near(privacy.items[2].mean, 3.0);
    assert_eq!((privacy.items[2].floor, privacy.items[2].n), (None, 5), "a distribution needs eight");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_item_is_told_by_its_ends_by_whom_it_does_not_concern_and_by_its_seconds(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let mut people: Vec<Answered> = [1, 1, 2, 3, 4, 5, 5, 5].iter().map(|value| Answered::of([("FUL1", *value)])).collect();
    people.extend([1, 2].map(|_| Answered { values: vec![("FUL1".into(), None)], ..Answered::of([]) }));
    for (person, time) in people.iter_mut().zip([1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 60_000]) {
        person.milliseconds = time;
    }
    keep(&w, &people).await;
    let item = dimension(&*health(&w, service_quality()).await, "FUL").items[0].clone();
    assert_eq!((item.n, item.floor, item.ceiling, item.does_not_apply), (8, Some(0.25), Some(0.375), Some(0.2)));
    near(item.mean, 3.25);
    assert_eq!(item.seconds, Some(5.5));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_form_by_design_says_alpha_from_a_hundred_and_fifty_on(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let short = |person: usize| {
        let (one, other) = [(0, 1), (0, 2), (1, 2)][person % 3];
        let values = [(PRIVACY[one], opinion(person, one)), (PRIVACY[other], opinion(person, other))];
        Answered { form: "short", ..Answered::of(values) }
    };
    let people: Vec<Answered> = (0..BY_DESIGN).map(short).collect();
    keep(&w, &people[1..]).await;
    let few = health(&w, service_quality()).await;
    assert_eq!(dimension(&few, "PRI").pairwise, Stated::Few);
    keep(&w, &people[..1]).await;
    let health = health(&w, service_quality()).await;
    let privacy = dimension(&health, "PRI");
    let column = |item: &&str| -> Vec<Cell> {
        let value = |person: &Answered| person.values.iter().find(|(code, _)| code == item).and_then(|(_, value)| value.map(f64::from));
        people.iter().map(value).collect()
    };
    let columns: Vec<Vec<Cell>> = PRIVACY.iter().map(column).collect();
    let columns: Vec<&[Cell]> = columns.iter().map(Vec::as_slice).collect();
    near(privacy.pairwise.said().copied(), reliability::alpha_pairwise(&columns).unwrap());
    let full = reliability::alpha_full_information(&columns).unwrap();
    assert!((privacy.full_information.said().unwrap() - full).abs() < 1e-6, "the order of people does not matter to it");
    assert!(privacy.by_design && privacy.pairwise_interval.is_some() && privacy.alpha == Stated::Few);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_structure_is_that_of_full_forms(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let systems = ["SYS1", "SYS2", "SYS3", "SYS4"];
    let fulfilment = ["FUL1", "FUL2", "FUL3", "FUL4", "FUL5", "FUL6", "FUL7"];
    let all: Vec<&'static str> = EFFICIENCY.into_iter().chain(systems).chain(fulfilment).chain(PRIVACY).collect();
    let mut people: Vec<Answered> = (0..120).map(|person| said(person, &all)).collect();
    people.extend((0..30).map(|person| Answered { form: "short", ..said(person, &all[..2]) }));
    keep(&w, &people).await;
    let health = health(&w, service_quality()).await;
    let columns: Vec<Vec<Cell>> =
        (0..all.len()).map(|item| (0..120).map(|person| Some(f64::from(opinion(person, item)))).collect()).collect();
    let rows = sample::complete_rows(&columns.iter().map(Vec::as_slice).collect::<Vec<&[Cell]>>());
    let expected = quality::factor::fit(&rows, &quality::factor::Model::of_sizes(&[8, 4, 7, 3]));
    match (&health.structure, expected) {
        (Stated::Said(found), Ok(expected)) => {
            assert_eq!((found.fit.n, found.fit.df, found.loadings.len()), (120, 203, 22));
            assert!((found.fit.chi2 - expected.fit.chi2).abs() < 1e-4);
            let correlation = found.correlation("EFF", "SYS").unwrap();
            assert!((correlation - expected.correlations[0][1].unwrap()).abs() < 1e-4);
        }
        (found, expected) => panic!("{found:?}, but {expected:?}"),
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_few_are_not_shown_nor_what_leaves_a_few(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let people = |count: usize, form: &'static str| (0..count).map(|n| Answered { form, ..said(n, &PRIVACY) }).collect::<Vec<_>>();
    let full = Filter { form: Some(Form::Full), ..service_quality() };
    let short = Filter { form: Some(Form::Short), ..service_quality() };
    keep(&w, &people(4, "full")).await;
    assert_eq!(health(&w, service_quality()).await.hidden, Some(Hidden::Few));
    keep(&w, &[people(8, "full"), people(4, "short")].concat()).await;
    let all = health(&w, service_quality()).await;
    assert_eq!((all.hidden, all.people), (None, 16), "newer answers are not answered from memory");
    assert_eq!(health(&w, short.clone()).await.hidden, Some(Hidden::Few));
    let apart = health(&w, full.clone()).await;
    assert_eq!(apart.hidden, Some(Hidden::RestFew), "all less these are the four");
    assert!(apart.dimensions.is_empty() && apart.careless.is_none());
    keep(&w, &people(1, "short")).await;
    assert_eq!((health(&w, full).await.hidden, health(&w, short).await.hidden), (None, None));
    // Four of another language among those who answered later than a month ago.
    let old = (0..4).map(|n| Answered { days_ago: 60, ..said(n, &PRIVACY) });
    keep(&w, &old.collect::<Vec<_>>()).await;
    let month = Filter { days: Some(30), ..service_quality() };
    assert_eq!(health(&w, month).await.hidden, Some(Hidden::RestFew), "a quarter less a month are the four");
    let spanish = Filter { language: Some(Language::Es), ..service_quality() };
    assert_eq!(health(&w, spanish).await.hidden, Some(Hidden::Few));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_item_that_a_few_answered_is_not_shown(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let mut people: Vec<Answered> = (0..10).map(|n| said(n, &PRIVACY)).collect();
    people.extend((0..4).map(|n| said(n, &["PRI1", "PRI2", "PRI3", "RES1"])));
    keep(&w, &people).await;
    let health = health(&w, service_quality()).await;
    let item = &dimension(&health, "RES").items[0];
    assert!(item.hidden && item.mean.is_none() && item.seconds.is_none());
    assert!(!dimension(&health, "PRI").items[0].hidden);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_did_not_read_is_counted_and_never_deleted(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let run = |person: &Answered| quality::careless::longest_run(&person.values.iter().map(|(_, v)| v.map(f64::from)).collect::<Vec<_>>());
    let mut people: Vec<Answered> = (0..20).map(|n| said(n, &EFFICIENCY)).filter(|person| run(person) < 6).collect();
    let careful = people.len();
    let hasty = |milliseconds| Answered { milliseconds, ..Answered::of(EFFICIENCY.map(|code| (code, 5))) };
    keep(&w, &[people.clone(), vec![hasty(1500), hasty(900), hasty(4000)]].concat()).await;
    let found = health(&w, service_quality()).await.careless.clone().unwrap();
    assert_eq!((found.people, found.timed, found.flagged), (careful + 3, careful + 3, 3));
    assert_eq!((found.by_run, found.fast, found.severe), (3, 2, 1));
    assert_eq!(found.scores[0].careful, None, "all less the careful ones are those three");
    assert!(found.runs.iter().all(|runs| runs.people.is_none_or(|people| people == 0 || people >= 8)));
    w.sql("delete from survey_response").await;
    people.extend((0..5).map(|_| hasty(900)));
    keep(&w, &people).await;
    let found = health(&w, service_quality()).await.careless.clone().unwrap();
    let mean = |people: &[Answered]| {
        let scores = people.iter().map(|p| p.values.iter().map(|(_, v)| f64::from(v.unwrap())).sum::<f64>() / 8.0);
        scores.sum::<f64>() / people.len() as f64
    };
    let (n, without) = found.scores[0].careful.unwrap();
    assert_eq!((n, found.scores[0].n), (careful, careful + 5), "nobody is deleted");
    near(Some(without), mean(&people[..careful]));
    near(found.scores[0].all, mean(&people));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn only_who_may_see_reports_sees_them(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = world(pool, options).await;
    let (agent, supervisor) = (staff(&w, Role::Agent).await, staff(&w, Role::Supervisor).await);
    let filter = service_quality();
    assert_eq!(refusal(survey_health::health(&w.shop, &agent, &filter, w.now).await), SurveyRefusal::NotAllowed);
    assert_eq!(refusal(survey_health::responses(&w.shop, &agent, &filter, Language::En, w.now).await), SurveyRefusal::NotAllowed);
    let comments = survey_health::comments(&w.shop, &agent, &survey_health::Wanted::default(), w.now).await;
    assert_eq!(refusal(comments), SurveyRefusal::NotAllowed);
    assert_eq!(refusal(survey_health::codebook(&w.shop, &agent, &filter, w.now).await), SurveyRefusal::NotAllowed);
    assert_eq!(refusal(survey_health::export(&w.shop, &agent, &filter, w.now).await.map(|_| ())), SurveyRefusal::NotAllowed);
    assert!(survey_health::health(&w.shop, &supervisor, &Filter::default(), w.now).await.is_ok());
    let unknown = Filter { version: Some(9), ..filter };
    assert_eq!(refusal(survey_health::health(&w.shop, &supervisor, &unknown, w.now).await), SurveyRefusal::NoSuchSurvey);
}
