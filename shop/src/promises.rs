//! What the shop told people it would do by a time, and whether it did.

use crate::{Fault, Outcome, Shop, events, new_id, transaction};
use domain::ids::OrderId;
use serde_json::json;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// Promises the delivery of a paid order by the end of the last day its buyer was told.
pub(crate) async fn make_delivery(db: &mut PgConnection, order: OrderId, number: &str, now: OffsetDateTime) -> Result<(), Fault> {
    sqlx::query!(
        "insert into promise (id, kind, promised_by, promised_to, subject, what, made_at, due_at)
         select $1, 'delivery', 'shop', 'buyer', id, $3, $4, promised_by from orders where id = $2
         on conflict (kind, subject) do update
         set made_at = excluded.made_at, due_at = excluded.due_at, kept_at = null, broken_at = null, withdrawn_at = null",
        new_id(now),
        order.0,
        format!("delivery of order {number}"),
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The parcel is at the door: in time, or too late.
pub(crate) async fn keep_delivery(db: &mut PgConnection, order: OrderId, now: OffsetDateTime) -> Result<(), Fault> {
    keep(db, "delivery", order.0, now).await
}

pub(crate) async fn withdraw_delivery(db: &mut PgConnection, order: OrderId, now: OffsetDateTime) -> Result<(), Fault> {
    withdraw(db, "delivery", order.0, now).await
}

/// "Usually within 5 to 10 days", say mail and pages.
const REFUND_TAKES: Duration = Duration::days(10);

/// Promises that the money of a refund is at the buyer's bank ten days from now.
pub(crate) async fn make_refund(db: &mut PgConnection, refund: Uuid, now: OffsetDateTime) -> Result<(), Fault> {
    sqlx::query!(
        "insert into promise (id, kind, promised_by, promised_to, subject, what, made_at, due_at)
         select $1, 'refund', 'shop', 'buyer', r.id, 'refund of order ' || o.number, $3, $4
         from refund r join orders o on o.id = r.order_id where r.id = $2",
        new_id(now),
        refund,
        now,
        now + REFUND_TAKES
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The buyer's bank has it.
pub(crate) async fn keep_refund(db: &mut PgConnection, refund: Uuid, now: OffsetDateTime) -> Result<(), Fault> {
    keep(db, "refund", refund, now).await
}

pub(crate) async fn withdraw_refund(db: &mut PgConnection, refund: Uuid, now: OffsetDateTime) -> Result<(), Fault> {
    withdraw(db, "refund", refund, now).await
}

/// It came back, also after it seemed to have arrived.
pub(crate) async fn break_refund(db: &mut PgConnection, refund: Uuid, now: OffsetDateTime) -> Result<(), Fault> {
    let broken = sqlx::query!(
        "update promise set kept_at = null, broken_at = $2 where kind = 'refund' and subject = $1 and broken_at is null",
        refund,
        now
    )
    .execute(&mut *db)
    .await?;
    match broken.rows_affected() {
        0 => Ok(()),
        _ => events::record(db, "promise.broken", refund, json!({ "kind": "refund" }), now).await,
    }
}

async fn keep(db: &mut PgConnection, kind: &str, subject: Uuid, now: OffsetDateTime) -> Result<(), Fault> {
    sqlx::query!(
        "update promise set kept_at = case when $3 <= due_at then $3 end, broken_at = case when $3 > due_at then coalesce(broken_at, $3) end
         where kind = $1 and subject = $2 and withdrawn_at is null",
        kind,
        subject,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn withdraw(db: &mut PgConnection, kind: &str, subject: Uuid, now: OffsetDateTime) -> Result<(), Fault> {
    sqlx::query!(
        "update promise set withdrawn_at = $3 where kind = $1 and subject = $2 and kept_at is null and broken_at is null",
        kind,
        subject,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Marks promises that are past due and not kept; says how many.
///
/// # Errors
/// A fault only.
pub async fn mark_broken(shop: &Shop, now: OffsetDateTime) -> Outcome<u64> {
    let mut db = transaction::begin(&shop.db).await?;
    let broken = sqlx::query!(
        "update promise set broken_at = $1
         where due_at < $1 and kept_at is null and broken_at is null and withdrawn_at is null returning subject, kind",
        now
    )
    .fetch_all(&mut *db)
    .await?;
    for promise in &broken {
        events::record(&mut db, "promise.broken", promise.subject, json!({ "kind": promise.kind }), now).await?;
    }
    db.commit().await?;
    Ok(u64::try_from(broken.len()).unwrap_or(u64::MAX))
}
