//! Goodwill at the desk: credit for the buyer of an order, within what this person may give in a month.

use super::{
    Asked,
    actions::{amount, begin_giving},
    refuse,
};
use crate::{Actor, Fault, Shop, audit, credit};
use domain::{Money, desk::DeskRefusal};
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

/// Gives the buyer of an order credit, as `typed`, and writes to them with its code.
///
/// # Errors
/// No amount, no reason, or more than this person may give.
pub async fn give_credit(shop: &Shop, actor: &Actor, key: Uuid, number: &str, typed: &str, reason: &str, now: OffsetDateTime) -> Asked {
    let Some((mut db, id)) = begin_giving(shop, actor, key, "order.credit", number, reason, now).await? else { return Ok(()) };
    let reason = reason.trim();
    let row = sqlx::query!("select email, name, language, currency from orders where id = $1", id.0).fetch_one(&mut *db).await?;
    let money = amount(typed, row.currency.parse().map_err(Fault::new)?)?;
    if let Some(left) = credit::left_of_budget(&mut db, shop, actor, now).await?.filter(|left| money.minor > *left) {
        return refuse(DeskRefusal::AboveBudget { left: Money::new(left, money.currency) });
    }
    let gift = credit::Gift {
        money,
        to: &row.email,
        name: &row.name,
        language: row.language.parse().unwrap_or(shop.settings.base_language),
        reason: "goodwill",
        source: key,
        note: reason,
        by: actor.staff(),
        order: Some(id),
        complaint: None,
    };
    credit::give(&mut db, shop, &gift, now).await?;
    let detail = json!({ "number": number, "minor": money.minor, "currency": money.currency.code(), "reason": reason });
    audit::record(&mut db, actor, "order.credit_given", Some(id.0), detail, now).await?;
    db.commit().await?;
    Ok(())
}
