//! What the shop told people it would do by a time, and whether it did. Every kind of promise is made, kept, withdrawn
//! and put off here, in the transaction of whoever promises.
//!
//! Chat calls [`targets`]: `promise_reply` and `promise_resolution` where a conversation begins to wait (opened, a
//! shopper's message while it is nobody's turn, reopened), `keep_reply` with the first public message of a person, and
//! `keep_resolution` where a person closes it (`withdraw_for` where the shopper or the shop itself does).

mod late;
mod ledger;
mod orders;
mod rules;
pub mod targets;
mod watch;

pub use late::make_up_for_late;
pub use ledger::{Filter, Ledger, Listed, PageOf, Which, csv, ledger};
pub(crate) use orders::{break_refund, keep_delivery, keep_refund, make_delivery, make_refund, withdraw_delivery, withdraw_refund};
pub use rules::{Rules, rules, set_rules};
pub(crate) use watch::readers;
pub use watch::{escalate, mark_broken, warn};

use crate::{Actor, Failure, Fault, Outcome, events, new_id};
use domain::{
    ids::{ComplaintId, ConversationId, OrderId, PromiseId, StaffId},
    promises::{PromiseKind, PromiseRefusal, warn_at},
};
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

pub struct NewPromise<'a> {
    pub kind: PromiseKind,
    pub subject: Uuid,
    pub what: &'a str,
    /// Who of the staff keeps it.
    pub owner: Option<StaffId>,
    pub to: &'a str,
    pub due_at: OffsetDateTime,
    /// When its owner is warned; without it nobody is.
    pub warn_at: Option<OffsetDateTime>,
    pub about: About,
}

/// What a promise leads to.
#[derive(Debug, Clone, Copy, Default)]
pub struct About {
    pub order: Option<OrderId>,
    pub conversation: Option<ConversationId>,
    pub complaint: Option<ComplaintId>,
}

/// Makes a promise. While one of its kind is outstanding for the subject, that one stands: nothing is put off by
/// promising it again.
pub(crate) async fn make(db: &mut PgConnection, new: &NewPromise<'_>, now: OffsetDateTime) -> Result<PromiseId, Fault> {
    let outstanding = sqlx::query_scalar!(
        "select id from promise where kind = $1 and subject = $2 and done_at is null and withdrawn_at is null for update",
        new.kind.code(),
        new.subject
    )
    .fetch_optional(&mut *db)
    .await?;
    if let Some(id) = outstanding {
        return Ok(PromiseId(id));
    }
    let id = new_id(now);
    sqlx::query!(
        "insert into promise (id, kind, promised_by, promised_to, subject, what, made_at, due_at, owner_id, order_id, conversation_id,
             complaint_id, warn_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        id,
        new.kind.code(),
        if new.owner.is_some() { "staff" } else { "shop" },
        new.to,
        new.subject,
        new.what,
        now,
        new.due_at,
        new.owner.map(|id| id.0),
        new.about.order.map(|id| id.0),
        new.about.conversation.map(|id| id.0),
        new.about.complaint.map(|id| id.0),
        new.warn_at
    )
    .execute(&mut *db)
    .await?;
    events::record(db, "promise.made", new.subject, json!({ "kind": new.kind.code() }), now).await?;
    Ok(PromiseId(id))
}

/// It is done: in time, or too late.
pub(crate) async fn keep(db: &mut PgConnection, kind: PromiseKind, subject: Uuid, now: OffsetDateTime) -> Result<(), Fault> {
    sqlx::query!(
        "update promise set done_at = $3, kept_at = case when $3 <= due_at and broken_at is null then $3 end,
             broken_at = case when $3 > due_at then coalesce(broken_at, $3) else broken_at end
         where kind = $1 and subject = $2 and done_at is null and withdrawn_at is null",
        kind.code(),
        subject,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Nobody waits for it any more. One that is broken stays so.
pub(crate) async fn withdraw(db: &mut PgConnection, kind: PromiseKind, subject: Uuid, now: OffsetDateTime) -> Result<(), Fault> {
    sqlx::query!(
        "update promise set withdrawn_at = case when broken_at is null then $3::timestamptz end,
             done_at = case when broken_at is not null then $3 end
         where kind = $1 and subject = $2 and kept_at is null and done_at is null and withdrawn_at is null",
        kind.code(),
        subject,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Puts an outstanding promise off, only before it is due and with a reason. What was said before is kept.
pub(crate) async fn renegotiate(
    db: &mut PgConnection,
    actor: &Actor,
    (kind, subject): (PromiseKind, Uuid),
    due_at: OffsetDateTime,
    reason: &str,
    now: OffsetDateTime,
) -> Outcome<(), PromiseRefusal> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Failure::Refused(PromiseRefusal::ReasonMissing));
    }
    let promise = sqlx::query!(
        "select id, due_at, broken_at from promise
         where kind = $1 and subject = $2 and done_at is null and withdrawn_at is null for update",
        kind.code(),
        subject
    )
    .fetch_optional(&mut *db)
    .await?
    .ok_or(Failure::Refused(PromiseRefusal::NoSuchPromise))?;
    if promise.broken_at.is_some() || now >= promise.due_at {
        return Err(Failure::Refused(PromiseRefusal::TooLate));
    }
    if due_at <= now {
        return Err(Failure::Refused(PromiseRefusal::InThePast));
    }
    sqlx::query!(
        "insert into promise_change (id, promise_id, staff_id, reason, due_before, due_after, at) values ($1, $2, $3, $4, $5, $6, $7)",
        new_id(now),
        promise.id,
        actor.staff().map(|id| id.0),
        reason,
        promise.due_at,
        due_at,
        now
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("update promise set due_at = $2, warn_at = $3, warned_at = null where id = $1", promise.id, due_at, warn_at(now, due_at))
        .execute(&mut *db)
        .await?;
    events::record(db, "promise.renegotiated", subject, json!({ "kind": kind.code(), "reason": reason }), now).await?;
    Ok(())
}

/// Whoever takes over what a promise is about keeps it from now on.
pub(crate) async fn hand_over(db: &mut PgConnection, subject: Uuid, owner: Option<StaffId>) -> Result<(), Fault> {
    sqlx::query!(
        "update promise set owner_id = $2 where subject = $1 and done_at is null and withdrawn_at is null",
        subject,
        owner.map(|id| id.0)
    )
    .execute(db)
    .await?;
    Ok(())
}
