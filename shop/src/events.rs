//! The append-only log of what happened. Written inside the transaction that made it happen; a trigger
//! announces each row to every node when it is committed.

use crate::{Fault, new_id};
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// Appends one event, `kind` in the form `order.placed`.
///
/// # Errors
/// The database refused it.
pub async fn record(db: &mut PgConnection, kind: &str, subject: Uuid, payload: Value, now: OffsetDateTime) -> Result<(), Fault> {
    sqlx::query!(
        "insert into event (id, kind, subject, payload, at) values ($1, $2, $3, $4, $5)",
        new_id(now),
        kind,
        subject,
        payload,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The same event of many.
///
/// # Errors
/// The database refused it.
pub(crate) async fn record_each(db: &mut PgConnection, kind: &str, subjects: &[Uuid], now: OffsetDateTime) -> Result<(), Fault> {
    let ids: Vec<Uuid> = subjects.iter().map(|_| new_id(now)).collect();
    sqlx::query!(
        "insert into event (id, kind, subject, payload, at)
         select g.id, $1, g.subject, '{}', $4 from unnest($2::uuid[], $3::uuid[]) as g (id, subject)",
        kind,
        &ids,
        subjects,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}
