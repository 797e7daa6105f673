//! Who customers are: classes that begin, go on and end with their figures, who may be leaving, and what is done with that.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly too")]

mod classes;
mod desk;
mod nights;
mod people;
#[path = "../support/mod.rs"]
mod support;

use domain::{
    customers::{CustomerClass, Reason},
    ids::StaffId,
    staff::{Role, Roles},
};
use shop::{
    Actor,
    customers::{self, Computed, Filter, Listed},
};
use sqlx::{
    postgres::{PgConnectOptions, PgPoolOptions},
    types::Json,
};
use support::World;
use time::{Date, Duration, OffsetDateTime, macros::datetime};
use uuid::Uuid;

/// A Monday morning at the workshop.
const MONDAY: OffsetDateTime = datetime!(2026-11-30 09:00 UTC);
const ANA: &str = "ana@example.org";

async fn world(pool: PgPoolOptions, options: PgConnectOptions) -> World {
    let mut w = World::new(pool, options).await;
    w.now = MONDAY;
    w
}

/// An order in this state, so many days ago.
async fn order(w: &World, email: &str, days_ago: i64, minor: i64, state: &str) -> Uuid {
    let (id, at) = (Uuid::new_v4(), w.now - Duration::days(days_ago));
    let payment = if state == "placed" { "unpaid" } else { "paid" };
    w.sql(&format!(
        "insert into orders (id, number, language, currency, email, name, address, country, goods_minor, delivery_minor, tax_minor, tax_included,
             total_minor, method_code, method_name, carrier_code, promised_from, promised_by, state, payment_state, placed_at)
         values ('{id}', '{id}', 'es', 'EUR', '{email}', 'Ana Gil', '{{}}', 'ES', {minor}, 0, 0, true, {minor}, 'es-standard', 'Standard', 'correos',
             '{at}', '{at}', '{state}', '{payment}', '{at}')"
    ))
    .await;
    id
}

async fn bought(w: &World, email: &str, days_ago: &[i64], minor: i64) {
    for days in days_ago {
        order(w, email, *days, minor, "delivered").await;
    }
}

/// So many people who come now and then and spend little: whom a model is made of.
async fn crowd(w: &World, people: u32) {
    w.sql(&format!(
        "insert into orders (id, number, language, currency, email, name, address, country, goods_minor, delivery_minor, tax_minor, tax_included,
             total_minor, method_code, method_name, carrier_code, promised_from, promised_by, state, payment_state, placed_at)
         select gen_random_uuid(), 'c' || n || '.' || k, 'es', 'EUR', 'crowd' || n || '@example.org', 'Somebody ' || n, '{{}}', 'ES', 3000, 0, 0, true,
             3000, '', '', '', at, at, 'delivered', 'paid', at
         from generate_series(1, {people}) n, generate_series(0, 2) k,
             lateral (select timestamptz '{}' - (5 + n % 40 + k * (60 + n % 30)) * interval '1 day' as at) a",
        w.now
    ))
    .await;
}

async fn computed(w: &World) -> Computed {
    customers::classify(&w.shop, &Actor::Operator, w.now).await.unwrap().unwrap()
}

/// Every time this person was or is in a class: why, since when, until when.
async fn told(w: &World, email: &str) -> Vec<(Reason, Date, Option<Date>)> {
    let rows: Vec<(Json<Reason>, Date, Option<Date>)> =
        sqlx::query_as("select reason, since, until from customer_class where email = $1 order by since, class")
            .bind(email)
            .fetch_all(&w.shop.db)
            .await
            .unwrap();
    rows.into_iter().map(|(reason, since, until)| (reason.0, since, until)).collect()
}

async fn is_in(w: &World, email: &str, class: CustomerClass) -> bool {
    told(w, email).await.iter().any(|(reason, _, until)| reason.class() == class && until.is_none())
}

async fn listed(w: &World, filter: &Filter) -> Vec<Listed> {
    customers::list(&w.shop, &Actor::Operator, filter, None).await.unwrap().customers
}

async fn staff(w: &World, role: Role) -> Actor {
    let (id, code) = (StaffId(Uuid::new_v4()), role.code());
    w.sql(&format!(
        "insert into staff (id, email, name, roles, created_at) values ('{id}', '{code}@shop.test', '{code}', '{{{code}}}', now())"
    ))
    .await;
    Actor::Staff { id, roles: Roles::of(&[role]) }
}

/// An account, whose address is confirmed or not.
async fn account(w: &World, email: &str, confirmed: bool) -> Uuid {
    let id = Uuid::new_v4();
    let confirmed = if confirmed { "now()" } else { "null" };
    w.sql(&format!(
        "insert into customer (id, email, language, confirmed_at, created_at) values ('{id}', '{email}', 'es', {confirmed}, now())"
    ))
    .await;
    id
}
