//! One complaint as staff see it: everything that is known, so that nobody has to ask its customer again.

use super::{
    merging::{Twin, twins},
    row::{Step, needs, refuse},
};
use crate::{Actor, Fault, Outcome, Shop, signing};
use domain::{
    Language,
    complaints::{Cause, ClosedHow, ComplaintKind, ComplaintRefusal, Department, HistoryKind, HistoryLine, Intake, Remedy, Stage},
    ids::{ComplaintId, ConversationId, OrderId, StaffId},
    staff::{Permission, Role},
    token::Token,
};
use serde_json::Value;
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

#[derive(Debug, Clone, PartialEq)]
pub struct View {
    pub number: i64,
    pub kind: ComplaintKind,
    pub stage: Stage,
    pub closed_how: Option<ClosedHow>,
    pub language: Language,
    pub intake: Intake,
    pub name: String,
    pub email: String,
    pub taken_by: Option<String>,
    pub statement: String,
    pub wanted: String,
    pub from: Department,
    pub about: Department,
    pub owner: Option<(StaffId, String)>,
    pub order: Option<(String, Token)>,
    /// Of the order, to choose from.
    pub lines: Vec<Line>,
    /// Position of the one it is about.
    pub line: Option<i32>,
    pub conversation: Option<(ConversationId, i64)>,
    /// What was said there.
    pub transcript: Vec<Said>,
    pub happened_on: Option<Date>,
    pub evidence: String,
    pub cause: Option<Cause>,
    pub consequences: String,
    pub acknowledged: bool,
    pub remedy: Option<Remedy>,
    pub solution: String,
    pub outcome: String,
    pub angry: bool,
    pub review: bool,
    pub opened_at: OffsetDateTime,
    /// When a person has to have answered, while nobody has.
    pub reply_due: Option<OffsetDateTime>,
    pub solution_due: Option<OffsetDateTime>,
    pub merged_into: Option<i64>,
    pub twins: Vec<Twin>,
    pub earlier: Vec<Earlier>,
    pub history: Vec<HistoryLine>,
    /// What was written and warned about, by field.
    pub draft: Value,
    /// Its customer's link.
    pub token: Token,
    /// It is the reader's own, or they may step in.
    pub may_work: bool,
}

/// A message of the conversation that led here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Empty where the shopper gave none.
    pub name: String,
    pub body: String,
    pub at: OffsetDateTime,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub position: i32,
    pub title: String,
    pub quantity: u32,
}

/// What the same person complained about before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    pub number: i64,
    pub kind: ComplaintKind,
    pub stage: Stage,
    pub statement: String,
    pub opened_at: OffsetDateTime,
}

/// Somebody who handles complaints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    pub id: StaffId,
    pub name: String,
}

fn unknown() -> Fault {
    Fault::new("a complaint of another version")
}

/// One complaint with all that belongs to it.
///
/// # Errors
/// No such complaint, or not allowed.
pub async fn view(shop: &Shop, actor: &Actor, number: i64) -> Step<View> {
    needs(actor, Permission::HandleComplaints)?;
    let mut db = shop.db.acquire().await?;
    let Some(row) = sqlx::query!(
        r#"select c.id, c.kind, c.stage, c.closed_how, c.language, c.channel, c.name, c.email, c.statement, c.wanted, c.from_department,
                  c.about_department, c.owner_id, c.order_id, c.conversation_id, c.happened_on, c.evidence, c.cause, c.consequences,
                  c.acknowledged_at, c.remedy, c.solution, c.outcome, c.angry, c.review, c.opened_at, c.draft,
                  s.name as "owner_name?", t.name as "taken_by?", o.number as "order_number?", v.number as "conversation_number?",
                  l.position as "line?", m.number as "merged_into?",
                  (select due_at from promise p where p.kind = 'reply' and p.subject = c.id and p.done_at is null and p.withdrawn_at is null)
                      as reply_due,
                  (select due_at from promise p where p.kind = 'solution' and p.subject = c.id and p.done_at is null and p.withdrawn_at is null)
                      as solution_due
           from complaint c left join staff s on s.id = c.owner_id left join staff t on t.id = c.taken_by
           left join orders o on o.id = c.order_id left join order_line l on l.id = c.order_line_id
           left join conversation v on v.id = c.conversation_id left join complaint m on m.id = c.merged_into where c.number = $1"#,
        number
    )
    .fetch_optional(&mut *db)
    .await?
    else {
        return refuse(ComplaintRefusal::NoSuchComplaint);
    };
    let id = ComplaintId(row.id);
    let owner = row.owner_id.map(StaffId);
    Ok(View {
        number,
        kind: ComplaintKind::from_code(&row.kind).ok_or_else(unknown)?,
        stage: Stage::from_code(&row.stage).ok_or_else(unknown)?,
        closed_how: row.closed_how.as_deref().and_then(ClosedHow::from_code),
        language: row.language.parse().map_err(Fault::new)?,
        intake: Intake::from_code(&row.channel).ok_or_else(unknown)?,
        taken_by: row.taken_by,
        statement: row.statement,
        wanted: row.wanted,
        from: Department::from_code(&row.from_department).ok_or_else(unknown)?,
        about: Department::from_code(&row.about_department).ok_or_else(unknown)?,
        order: row.order_number.zip(row.order_id).map(|(n, order)| (n, signing::order_token(&shop.settings, OrderId(order)))),
        lines: match row.order_id {
            Some(order) => lines(&mut db, OrderId(order)).await?,
            None => Vec::new(),
        },
        transcript: match row.conversation_id {
            Some(conversation) => transcript(&mut db, ConversationId(conversation)).await?,
            None => Vec::new(),
        },
        line: row.line,
        conversation: row.conversation_id.map(ConversationId).zip(row.conversation_number),
        happened_on: row.happened_on,
        evidence: row.evidence,
        cause: row.cause.as_deref().and_then(Cause::from_code),
        consequences: row.consequences,
        acknowledged: row.acknowledged_at.is_some(),
        remedy: row.remedy.as_deref().and_then(Remedy::from_code),
        solution: row.solution,
        outcome: row.outcome,
        angry: row.angry,
        review: row.review,
        opened_at: row.opened_at,
        reply_due: row.reply_due,
        solution_due: row.solution_due,
        merged_into: row.merged_into,
        twins: twins(&mut db, id).await?,
        earlier: earlier(&mut db, id, &row.email).await?,
        history: history(&mut db, id, true).await?,
        draft: row.draft,
        token: signing::complaint_token(&shop.settings, id),
        may_work: (owner.is_some() && owner == actor.staff()) || actor.may(Permission::Supervise),
        owner: owner.zip(row.owner_name),
        name: row.name,
        email: row.email,
    })
}

/// Everybody who handles complaints, by name.
///
/// # Errors
/// A fault only.
pub async fn colleagues(shop: &Shop) -> Outcome<Vec<Colleague>> {
    let rows = sqlx::query!("select id, name, roles from staff where active order by name, id").fetch_all(&shop.db).await?;
    let handles = |roles: &[String]| roles.iter().filter_map(|r| Role::from_code(r)).any(|r| r.may(Permission::HandleComplaints));
    Ok(rows.into_iter().filter(|row| handles(&row.roles)).map(|row| Colleague { id: StaffId(row.id), name: row.name }).collect())
}

pub(super) async fn lines(db: &mut PgConnection, order: OrderId) -> Result<Vec<Line>, Fault> {
    let rows = sqlx::query!("select position, title, options, quantity from order_line where order_id = $1 order by position", order.0)
        .fetch_all(db)
        .await?;
    let lines = rows.into_iter().map(|row| Line {
        position: row.position,
        title: if row.options.is_empty() { row.title } else { format!("{} ({})", row.title, row.options) },
        quantity: row.quantity.unsigned_abs(),
    });
    Ok(lines.collect())
}

async fn transcript(db: &mut PgConnection, conversation: ConversationId) -> Result<Vec<Said>, Fault> {
    let said = sqlx::query_as!(
        Said,
        r#"select author_name as name, body, at from (
               select author_name, body, at, seq from conversation_entry
               where conversation_id = $1 and kind in ('message', 'note') order by seq desc limit 100) e order by seq"#,
        conversation.0
    );
    Ok(said.fetch_all(db).await?)
}

async fn earlier(db: &mut PgConnection, id: ComplaintId, email: &str) -> Result<Vec<Earlier>, Fault> {
    if email.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query!(
        "select number, kind, stage, left(statement, 160) as statement, opened_at from complaint
         where lower(email) = lower($2) and id <> $1 order by opened_at desc limit 10",
        id.0,
        email
    )
    .fetch_all(db)
    .await?;
    let earlier = rows.into_iter().map(|row| {
        Ok(Earlier {
            number: row.number,
            kind: ComplaintKind::from_code(&row.kind).ok_or_else(unknown)?,
            stage: Stage::from_code(&row.stage).ok_or_else(unknown)?,
            statement: row.statement.unwrap_or_default(),
            opened_at: row.opened_at,
        })
    });
    earlier.collect()
}

/// What happened, oldest first, also of those that were merged into it.
pub(super) async fn history(db: &mut PgConnection, id: ComplaintId, internal: bool) -> Result<Vec<HistoryLine>, Fault> {
    let rows = sqlx::query!(
        r#"select e.kind, e.author, e.author_name, e.internal, e.body, e.at, case when c.id <> $1 then c.number end as of_number
           from complaint_entry e join complaint c on c.id = e.complaint_id
           where (c.id = $1 or (c.merged_into = $1 and $2)) and ($2 or not e.internal) order by e.at, e.id"#,
        id.0,
        internal
    )
    .fetch_all(db)
    .await?;
    let lines = rows.into_iter().map(|row| {
        Ok(HistoryLine {
            kind: HistoryKind::from_code(&row.kind).ok_or_else(unknown)?,
            by_customer: row.author == "customer",
            name: row.author_name,
            internal: row.internal,
            body: row.body,
            at: row.at,
            of_number: row.of_number,
        })
    });
    lines.collect()
}
