//! The log of what staff did, written in the transaction that did it. The database refuses to change or delete a row.

use crate::{Actor, Failure, Fault, NotAllowed, Outcome, Shop, delivery::end_of_day, new_id};
use domain::{ids::StaffId, staff::Permission};
use serde_json::Value;
use sqlx::PgConnection;
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

/// Notes that `actor` did `action` (in the form `staff.invited`) to `subject`.
///
/// # Errors
/// The database refused it.
pub async fn record(
    db: &mut PgConnection,
    actor: &Actor,
    action: &str,
    subject: Option<Uuid>,
    detail: Value,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    sqlx::query!(
        "insert into audit (id, staff_id, action, subject, detail, at) values ($1, $2, $3, $4, $5, $6)",
        new_id(now),
        actor.staff().map(|id| id.0),
        action,
        subject,
        detail,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What somebody looks for in the log; everything, where nothing is said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Search {
    /// A part of the name or the address of who did it.
    pub person: String,
    /// The beginning of the action: `staff.` finds all that was done to staff.
    pub action: String,
    /// An id, the number of an order, or the address of somebody of the staff.
    pub subject: String,
    /// Local at the workshop.
    pub day: Option<Date>,
    /// Only what is older than this entry.
    pub before: Option<Uuid>,
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub id: Uuid,
    /// Nobody: at the command line of the server, or by the shop itself.
    pub by: Option<(StaffId, String)>,
    pub action: String,
    pub subject: Option<Uuid>,
    /// What the subject is called, where it is an order or somebody of the staff.
    pub subject_name: Option<String>,
    pub detail: Value,
    pub at: OffsetDateTime,
}

/// One page of the log, the latest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub entries: Vec<Entry>,
    /// Where the next page begins.
    pub next: Option<Uuid>,
}

const PAGE: usize = 50;

/// # Errors
/// Another role is needed.
pub async fn search(shop: &Shop, actor: &Actor, wanted: &Search) -> Outcome<Page, NotAllowed> {
    actor.needs(Permission::SeeAudit).map_err(Failure::Refused)?;
    let typed = |text: &str| text.replace('\0', "").trim().to_owned();
    let (person, action, subject) = (typed(&wanted.person), typed(&wanted.action), typed(&wanted.subject));
    let next_day = |day| end_of_day(&shop.settings, day) + Duration::seconds(1);
    let within = wanted.day.map(|day| (next_day(day.saturating_sub(Duration::days(1))), next_day(day)));
    let rows = sqlx::query!(
        r#"select audit.id, staff_id, staff.name as "name?", action, subject, detail, at,
                  coalesce((select number from orders where orders.id = subject), (select s.name from staff s where s.id = subject)) as subject_name
           from audit left join staff on staff.id = staff_id
           where ($1 = '' or strpos(lower(staff.name), lower($1)) > 0 or strpos(lower(staff.email), lower($1)) > 0)
             and starts_with(action, $2)
             and ($3 = '' or subject::text = lower($3) or subject in (select id from orders where number = ltrim($3, '#'))
                  or subject in (select id from staff s where lower(s.email) = lower($3)))
             and ($4::timestamptz is null or at >= $4) and ($5::timestamptz is null or at < $5)
             and ($6::uuid is null or (at, audit.id) < (select b.at, b.id from audit b where b.id = $6))
           order by at desc, audit.id desc limit $7"#,
        person,
        action,
        subject,
        within.map(|(from, _)| from),
        within.map(|(_, to)| to),
        wanted.before,
        i64::try_from(PAGE + 1).unwrap_or(i64::MAX)
    )
    .fetch_all(&shop.db)
    .await?;
    let is_more = rows.len() > PAGE;
    let entries: Vec<Entry> = rows
        .into_iter()
        .take(PAGE)
        .map(|row| Entry {
            id: row.id,
            by: row.staff_id.map(|id| (StaffId(id), row.name.unwrap_or_default())),
            action: row.action,
            subject: row.subject,
            subject_name: row.subject_name,
            detail: row.detail,
            at: row.at,
        })
        .collect();
    let next = entries.last().filter(|_| is_more).map(|entry| entry.id);
    Ok(Page { entries, next })
}
