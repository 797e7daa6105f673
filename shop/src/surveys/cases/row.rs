//! A case's row, locked, and what every step does with it: who may, where it leads, what is written down.

use crate::{Actor, Failure, Fault, Outcome, audit, events, new_id};
use domain::{
    Language,
    ids::{CaseId, OrderId, StaffId},
    staff::Permission,
    surveys::{CaseRefusal, CaseState, CaseStep, MOST_OF_AN_ANSWER, without_cards},
};
use serde_json::json;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

pub(super) type Step<T = ()> = Outcome<T, CaseRefusal>;

pub(super) fn refuse<T>(refusal: CaseRefusal) -> Step<T> {
    Err(Failure::Refused(refusal))
}

pub(super) fn unknown() -> Fault {
    Fault::new("a case of another version")
}

/// A case whose row is locked until the transaction ends.
pub(super) struct Locked {
    pub(super) id: CaseId,
    pub(super) number: i64,
    pub(super) state: CaseState,
    pub(super) owner: Option<StaffId>,
    /// None where it can be traced no more.
    pub(super) order: Option<OrderId>,
    pub(super) language: Language,
    pub(super) answered_at: Option<OffsetDateTime>,
}

struct Row {
    id: Uuid,
    number: i64,
    state: String,
    owner_id: Option<Uuid>,
    order_id: Option<Uuid>,
    language: String,
    answered_at: Option<OffsetDateTime>,
}

impl Row {
    fn locked(self) -> Result<Locked, Fault> {
        Ok(Locked {
            id: CaseId(self.id),
            number: self.number,
            state: CaseState::from_code(&self.state).ok_or_else(unknown)?,
            owner: self.owner_id.map(StaffId),
            order: self.order_id.map(OrderId),
            language: self.language.parse().map_err(Fault::new)?,
            answered_at: self.answered_at,
        })
    }
}

pub(super) async fn lock(db: &mut PgConnection, number: i64) -> Step<Locked> {
    let row = sqlx::query_as!(
        Row,
        "select id, number, state, owner_id, order_id, language, answered_at from survey_case where number = $1 for update",
        number
    )
    .fetch_optional(db)
    .await?
    .ok_or(Failure::Refused(CaseRefusal::NoSuchCase))?;
    Ok(row.locked()?)
}

pub(super) async fn lock_by_id(db: &mut PgConnection, id: CaseId) -> Step<Locked> {
    let row = sqlx::query_as!(
        Row,
        "select id, number, state, owner_id, order_id, language, answered_at from survey_case where id = $1 for update",
        id.0
    )
    .fetch_optional(db)
    .await?
    .ok_or(Failure::Refused(CaseRefusal::NoSuchCase))?;
    Ok(row.locked()?)
}

/// The case, locked, for whoever owns it; supervisors may step in.
pub(super) async fn lock_own(db: &mut PgConnection, actor: &Actor, number: i64) -> Step<Locked> {
    needs(actor, Permission::Converse)?;
    let case = lock(db, number).await?;
    if case.owner.is_some() && case.owner != actor.staff() && !actor.may(Permission::Supervise) {
        return refuse(CaseRefusal::NotYours);
    }
    Ok(case)
}

pub(super) fn needs(actor: &Actor, permission: Permission) -> Step {
    actor.needs(permission).map_err(|_| Failure::Refused(CaseRefusal::NotAllowed))
}

/// Who does something, as the history names them.
pub(super) enum Author<'a> {
    /// Without a name: the history outlives what leads to the person.
    Person,
    Staff(&'a Actor),
    Shop,
}

/// One more line of a case's history.
pub(super) struct Entry<'a> {
    pub(super) id: Uuid,
    pub(super) step: CaseStep,
    pub(super) body: &'a str,
    pub(super) recommend: Option<i16>,
}

impl Entry<'_> {
    pub(super) fn of(step: CaseStep, now: OffsetDateTime) -> Self {
        Self { id: new_id(now), step, body: "", recommend: None }
    }
}

/// Writes a line and announces it, and of a step of the staff the audit.
pub(super) async fn remember(
    db: &mut PgConnection,
    case: CaseId,
    number: i64,
    author: Author<'_>,
    entry: Entry<'_>,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let (code, staff) = match author {
        Author::Person => ("customer", None),
        Author::Staff(actor) => ("staff", actor.staff()),
        Author::Shop => ("system", None),
    };
    sqlx::query!(
        "insert into survey_case_entry (id, case_id, kind, author, staff_id, author_name, body, recommend, at)
         values ($1, $2, $3, $4, $5, coalesce((select name from staff where id = $5), ''), $6, $7, $8)",
        entry.id,
        case.0,
        entry.step.code(),
        code,
        staff.map(|id| id.0),
        entry.body,
        entry.recommend,
        now
    )
    .execute(&mut *db)
    .await?;
    let action = format!("survey_case.{}", entry.step.code());
    if let Author::Staff(actor) = author {
        audit::record(db, actor, &action, Some(case.0), json!({ "number": number }), now).await?;
    }
    events::record(db, &action, case.0, json!({ "number": number }), now).await
}

/// How long somebody who was answered has to say whether it is solved.
pub(super) async fn confirmation_time(db: &mut PgConnection) -> Result<Duration, Fault> {
    let days = sqlx::query_scalar!("select case_confirmation_days from survey_rule").fetch_one(db).await?;
    Ok(Duration::days(i64::from(days)))
}

/// What somebody wrote, trimmed and without card numbers; may be nothing.
pub(super) fn written(text: &str) -> Step<String> {
    // Postgres keeps no NUL in a text.
    let text = without_cards(text.replace('\0', "").trim());
    if text.chars().count() > MOST_OF_AN_ANSWER { refuse(CaseRefusal::TooLong) } else { Ok(text) }
}
