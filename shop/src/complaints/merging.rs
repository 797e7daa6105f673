//! Two complaints about the same thing become one, so that nobody is asked twice: the later goes on under the number
//! of the earlier, with all of its history.

use super::row::{Locked, Step, lock, needs, note_step, refuse};
use crate::{Actor, Shop, promises, transaction};
use domain::{
    complaints::{ClosedHow, ComplaintRefusal, HistoryKind, Stage},
    ids::ComplaintId,
    promises::PromiseKind,
    staff::Permission,
};
use sqlx::PgConnection;
use time::OffsetDateTime;

/// Another open complaint about the same order line, or the same order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    pub number: i64,
    pub stage: Stage,
    pub opened_at: OffsetDateTime,
    pub same_line: bool,
}

pub(super) async fn twins(db: &mut PgConnection, id: ComplaintId) -> Result<Vec<Twin>, crate::Fault> {
    let rows = sqlx::query!(
        r#"select t.number, t.stage, t.opened_at, coalesce(t.order_line_id = c.order_line_id, false) as "same_line!"
           from complaint c join complaint t on t.order_id = c.order_id and t.id <> c.id
           where c.id = $1 and t.stage <> 'closed' and c.stage <> 'closed' and t.kind = c.kind order by 4 desc, t.number"#,
        id.0
    )
    .fetch_all(db)
    .await?;
    let twins = rows.into_iter().filter_map(|row| {
        let stage = Stage::from_code(&row.stage)?;
        Some(Twin { number: row.number, stage, opened_at: row.opened_at, same_line: row.same_line })
    });
    Ok(twins.collect())
}

/// Merges two complaints about the same order; the older one goes on. Answers its number.
///
/// # Errors
/// They are not about the same, or one is closed.
pub async fn merge_into_older(shop: &Shop, actor: &Actor, one: i64, other: i64, now: OffsetDateTime) -> Step<i64> {
    let (older, younger) = (one.min(other), one.max(other));
    merge(shop, actor, younger, older, now).await?;
    Ok(older)
}

/// Merges `from` into `into`.
///
/// # Errors
/// As [`merge_into_older`].
pub async fn merge(shop: &Shop, actor: &Actor, from: i64, into: i64, now: OffsetDateTime) -> Step {
    needs(actor, Permission::HandleComplaints)?;
    let mut db = transaction::begin(&shop.db).await?;
    // Locked in the order of their numbers: two people who merge them the other way round take turns.
    let (first, second) = (lock(&mut db, from.min(into)).await?, lock(&mut db, from.max(into)).await?);
    let (mut gone, kept) = if from < into { (first, second) } else { (second, first) };
    let mine = |complaint: &Locked| complaint.owner == actor.staff() || actor.may(Permission::Supervise);
    // One that nobody owns yet may be joined by whoever owns the other.
    if !(mine(&kept) || mine(&gone)) || !(mine(&gone) || gone.owner.is_none()) || !(mine(&kept) || kept.owner.is_none()) {
        return refuse(ComplaintRefusal::NotYours);
    }
    let same = gone.kind == kept.kind && gone.order.is_some() && gone.order == kept.order;
    if from == into || !same || gone.stage == Stage::Closed || kept.stage == Stage::Closed {
        return refuse(ComplaintRefusal::NotToBeMerged);
    }
    sqlx::query!("update complaint set merged_into = $2 where id = $1", gone.id.0, kept.id.0).execute(&mut *db).await?;
    super::closing::mark_closed(&mut db, &mut gone, ClosedHow::Merged, now).await?;
    for kind in [PromiseKind::Reply, PromiseKind::Solution] {
        promises::withdraw(&mut db, kind, gone.id.0, now).await?;
    }
    note_step(&mut db, actor, &gone, (HistoryKind::Merged, false), &kept.number.to_string(), now).await?;
    note_step(&mut db, actor, &kept, (HistoryKind::Merged, true), &gone.number.to_string(), now).await?;
    super::letters::merged(&mut db, shop, &gone, kept.number, now).await?;
    db.commit().await?;
    Ok(())
}
