//! The promises of an order: its delivery, once, and each of its refunds. A delivery that is cancelled and paid after
//! all is promised anew.

use super::{keep, withdraw};
use crate::{Fault, events, new_id};
use domain::{ids::OrderId, promises::PromiseKind};
use serde_json::json;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// Promises the delivery of a paid order by the end of the last day its buyer was told.
pub(crate) async fn make_delivery(db: &mut PgConnection, order: OrderId, number: &str, now: OffsetDateTime) -> Result<(), Fault> {
    sqlx::query!(
        "insert into promise (id, kind, promised_by, promised_to, subject, order_id, what, made_at, due_at)
         select $1, 'delivery', 'shop', 'buyer', id, id, $3, $4, promised_by from orders where id = $2
         on conflict (kind, subject) where kind in ('delivery', 'refund') do update
         set made_at = excluded.made_at, due_at = excluded.due_at, kept_at = null, broken_at = null, withdrawn_at = null, done_at = null,
             escalated_at = null",
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
    keep(db, PromiseKind::Delivery, order.0, now).await
}

pub(crate) async fn withdraw_delivery(db: &mut PgConnection, order: OrderId, now: OffsetDateTime) -> Result<(), Fault> {
    withdraw(db, PromiseKind::Delivery, order.0, now).await
}

/// "Usually within 5 to 10 days", say mail and pages.
const REFUND_TAKES: Duration = Duration::days(10);

/// Promises that the money of a refund is at the buyer's bank ten days from now.
pub(crate) async fn make_refund(db: &mut PgConnection, refund: Uuid, now: OffsetDateTime) -> Result<(), Fault> {
    sqlx::query!(
        "insert into promise (id, kind, promised_by, promised_to, subject, order_id, what, made_at, due_at)
         select $1, 'refund', 'shop', 'buyer', r.id, o.id, 'refund of order ' || o.number, $3, $4
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
    keep(db, PromiseKind::Refund, refund, now).await
}

pub(crate) async fn withdraw_refund(db: &mut PgConnection, refund: Uuid, now: OffsetDateTime) -> Result<(), Fault> {
    withdraw(db, PromiseKind::Refund, refund, now).await
}

/// It came back, also after it seemed to have arrived.
pub(crate) async fn break_refund(db: &mut PgConnection, refund: Uuid, now: OffsetDateTime) -> Result<(), Fault> {
    let broken = sqlx::query!(
        "update promise set kept_at = null, done_at = null, broken_at = $2 where kind = 'refund' and subject = $1 and broken_at is null",
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
