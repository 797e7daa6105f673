//! What the payment service says of refunds, ours and those made in its dashboard. Money counts as given back from
//! when the service has it; a refund that fails opens the debt again.

use super::{super::write_order::amount, left_of_attempts};
use crate::{Fault, Shop, events, new_id, orders, promises, transaction};
use domain::{
    Money,
    ids::{AttemptId, OrderId},
};
use payments::{Refund, RefundStatus};
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

pub(in crate::checkout) async fn learn_alone(shop: &Shop, refund: &Refund, now: OffsetDateTime) -> Result<(), Fault> {
    let mut db = transaction::begin(&shop.db).await?;
    learn(&mut db, refund, now).await?;
    db.commit().await?;
    Ok(())
}

/// Books what the payment service says of a refund.
pub(in crate::checkout) async fn learn(db: &mut PgConnection, refund: &Refund, now: OffsetDateTime) -> Result<(), Fault> {
    let Some((row, order, attempt)) = find(db, refund, now).await? else { return Ok(()) };
    let money = amount(refund.amount_minor, &refund.currency)?;
    let back = Money::new(-money.minor, money.currency);
    orders::state::book(db, order, attempt, "refund", back, &refund.id, now).await?;
    let state = match refund.status {
        RefundStatus::Pending | RefundStatus::RequiresAction => "pending",
        RefundStatus::Succeeded => "succeeded",
        RefundStatus::Failed | RefundStatus::Canceled => "failed",
    };
    // Failing is the last word, whatever older news come after it.
    let changed = sqlx::query!(
        "update refund set refund_id = $2, state = $3, updated_at = $4
         where id = $1 and state <> 'failed' and state <> $3 and not (state = 'succeeded' and $3 = 'pending')",
        row,
        refund.id,
        state,
        now
    )
    .execute(&mut *db)
    .await?
    .rows_affected();
    if state == "failed" {
        orders::state::book(db, order, attempt, "refund_reversed", money, &refund.id, now).await?;
    }
    match state {
        _ if changed == 0 => {}
        "failed" => fail(db, row, order, refund.failure_reason.as_deref().unwrap_or("unknown"), now).await?,
        "succeeded" => {
            promises::keep_refund(db, row, now).await?;
            events::record(db, "refund.succeeded", order.0, json!({ "minor": money.minor }), now).await?;
        }
        _ => events::record(db, "refund.pending", order.0, json!({ "minor": money.minor }), now).await?,
    }
    orders::state::derive_payment(db, order).await
}

/// A refund has failed for good. The promise is broken and the debt open, unless nothing is left to give back: then
/// the buyer has the money already, from the dashboard or from their bank.
pub(super) async fn fail(db: &mut PgConnection, refund: Uuid, order: OrderId, why: &str, now: OffsetDateTime) -> Result<(), Fault> {
    let left = left_of_attempts(db, order).await?;
    let row =
        sqlx::query!("update refund set failure = $2 where id = $1 returning attempt_id, minor", refund, why).fetch_one(&mut *db).await?;
    events::record(db, "refund.failed", order.0, json!({ "minor": row.minor, "why": why }), now).await?;
    if left.iter().any(|(attempt, left)| attempt.0 == row.attempt_id && left.minor > 0) {
        tracing::error!(order.id = %order, refund.failure = why, "a refund failed, the debt is open: see `server orders trouble`");
        return promises::break_refund(db, refund, now).await;
    }
    sqlx::query!("update refund set settled_at = $2, settled_how = 'given back already' where id = $1", refund, now)
        .execute(&mut *db)
        .await?;
    promises::withdraw_refund(db, refund, now).await
}

/// Our row of a refund, its order locked. One made elsewhere gets a row; `None` when its payment is not ours.
async fn find(db: &mut PgConnection, refund: &Refund, now: OffsetDateTime) -> Result<Option<(Uuid, OrderId, AttemptId)>, Fault> {
    let Some(order) = sqlx::query_scalar!("select order_id from payment_attempt where payment_intent = $1", refund.payment_intent)
        .fetch_optional(&mut *db)
        .await?
    else {
        return Ok(None);
    };
    let order = orders::state::lock(db, OrderId(order)).await?.id;
    let reference = refund.reference.as_deref().and_then(|r| r.parse::<Uuid>().ok());
    let known = sqlx::query!("select id, attempt_id from refund where refund_id = $1 or id = $2 limit 1", refund.id, reference)
        .fetch_optional(&mut *db)
        .await?;
    if let Some(known) = known {
        return Ok(Some((known.id, order, AttemptId(known.attempt_id))));
    }
    let made = sqlx::query!(
        "insert into refund (id, order_id, attempt_id, idempotency_key, minor, currency, reason, refund_id, state, created_at, updated_at)
         select $1, order_id, id, 'elsewhere:' || $2, $3, upper($4), 'made in the dashboard of the payment service', $2, 'queued', $5, $5
         from payment_attempt where payment_intent = $6 returning id, attempt_id",
        new_id(now),
        refund.id,
        refund.amount_minor,
        refund.currency,
        now,
        refund.payment_intent
    )
    .fetch_one(&mut *db)
    .await?;
    promises::make_refund(db, made.id, now).await?;
    Ok(Some((made.id, order, AttemptId(made.attempt_id))))
}
