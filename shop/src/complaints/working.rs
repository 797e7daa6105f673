//! Working on a complaint: what happened and why, an acknowledgement, and a solution with a day. Whatever goes to the
//! customer is listened to first: where it sounds as if we defended ourselves its writer is warned, and what is sent
//! all the same is marked for somebody else to look at.

use super::{
    letters,
    row::{Locked, Step, lock, lock_own, needs, note_step, refuse, required, written},
};
use crate::{
    Actor, Failure, Fault, Shop,
    delivery::{Terms, end_of_day},
    events, promises, transaction,
};
use domain::{
    complaints::{Cause, ComplaintKind, ComplaintRefusal, HistoryKind, Known, Remedy, Stage, defensive},
    promises::{PromiseKind, warn_at},
    staff::Permission,
};
use serde_json::json;
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

/// What was found out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings {
    /// Position in the order.
    pub line: Option<i32>,
    pub happened_on: Option<Date>,
    pub evidence: String,
    pub cause: Option<Cause>,
    pub consequences: String,
}

/// Writes down what happened, and moves on when nothing is missing. What was found is kept either way.
///
/// # Errors
/// What is missing.
pub async fn investigate(shop: &Shop, actor: &Actor, number: i64, findings: &Findings, now: OffsetDateTime) -> Step {
    let (evidence, consequences) = (written(&findings.evidence)?, written(&findings.consequences)?);
    let mut db = transaction::begin(&shop.db).await?;
    let mut complaint = lock_own(&mut db, actor, number).await?;
    if !matches!(complaint.stage, Stage::Assigned | Stage::Investigated) || complaint.kind != ComplaintKind::Complaint {
        return refuse(ComplaintRefusal::WrongStage(complaint.stage));
    }
    let today = shop.settings.local(now).date();
    let row = sqlx::query!(
        "update complaint set
             order_line_id = coalesce((select l.id from order_line l where l.order_id = complaint.order_id and l.position = $2), order_line_id),
             happened_on = coalesce($3, happened_on), evidence = coalesce($4, evidence), cause = coalesce($5, cause),
             consequences = coalesce($6, consequences), changed_at = $7
         where id = $1 returning order_line_id, happened_on, evidence, cause, consequences",
        complaint.id.0,
        findings.line,
        findings.happened_on.filter(|day| *day <= today),
        evidence,
        findings.cause.map(Cause::code),
        consequences,
        now
    )
    .fetch_one(&mut *db)
    .await?;
    complaint.line = row.order_line_id;
    complaint.happened_on = row.happened_on;
    complaint.evidence = row.evidence;
    complaint.cause = row.cause;
    complaint.consequences = row.consequences;
    let moved = match complaint.stage {
        Stage::Investigated => Ok(()),
        _ => complaint.advance(&mut db, Stage::Investigated, &complaint.known(), now).await,
    };
    if moved.is_ok() {
        note_step(&mut db, actor, &complaint, (HistoryKind::Investigated, true), &complaint.consequences, now).await?;
    }
    match moved {
        // What is known so far is not typed twice.
        Ok(()) | Err(Failure::Refused(ComplaintRefusal::Missing(_))) => db.commit().await?,
        Err(_) => {}
    }
    moved
}

/// Tells the customer that we understand and are sorry, before any solution.
///
/// # Errors
/// Nothing was written, or it sounds defensive and is not to be sent `anyway`.
pub async fn acknowledge(shop: &Shop, actor: &Actor, number: i64, text: &str, anyway: bool, now: OffsetDateTime) -> Step {
    let text = required(text)?;
    let mut db = transaction::begin(&shop.db).await?;
    let complaint = lock_own(&mut db, actor, number).await?;
    if !matches!(complaint.stage, Stage::Assigned | Stage::Investigated) {
        return refuse(ComplaintRefusal::WrongStage(complaint.stage));
    }
    if let Some(refusal) = listen(&mut db, &complaint, "acknowledgement", &text, anyway, now).await? {
        db.commit().await?;
        return refuse(refusal);
    }
    sqlx::query!("update complaint set acknowledged_at = $2, changed_at = $2 where id = $1", complaint.id.0, now).execute(&mut *db).await?;
    note_step(&mut db, actor, &complaint, (HistoryKind::Acknowledged, false), &text, now).await?;
    promises::keep(&mut db, PromiseKind::Reply, complaint.id.0, now).await?;
    letters::words(&mut db, shop, &complaint, &text, now).await?;
    db.commit().await?;
    Ok(())
}

/// Writes to the customer.
///
/// # Errors
/// As [`acknowledge`].
pub async fn say(shop: &Shop, actor: &Actor, number: i64, text: &str, anyway: bool, now: OffsetDateTime) -> Step {
    let text = required(text)?;
    let mut db = transaction::begin(&shop.db).await?;
    let complaint = lock_own(&mut db, actor, number).await?;
    if complaint.stage == Stage::Opened {
        return refuse(ComplaintRefusal::WrongStage(complaint.stage));
    }
    if let Some(refusal) = listen(&mut db, &complaint, "message", &text, anyway, now).await? {
        db.commit().await?;
        return refuse(refusal);
    }
    note_step(&mut db, actor, &complaint, (HistoryKind::Message, false), &text, now).await?;
    promises::keep(&mut db, PromiseKind::Reply, complaint.id.0, now).await?;
    letters::words(&mut db, shop, &complaint, &text, now).await?;
    db.commit().await?;
    Ok(())
}

/// A note among staff.
///
/// # Errors
/// Nothing was written.
pub async fn note(shop: &Shop, actor: &Actor, number: i64, text: &str, now: OffsetDateTime) -> Step {
    needs(actor, Permission::HandleComplaints)?;
    let text = required(text)?;
    let mut db = transaction::begin(&shop.db).await?;
    let complaint = lock(&mut db, number).await?;
    note_step(&mut db, actor, &complaint, (HistoryKind::Note, true), &text, now).await?;
    db.commit().await?;
    Ok(())
}

/// Promises a solution by a day, and tells the customer. A day that stock and carrier cannot keep needs a manager.
///
/// # Errors
/// Something is missing, the day has passed or cannot be kept, or the text sounds defensive.
pub async fn promise(
    shop: &Shop,
    actor: &Actor,
    number: i64,
    (solution, remedy): (&str, Remedy),
    deadline: Date,
    anyway: bool,
    now: OffsetDateTime,
) -> Step {
    let solution = required(solution)?;
    let terms = Terms::load(shop, now).await?;
    let mut db = transaction::begin(&shop.db).await?;
    let mut complaint = lock_own(&mut db, actor, number).await?;
    let due_at = end_of_day(&shop.settings, deadline);
    if due_at <= now {
        keep_written(&mut db, &complaint, "solution", &solution).await?;
        db.commit().await?;
        return refuse(ComplaintRefusal::InThePast);
    }
    let known = Known { solution: true, deadline: true, ..complaint.known() };
    complaint.stage.advance(Stage::Promised, complaint.kind, &known).map_err(Failure::Refused)?;
    let earliest = earliest(&mut db, &terms, &complaint, remedy, now).await?;
    // Managers set the rules, and complaints are their work, too.
    let is_manager = actor.may(Permission::SetRules) && actor.may(Permission::HandleComplaints);
    if let Some(earliest) = earliest.filter(|&day| day > deadline && !is_manager) {
        keep_written(&mut db, &complaint, "solution", &solution).await?;
        db.commit().await?;
        return refuse(ComplaintRefusal::CannotBeKept { earliest });
    }
    if let Some(refusal) = listen(&mut db, &complaint, "solution", &solution, anyway, now).await? {
        db.commit().await?;
        return refuse(refusal);
    }
    sqlx::query!("update complaint set solution = $2, remedy = $3 where id = $1", complaint.id.0, solution, remedy.code())
        .execute(&mut *db)
        .await?;
    let new = promises::NewPromise {
        kind: PromiseKind::Solution,
        subject: complaint.id.0,
        what: &format!("solution of complaint {number}"),
        owner: complaint.owner,
        to: "customer",
        due_at,
        warn_at: Some(warn_at(now, due_at)),
        about: promises::About { order: complaint.order, conversation: None, complaint: Some(complaint.id) },
    };
    promises::make(&mut db, &new, now).await?;
    complaint.advance(&mut db, Stage::Promised, &known, now).await?;
    note_step(&mut db, actor, &complaint, (HistoryKind::Promised, false), &solution, now).await?;
    letters::promised(&mut db, shop, &complaint, &solution, deadline, now).await?;
    db.commit().await?;
    Ok(())
}

/// The first day by which new goods can be at the door: at once if there are some, else when they are made.
async fn earliest(
    db: &mut PgConnection,
    terms: &Terms<'_>,
    complaint: &Locked,
    remedy: Remedy,
    now: OffsetDateTime,
) -> Result<Option<Date>, Fault> {
    if !matches!(remedy, Remedy::Replacement | Remedy::Repair) {
        return Ok(None);
    }
    let Some(order) = complaint.order else { return Ok(None) };
    let row = sqlx::query!(
        r#"select o.method_code,
                  exists (select from order_line l join stock_level s on s.variant_id = l.variant_id
                          where l.id = $2 and (s.unlimited or s.available >= l.quantity)) as "in_stock!"
           from orders o where o.id = $1"#,
        order.0,
        complaint.line
    )
    .fetch_one(db)
    .await?;
    let to_be_made = remedy == Remedy::Repair || !row.in_stock;
    Ok(terms.dates_of(&row.method_code, to_be_made, now).map(|dates| dates.latest))
}

/// Why this is not sent yet. What was written stays in the complaint's draft until it is.
pub(super) async fn listen(
    db: &mut PgConnection,
    complaint: &Locked,
    field: &str,
    text: &str,
    anyway: bool,
    now: OffsetDateTime,
) -> Result<Option<ComplaintRefusal>, Fault> {
    let heard = defensive(text);
    if heard.is_empty() || anyway {
        sqlx::query!(
            "update complaint set draft = draft - $2::text, review = review or $3 where id = $1",
            complaint.id.0,
            field,
            !heard.is_empty()
        )
        .execute(&mut *db)
        .await?;
        if !heard.is_empty() {
            let payload = json!({ "number": complaint.number, "heard": heard });
            events::record(db, "complaint.review_asked", complaint.id.0, payload, now).await?;
        }
        return Ok(None);
    }
    keep_written(db, complaint, field, text).await?;
    Ok(Some(ComplaintRefusal::Defensive(heard)))
}

async fn keep_written(db: &mut PgConnection, complaint: &Locked, field: &str, text: &str) -> Result<(), Fault> {
    sqlx::query!("update complaint set draft = draft || $2 where id = $1", complaint.id.0, json!({ field: text })).execute(db).await?;
    Ok(())
}
