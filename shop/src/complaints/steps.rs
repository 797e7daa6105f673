//! Who owns a complaint, and until when it is to be solved. Exactly one person owns it from the moment it is assigned;
//! handing it over is one step, and needs a summary.

use super::{
    letters,
    row::{Locked, Step, lock, lock_own, needs, note_step, refuse, written},
};
use crate::{Actor, Failure, Fault, Shop, delivery::end_of_day, events, promises, transaction};
use domain::{
    complaints::{ComplaintRefusal, HistoryKind, Known, SHORTEST_SUMMARY, Stage},
    ids::StaffId,
    promises::{PromiseKind, PromiseRefusal},
    staff::{Permission, Role},
};
use serde_json::json;
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

/// Takes a complaint out of the queue for oneself, or (supervisors) for somebody else.
///
/// # Errors
/// Somebody has it already, or whoever is to have it does not handle complaints.
pub async fn assign(shop: &Shop, actor: &Actor, number: i64, to: StaffId, now: OffsetDateTime) -> Step {
    needs(actor, Permission::HandleComplaints)?;
    if actor.staff() != Some(to) {
        needs(actor, Permission::Supervise)?;
    }
    let mut db = transaction::begin(&shop.db).await?;
    let mut complaint = lock(&mut db, number).await?;
    let name = colleague(&mut db, to).await?;
    complaint.owner = Some(to);
    let known = Known { owner: true, ..complaint.known() };
    sqlx::query!("update complaint set owner_id = $2 where id = $1", complaint.id.0, to.0).execute(&mut *db).await?;
    complaint.advance(&mut db, Stage::Assigned, &known, now).await?;
    promises::hand_over(&mut db, complaint.id.0, Some(to)).await?;
    note_step(&mut db, actor, &complaint, (HistoryKind::Assigned, false), &name, now).await?;
    db.commit().await?;
    Ok(())
}

/// Hands a complaint over. The next person begins with the summary, not with the customer.
///
/// # Errors
/// No summary, not one's own, or somebody who does not handle complaints.
pub async fn transfer(shop: &Shop, actor: &Actor, number: i64, to: StaffId, summary: &str, now: OffsetDateTime) -> Step {
    let summary = written(summary)?.filter(|text| text.chars().count() >= SHORTEST_SUMMARY);
    let summary = summary.ok_or(Failure::Refused(ComplaintRefusal::SummaryMissing))?;
    let mut db = transaction::begin(&shop.db).await?;
    let complaint = lock_own(&mut db, actor, number).await?;
    if matches!(complaint.stage, Stage::Opened | Stage::Closed) {
        return refuse(ComplaintRefusal::WrongStage(complaint.stage));
    }
    let name = colleague(&mut db, to).await?;
    sqlx::query!("update complaint set owner_id = $2, changed_at = $3 where id = $1", complaint.id.0, to.0, now).execute(&mut *db).await?;
    promises::hand_over(&mut db, complaint.id.0, Some(to)).await?;
    note_step(&mut db, actor, &complaint, (HistoryKind::Transferred, true), &format!("{name}: {summary}"), now).await?;
    events::record(&mut db, "complaint.transferred", complaint.id.0, json!({ "number": number }), now).await?;
    db.commit().await?;
    Ok(())
}

/// The name of somebody who handles complaints.
async fn colleague(db: &mut PgConnection, id: StaffId) -> Step<String> {
    let row = sqlx::query!("select name, roles from staff where id = $1 and active", id.0).fetch_optional(db).await?;
    let handles = |roles: &[String]| roles.iter().filter_map(|r| Role::from_code(r)).any(|r| r.may(Permission::HandleComplaints));
    let found = row.filter(|row| handles(&row.roles)).map(|row| row.name);
    found.ok_or(Failure::Refused(ComplaintRefusal::NoSuchColleague))
}

/// Puts the day of the solution off: before it is due, with a reason, and the customer is told.
///
/// # Errors
/// Nothing is promised, it is due already, or there is no reason.
pub async fn renegotiate(shop: &Shop, actor: &Actor, number: i64, deadline: Date, reason: &str, now: OffsetDateTime) -> Step {
    let reason = written(reason)?.ok_or(Failure::Refused(ComplaintRefusal::ReasonMissing))?;
    let mut db = transaction::begin(&shop.db).await?;
    let complaint = lock_own(&mut db, actor, number).await?;
    if complaint.stage != Stage::Promised {
        return refuse(ComplaintRefusal::WrongStage(complaint.stage));
    }
    let due_at = end_of_day(&shop.settings, deadline);
    let of = (PromiseKind::Solution, complaint.id.0);
    promises::renegotiate(&mut db, actor, of, due_at, &reason, now).await.map_err(|failure| {
        failure.map_refusal(|refusal| match refusal {
            PromiseRefusal::TooLate => ComplaintRefusal::TooLateToPutOff,
            PromiseRefusal::ReasonMissing => ComplaintRefusal::ReasonMissing,
            PromiseRefusal::InThePast => ComplaintRefusal::InThePast,
            PromiseRefusal::NoSuchPromise | PromiseRefusal::NotAllowed | PromiseRefusal::OutOfBounds => {
                ComplaintRefusal::WrongStage(complaint.stage)
            }
        })
    })?;
    note_step(&mut db, actor, &complaint, (HistoryKind::Renegotiated, false), &format!("{deadline}: {reason}"), now).await?;
    letters::put_off(&mut db, shop, &complaint, &reason, deadline, now).await?;
    db.commit().await?;
    Ok(())
}

/// The customer is angry: the supervisors are told, once.
///
/// # Errors
/// No such complaint, or not allowed.
pub async fn flag_angry(shop: &Shop, actor: &Actor, number: i64, now: OffsetDateTime) -> Step {
    needs(actor, Permission::HandleComplaints)?;
    let mut db = transaction::begin(&shop.db).await?;
    let complaint = lock(&mut db, number).await?;
    alert(&mut db, shop, actor, &complaint, now).await?;
    db.commit().await?;
    Ok(())
}

pub(super) async fn alert(db: &mut PgConnection, shop: &Shop, actor: &Actor, complaint: &Locked, now: OffsetDateTime) -> Result<(), Fault> {
    if complaint.angry {
        return Ok(());
    }
    sqlx::query!("update complaint set angry = true, changed_at = $2 where id = $1", complaint.id.0, now).execute(&mut *db).await?;
    note_step(db, actor, complaint, (HistoryKind::Angry, true), "", now).await?;
    let agent = actor.staff().map(|id| id.0);
    events::record(db, "complaint.angry", complaint.id.0, json!({ "number": complaint.number, "staff": agent }), now).await?;
    letters::alert(db, shop, complaint, now).await
}

/// A supervisor has looked at what sounded defensive.
///
/// # Errors
/// No such complaint, or not allowed.
pub async fn reviewed(shop: &Shop, actor: &Actor, number: i64, note: &str, now: OffsetDateTime) -> Step {
    needs(actor, Permission::Supervise)?;
    let note = written(note)?.unwrap_or_default();
    let mut db = transaction::begin(&shop.db).await?;
    let complaint = lock(&mut db, number).await?;
    sqlx::query!("update complaint set review = false where id = $1", complaint.id.0).execute(&mut *db).await?;
    note_step(&mut db, actor, &complaint, (HistoryKind::Reviewed, true), &note, now).await?;
    db.commit().await?;
    Ok(())
}
