//! The log of what staff did, written in the transaction that did it. The database refuses to change or delete a row.

use crate::{Actor, Fault, new_id};
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// Notes that `actor` did `action` (in the form `staff.invited`) to `subject`.
///
/// # Errors
/// The database refused it.
pub async fn record(
    db: &mut PgConnection,
    actor: &Actor,
    action: &str,
    subject: Option<Uuid>,
    detail: Value,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    sqlx::query!(
        "insert into audit (id, staff_id, action, subject, detail, at) values ($1, $2, $3, $4, $5, $6)",
        new_id(now),
        actor.staff().map(|id| id.0),
        action,
        subject,
        detail,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}
