//! First reply and resolution of a conversation within the targets of its priority (`service_target`), counted on the
//! business calendar, as promises.

use super::{About, NewPromise, keep, make, withdraw};
use crate::Fault;
use domain::{
    calendar::Calendar,
    chat::Priority,
    ids::ConversationId,
    promises::{PromiseKind, warn_after},
};
use sqlx::PgConnection;
use time::OffsetDateTime;

/// A shopper waits for a person's answer. While they wait already, the first clock goes on.
///
/// # Errors
/// The database refused it.
pub async fn promise_reply(
    db: &mut PgConnection,
    calendar: &Calendar,
    conversation: ConversationId,
    priority: Priority,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    promise(db, calendar, PromiseKind::Reply, conversation, priority, now).await
}

/// A conversation began, or began again.
///
/// # Errors
/// The database refused it.
pub async fn promise_resolution(
    db: &mut PgConnection,
    calendar: &Calendar,
    conversation: ConversationId,
    priority: Priority,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    promise(db, calendar, PromiseKind::Resolution, conversation, priority, now).await
}

/// A person answered.
///
/// # Errors
/// The database refused it.
pub async fn keep_reply(db: &mut PgConnection, conversation: ConversationId, now: OffsetDateTime) -> Result<(), Fault> {
    keep(db, PromiseKind::Reply, conversation.0, now).await
}

/// A person closed it.
///
/// # Errors
/// The database refused it.
pub async fn keep_resolution(db: &mut PgConnection, conversation: ConversationId, now: OffsetDateTime) -> Result<(), Fault> {
    keep(db, PromiseKind::Resolution, conversation.0, now).await
}

/// Nobody waits any more: the shopper closed it, or never came back.
///
/// # Errors
/// The database refused it.
pub async fn withdraw_for(db: &mut PgConnection, conversation: ConversationId, now: OffsetDateTime) -> Result<(), Fault> {
    withdraw(db, PromiseKind::Reply, conversation.0, now).await?;
    withdraw(db, PromiseKind::Resolution, conversation.0, now).await
}

async fn promise(
    db: &mut PgConnection,
    calendar: &Calendar,
    kind: PromiseKind,
    conversation: ConversationId,
    priority: Priority,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let of = sqlx::query!(
        r#"select c.number, c.assigned_to, c.order_id, case when $3 = 'reply' then first_reply_minutes else resolution_minutes end as "minutes!"
           from conversation c join service_target t on t.priority = $2 where c.id = $1"#,
        conversation.0,
        priority.code(),
        kind.code()
    )
    .fetch_one(&mut *db)
    .await?;
    let minutes = of.minutes.unsigned_abs();
    let new = NewPromise {
        kind,
        subject: conversation.0,
        what: &format!("{} in conversation {}", kind.code(), of.number),
        owner: of.assigned_to.map(domain::ids::StaffId),
        to: "shopper",
        due_at: calendar.due(now, minutes),
        warn_at: Some(calendar.due(now, warn_after(minutes))),
        about: About { order: of.order_id.map(domain::ids::OrderId), conversation: Some(conversation), complaint: None },
    };
    make(db, &new, now).await?;
    Ok(())
}
