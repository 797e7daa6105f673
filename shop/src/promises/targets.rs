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
    let minutes = minutes_of(db, priority).await?.0;
    promise(db, calendar, PromiseKind::Reply, conversation, minutes, now).await
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
    let minutes = minutes_of(db, priority).await?.1;
    promise(db, calendar, PromiseKind::Resolution, conversation, minutes, now).await
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

/// First reply and resolution, in business minutes.
async fn minutes_of(db: &mut PgConnection, priority: Priority) -> Result<(u32, u32), Fault> {
    let row = sqlx::query!("select first_reply_minutes, resolution_minutes from service_target where priority = $1", priority.code())
        .fetch_one(db)
        .await?;
    Ok((row.first_reply_minutes.unsigned_abs(), row.resolution_minutes.unsigned_abs()))
}

async fn promise(
    db: &mut PgConnection,
    calendar: &Calendar,
    kind: PromiseKind,
    conversation: ConversationId,
    minutes: u32,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let of =
        sqlx::query!("select number, assigned_to, order_id from conversation where id = $1", conversation.0).fetch_one(&mut *db).await?;
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
