//! What the desk does with a case: exactly one person takes it, and writes to whoever it is about. Who says nothing to
//! that is not waited for for ever.

use super::{
    letters,
    row::{Author, Entry, Locked, Step, confirmation_time, lock, lock_own, needs, refuse, remember, written},
};
use crate::{Actor, Failure, Outcome, Shop, promises, transaction};
use domain::{
    promises::PromiseKind,
    staff::Permission,
    surveys::{CaseRefusal, CaseStep},
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// How many are closed in one call.
const BATCH: i64 = 100;

/// Takes a case that nobody has.
///
/// # Errors
/// Somebody has it, or the person does not answer shoppers.
pub async fn take(shop: &Shop, actor: &Actor, number: i64, now: OffsetDateTime) -> Step {
    needs(actor, Permission::Converse)?;
    let Some(me) = actor.staff() else { return refuse(CaseRefusal::NotAllowed) };
    let mut db = transaction::begin(&shop.db).await?;
    let case = lock(&mut db, number).await?;
    case.state.after(CaseStep::Taken).map_err(Failure::Refused)?;
    sqlx::query!(
        "update survey_case set state = 'taken', owner_id = $2, taken_at = coalesce(taken_at, $3), changed_at = $3 where id = $1",
        case.id.0,
        me.0,
        now
    )
    .execute(&mut *db)
    .await?;
    promises::hand_over(&mut db, case.id.0, Some(me)).await?;
    note(&mut db, actor, &case, Entry::of(CaseStep::Taken, now), now).await?;
    db.commit().await?;
    Ok(())
}

/// Puts a case back for somebody else.
///
/// # Errors
/// Not one's own, or it was answered already.
pub async fn release(shop: &Shop, actor: &Actor, number: i64, now: OffsetDateTime) -> Step {
    let mut db = transaction::begin(&shop.db).await?;
    let case = lock_own(&mut db, actor, number).await?;
    case.state.after(CaseStep::Released).map_err(Failure::Refused)?;
    sqlx::query!("update survey_case set state = 'open', owner_id = null, changed_at = $2 where id = $1", case.id.0, now)
        .execute(&mut *db)
        .await?;
    promises::hand_over(&mut db, case.id.0, None).await?;
    note(&mut db, actor, &case, Entry::of(CaseStep::Released, now), now).await?;
    db.commit().await?;
    Ok(())
}

/// Writes to the person, who is asked whether it is solved. Under one `key` it is written once, however often it is sent.
///
/// # Errors
/// Nothing was written or too much; nobody took it, somebody else has it, or it can be traced no more.
pub async fn write(shop: &Shop, actor: &Actor, number: i64, key: Uuid, text: &str, now: OffsetDateTime) -> Step {
    let mut db = transaction::begin(&shop.db).await?;
    let case = lock_own(&mut db, actor, number).await?;
    let text = written(text)?;
    if text.is_empty() {
        return refuse(CaseRefusal::Empty);
    }
    let sent = sqlx::query_scalar!(r#"select exists (select from survey_case_entry where id = $1) as "sent!""#, key);
    if sent.fetch_one(&mut *db).await? {
        return Ok(());
    }
    let Some(order) = case.order else { return refuse(CaseRefusal::Untied) };
    case.state.after(CaseStep::Answered).map_err(Failure::Refused)?;
    sqlx::query!("update survey_case set state = 'answered', answered_at = $2, changed_at = $2 where id = $1", case.id.0, now)
        .execute(&mut *db)
        .await?;
    promises::keep(&mut db, PromiseKind::Reply, case.id.0, now).await?;
    let closes = shop.settings.local(now + confirmation_time(&mut db).await?).date();
    note(&mut db, actor, &case, Entry { id: key, body: &text, ..Entry::of(CaseStep::Answered, now) }, now).await?;
    letters::answer(&mut db, shop, &case, order, (key, &text), closes, now).await?;
    db.commit().await?;
    Ok(())
}

async fn note(db: &mut PgConnection, actor: &Actor, case: &Locked, entry: Entry<'_>, now: OffsetDateTime) -> Result<(), crate::Fault> {
    remember(db, case.id, case.number, Author::Staff(actor), entry, now).await
}

/// Closes what was answered and never confirmed in time; says how many.
///
/// # Errors
/// A fault only.
pub async fn close_unconfirmed(shop: &Shop, now: OffsetDateTime) -> Outcome<usize> {
    let time = confirmation_time(&mut *shop.db.acquire().await?).await?;
    let over = sqlx::query_scalar!(
        "select number from survey_case where state = 'answered' and answered_at <= $1 order by answered_at limit $2",
        now - time,
        BATCH
    )
    .fetch_all(&shop.db)
    .await?;
    let mut closed = 0;
    for number in over {
        match give_up(shop, number, now - time, now).await {
            Ok(true) => closed += 1,
            Ok(false) => {}
            Err(failure) => tracing::warn!(case.number = number, "an answered case could not be closed: {failure}"),
        }
    }
    Ok(closed)
}

async fn give_up(shop: &Shop, number: i64, before: OffsetDateTime, now: OffsetDateTime) -> Step<bool> {
    let mut db = transaction::begin(&shop.db).await?;
    let case = lock(&mut db, number).await?;
    // Its person may have spoken, or have been written to again, a moment ago.
    if case.state.after(CaseStep::Unconfirmed).is_err() || case.answered_at.is_none_or(|at| at > before) {
        return Ok(false);
    }
    sqlx::query!("update survey_case set state = 'unconfirmed', closed_at = $2, changed_at = $2 where id = $1", case.id.0, now)
        .execute(&mut *db)
        .await?;
    remember(&mut db, case.id, number, Author::Shop, Entry::of(CaseStep::Unconfirmed, now), now).await?;
    db.commit().await?;
    Ok(true)
}
