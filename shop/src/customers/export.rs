//! The same customers as a table for a spreadsheet, one a row.

use super::list::{Filter, Listed, rows};
use crate::{Actor, Failure, NotAllowed, Outcome, Shop, spreadsheet};
use domain::staff::Permission;

/// Everybody whom the filter holds.
///
/// # Errors
/// The person's roles do not reach so far.
pub async fn csv(shop: &Shop, actor: &Actor, filter: &Filter) -> Outcome<String, NotAllowed> {
    actor.needs(Permission::SeeReports).map_err(Failure::Refused)?;
    let mut db = shop.db.acquire().await?;
    let as_of = sqlx::query_scalar!("select max(day) from customer_model").fetch_one(&mut *db).await?;
    let as_of = as_of.map(|day| day.to_string()).unwrap_or_default();
    let listed = rows(&mut db, filter, None, None).await?.into_iter().map(|row| row.listed(shop.settings.currency));
    Ok(spreadsheet::write(&HEADER, listed.map(|customer| cells(customer, &as_of)))?)
}

const HEADER: [&str; 15] = [
    "email",
    "name",
    "orders",
    "spent",
    "currency",
    "first_order",
    "last_order",
    "recency",
    "frequency",
    "money",
    "p_alive",
    "expected_orders_12_weeks",
    "expected_loss",
    "classes",
    "as_of",
];

fn cells(customer: Listed, as_of: &str) -> Vec<String> {
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let [recency, frequency, money] = customer.scores.map(|score| score.to_string());
    let classes: Vec<&str> = customer.reasons.iter().map(|reason| reason.class().code()).collect();
    vec![
        customer.email,
        customer.name,
        customer.orders.to_string(),
        customer.spent.to_decimal(),
        customer.spent.currency.code().to_owned(),
        customer.first_on.to_string(),
        customer.last_on.to_string(),
        recency,
        frequency,
        money,
        number(customer.alive),
        number(customer.expected),
        customer.loss.map(domain::Money::to_decimal).unwrap_or_default(),
        classes.join(" "),
        as_of.to_owned(),
    ]
}
