//! How far answers can be trusted: figures against the statistics of the raw answers or by hand, and what is not shown.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly too")]

mod comments;
mod export;
mod instrument;
mod responses;
#[path = "../support/mod.rs"]
mod support;

use domain::{
    ids::StaffId,
    staff::{Role, Roles},
};
use shop::{
    Actor,
    survey_health::{self, Filter},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use support::World;
use time::{Duration, OffsetDateTime, macros::datetime};
use uuid::Uuid;

/// A Monday morning at the workshop.
const MONDAY: OffsetDateTime = datetime!(2026-11-30 09:00 UTC);
/// The first version of the instrument that is asked after deliveries.
const VERSION: &str = "5a5a0000-0000-4000-8000-000000000011";
const EFFICIENCY: [&str; 8] = ["EFF1", "EFF2", "EFF3", "EFF4", "EFF5", "EFF6", "EFF7", "EFF8"];
const PRIVACY: [&str; 3] = ["PRI1", "PRI2", "PRI3"];

async fn world(pool: PgPoolOptions, options: PgConnectOptions) -> World {
    let mut w = World::new(pool, options).await;
    w.now = MONDAY;
    w
}

async fn staff(w: &World, role: Role) -> Actor {
    let (id, code) = (StaffId(Uuid::new_v4()), role.code());
    w.sql(&format!(
        "insert into staff (id, email, name, roles, created_at) values ('{id}', '{code}@shop.test', '{code}', '{{{code}}}', now())"
    ))
    .await;
    Actor::Staff { id, roles: Roles::of(&[role]) }
}

/// Somebody's finished survey.
#[derive(Clone)]
struct Answered {
    form: &'static str,
    language: &'static str,
    carrier: &'static str,
    days_ago: i64,
    /// From beginning to end.
    seconds: i64,
    /// In the order asked; `None`: it does not apply.
    values: Vec<(String, Option<i16>)>,
    milliseconds: i32,
    comment: &'static str,
}

impl Answered {
    fn of<'a>(values: impl IntoIterator<Item = (&'a str, i16)>) -> Self {
        Self {
            form: "full",
            language: "en",
            carrier: "correos",
            days_ago: 1,
            seconds: 240,
            values: values.into_iter().map(|(code, value)| (code.to_owned(), Some(value))).collect(),
            milliseconds: 4000,
            comment: "",
        }
    }

    /// In a few words only.
    fn saying(comment: &'static str) -> Self {
        Self { comment, ..Self::of([("NPS", 9)]) }
    }
}

/// Keeps them, all at once.
async fn keep(w: &World, people: &[Answered]) {
    let mut statements = String::new();
    for person in people {
        let (id, at) = (Uuid::new_v4(), w.now - Duration::days(person.days_ago));
        let begun = at - Duration::seconds(person.seconds);
        let codes = person.values.iter().map(|(code, _)| format!("'{code}'")).collect::<Vec<_>>().join(",");
        let Answered { form, language, carrier, .. } = person;
        statements += &format!(
            "insert into survey_response (id, version_id, pseudonym, form, language, items, returning_customer, device, category, carrier,
                 trouble_known, started_at, changed_at, completed_at)
             values ('{id}', '{VERSION}', uuid_send(gen_random_uuid()), '{form}', '{language}',
                 (select array_agg(i.id order by array_position(array[{codes}], i.code)) from survey_item i
                  where i.version_id = '{VERSION}' and i.code = any(array[{codes}])),
                 false, 'phone', 'bowls', '{carrier}', false, '{begun}', '{at}', '{at}');"
        );
        let value = |value: &Option<i16>| value.map_or("null".to_owned(), |value| value.to_string());
        let time = person.milliseconds;
        let values = person.values.iter().map(|(code, given)| format!("('{code}', {}::smallint, {time})", value(given)));
        statements += &format!(
            "insert into survey_answer (response_id, item_id, value, milliseconds, answered_at)
             select '{id}', i.id, a.value, a.time, '{at}' from (values {}) a (code, value, time)
             join survey_item i on i.code = a.code and i.version_id = '{VERSION}';",
            values.collect::<Vec<_>>().join(",")
        );
        if !person.comment.is_empty() {
            statements += &format!(
                "insert into survey_comment (response_id, item_id, body, answered_at)
                 select '{id}', id, '{}', '{at}' from survey_item where code = 'OWN' and version_id = '{VERSION}';",
                person.comment
            );
        }
    }
    w.sql(&statements).await;
}

/// The same numbers every time: an opinion of each person that colours what they say to each item.
fn opinion(person: usize, item: usize) -> i16 {
    let mixed = |a: usize, b: usize| (a * 7919 + b * 104_729 + a * b * 31 + 17) % 97;
    let (common, own) = (mixed(person, 3) % 5, mixed(person + 11, item + 5) % 3);
    i16::try_from((common + own).clamp(1, 5)).unwrap()
}

fn said(person: usize, codes: &[&'static str]) -> Answered {
    Answered::of(codes.iter().enumerate().map(|(item, code)| (*code, opinion(person, item))))
}

fn service_quality() -> Filter {
    Filter { instrument: "service-quality".into(), ..Filter::default() }
}
