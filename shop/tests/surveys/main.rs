//! Surveys: who is asked and who is not, what everybody gets, what is kept and what cannot be traced.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly too")]

mod answered;
mod answering;
mod asking;
mod cases;
mod instruments;
mod privacy;
#[path = "../support/mod.rs"]
mod support;

use domain::{
    Language,
    ids::{InvitationId, StaffId},
    staff::{Role, Roles},
    surveys::{Device, Question},
    token::Token,
};
use shop::{
    Actor,
    surveys::{self, Given, Standing},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use support::World;
use time::{Duration, OffsetDateTime, macros::datetime};
use uuid::Uuid;

/// A Monday morning at the workshop.
const MONDAY: OffsetDateTime = datetime!(2026-11-30 09:00 UTC);

async fn world(pool: PgPoolOptions, options: PgConnectOptions) -> World {
    let mut w = World::new(pool, options).await;
    w.now = MONDAY;
    only(&w, "service-quality").await;
    w
}

/// The one instrument that is asked.
async fn only(w: &World, code: &str) {
    w.sql(&format!("update survey_instrument set active = code = '{code}'")).await;
}

/// An order that came to this person's door so many days ago.
async fn delivered(w: &World, number: u32, email: &str, days_ago: i64) -> Uuid {
    let id = Uuid::new_v4();
    let at = w.now - Duration::days(days_ago);
    let language = if number.is_multiple_of(2) { "en" } else { "es" };
    w.sql(&format!(
        "insert into orders (id, number, language, currency, email, name, address, country, goods_minor, delivery_minor, tax_minor, tax_included,
             total_minor, method_code, method_name, carrier_code, promised_from, promised_by, state, payment_state, placed_at, paid_at, delivered_at)
         values ('{id}', '{number}', '{language}', 'EUR', '{email}', 'Ana Gil', '{{}}', 'ES', 2490, 0, 0, true, 2490, 'es-standard', 'Standard', 'correos',
             '{at}', '{at}', 'delivered', 'paid', timestamptz '{at}' - interval '4 days', timestamptz '{at}' - interval '4 days', '{at}')"
    ))
    .await;
    id
}

async fn invited(w: &World) -> usize {
    surveys::invite_due(&w.shop, w.now).await.unwrap()
}

/// The links of everybody who was asked, by the order's number.
async fn links(w: &World) -> Vec<Token> {
    let ids: Vec<Uuid> =
        sqlx::query_scalar("select i.id from survey_invitation i join orders o on o.id = i.order_id order by o.number::int")
            .fetch_all(&w.shop.db)
            .await
            .unwrap();
    ids.into_iter().map(|id| shop::signing::survey_token(&w.shop.settings, InvitationId(id))).collect()
}

/// Somebody with an order of five days ago, asked for this form.
async fn asked(w: &World, form: &str) -> Token {
    w.sql(&format!("update survey_rule set split = '{form}'")).await;
    delivered(w, 1, "ana@example.org", 6).await;
    assert_eq!(invited(w).await, 1);
    links(w).await.remove(0)
}

async fn begun(w: &World, token: &Token) {
    surveys::begin(&w.shop, token, Language::En, Device::Phone, w.now).await.unwrap();
}

async fn questions(w: &World, token: &Token) -> Vec<Question> {
    match surveys::open(&w.shop, token, Language::En, w.now).await.unwrap() {
        Standing::Sheet(sheet) => sheet.questions,
        other => panic!("{other:?}"),
    }
}

async fn says(w: &World, token: &Token, code: &str, sent: &str) {
    surveys::save(&w.shop, token, &[given(code, sent)], w.now).await.unwrap();
}

fn given(code: &str, sent: &str) -> Given {
    Given { code: code.into(), sent: sent.into(), milliseconds: Some(2500) }
}

async fn staff(w: &World, role: Role) -> Actor {
    let (id, code) = (StaffId(Uuid::new_v4()), role.code());
    w.sql(&format!(
        "insert into staff (id, email, name, roles, created_at) values ('{id}', '{code}@shop.test', '{code}', '{{{code}}}', now())"
    ))
    .await;
    Actor::Staff { id, roles: Roles::of(&[role]) }
}
