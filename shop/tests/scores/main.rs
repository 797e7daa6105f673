//! The quality desk: sums that are exact whoever makes them, what is shown and what is not, what stands out and what
//! does not.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly too")]

mod beside;
mod earlier;
mod exact;
mod findings;
mod shown;
#[path = "../support/mod.rs"]
mod support;

use domain::scores::Filter;
use rand::{Rng, SeedableRng, rngs::StdRng};
use shop::{
    Actor,
    scores::{self, Desk},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::fmt::Write;
use support::World;
use time::{Duration, OffsetDateTime, macros::datetime};
use uuid::Uuid;

/// A Monday morning at the workshop.
const MONDAY: OffsetDateTime = datetime!(2026-11-30 09:00 UTC);
/// The first version of the survey after deliveries.
const VERSION: &str = "5a5a0000-0000-4000-8000-000000000011";
const MAIN: [(&str, usize); 4] = [("EFF", 8), ("SYS", 4), ("FUL", 7), ("PRI", 3)];

/// Somebody who finished a survey.
#[derive(Clone)]
struct Person {
    at: OffsetDateTime,
    form: &'static str,
    language: &'static str,
    device: &'static str,
    carrier: &'static str,
    returning: bool,
    version: &'static str,
    answers: Vec<(String, Option<i16>)>,
}

impl Person {
    /// Who answers everything with this.
    fn saying(at: OffsetDateTime, value: i16) -> Self {
        Self::with(at, |_, _| Some(value))
    }

    fn with(at: OffsetDateTime, mut answer: impl FnMut(&str, usize) -> Option<i16>) -> Self {
        let items = MAIN.iter().flat_map(|(code, items)| (1..=*items).map(move |number| (*code, number)));
        let answers = items.map(|(code, number)| (format!("{code}{number}"), answer(code, number))).collect();
        Self { at, form: "full", language: "es", device: "phone", carrier: "correos", returning: false, version: VERSION, answers }
    }

    /// With a mind of their own around these levels of the four dimensions.
    fn minded(at: OffsetDateTime, random: &mut StdRng, level: impl Fn(&str) -> f64) -> Self {
        let own: f64 = random.random_range(-0.6..0.6);
        Self::with(at, |code, _| {
            let noise: f64 = random.random_range(-0.9..0.9);
            #[allow(clippy::cast_possible_truncation)]
            Some((level(code) + own + noise).round().clamp(1.0, 5.0) as i16)
        })
    }
}

async fn world(pool: PgPoolOptions, options: PgConnectOptions) -> World {
    let mut w = World::new(pool, options).await;
    w.now = MONDAY;
    w
}

async fn finished(w: &World, people: &[Person]) {
    for some in people.chunks(200) {
        let mut statements = String::new();
        for person in some {
            let id = Uuid::new_v4();
            let Person { at, form, language, device, carrier, returning, version, .. } = person;
            let values = person
                .answers
                .iter()
                .map(|(code, value)| format!("('{code}', {})", value.map_or("null".into(), |value| value.to_string())));
            let values = values.collect::<Vec<_>>().join(", ");
            write!(
                statements,
                "insert into survey_response (id, version_id, pseudonym, form, language, items, returning_customer, device, carrier,
                     trouble_known, started_at, changed_at, completed_at)
                 values ('{id}', '{version}', '\\x00', '{form}', '{language}', '{{}}', {returning}, '{device}', '{carrier}', false, '{at}', '{at}', '{at}');
                 insert into survey_answer (response_id, item_id, value, milliseconds, answered_at)
                 select '{id}', i.id, v.value::smallint, 2500, '{at}' from (values {values}) v (code, value)
                 join survey_item i on i.code = v.code and i.version_id = '{version}';"
            )
            .unwrap();
        }
        w.sql(&statements).await;
    }
}

fn filter(weeks: u32, measure: &str) -> Filter {
    Filter { instrument: "service-quality".into(), version: None, weeks, group: None, measure: measure.into() }
}

async fn desk(w: &World, filter: &Filter) -> Desk {
    scores::desk(&w.shop, &Actor::Operator, filter, w.now).await.unwrap()
}

fn near(found: Option<f64>, wanted: f64) {
    assert!(found.is_some_and(|found| (found - wanted).abs() < 1e-6), "{found:?}, not {wanted}");
}

fn random(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// A year of so many a week whom nothing happened to.
fn quiet_year(seed: u64, a_week: i64) -> Vec<Person> {
    let mut random = random(seed);
    let mut year = Vec::new();
    for week in 0..52 {
        for n in 0..a_week {
            let at = MONDAY - Duration::weeks(week) + Duration::hours(n % 100);
            let mut person = Person::minded(at, &mut random, |code| if code == "PRI" { 4.3 } else { 4.0 });
            person.carrier = ["correos", "seur", "mrw"][random.random_range(0..3)];
            person.device = ["phone", "desktop"][random.random_range(0..2)];
            person.language = ["es", "en"][random.random_range(0..2)];
            year.push(person);
        }
    }
    year
}
