//! The promise ledger as managers read it: how many of each kind and week were kept, and each promise with what it is
//! about. Tables, cards and the export count the same rows.

use crate::{Actor, Failure, Fault, NotAllowed, Outcome, Shop, signing};
use domain::{
    ids::{ConversationId, OrderId},
    orders::PromiseState,
    promises::{PromiseKind, Tally},
    staff::Permission,
    token::Token,
};
use std::collections::BTreeMap;
use time::{Date, Duration, OffsetDateTime};

/// How many a page lists.
const PAGE: i64 = 50;
/// The most that are exported at once.
const MOST_EXPORTED: i64 = 100_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Which {
    /// Not done yet, the broken ones first.
    #[default]
    Outstanding,
    Broken,
    Kept,
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter {
    pub which: Which,
    pub kind: Option<PromiseKind>,
    /// So many weeks back, by the day they are due.
    pub weeks: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    pub total: Tally,
    pub by_kind: Vec<(PromiseKind, Tally)>,
    /// By the Monday of the week they are due in, oldest first, without gaps.
    pub by_week: Vec<(Date, Tally)>,
    pub listed: PageOf,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageOf {
    pub promises: Vec<Listed>,
    pub more: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub kind: PromiseKind,
    pub state: PromiseState,
    pub made_at: OffsetDateTime,
    pub due_at: OffsetDateTime,
    /// In time or too late.
    pub done_at: Option<OffsetDateTime>,
    pub owner: Option<String>,
    /// The order with its tracking link.
    pub order: Option<(String, Token)>,
    pub conversation: Option<(ConversationId, i64)>,
    pub complaint: Option<i64>,
    /// A survey's case.
    pub case: Option<i64>,
    /// How often it was put off.
    pub put_off: u32,
}

/// The ledger, `page` counted from 0.
///
/// # Errors
/// The person's roles do not reach so far.
pub async fn ledger(shop: &Shop, actor: &Actor, filter: Filter, page: u32, now: OffsetDateTime) -> Outcome<Ledger, NotAllowed> {
    actor.needs(Permission::SeeReports).map_err(Failure::Refused)?;
    let since = since(shop, filter, now);
    let counted = sqlx::query!(
        r#"select kind, date_trunc('week', due_at at time zone $3)::date as "week!",
                  count(*) filter (where withdrawn_at is not null) as "withdrawn!",
                  count(*) filter (where withdrawn_at is null and (broken_at is not null or (done_at is null and kept_at is null and due_at < $4)))
                      as "broken!",
                  count(*) filter (where withdrawn_at is null and broken_at is null and kept_at is not null) as "kept!",
                  count(*) filter (where withdrawn_at is null and broken_at is null and kept_at is null and due_at >= $4) as "open!"
           from promise where due_at >= $1 and ($2::text is null or kind = $2) group by 1, 2"#,
        since,
        filter.kind.map(PromiseKind::code),
        shop.settings.time_zone,
        now
    )
    .fetch_all(&shop.db)
    .await?;
    let mut by_kind: BTreeMap<usize, Tally> = BTreeMap::new();
    let mut by_week: BTreeMap<Date, Tally> = weeks(shop, filter, now).map(|week| (week, Tally::default())).collect();
    let mut total = Tally::default();
    for row in counted {
        let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
        let tally = Tally { kept: number(row.kept), broken: number(row.broken), open: number(row.open), withdrawn: number(row.withdrawn) };
        total = total.plus(tally);
        let position = PromiseKind::ALL.iter().position(|kind| kind.code() == row.kind).unwrap_or(0);
        let of_kind = by_kind.entry(position).or_default();
        *of_kind = of_kind.plus(tally);
        let of_week = by_week.entry(row.week).or_default();
        *of_week = of_week.plus(tally);
    }
    let mut promises = list(shop, filter, since, i64::from(page) * PAGE, PAGE + 1, now).await?;
    let more = promises.len() > PAGE.unsigned_abs() as usize;
    promises.truncate(PAGE.unsigned_abs() as usize);
    Ok(Ledger {
        total,
        by_kind: by_kind.into_iter().map(|(position, tally)| (PromiseKind::ALL[position], tally)).collect(),
        by_week: by_week.into_iter().collect(),
        listed: PageOf { promises, more },
    })
}

/// Every promise that the filter leaves, as a table for a spreadsheet.
///
/// # Errors
/// The person's roles do not reach so far.
pub async fn csv(shop: &Shop, actor: &Actor, filter: Filter, now: OffsetDateTime) -> Outcome<String, NotAllowed> {
    actor.needs(Permission::SeeReports).map_err(Failure::Refused)?;
    let promises = list(shop, filter, since(shop, filter, now), 0, MOST_EXPORTED, now).await?;
    let time = |at: OffsetDateTime| {
        let local = shop.settings.local(at);
        format!("{} {}", local.date(), domain::format::clock(local.time()))
    };
    let rows = promises.into_iter().map(|p| {
        [
            p.kind.code().to_owned(),
            p.state.code().to_owned(),
            time(p.made_at),
            time(p.due_at),
            p.done_at.map(time).unwrap_or_default(),
            p.owner.unwrap_or_default(),
            p.order.map(|(number, _)| number).unwrap_or_default(),
            p.conversation.map(|(_, number)| number.to_string()).unwrap_or_default(),
            p.complaint.map(|number| number.to_string()).unwrap_or_default(),
            p.case.map(|number| number.to_string()).unwrap_or_default(),
            p.put_off.to_string(),
        ]
    });
    let header = ["kind", "state", "made", "due", "done", "owner", "order", "conversation", "complaint", "case", "put_off"];
    Ok(crate::spreadsheet::write(&header, rows)?)
}

fn monday(shop: &Shop, now: OffsetDateTime) -> Date {
    let today = shop.settings.local(now).date();
    today.saturating_sub(Duration::days(i64::from(today.weekday().number_days_from_monday())))
}

fn weeks(shop: &Shop, filter: Filter, now: OffsetDateTime) -> impl Iterator<Item = Date> {
    let monday = monday(shop, now);
    (0..i64::from(filter.weeks.max(1))).rev().map(move |back| monday.saturating_sub(Duration::weeks(back)))
}

fn since(shop: &Shop, filter: Filter, now: OffsetDateTime) -> OffsetDateTime {
    let first = weeks(shop, filter, now).next().unwrap_or_else(|| monday(shop, now));
    crate::delivery::end_of_day(&shop.settings, first.saturating_sub(Duration::DAY)) + Duration::SECOND
}

async fn list(
    shop: &Shop,
    filter: Filter,
    since: OffsetDateTime,
    offset: i64,
    limit: i64,
    now: OffsetDateTime,
) -> Result<Vec<Listed>, Fault> {
    let which = match filter.which {
        Which::Outstanding => "outstanding",
        Which::Broken => "broken",
        Which::Kept => "kept",
        Which::All => "all",
    };
    let rows = sqlx::query!(
        r#"select p.kind, p.made_at, p.due_at, p.done_at, p.withdrawn_at, p.broken_at, p.kept_at, p.order_id, p.conversation_id,
                  s.name as "owner?", o.number as "order_number?", v.number as "conversation_number?", c.number as "complaint_number?",
                  k.number as "case_number?",
                  (select count(*) from promise_change h where h.promise_id = p.id) as "put_off!"
           from promise p left join staff s on s.id = p.owner_id left join orders o on o.id = p.order_id
           left join conversation v on v.id = p.conversation_id left join complaint c on c.id = p.complaint_id
           left join survey_case k on k.id = p.subject
           where ($2::text is null or p.kind = $2)
             and case $1
                 when 'outstanding' then p.done_at is null and p.kept_at is null and p.withdrawn_at is null
                 when 'broken' then p.due_at >= $3 and p.withdrawn_at is null
                     and (p.broken_at is not null or (p.done_at is null and p.kept_at is null and p.due_at < $6))
                 when 'kept' then p.due_at >= $3 and p.kept_at is not null
                 else p.due_at >= $3 end
           order by (p.broken_at is not null or p.due_at < $6) and p.withdrawn_at is null and p.kept_at is null and p.done_at is null desc,
               case when p.done_at is null and p.withdrawn_at is null and p.kept_at is null then p.due_at end asc nulls last,
               p.due_at desc, p.id
           offset $4 limit $5"#,
        which,
        filter.kind.map(PromiseKind::code),
        since,
        offset,
        limit,
        now
    )
    .fetch_all(&shop.db)
    .await?;
    let listed = rows.into_iter().map(|row| {
        let late = row.done_at.is_none() && row.kept_at.is_none() && row.due_at < now;
        Ok(Listed {
            kind: PromiseKind::from_code(&row.kind).ok_or_else(|| Fault::new("a promise of another version"))?,
            state: match (row.withdrawn_at, row.broken_at, row.kept_at) {
                (Some(_), ..) => PromiseState::Withdrawn,
                (_, Some(_), _) => PromiseState::Broken,
                (.., Some(_)) => PromiseState::Kept,
                _ if late => PromiseState::Broken,
                _ => PromiseState::Open,
            },
            made_at: row.made_at,
            due_at: row.due_at,
            done_at: row.done_at,
            owner: row.owner,
            order: row.order_number.zip(row.order_id).map(|(number, id)| (number, signing::order_token(&shop.settings, OrderId(id)))),
            conversation: row.conversation_id.map(ConversationId).zip(row.conversation_number),
            complaint: row.complaint_number,
            case: row.case_number,
            put_off: u32::try_from(row.put_off).unwrap_or(u32::MAX),
        })
    });
    listed.collect()
}
