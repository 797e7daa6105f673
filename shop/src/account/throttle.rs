//! Who guesses passwords or codes waits, from whatever address they come: tries are counted by account, also those of
//! accounts that do not exist. A try counts before it is checked, so that many at once gain nothing.

use crate::{Failure, Fault, Outcome, Shop, transaction};
use domain::account::{AccountRefusal, pause_after};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

/// Failures older than this are forgotten.
const REMEMBERED: Duration = Duration::days(1);

/// Counts a try as failed; [`forgive`] takes that back when it was not.
///
/// # Errors
/// The pause after the last failures is not over.
pub(super) async fn attempt(shop: &Shop, account: &str, now: OffsetDateTime) -> Outcome<(), AccountRefusal> {
    let mut db = transaction::begin(&shop.db).await?;
    // Written even when it is there: that locks it.
    let row = sqlx::query!(
        "insert into login_failure (account, failures, last_at) values ($1, 0, $2)
         on conflict (account) do update set account = excluded.account returning failures, last_at",
        account,
        now
    )
    .fetch_one(&mut *db)
    .await?;
    let failures = if row.last_at + REMEMBERED < now { 0 } else { row.failures };
    let wait = row.last_at + Duration::seconds(pause_after(failures.unsigned_abs()).into()) - now;
    if wait.is_positive() {
        let seconds = u32::try_from(wait.whole_seconds() + 1).unwrap_or(u32::MAX);
        return Err(Failure::Refused(AccountRefusal::TooManyTries { seconds }));
    }
    sqlx::query!("update login_failure set failures = $2, last_at = $3 where account = $1", account, failures + 1, now)
        .execute(&mut *db)
        .await?;
    db.commit().await?;
    Ok(())
}

pub(super) async fn forgive(db: &mut PgConnection, account: &str) -> Result<(), Fault> {
    sqlx::query!("delete from login_failure where account = $1", account).execute(db).await?;
    Ok(())
}

/// Forgets what is too old to count.
pub(super) async fn sweep(db: &mut PgConnection, now: OffsetDateTime) -> Result<u64, Fault> {
    let gone = sqlx::query!("delete from login_failure where last_at < $1", now - REMEMBERED).execute(db).await?;
    Ok(gone.rows_affected())
}
