//! The clocks of a conversation: since when the shopper waits for an answer, what was promised, what became of it.

use super::log::{Change, Locked};
use crate::{
    Fault, calendar, events,
    promises::{self, targets},
};
use domain::{chat::Author, promises::PromiseKind};
use serde_json::json;
use time::OffsetDateTime;

/// The shopper waits from now on, unless they do already, and is promised an answer.
pub(super) async fn begins(change: &mut Change<'_>, conversation: &Locked) -> Result<(), Fault> {
    if conversation.waiting_since.is_some() {
        return Ok(());
    }
    let now = change.now;
    sqlx::query!("update conversation set waiting_since = $2 where id = $1", conversation.id.0, now).execute(&mut *change.db).await?;
    let calendar = calendar::read(&mut change.db, &change.shop.settings).await?;
    targets::promise_reply(&mut change.db, &calendar, conversation.id, conversation.priority, now).await
}

/// It began, or began again: it is promised to come to an end.
pub(super) async fn cycle_begins(change: &mut Change<'_>, conversation: &Locked) -> Result<(), Fault> {
    let calendar = calendar::read(&mut change.db, &change.shop.settings).await?;
    targets::promise_resolution(&mut change.db, &calendar, conversation.id, conversation.priority, change.now).await
}

/// A person answered. The first answer of a cycle is what the first response is measured by.
pub(super) async fn ends(change: &mut Change<'_>, conversation: &Locked) -> Result<(), Fault> {
    let (now, id) = (change.now, conversation.id);
    sqlx::query!("update conversation set waiting_since = null, first_reply_at = coalesce(first_reply_at, $2) where id = $1", id.0, now)
        .execute(&mut *change.db)
        .await?;
    if conversation.waiting_since.is_some() {
        targets::keep_reply(&mut change.db, id, now).await?;
    }
    if conversation.first_reply_at.is_some() {
        return Ok(());
    }
    let began = conversation.cycle_began_at;
    let payload = json!({
        "cycle": conversation.cycle,
        "staff": conversation.assigned_to,
        "topic": conversation.topic,
        "priority": conversation.priority,
        "seconds": seconds(began, now),
        "business_seconds": calendar::read(&mut change.db, &change.shop.settings).await?.seconds_between(began, now),
    });
    events::record(&mut change.db, "conversation.first_reply", id.0, payload, now).await
}

/// It was closed: the clocks stand still. Only a person of the staff keeps the promise that it comes to an end.
pub(super) async fn cycle_ends(change: &mut Change<'_>, conversation: &Locked, by: Author) -> Result<(), Fault> {
    let (id, now) = (conversation.id, change.now);
    sqlx::query!("update conversation set waiting_since = null where id = $1", id.0).execute(&mut *change.db).await?;
    if by != Author::Staff {
        return targets::withdraw_for(&mut change.db, id, now).await;
    }
    promises::withdraw(&mut change.db, PromiseKind::Reply, id.0, now).await?;
    targets::keep_resolution(&mut change.db, id, now).await
}

pub(super) fn seconds(from: OffsetDateTime, to: OffsetDateTime) -> i64 {
    (to - from).whole_seconds()
}
