//! The end of a complaint: what was done, and whether its customer says so, too. One that closes because nobody
//! answered is called unconfirmed.

use super::{
    letters,
    row::{Author, Locked, Step, lock, lock_own, note_step, refuse, remember, required},
    working::listen,
};
use crate::{Actor, Failure, Fault, Outcome, Shop, events, promises, transaction};
use domain::{
    complaints::{ClosedHow, ComplaintKind, ComplaintRefusal, HistoryKind, Known, Stage},
    promises::PromiseKind,
};
use serde_json::json;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

/// How many are closed in one call.
const BATCH: i64 = 100;

/// What was promised is done. The customer is asked whether it is.
///
/// # Errors
/// Nothing was written, or the stage is another.
pub async fn solve(shop: &Shop, actor: &Actor, number: i64, outcome: &str, anyway: bool, now: OffsetDateTime) -> Step {
    let outcome = required(outcome)?;
    let mut db = transaction::begin(&shop.db).await?;
    let mut complaint = lock_own(&mut db, actor, number).await?;
    let known = Known { outcome: true, ..complaint.known() };
    complaint.stage.advance(Stage::Solved, complaint.kind, &known).map_err(Failure::Refused)?;
    if let Some(refusal) = listen(&mut db, &complaint, "outcome", &outcome, anyway, now).await? {
        db.commit().await?;
        return refuse(refusal);
    }
    sqlx::query!("update complaint set outcome = $2, solved_at = $3 where id = $1", complaint.id.0, outcome, now).execute(&mut *db).await?;
    complaint.advance(&mut db, Stage::Solved, &known, now).await?;
    promises::keep(&mut db, PromiseKind::Solution, complaint.id.0, now).await?;
    note_step(&mut db, actor, &complaint, (HistoryKind::Solved, false), &outcome, now).await?;
    let closes = shop.settings.local(now + confirmation_time(&mut db).await?).date();
    letters::solved(&mut db, shop, &complaint, &outcome, closes, now).await?;
    db.commit().await?;
    Ok(())
}

/// The customer told us, by phone say, that it is solved.
///
/// # Errors
/// It is not noted how they said so, or the stage is another.
pub async fn confirm_for_customer(shop: &Shop, actor: &Actor, number: i64, how: &str, now: OffsetDateTime) -> Step {
    let how = required(how)?;
    let mut db = transaction::begin(&shop.db).await?;
    let mut complaint = lock_own(&mut db, actor, number).await?;
    let known = Known { confirmation: true, ..complaint.known() };
    close(&mut db, &mut complaint, ClosedHow::Confirmed, &known, now).await?;
    note_step(&mut db, actor, &complaint, (HistoryKind::Confirmed, false), &how, now).await?;
    db.commit().await?;
    Ok(())
}

/// Answers a suggestion or praise, which ends it.
///
/// # Errors
/// Nothing was written, or it is a complaint.
pub async fn answer(shop: &Shop, actor: &Actor, number: i64, text: &str, anyway: bool, now: OffsetDateTime) -> Step {
    let text = required(text)?;
    let mut db = transaction::begin(&shop.db).await?;
    let mut complaint = lock_own(&mut db, actor, number).await?;
    if complaint.kind == ComplaintKind::Complaint {
        return refuse(ComplaintRefusal::WrongStage(complaint.stage));
    }
    let known = Known { answer: true, ..complaint.known() };
    complaint.stage.advance(Stage::Closed, complaint.kind, &known).map_err(Failure::Refused)?;
    if let Some(refusal) = listen(&mut db, &complaint, "message", &text, anyway, now).await? {
        db.commit().await?;
        return refuse(refusal);
    }
    note_step(&mut db, actor, &complaint, (HistoryKind::Message, false), &text, now).await?;
    promises::keep(&mut db, PromiseKind::Reply, complaint.id.0, now).await?;
    close(&mut db, &mut complaint, ClosedHow::Answered, &known, now).await?;
    letters::words(&mut db, shop, &complaint, &text, now).await?;
    db.commit().await?;
    Ok(())
}

/// Closes what was solved and never confirmed in time; says how many.
///
/// # Errors
/// A fault only.
pub async fn close_unconfirmed(shop: &Shop, now: OffsetDateTime) -> Outcome<usize> {
    let time = confirmation_time(&mut *shop.db.acquire().await?).await?;
    let over = sqlx::query_scalar!(
        "select number from complaint where stage = 'solved' and solved_at <= $1 order by solved_at limit $2",
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
            Err(failure) => tracing::warn!(complaint.number = number, "a solved complaint could not be closed: {failure}"),
        }
    }
    Ok(closed)
}

async fn give_up(shop: &Shop, number: i64, before: OffsetDateTime, now: OffsetDateTime) -> Step<bool> {
    let mut db = transaction::begin(&shop.db).await?;
    let mut complaint = lock(&mut db, number).await?;
    let solved_at = sqlx::query_scalar!("select solved_at from complaint where id = $1", complaint.id.0).fetch_one(&mut *db).await?;
    // Its customer may have answered, or it may have been solved anew, a moment ago.
    if complaint.stage != Stage::Solved || solved_at.is_none_or(|at| at > before) {
        return Ok(false);
    }
    let known = Known { confirmation: true, ..complaint.known() };
    close(&mut db, &mut complaint, ClosedHow::Unconfirmed, &known, now).await?;
    remember(&mut db, complaint.id, HistoryKind::Closed, &Author::Shop, false, "", now).await?;
    db.commit().await?;
    Ok(true)
}

/// How long a customer has to say that it is not solved.
pub(super) async fn confirmation_time(db: &mut PgConnection) -> Result<Duration, Fault> {
    let days = sqlx::query_scalar!("select confirmation_days from service_rule").fetch_one(db).await?;
    Ok(Duration::days(i64::from(days)))
}

pub(super) async fn close(db: &mut PgConnection, complaint: &mut Locked, how: ClosedHow, known: &Known, now: OffsetDateTime) -> Step {
    complaint.stage.advance(Stage::Closed, complaint.kind, known).map_err(Failure::Refused)?;
    mark_closed(db, complaint, how, now).await?;
    Ok(())
}

/// Stage and end in one statement: the table allows neither alone.
pub(super) async fn mark_closed(db: &mut PgConnection, complaint: &mut Locked, how: ClosedHow, now: OffsetDateTime) -> Result<(), Fault> {
    complaint.stage = Stage::Closed;
    sqlx::query!(
        "update complaint set stage = 'closed', closed_at = $2, closed_how = $3, changed_at = $2, draft = '{}' where id = $1",
        complaint.id.0,
        now,
        how.code()
    )
    .execute(&mut *db)
    .await?;
    events::record(db, "complaint.closed", complaint.id.0, json!({ "number": complaint.number, "how": how.code() }), now).await
}

/// The customer says that it is not solved: it is investigated anew, and they are to be heard and told sorry again.
pub(super) async fn begin_again(db: &mut PgConnection, complaint: &mut Locked, now: OffsetDateTime) -> Step {
    complaint.stage = complaint.stage.advance(Stage::Investigated, complaint.kind, &complaint.known()).map_err(Failure::Refused)?;
    complaint.acknowledged = false;
    sqlx::query!(
        "update complaint set stage = 'investigated', closed_at = null, closed_how = null, solved_at = null, acknowledged_at = null,
             solution = '', remedy = null, outcome = '', changed_at = $2 where id = $1",
        complaint.id.0,
        now
    )
    .execute(&mut *db)
    .await?;
    events::record(db, "complaint.reopened", complaint.id.0, json!({ "number": complaint.number }), now).await?;
    Ok(())
}

/// A complaint that ended in this way may still be contested.
pub(super) fn may_be_contested(complaint: &Locked) -> Step {
    let unconfirmed = complaint.closed_how.as_deref() == Some(ClosedHow::Unconfirmed.code());
    if complaint.stage == Stage::Solved || (complaint.stage == Stage::Closed && unconfirmed) {
        Ok(())
    } else {
        refuse(ComplaintRefusal::WrongStage(complaint.stage))
    }
}
