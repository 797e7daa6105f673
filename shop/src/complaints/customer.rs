//! What its customer sees of a complaint and may say about it: whoever holds the link.

use super::{
    closing::{begin_again, close, confirmation_time, may_be_contested},
    open::promise_answer,
    page::history,
    row::{Author, Locked, Step, lock, refuse, remember, required},
};
use crate::{Fault, Shop, calendar, signing, transaction};
use domain::{
    complaints::{ClosedHow, ComplaintKind, ComplaintRefusal, Followed, HistoryKind, Known, Stage},
    ids::ComplaintId,
    token::Token,
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// How a complaint stands, without what staff note among themselves.
///
/// # Errors
/// Wrong number or wrong token; never said which.
pub async fn follow(shop: &Shop, number: i64, token: &Token) -> Step<Followed> {
    let mut db = shop.db.acquire().await?;
    let id = identify(shop, &mut db, number, token).await?;
    let row = sqlx::query!(
        r#"select c.kind, c.stage, c.language, c.closed_how, c.name, c.email, c.statement, c.wanted, c.opened_at, c.solution, c.outcome,
                  c.solved_at, s.name as "owner?", m.number as "merged_into?",
                  (select p.due_at from promise p
                   where p.kind = 'solution' and p.subject = c.id and p.withdrawn_at is null order by p.made_at desc limit 1) as due_at
           from complaint c left join staff s on s.id = c.owner_id left join complaint m on m.id = c.merged_into where c.id = $1"#,
        id.0
    )
    .fetch_one(&mut *db)
    .await?;
    let time = confirmation_time(&mut db).await?;
    let unknown = || Fault::new("a complaint of another version");
    let stage = Stage::from_code(&row.stage).ok_or_else(unknown)?;
    Ok(Followed {
        number,
        kind: ComplaintKind::from_code(&row.kind).ok_or_else(unknown)?,
        stage,
        language: row.language.parse().map_err(Fault::new)?,
        closed_how: row.closed_how.as_deref().and_then(ClosedHow::from_code),
        name: row.name,
        email: row.email,
        statement: row.statement,
        wanted: row.wanted,
        opened_at: row.opened_at,
        owner: row.owner,
        due_at: row.due_at.filter(|_| !row.solution.is_empty()),
        solution: row.solution,
        outcome: row.outcome,
        closes_at: row.solved_at.filter(|_| stage == Stage::Solved).map(|at| at + time),
        history: history(&mut db, id, false).await?,
        merged_into: row.merged_into,
    })
}

/// "It is solved."
///
/// # Errors
/// Wrong link, or it is not at that point.
pub async fn confirm(shop: &Shop, number: i64, token: &Token, now: OffsetDateTime) -> Step {
    let mut db = transaction::begin(&shop.db).await?;
    let mut complaint = own(shop, &mut db, number, token).await?;
    if complaint.stage == Stage::Closed && complaint.closed_how.as_deref() == Some(ClosedHow::Confirmed.code()) {
        return Ok(());
    }
    let known = Known { confirmation: true, ..complaint.known() };
    close(&mut db, &mut complaint, ClosedHow::Confirmed, &known, now).await?;
    remember(&mut db, complaint.id, HistoryKind::Confirmed, &Author::Customer(complaint.name.clone()), false, "", now).await?;
    db.commit().await?;
    Ok(())
}

/// "It is not solved, because ..": it begins again, and an answer is promised as at first.
///
/// # Errors
/// Wrong link, no reason, or it is not at that point.
pub async fn dispute(shop: &Shop, number: i64, token: &Token, because: &str, now: OffsetDateTime) -> Step {
    let because = required(because)?;
    let calendar = calendar::load(shop).await?;
    let mut db = transaction::begin(&shop.db).await?;
    let mut complaint = own(shop, &mut db, number, token).await?;
    may_be_contested(&complaint)?;
    begin_again(&mut db, &mut complaint, now).await?;
    remember(&mut db, complaint.id, HistoryKind::Disputed, &Author::Customer(complaint.name.clone()), false, &because, now).await?;
    promise_answer(&mut db, &calendar, &complaint, now).await?;
    db.commit().await?;
    Ok(())
}

async fn own(shop: &Shop, db: &mut PgConnection, number: i64, token: &Token) -> Step<Locked> {
    identify(shop, db, number, token).await?;
    lock(db, number).await
}

async fn identify(shop: &Shop, db: &mut PgConnection, number: i64, token: &Token) -> Step<ComplaintId> {
    let id = sqlx::query_scalar!("select id from complaint where number = $1", number).fetch_optional(db).await?;
    // Compared also when there is no such complaint: the answer takes as long.
    let id = ComplaintId(id.unwrap_or(Uuid::nil()));
    if !signing::is_complaint_token(&shop.settings, id, token) || id.0.is_nil() {
        return refuse(ComplaintRefusal::NoSuchComplaint);
    }
    Ok(id)
}
