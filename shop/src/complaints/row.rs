//! A complaint's row, locked, and what every step does with it: who may, where it goes, what is written down.

use crate::{Actor, Failure, Fault, Outcome, Shop, audit, events, new_id, signing};
use domain::{
    Language,
    complaints::{ComplaintKind, ComplaintRefusal, HistoryKind, Known, MOST_CHARACTERS, Stage},
    ids::{ComplaintId, OrderId, StaffId},
    staff::Permission,
};
use serde_json::json;
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

pub(super) type Step<T = ()> = Outcome<T, ComplaintRefusal>;

pub(super) fn refuse<T>(refusal: ComplaintRefusal) -> Step<T> {
    Err(Failure::Refused(refusal))
}

/// A complaint whose row is locked until the transaction ends.
pub(super) struct Locked {
    pub(super) id: ComplaintId,
    pub(super) number: i64,
    pub(super) kind: ComplaintKind,
    pub(super) stage: Stage,
    pub(super) language: Language,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) owner: Option<StaffId>,
    pub(super) order: Option<OrderId>,
    pub(super) line: Option<Uuid>,
    pub(super) happened_on: Option<Date>,
    pub(super) evidence: String,
    pub(super) cause: Option<String>,
    pub(super) consequences: String,
    pub(super) acknowledged: bool,
    pub(super) solution: String,
    pub(super) outcome: String,
    pub(super) angry: bool,
    pub(super) closed_how: Option<String>,
}

impl Locked {
    /// What its stages ask for, as far as the row has it.
    pub(super) fn known(&self) -> Known {
        Known {
            owner: self.owner.is_some(),
            order: self.order.is_some(),
            order_line: self.line.is_some(),
            date: self.happened_on.is_some(),
            evidence: !self.evidence.is_empty(),
            cause: self.cause.is_some(),
            consequences: !self.consequences.is_empty(),
            acknowledged: self.acknowledged,
            solution: !self.solution.is_empty(),
            // A solution is stored together with its promise only.
            deadline: !self.solution.is_empty(),
            outcome: !self.outcome.is_empty(),
            confirmation: false,
            answer: false,
        }
    }

    /// Moves on, if the table of stages allows it.
    pub(super) async fn advance(&mut self, db: &mut PgConnection, next: Stage, known: &Known, now: OffsetDateTime) -> Step {
        self.stage = self.stage.advance(next, self.kind, known).map_err(Failure::Refused)?;
        sqlx::query!("update complaint set stage = $2, changed_at = $3 where id = $1", self.id.0, next.code(), now)
            .execute(&mut *db)
            .await?;
        events::record(db, "complaint.moved", self.id.0, json!({ "number": self.number, "stage": next.code() }), now).await?;
        Ok(())
    }

    pub(super) fn link(&self, shop: &Shop) -> String {
        let token = signing::complaint_token(&shop.settings, self.id);
        format!("{}/{}/complaint/{}?t={}", shop.settings.public_url, self.language, self.number, token.0)
    }
}

pub(super) async fn lock(db: &mut PgConnection, number: i64) -> Step<Locked> {
    let row = sqlx::query!(
        "select id, number, kind, stage, language, name, email, owner_id, order_id, order_line_id, happened_on, evidence, cause, consequences,
             acknowledged_at, solution, outcome, angry, closed_how
         from complaint where number = $1 for update",
        number
    )
    .fetch_optional(db)
    .await?
    .ok_or(Failure::Refused(ComplaintRefusal::NoSuchComplaint))?;
    let unknown = || Fault::new("a complaint of another version");
    Ok(Locked {
        id: ComplaintId(row.id),
        number: row.number,
        kind: ComplaintKind::from_code(&row.kind).ok_or_else(unknown)?,
        stage: Stage::from_code(&row.stage).ok_or_else(unknown)?,
        language: row.language.parse().map_err(Fault::new)?,
        name: row.name,
        email: row.email,
        owner: row.owner_id.map(StaffId),
        order: row.order_id.map(OrderId),
        line: row.order_line_id,
        happened_on: row.happened_on,
        evidence: row.evidence,
        cause: row.cause,
        consequences: row.consequences,
        acknowledged: row.acknowledged_at.is_some(),
        solution: row.solution,
        outcome: row.outcome,
        angry: row.angry,
        closed_how: row.closed_how,
    })
}

/// The complaint, locked, for whoever owns it; supervisors may step in.
pub(super) async fn lock_own(db: &mut PgConnection, actor: &Actor, number: i64) -> Step<Locked> {
    needs(actor, Permission::HandleComplaints)?;
    let complaint = lock(db, number).await?;
    if complaint.owner != actor.staff() && !actor.may(Permission::Supervise) {
        return refuse(ComplaintRefusal::NotYours);
    }
    Ok(complaint)
}

pub(super) fn needs(actor: &Actor, permission: Permission) -> Step {
    actor.needs(permission).map_err(|_| Failure::Refused(ComplaintRefusal::NotAllowed))
}

/// Who does something, as the history names them.
pub(super) enum Author {
    Customer(String),
    Staff(Option<StaffId>, String),
    Shop,
}

impl Author {
    pub(super) async fn of(db: &mut PgConnection, actor: &Actor) -> Result<Self, Fault> {
        let Some(id) = actor.staff() else { return Ok(Self::Staff(None, String::new())) };
        let name = sqlx::query_scalar!("select name from staff where id = $1", id.0).fetch_optional(db).await?;
        Ok(Self::Staff(Some(id), name.unwrap_or_default()))
    }
}

/// One more line of a complaint's history.
pub(super) async fn remember(
    db: &mut PgConnection,
    complaint: ComplaintId,
    kind: HistoryKind,
    author: &Author,
    internal: bool,
    body: &str,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let (code, staff, name) = match author {
        Author::Customer(name) => ("customer", None, name.as_str()),
        Author::Staff(id, name) => ("staff", id.map(|id| id.0), name.as_str()),
        Author::Shop => ("system", None, ""),
    };
    sqlx::query!(
        "insert into complaint_entry (id, complaint_id, kind, author, staff_id, author_name, internal, body, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new_id(now),
        complaint.0,
        kind.code(),
        code,
        staff,
        name,
        internal,
        body,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// History and audit of a step of the staff.
pub(super) async fn note_step(
    db: &mut PgConnection,
    actor: &Actor,
    complaint: &Locked,
    (kind, internal): (HistoryKind, bool),
    body: &str,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let author = Author::of(db, actor).await?;
    remember(db, complaint.id, kind, &author, internal, body, now).await?;
    let action = format!("complaint.{}", kind.code());
    audit::record(db, actor, &action, Some(complaint.id.0), json!({ "number": complaint.number }), now).await
}

/// What somebody wrote, trimmed; `None` for nothing.
pub(super) fn written(text: &str) -> Step<Option<String>> {
    // Postgres keeps no NUL in a text.
    let text: String = text.trim().chars().filter(|&c| c != '\0').collect();
    if text.chars().count() > MOST_CHARACTERS {
        return refuse(ComplaintRefusal::TooLong);
    }
    Ok((!text.is_empty()).then_some(text))
}

pub(super) fn required(text: &str) -> Step<String> {
    written(text)?.ok_or(Failure::Refused(ComplaintRefusal::Empty))
}
