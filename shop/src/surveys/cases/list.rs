//! Cases as a list: those that nobody has taken first, the oldest of them first, so that nobody waits unseen.

use super::row::{Step, needs, unknown};
use crate::{
    Actor, Fault, Shop,
    complaints::{cursor, read_cursor},
};
use domain::{
    staff::Permission,
    surveys::{CaseReason, CaseState},
};
use time::OffsetDateTime;

/// How many a page lists.
const PAGE: i64 = 40;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Queue {
    /// Everybody's that are not closed.
    #[default]
    ToDo,
    Mine,
    /// The latest first.
    Closed,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    pub number: i64,
    pub state: CaseState,
    pub reasons: Vec<CaseReason>,
    /// The number of the order, while it can be traced.
    pub order: Option<String>,
    pub recommend_before: Option<i16>,
    pub mean_before: Option<f64>,
    pub recommend_after: Option<i16>,
    pub owner: Option<String>,
    pub opened_at: OffsetDateTime,
    /// When they are to be answered.
    pub due_at: Option<OffsetDateTime>,
    pub overdue: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PageOf {
    pub cases: Vec<Listed>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// How many nobody has taken, and how many are one's own: for the tabs.
    pub open: i64,
    pub mine: i64,
}

/// A page of the cases from `after` on.
///
/// # Errors
/// The person does not answer shoppers.
pub async fn list(shop: &Shop, actor: &Actor, queue: Queue, after: Option<&str>, now: OffsetDateTime) -> Step<PageOf> {
    needs(actor, Permission::Converse)?;
    let me = actor.staff().map(|id| id.0);
    let code = match queue {
        Queue::ToDo => "to_do",
        Queue::Mine => "mine",
        Queue::Closed => "closed",
    };
    let (rank, at, id) = after.and_then(read_cursor).map_or((None, None, None), |(rank, at, id)| (Some(rank), Some(at), Some(id)));
    let rows = sqlx::query!(
        r#"select * from (
               select k.id as "id!", k.number as "number!", k.state as "state!", k.reasons as "reasons!", o.number as "order?",
                      k.recommend_before, k.mean_before, k.recommend_after, s.name as "owner?", k.opened_at as "opened_at!", p.due_at as "due_at?",
                      case k.state when 'open' then 0 when 'taken' then 1 when 'answered' then 2 else 3 end as "rank!",
                      case when k.closed_at is null then k.opened_at
                          else to_timestamp(0) + ('2100-01-01'::timestamptz - k.closed_at) end as "sort_at!"
               from survey_case k left join staff s on s.id = k.owner_id left join orders o on o.id = k.order_id
               left join promise p on p.kind = 'reply' and p.subject = k.id and p.done_at is null and p.withdrawn_at is null
               where case $1 when 'mine' then k.owner_id = $2 and k.closed_at is null
                             when 'closed' then k.closed_at is not null
                             else k.closed_at is null end
           ) k
           where $3::int is null or ("rank!", "sort_at!", "id!") > ($3, $4, $5)
           order by "rank!", "sort_at!", "id!" limit $6"#,
        code,
        me,
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
        r#"select count(*) filter (where state = 'open') as "open!", count(*) filter (where owner_id = $1) as "mine!"
           from survey_case where closed_at is null"#,
        me
    )
    .fetch_one(&shop.db)
    .await?;
    let cases = rows.into_iter().take(page).map(|row| {
        Ok(Listed {
            number: row.number,
            state: CaseState::from_code(&row.state).ok_or_else(unknown)?,
            reasons: row.reasons.iter().filter_map(|code| CaseReason::from_code(code)).collect(),
            order: row.order,
            recommend_before: row.recommend_before,
            mean_before: row.mean_before,
            recommend_after: row.recommend_after,
            owner: row.owner,
            opened_at: row.opened_at,
            overdue: row.due_at.is_some_and(|due| due < now),
            due_at: row.due_at,
        })
    });
    let cases = cases.collect::<Result<_, Fault>>()?;
    Ok(PageOf { cases, next, open: counts.open, mine: counts.mine })
}
