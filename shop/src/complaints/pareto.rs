//! What complaints are caused by, most frequent first, and what is done so that they become fewer: each improvement
//! with its owner and day, and how often its cause came up before and since.

use super::row::{Step, needs, refuse, written};
use crate::{Actor, Failure, Fault, Shop, audit, events, new_id, transaction};
use domain::{
    complaints::{Cause, ComplaintRefusal, ImprovementKind, Stage},
    ids::StaffId,
    staff::Permission,
};
use serde_json::json;
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

/// So long before an improvement and after it its cause is counted.
const COMPARED: Duration = Duration::days(90);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pareto {
    /// Most frequent first; all causes that came up.
    pub bars: Vec<Bar>,
    /// Complaints with a known cause, and all.
    pub known: u32,
    pub all: u32,
    pub improvements: Vec<Improvement>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    pub cause: Cause,
    pub count: u32,
    /// This one and those before it, in hundredths of a percent of all with a known cause.
    pub cumulated: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Improvement {
    pub id: Uuid,
    pub complaint: Option<i64>,
    pub kind: ImprovementKind,
    pub cause: Cause,
    pub what: String,
    pub owner: String,
    pub due_on: Date,
    pub done_at: Option<OffsetDateTime>,
    pub overdue: bool,
    /// Complaints with this cause in the days before it was done, and in as many since; none while it is not done.
    pub moved: Option<(u32, u32)>,
    /// How many days were compared.
    pub days: i64,
}

pub struct NewImprovement {
    /// The closed complaint it follows from.
    pub complaint: i64,
    pub kind: ImprovementKind,
    pub what: String,
    pub owner: StaffId,
    pub due_on: Date,
}

/// The causes of complaints opened since a moment, and every improvement.
///
/// # Errors
/// The person's roles do not reach so far.
pub async fn pareto(shop: &Shop, actor: &Actor, since: OffsetDateTime, now: OffsetDateTime) -> Step<Pareto> {
    needs(actor, Permission::SeeReports)?;
    let rows = sqlx::query!(
        r#"select cause, count(*) as "count!" from complaint
           where kind = 'queja' and opened_at >= $1 and merged_into is null group by cause order by 2 desc, 1"#,
        since
    )
    .fetch_all(&shop.db)
    .await?;
    let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    let all = rows.iter().map(|row| number(row.count)).sum();
    let counted: Vec<_> = rows.iter().filter_map(|row| Some((Cause::from_code(row.cause.as_deref()?)?, number(row.count)))).collect();
    let known: u32 = counted.iter().map(|(_, count)| count).sum();
    let mut so_far = 0_u32;
    let bars = counted.into_iter().map(|(cause, count)| {
        so_far += count;
        Bar { cause, count, cumulated: u32::try_from(u64::from(so_far) * 10_000 / u64::from(known.max(1))).unwrap_or(10_000) }
    });
    Ok(Pareto { bars: bars.collect(), known, all, improvements: improvements(shop, now).await? })
}

async fn improvements(shop: &Shop, now: OffsetDateTime) -> Result<Vec<Improvement>, Fault> {
    let rows = sqlx::query!(
        r#"select i.id, i.kind, i.cause, i.what, i.due_on, i.done_at, s.name as owner, c.number as "complaint?", w.days as "days!",
                  (select count(*) from complaint b where b.cause = i.cause and b.merged_into is null
                       and b.opened_at >= i.done_at - make_interval(days => w.days) and b.opened_at < i.done_at) as "before!",
                  (select count(*) from complaint b where b.cause = i.cause and b.merged_into is null
                       and b.opened_at >= i.done_at and b.opened_at < i.done_at + make_interval(days => w.days)) as "since!"
           from improvement i join staff s on s.id = i.owner_id left join complaint c on c.id = i.complaint_id
           cross join lateral (
               select coalesce(greatest(0, least($2::int, extract(day from $1 - i.done_at)::int)), 0) as days) w
           order by i.done_at is not null, i.due_on, i.id"#,
        now,
        i32::try_from(COMPARED.whole_days()).unwrap_or(90)
    )
    .fetch_all(&shop.db)
    .await?;
    let today = shop.settings.local(now).date();
    let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    let improvements = rows.into_iter().map(|row| {
        let unknown = || Fault::new("an improvement of another version");
        Ok(Improvement {
            id: row.id,
            complaint: row.complaint,
            kind: ImprovementKind::from_code(&row.kind).ok_or_else(unknown)?,
            cause: Cause::from_code(&row.cause).ok_or_else(unknown)?,
            what: row.what,
            owner: row.owner,
            due_on: row.due_on,
            overdue: row.done_at.is_none() && row.due_on < today,
            moved: row.done_at.filter(|_| row.days > 0).map(|_| (number(row.before), number(row.since))),
            days: i64::from(row.days),
            done_at: row.done_at,
        })
    });
    improvements.collect()
}

/// Begins an improvement that follows from a closed complaint.
///
/// # Errors
/// The complaint is not closed, or has no cause; nothing was written; the day has passed.
pub async fn start_improvement(shop: &Shop, actor: &Actor, new: &NewImprovement, now: OffsetDateTime) -> Step {
    needs(actor, Permission::HandleComplaints)?;
    let what = written(&new.what)?.ok_or(Failure::Refused(ComplaintRefusal::Empty))?;
    if new.due_on < shop.settings.local(now).date() {
        return refuse(ComplaintRefusal::InThePast);
    }
    let mut db = transaction::begin(&shop.db).await?;
    let complaint = super::row::lock(&mut db, new.complaint).await?;
    let (Stage::Closed, Some(cause)) = (complaint.stage, &complaint.cause) else {
        return refuse(ComplaintRefusal::WrongStage(complaint.stage));
    };
    let id = new_id(now);
    let made = sqlx::query!(
        "insert into improvement (id, complaint_id, kind, cause, what, owner_id, due_on, created_at)
         select $1, $2, $3, $4, $5, id, $7, $8 from staff where id = $6 and active",
        id,
        complaint.id.0,
        new.kind.code(),
        cause,
        what,
        new.owner.0,
        new.due_on,
        now
    )
    .execute(&mut *db)
    .await?;
    if made.rows_affected() == 0 {
        return refuse(ComplaintRefusal::NoSuchColleague);
    }
    audit::record(&mut db, actor, "improvement.started", Some(id), json!({ "complaint": new.complaint }), now).await?;
    events::record(&mut db, "improvement.started", id, json!({ "complaint": new.complaint }), now).await?;
    db.commit().await?;
    Ok(())
}

/// An improvement is in place: from now on its effect is counted.
///
/// # Errors
/// There is none, or it is neither one's own nor one's to see.
pub async fn finish_improvement(shop: &Shop, actor: &Actor, id: Uuid, now: OffsetDateTime) -> Step {
    needs(actor, Permission::HandleComplaints)?;
    let mut db = transaction::begin(&shop.db).await?;
    let all = actor.may(Permission::Supervise);
    let done = sqlx::query!(
        "update improvement set done_at = $2 where id = $1 and done_at is null and (owner_id = $3 or $4)",
        id,
        now,
        actor.staff().map(|staff| staff.0),
        all
    )
    .execute(&mut *db)
    .await?;
    if done.rows_affected() == 0 {
        return refuse(ComplaintRefusal::NoSuchComplaint);
    }
    audit::record(&mut db, actor, "improvement.finished", Some(id), json!({}), now).await?;
    db.commit().await?;
    Ok(())
}
