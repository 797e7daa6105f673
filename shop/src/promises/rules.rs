//! What a manager sets for the whole desk.

use crate::{Actor, Failure, Fault, Outcome, Shop, audit, transaction};
use domain::{credit::MakesUpBy, promises::PromiseRefusal, staff::Permission};
use serde_json::json;
use time::OffsetDateTime;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Business minutes until a person has answered a complaint.
    pub complaint_reply_minutes: u32,
    /// Days until a solved complaint closes by itself.
    pub confirmation_days: u32,
    /// Of the goods of an order that arrives late, in hundredths of a percent.
    pub late_basis_points: u32,
    /// How that is given.
    pub late_by: MakesUpBy,
    /// What an agent may give as credit in a month, minor units.
    pub credit_month_minor: i64,
}

/// The rules as they are.
///
/// # Errors
/// A fault only.
pub async fn rules(shop: &Shop) -> Outcome<Rules> {
    let row =
        sqlx::query!("select complaint_reply_minutes, confirmation_days, late_basis_points, late_by, credit_month_minor from service_rule")
            .fetch_one(&shop.db)
            .await?;
    Ok(Rules {
        complaint_reply_minutes: row.complaint_reply_minutes.unsigned_abs(),
        confirmation_days: row.confirmation_days.unsigned_abs(),
        late_basis_points: row.late_basis_points.unsigned_abs(),
        late_by: MakesUpBy::from_code(&row.late_by).ok_or_else(|| Fault::new("a rule of another version"))?,
        credit_month_minor: row.credit_month_minor,
    })
}

/// Sets the rules. What arrived late before is not made up for by a rule that came after.
///
/// # Errors
/// A number out of its bounds, or the person's roles do not reach so far.
pub async fn set_rules(shop: &Shop, actor: &Actor, rules: Rules, now: OffsetDateTime) -> Outcome<(), PromiseRefusal> {
    actor.needs(Permission::SetRules).map_err(|_| Failure::Refused(PromiseRefusal::NotAllowed))?;
    let Rules { complaint_reply_minutes: minutes, confirmation_days: days, late_basis_points: late, late_by, credit_month_minor: month } =
        rules;
    if !(1..=100_000).contains(&minutes) || !(1..=365).contains(&days) || late > 10_000 || !(0..=100_000_000).contains(&month) {
        return Err(Failure::Refused(PromiseRefusal::OutOfBounds));
    }
    let signed = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let mut db = transaction::begin(&shop.db).await?;
    sqlx::query!(
        "update service_rule set complaint_reply_minutes = $1, confirmation_days = $2,
             late_since = case when late_basis_points = $3 then late_since else $4 end, late_basis_points = $3, late_by = $5,
             credit_month_minor = $6",
        signed(minutes),
        signed(days),
        signed(late),
        now,
        late_by.code(),
        month
    )
    .execute(&mut *db)
    .await?;
    let detail = json!({ "complaint_reply_minutes": minutes, "confirmation_days": days, "late_basis_points": late,
        "late_by": late_by.code(), "credit_month_minor": month });
    audit::record(&mut db, actor, "rules.set", None, detail, now).await?;
    db.commit().await?;
    Ok(())
}
