//! The register as a list: what is overdue first, then by what is due next, so that nothing is found too late.

use super::row::{Step, needs};
use crate::{Actor, Fault, Shop};
use domain::{
    complaints::{Cause, ClosedHow, ComplaintKind, Department, Stage},
    staff::Permission,
};
use time::OffsetDateTime;
use uuid::Uuid;

/// How many a page lists.
const PAGE: i64 = 40;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Queue {
    /// Nobody owns them yet.
    Waiting,
    #[default]
    Mine,
    /// Everybody's that are not closed.
    Open,
    Closed,
    /// Something that was sent sounded defensive.
    Review,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    pub queue: Queue,
    pub kind: Option<ComplaintKind>,
    pub cause: Option<Cause>,
    pub about: Option<Department>,
    /// A number, a name, a mail address, or words of the complaint.
    pub search: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub number: i64,
    pub kind: ComplaintKind,
    pub stage: Stage,
    pub closed_how: Option<ClosedHow>,
    pub name: String,
    pub statement: String,
    pub owner: Option<String>,
    pub about: Department,
    pub angry: bool,
    pub opened_at: OffsetDateTime,
    /// The next thing that is promised.
    pub due_at: Option<OffsetDateTime>,
    pub overdue: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageOf {
    pub complaints: Vec<Listed>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// How many wait for an owner, and how many are one's own: for the tabs.
    pub waiting: i64,
    pub mine: i64,
}

/// A page of the register from `after` on. What belongs to others is for those who supervise.
///
/// # Errors
/// The person's roles do not reach so far.
pub async fn list(shop: &Shop, actor: &Actor, filter: &Filter, after: Option<&str>, now: OffsetDateTime) -> Step<PageOf> {
    needs(actor, Permission::HandleComplaints)?;
    if !matches!(filter.queue, Queue::Waiting | Queue::Mine) {
        needs(actor, Permission::SeeReports)?;
    }
    let me = actor.staff().map(|id| id.0);
    let queue = match filter.queue {
        Queue::Waiting => "waiting",
        Queue::Mine => "mine",
        Queue::Open => "open",
        Queue::Closed => "closed",
        Queue::Review => "review",
    };
    let search: String = filter.search.trim().chars().filter(|&c| c != '\0').take(100).collect();
    let (rank, at, id) = after.and_then(read_cursor).map_or((None, None, None), |(rank, at, id)| (Some(rank), Some(at), Some(id)));
    let rows = sqlx::query!(
        r#"select * from (
               select c.id as "id!", c.number as "number!", c.kind as "kind!", c.stage as "stage!", c.closed_how, c.name as "name!",
                      left(c.statement, 200) as "statement!", s.name as "owner?", c.about_department as "about!", c.angry as "angry!",
                      c.opened_at as "opened_at!", p.due_at,
                      case when c.stage = 'closed' then 2 when p.due_at < $7 then 0 else 1 end as "rank!",
                      case when c.stage = 'closed' then to_timestamp(0) + ('2100-01-01'::timestamptz - c.closed_at)
                          else coalesce(p.due_at, c.opened_at + interval '100 years') end as "sort_at!"
               from complaint c left join staff s on s.id = c.owner_id
               left join lateral (select min(q.due_at) as due_at from promise q
                                  where q.complaint_id = c.id and q.done_at is null and q.withdrawn_at is null) p on true
               where case $1
                       when 'waiting' then c.stage = 'opened'
                       when 'mine' then c.owner_id = $2 and c.stage <> 'closed'
                       when 'closed' then c.stage = 'closed'
                       when 'review' then c.review
                       else c.stage <> 'closed' end
                 and ($3::text is null or c.kind = $3) and ($4::text is null or c.cause = $4)
                 and ($5::text is null or c.about_department = $5)
                 and ($6 = '' or c.number::text = ltrim($6, '#') or lower(c.email) = lower($6)
                      or plain_text(c.name || ' ' || c.statement) like '%' || plain_text(replace(replace($6, '%', ''), '_', '')) || '%')
           ) c
           where $8::int is null or ("rank!", "sort_at!", "id!") > ($8, $9, $10)
           order by "rank!", "sort_at!", "id!" limit $11"#,
        queue,
        me,
        filter.kind.map(ComplaintKind::code),
        filter.cause.map(Cause::code),
        filter.about.map(Department::code),
        search,
        now,
        rank,
        at,
        id,
        PAGE + 1
    )
    .fetch_all(&shop.db)
    .await?;
    let page = PAGE.unsigned_abs() as usize;
    let next = (rows.len() > page).then(|| rows.get(page - 1)).flatten().map(|row| cursor(row.rank, row.sort_at, row.id));
    let counts = sqlx::query!(
        r#"select count(*) filter (where stage = 'opened') as "waiting!", count(*) filter (where owner_id = $1) as "mine!"
           from complaint where stage <> 'closed'"#,
        me
    )
    .fetch_one(&shop.db)
    .await?;
    let unknown = || Fault::new("a complaint of another version");
    let listed = rows.into_iter().take(page).map(|row| {
        Ok(Listed {
            number: row.number,
            kind: ComplaintKind::from_code(&row.kind).ok_or_else(unknown)?,
            stage: Stage::from_code(&row.stage).ok_or_else(unknown)?,
            closed_how: row.closed_how.as_deref().and_then(ClosedHow::from_code),
            name: row.name,
            statement: row.statement,
            owner: row.owner,
            about: Department::from_code(&row.about).ok_or_else(unknown)?,
            angry: row.angry,
            opened_at: row.opened_at,
            due_at: row.due_at,
            overdue: row.due_at.is_some_and(|due| due < now),
        })
    });
    let complaints = listed.collect::<Result<_, Fault>>()?;
    Ok(PageOf { complaints, next, waiting: counts.waiting, mine: counts.mine })
}

pub(crate) fn cursor(rank: i32, at: OffsetDateTime, id: Uuid) -> String {
    format!("{rank}.{}.{id}", at.unix_timestamp_nanos() / 1000)
}

pub(crate) fn read_cursor(text: &str) -> Option<(i32, OffsetDateTime, Uuid)> {
    let mut parts = text.splitn(3, '.');
    let rank = parts.next()?.parse().ok()?;
    let micros: i128 = parts.next()?.parse().ok()?;
    let at = OffsetDateTime::from_unix_timestamp_nanos(micros.checked_mul(1000)?).ok()?;
    Some((rank, at, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_page_begins_where_the_one_before_ended() {
        let (at, id) = (datetime!(2026-11-27 10:00:00.123456 UTC), Uuid::from_u128(7));
        assert_eq!(read_cursor(&cursor(1, at, id)), Some((1, at, id)));
        assert_eq!(read_cursor("1.9999999999999999999999999999999999999.x"), None);
    }
}
