//! What staff does with a conversation besides talking: take it, hand it on, put it back, close it, put it right.

use super::{
    Who,
    log::{Change, Locked, NewEntry},
    open, presence, scripts, talk, waiting,
};
use crate::{Actor, Failure, Fault, Outcome, Shop, audit, events, promises};
use domain::{
    chat::{ChatRefusal, ConversationState, DetailsChange, EntryKind, MOST_OF_A_LINE},
    ids::{ConversationId, StaffId},
    staff::Permission,
};
use serde_json::{Value, json};
use time::OffsetDateTime;

/// Takes a conversation that nobody has. Also beyond one's cap: who takes it knows.
///
/// # Errors
/// Somebody else has it, or it is closed.
pub async fn take(shop: &Shop, actor: &Actor, conversation: ConversationId, now: OffsetDateTime) -> Outcome<(), ChatRefusal> {
    let me = myself(actor)?;
    let (mut change, mut locked) = Change::begin(shop, Who::staff(actor), conversation, now).await?;
    match locked.state {
        ConversationState::Closed => return Err(Failure::Refused(ChatRefusal::Closed)),
        ConversationState::Assigned if locked.assigned_to == Some(me) => return Ok(()),
        ConversationState::Assigned => return Err(Failure::Refused(ChatRefusal::TakenByAnother)),
        ConversationState::Queued => {}
    }
    give(&mut change, Some(Who::staff(actor)), &mut locked, me, json!({ "by": "taken" })).await?;
    audit::record(&mut change.db, actor, "conversation.taken", Some(conversation.0), json!({}), now).await?;
    Ok(change.commit().await?)
}

/// Gives a conversation to somebody who is there: supervisors.
///
/// # Errors
/// Another role, nobody there by that id, or closed.
pub async fn assign(
    shop: &Shop,
    actor: &Actor,
    conversation: ConversationId,
    to: StaffId,
    now: OffsetDateTime,
) -> Outcome<(), ChatRefusal> {
    allowed(actor, Permission::Supervise)?;
    let (mut change, mut locked) = Change::begin(shop, Who::staff(actor), conversation, now).await?;
    if locked.state == ConversationState::Closed {
        return Err(Failure::Refused(ChatRefusal::Closed));
    }
    presence::must_be_there(&mut change.db, to, now).await?;
    give(&mut change, Some(Who::staff(actor)), &mut locked, to, json!({ "by": "assigned" })).await?;
    audit::record(&mut change.db, actor, "conversation.assigned", Some(conversation.0), json!({ "to": to }), now).await?;
    Ok(change.commit().await?)
}

/// Hands a conversation to a colleague who is there and has room, with what they need to know.
///
/// # Errors
/// No summary, not one's own, nobody there by that id, or they are full.
pub async fn transfer(
    shop: &Shop,
    actor: &Actor,
    conversation: ConversationId,
    to: StaffId,
    summary: &str,
    now: OffsetDateTime,
) -> Outcome<(), ChatRefusal> {
    let summary = talk::said(summary)?;
    if summary.is_empty() {
        return Err(Failure::Refused(ChatRefusal::SummaryMissing));
    }
    let (mut change, locked) = own(shop, actor, conversation, now).await?;
    let colleague = presence::must_be_there(&mut change.db, to, now).await?;
    if colleague.load >= colleague.cap && !actor.may(Permission::Supervise) {
        return Err(Failure::Refused(ChatRefusal::AtCap));
    }
    let detail = json!({ "from": locked.assigned_to, "staff": to, "name": colleague.name });
    let entry = NewEntry::by(Who::staff(actor), EntryKind::Transferred).saying(&summary).with(detail);
    change.append(entry).await?;
    hold(&mut change, conversation, to).await?;
    let payload = json!({ "from": locked.assigned_to, "to": to, "cycle": locked.cycle, "topic": locked.topic });
    events::record(&mut change.db, "conversation.transferred", conversation.0, payload, now).await?;
    audit::record(&mut change.db, actor, "conversation.transferred", Some(conversation.0), json!({ "to": to }), now).await?;
    Ok(change.commit().await?)
}

/// Puts a conversation back into the queue, where it has the place of its waiting time.
///
/// # Errors
/// Not one's own.
pub async fn release(shop: &Shop, actor: &Actor, conversation: ConversationId, now: OffsetDateTime) -> Outcome<(), ChatRefusal> {
    let (mut change, locked) = own(shop, actor, conversation, now).await?;
    give_back(&mut change, Some(Who::staff(actor)), &locked, "released").await?;
    audit::record(&mut change.db, actor, "conversation.released", Some(conversation.0), json!({}), now).await?;
    Ok(change.commit().await?)
}

/// # Errors
/// No reason, not one's own, or closed already.
pub async fn close(
    shop: &Shop,
    actor: &Actor,
    conversation: ConversationId,
    reason: &str,
    now: OffsetDateTime,
) -> Outcome<(), ChatRefusal> {
    let reason = open::line(reason)?;
    if reason.is_empty() {
        return Err(Failure::Refused(ChatRefusal::ReasonMissing));
    }
    let (mut change, locked) = Change::begin(shop, Who::staff(actor), conversation, now).await?;
    match locked.state {
        ConversationState::Closed => return Err(Failure::Refused(ChatRefusal::Closed)),
        ConversationState::Assigned => must_have(actor, &locked)?,
        ConversationState::Queued => {}
    }
    shut(&mut change, Some(Who::staff(actor)), &locked, &reason).await?;
    audit::record(&mut change.db, actor, "conversation.closed", Some(conversation.0), json!({ "reason": reason }), now).await?;
    Ok(change.commit().await?)
}

/// Puts topic, priority, name, address or order right.
///
/// # Errors
/// No such order, no mail address, or another role.
pub async fn set_details(
    shop: &Shop,
    actor: &Actor,
    conversation: ConversationId,
    details: DetailsChange,
    now: OffsetDateTime,
) -> Outcome<(), ChatRefusal> {
    let (name, email) = (details.name.as_deref().map(open::line).transpose()?, details.email.as_deref().map(open::address).transpose()?);
    let (mut change, _) = Change::begin(shop, Who::staff(actor), conversation, now).await?;
    let order = match details.order.as_deref().map(str::trim) {
        Some(number) if !number.is_empty() => Some(order_by_number(&mut change, number).await?),
        _ => None,
    };
    sqlx::query!(
        "update conversation set topic = coalesce($2, topic), priority = coalesce($3, priority), name = coalesce($4, name),
             email = coalesce($5, email), order_id = case when $6 then $7 else order_id end where id = $1",
        conversation.0,
        details.topic.map(domain::chat::Topic::code),
        details.priority.map(domain::chat::Priority::code),
        name,
        email,
        details.order.is_some(),
        order
    )
    .execute(&mut *change.db)
    .await?;
    // Which, not what: the log of what staff did holds no addresses.
    let changed = json!({
        "topic": details.topic, "priority": details.priority, "order": details.order, "who": name.is_some() || email.is_some(),
    });
    change.append(NewEntry::by(Who::staff(actor), EntryKind::Details).with(changed.clone())).await?;
    events::record(&mut change.db, "conversation.details", conversation.0, changed.clone(), now).await?;
    audit::record(&mut change.db, actor, "conversation.details", Some(conversation.0), changed, now).await?;
    Ok(change.commit().await?)
}

async fn order_by_number(change: &mut Change<'_>, number: &str) -> Outcome<uuid::Uuid, ChatRefusal> {
    let number = number.trim_start_matches('#');
    if number.contains('\0') || number.chars().count() > MOST_OF_A_LINE {
        return Err(Failure::Refused(ChatRefusal::NoSuchOrder));
    }
    sqlx::query_scalar!("select id from orders where number = $1", number)
        .fetch_optional(&mut *change.db)
        .await?
        .ok_or(Failure::Refused(ChatRefusal::NoSuchOrder))
}

/// Locks a conversation that is one's own, or anybody's for a supervisor.
pub(super) async fn own<'a>(
    shop: &'a Shop,
    actor: &Actor,
    id: ConversationId,
    now: OffsetDateTime,
) -> Outcome<(Change<'a>, Locked), ChatRefusal> {
    let (change, locked) = Change::begin(shop, Who::staff(actor), id, now).await?;
    match locked.state {
        ConversationState::Closed => return Err(Failure::Refused(ChatRefusal::Closed)),
        ConversationState::Queued => return Err(Failure::Refused(ChatRefusal::NotAllowed)),
        ConversationState::Assigned => must_have(actor, &locked)?,
    }
    Ok((change, locked))
}

fn must_have(actor: &Actor, conversation: &Locked) -> Result<(), Failure<ChatRefusal>> {
    let mine = actor.staff().is_some() && conversation.assigned_to == actor.staff();
    if mine || actor.may(Permission::Supervise) { Ok(()) } else { Err(Failure::Refused(ChatRefusal::TakenByAnother)) }
}

pub(super) fn myself(actor: &Actor) -> Result<StaffId, Failure<ChatRefusal>> {
    actor.staff().filter(|_| actor.may(Permission::Converse)).ok_or(Failure::Refused(ChatRefusal::NotAllowed))
}

pub(super) fn allowed(actor: &Actor, permission: Permission) -> Result<(), Failure<ChatRefusal>> {
    actor.needs(permission).map_err(|_| Failure::Refused(ChatRefusal::NotAllowed))
}

/// Gives a conversation to somebody; `why` is kept with it. `by` nobody: the shop chose.
pub(super) async fn give(
    change: &mut Change<'_>,
    by: Option<Who>,
    conversation: &mut Locked,
    to: StaffId,
    mut why: Value,
) -> Result<(), Fault> {
    let name = sqlx::query_scalar!("select name from staff where id = $1", to.0).fetch_one(&mut *change.db).await?;
    why["staff"] = json!(to);
    why["name"] = json!(name);
    let entry = by.map_or_else(|| NewEntry::by_system(EntryKind::Assigned), |who| NewEntry::by(who, EntryKind::Assigned));
    let payload = json!({
        "staff": to,
        "from": conversation.assigned_to,
        "why": why,
        "cycle": conversation.cycle,
        "topic": conversation.topic,
        "seconds_waited": conversation.waiting_since.map(|since| waiting::seconds(since, change.now)),
    });
    change.append(entry.with(why)).await?;
    hold(change, conversation.id, to).await?;
    conversation.state = ConversationState::Assigned;
    conversation.assigned_to = Some(to);
    events::record(&mut change.db, "conversation.assigned", conversation.id.0, payload, change.now).await
}

/// From now on it is theirs. Whoever has one is looked after by the lease: it goes back when they are gone.
async fn hold(change: &mut Change<'_>, conversation: ConversationId, to: StaffId) -> Result<(), Fault> {
    sqlx::query!("update conversation set state = 'assigned', assigned_to = $2 where id = $1", conversation.0, to.0)
        .execute(&mut *change.db)
        .await?;
    promises::hand_over(&mut change.db, conversation.0, Some(to)).await?;
    presence::is_given(&mut change.db, to, change.now).await
}

/// Back into the queue.
pub(super) async fn give_back(change: &mut Change<'_>, by: Option<Who>, conversation: &Locked, why: &str) -> Result<(), Fault> {
    let entry = by.map_or_else(|| NewEntry::by_system(EntryKind::Released), |who| NewEntry::by(who, EntryKind::Released));
    change.append(entry.with(json!({ "from": conversation.assigned_to, "why": why }))).await?;
    sqlx::query!("update conversation set state = 'queued', assigned_to = null where id = $1", conversation.id.0)
        .execute(&mut *change.db)
        .await?;
    promises::hand_over(&mut change.db, conversation.id.0, None).await?;
    let payload = json!({ "from": conversation.assigned_to, "why": why, "cycle": conversation.cycle });
    events::record(&mut change.db, "conversation.released", conversation.id.0, payload, change.now).await
}

/// Closes it; whoever had it keeps it, so that a rating finds them.
pub(super) async fn shut(change: &mut Change<'_>, by: Option<Who>, conversation: &Locked, reason: &str) -> Result<(), Fault> {
    let entry = by.map_or_else(|| NewEntry::by_system(EntryKind::Closed), |who| NewEntry::by(who, EntryKind::Closed));
    let (author, now) = (entry.author, change.now);
    change.append(entry.saying(reason)).await?;
    waiting::cycle_ends(change, conversation, author).await?;
    scripts::end(&mut change.db, conversation.id, "left", now).await?;
    sqlx::query!(
        "update conversation set state = 'closed', closed_at = $2, closed_by = $3, close_reason = $4 where id = $1",
        conversation.id.0,
        now,
        author.code(),
        reason
    )
    .execute(&mut *change.db)
    .await?;
    let business = crate::calendar::read(&mut change.db, &change.shop.settings).await?;
    let payload = json!({
        "by": author,
        "staff": conversation.assigned_to,
        "reason": reason,
        "cycle": conversation.cycle,
        "topic": conversation.topic,
        "priority": conversation.priority,
        "language": conversation.language,
        "answered": conversation.first_reply_at.is_some(),
        "seconds": waiting::seconds(conversation.cycle_began_at, now),
        "business_seconds": business.seconds_between(conversation.cycle_began_at, now),
    });
    events::record(&mut change.db, "conversation.closed", conversation.id.0, payload, now).await
}
