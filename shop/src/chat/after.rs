//! What a shopper does besides talking: leave an address, close, rate, and have it all sent by mail. And the closing of
//! what both sides left.

use super::{
    Who, answer, blocks, desk,
    log::{Change, NewEntry},
    open,
};
use crate::{Actor, Failure, Outcome, Shop, events};
use domain::{
    chat::{ChatRefusal, ConversationState, EntryKind},
    ids::ConversationId,
};
use serde_json::json;
use time::{Duration, OffsetDateTime};

/// After so long without a word, and nobody waiting for one, the shop closes a conversation.
const IDLE: Duration = Duration::days(3);
/// How many one round closes.
const BATCH: i64 = 100;

/// The address to which answers go when the shopper has left.
///
/// # Errors
/// No mail address, or not theirs.
pub async fn leave_address(
    shop: &Shop,
    who: Who,
    conversation: ConversationId,
    email: &str,
    now: OffsetDateTime,
) -> Outcome<(), ChatRefusal> {
    let email = open::address(email)?;
    if email.is_empty() {
        return Err(Failure::Refused(ChatRefusal::NotAnAddress));
    }
    let (mut change, locked) = Change::begin(shop, who, conversation, now).await?;
    blocks::may_write(&mut change.db, who, &email, now).await?;
    if locked.email == email {
        return Ok(());
    }
    sqlx::query!("update conversation set email = $2 where id = $1", conversation.0, email).execute(&mut *change.db).await?;
    change.append(NewEntry::by(who, EntryKind::Details).with(json!({ "who": true }))).await?;
    answer::enqueue(&mut change, &locked, &email).await?;
    Ok(change.commit().await?)
}

/// One to five, once for each time that it was closed and not by the shop itself.
///
/// # Errors
/// Not to be rated, rated already, or not theirs.
pub async fn rate(
    shop: &Shop,
    who: Who,
    conversation: ConversationId,
    rating: u8,
    comment: &str,
    now: OffsetDateTime,
) -> Outcome<(), ChatRefusal> {
    let comment = super::talk::said(comment)?;
    let (mut change, locked) = Change::begin(shop, who, conversation, now).await?;
    blocks::may_write(&mut change.db, who, "", now).await?;
    let may = matches!(who, Who::Shopper { .. })
        && locked.state == ConversationState::Closed
        && locked.rating.is_none()
        && open::may_be_rated(locked.closed_by, locked.first_reply_at);
    if !may || !(1..=5).contains(&rating) {
        return Err(Failure::Refused(ChatRefusal::NotToBeRated));
    }
    sqlx::query!(
        "update conversation set rating = $2, rating_comment = $3, rated_at = $4 where id = $1",
        conversation.0,
        i32::from(rating),
        comment,
        now
    )
    .execute(&mut *change.db)
    .await?;
    change.append(NewEntry::by(who, EntryKind::Rated).saying(&comment).with(json!({ "rating": rating }))).await?;
    let payload = json!({ "rating": rating, "staff": locked.assigned_to, "cycle": locked.cycle, "topic": locked.topic });
    events::record(&mut change.db, "conversation.rated", conversation.0, payload, now).await?;
    Ok(change.commit().await?)
}

/// # Errors
/// Closed already, or not theirs.
pub async fn close_by_shopper(shop: &Shop, who: Who, conversation: ConversationId, now: OffsetDateTime) -> Outcome<(), ChatRefusal> {
    if matches!(who, Who::Staff(_)) {
        return Err(Failure::Refused(ChatRefusal::NotAllowed));
    }
    let (mut change, locked) = Change::begin(shop, who, conversation, now).await?;
    if locked.state == ConversationState::Closed {
        return Err(Failure::Refused(ChatRefusal::Closed));
    }
    desk::shut(&mut change, Some(who), &locked, "").await?;
    Ok(change.commit().await?)
}

/// Has everything that was said sent to the conversation's address, once for what there is.
///
/// # Errors
/// It has no address, or is not theirs.
pub async fn transcript(shop: &Shop, who: Who, conversation: ConversationId, now: OffsetDateTime) -> Outcome<(), ChatRefusal> {
    let (mut change, locked) = Change::begin(shop, who, conversation, now).await?;
    if locked.email.is_empty() {
        return Err(Failure::Refused(ChatRefusal::NotAnAddress));
    }
    answer::mail_transcript(&mut change, &locked).await?;
    Ok(change.commit().await?)
}

/// Closes what nobody has said anything in for days, where nobody waits for an answer; says how many.
///
/// # Errors
/// A fault only.
pub async fn close_idle(shop: &Shop, now: OffsetDateTime) -> Outcome<usize> {
    let ids = sqlx::query_scalar!(
        "select id from conversation where state <> 'closed' and waiting_since is null and changed_at < $1 order by changed_at limit $2",
        now - IDLE,
        BATCH
    )
    .fetch_all(&shop.db)
    .await?;
    let mut closed = 0;
    for id in ids {
        let (mut change, locked) = match Change::begin(shop, Who::Staff(Actor::System), ConversationId(id), now).await {
            Ok(begun) => begun,
            Err(Failure::Refused(_)) => continue,
            Err(Failure::Fault(fault)) => return Err(fault.into()),
        };
        if locked.state != ConversationState::Closed && locked.waiting_since.is_none() {
            desk::shut(&mut change, None, &locked, "idle").await?;
            change.commit().await?;
            closed += 1;
        }
    }
    Ok(closed)
}
