//! What a manager sets: where the lines between classes lie, and what counts as bought together.

use super::{Refusable, refuse};
use crate::{Actor, Failure, Fault, Outcome, Shop, audit, transaction};
use domain::{customers::CustomerRefusal, staff::Permission};
use quality::customers::classes::Lines;
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Days since the last order within which a customer is active.
    pub active_days: u32,
    /// Orders within twelve months from which a customer is frequent or habitual.
    pub many_orders: u32,
    pub frequent_gap_days: u32,
    /// Deviation of the gaps, in hundredths of their mean.
    pub habitual_percent: u32,
    /// In so many orders at least two products are bought together.
    pub together_orders: u32,
    /// By so many of a hundred who buy the one.
    pub together_percent: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self { active_days: 180, many_orders: 3, frequent_gap_days: 30, habitual_percent: 50, together_orders: 3, together_percent: 10 }
    }
}

impl Rules {
    pub(super) fn lines(self) -> Lines {
        Lines {
            active_days: i64::from(self.active_days),
            many_orders: self.many_orders as usize,
            frequent_gap_days: f64::from(self.frequent_gap_days),
            habitual_variation: f64::from(self.habitual_percent) / 100.0,
            ..Lines::default()
        }
    }

    fn within_bounds(self) -> bool {
        (1..=1095).contains(&self.active_days)
            && (2..=50).contains(&self.many_orders)
            && (1..=365).contains(&self.frequent_gap_days)
            && (1..=200).contains(&self.habitual_percent)
            && (2..=1000).contains(&self.together_orders)
            && (1..=100).contains(&self.together_percent)
    }
}

/// The rules as they are.
///
/// # Errors
/// A fault only.
pub async fn rules(shop: &Shop) -> Outcome<Rules> {
    Ok(read(&mut *shop.db.acquire().await?).await?)
}

pub(super) async fn read(db: &mut PgConnection) -> Result<Rules, Fault> {
    let row = sqlx::query!(
        "select active_days, many_orders, frequent_gap_days, habitual_percent, together_orders, together_percent from customer_rule"
    )
    .fetch_one(db)
    .await?;
    Ok(Rules {
        active_days: row.active_days.unsigned_abs(),
        many_orders: row.many_orders.unsigned_abs(),
        frequent_gap_days: row.frequent_gap_days.unsigned_abs(),
        habitual_percent: row.habitual_percent.unsigned_abs(),
        together_orders: row.together_orders.unsigned_abs(),
        together_percent: row.together_percent.unsigned_abs(),
    })
}

/// Sets them; they hold from the next computation on.
///
/// # Errors
/// A number out of its bounds, or the person's roles do not reach so far.
pub async fn set_rules(shop: &Shop, actor: &Actor, rules: Rules, now: OffsetDateTime) -> Refusable {
    actor.needs(Permission::SetRules).map_err(|_| Failure::Refused(CustomerRefusal::NotAllowed))?;
    if !rules.within_bounds() {
        return refuse(CustomerRefusal::OutOfBounds);
    }
    let signed = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let mut db = transaction::begin(&shop.db).await?;
    sqlx::query!(
        "update customer_rule set active_days = $1, many_orders = $2, frequent_gap_days = $3, habitual_percent = $4,
             together_orders = $5, together_percent = $6",
        signed(rules.active_days),
        signed(rules.many_orders),
        signed(rules.frequent_gap_days),
        signed(rules.habitual_percent),
        signed(rules.together_orders),
        signed(rules.together_percent)
    )
    .execute(&mut *db)
    .await?;
    let detail = json!({ "active_days": rules.active_days, "many_orders": rules.many_orders,
        "frequent_gap_days": rules.frequent_gap_days, "habitual_percent": rules.habitual_percent,
        "together_orders": rules.together_orders, "together_percent": rules.together_percent });
    audit::record(&mut db, actor, "customers.rules", None, detail, now).await?;
    db.commit().await?;
    Ok(())
}
