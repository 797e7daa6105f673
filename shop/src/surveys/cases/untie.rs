//! Untying a case from the order and the answers, as `survey_link` is cut: after its time, and when its person is
//! forgotten. What was said goes, and the mails that lead to it; scores, times and reasons stay as nobody's.

use super::{
    letters::TO_THE_PERSON,
    row::{Author, Entry, remember},
};
use crate::{Fault, promises};
use domain::{ids::CaseId, promises::PromiseKind, surveys::CaseStep};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// All that can be traced for too long; says how many.
pub(in crate::surveys) async fn untie_old(db: &mut PgConnection, now: OffsetDateTime) -> Result<usize, Fault> {
    let old = sqlx::query_scalar!(
        "select k.id from survey_case k cross join survey_rule r
         where (k.order_id is not null or k.response_id is not null) and k.opened_at < $1::timestamptz - r.link_days * interval '1 day'
         order by k.id for update of k",
        now
    )
    .fetch_all(&mut *db)
    .await?;
    untie(db, &old, now).await?;
    Ok(old.len())
}

/// All of somebody, while their orders still have the address.
pub(in crate::surveys) async fn untie_of(db: &mut PgConnection, email: &str, now: OffsetDateTime) -> Result<(), Fault> {
    let theirs = sqlx::query_scalar!(
        "select id from survey_case where order_id in (select id from orders where lower(email) = lower($1)) order by id for update",
        email
    )
    .fetch_all(&mut *db)
    .await?;
    untie(db, &theirs, now).await
}

/// One that nobody has closed closes with it, unconfirmed: nobody can be answered any more.
async fn untie(db: &mut PgConnection, cases: &[Uuid], now: OffsetDateTime) -> Result<(), Fault> {
    for &case in cases {
        promises::withdraw(db, PromiseKind::Reply, case, now).await?;
    }
    sqlx::query!(
        "delete from mail m using survey_case k
         where k.id = any($1) and m.order_id = k.order_id and starts_with(m.key, $2 || k.id::text || ':')",
        cases,
        TO_THE_PERSON
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("update promise set order_id = null where subject = any($1)", cases).execute(&mut *db).await?;
    sqlx::query!("update survey_case_entry set body = '' where case_id = any($1) and body <> ''", cases).execute(&mut *db).await?;
    let untied = sqlx::query!(
        "update survey_case set order_id = null, response_id = null, changed_at = $2,
             state = case when closed_at is null then 'unconfirmed' else state end, closed_at = coalesce(closed_at, $2)
         where id = any($1) returning id, number",
        cases,
        now
    )
    .fetch_all(&mut *db)
    .await?;
    for row in untied {
        remember(db, CaseId(row.id), row.number, Author::Shop, Entry::of(CaseStep::Untied, now), now).await?;
    }
    Ok(())
}
