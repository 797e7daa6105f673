//! Work for one node that may run twice and hold true: mails, refunds, files to take away. A job is enqueued in the transaction
//! that makes it necessary, claimed with a lease, and tried again with a growing pause when it fails. One that was
//! refused for good is done as well, and keeps the reason.

use crate::{Failure, Fault, Outcome, Shop, chat, checkout, mail, mail::Rejected, new_id};
use domain::ids::OrderId;
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// A job in a worker's hands is left alone so long; longer than any call it makes.
const LEASE: Duration = Duration::minutes(5);
/// How many jobs one call runs.
const BATCH: usize = 50;
const LONGEST_PAUSE: Duration = Duration::hours(1);

struct Job {
    id: Uuid,
    kind: String,
    payload: Value,
    attempts: i32,
}

#[derive(Deserialize)]
struct Letter {
    letter: String,
    order: OrderId,
}

/// A mail that is written already.
#[derive(Deserialize)]
struct Written {
    key: String,
}

/// A file that no row needs.
#[derive(Deserialize)]
struct Stored {
    place: String,
}

#[derive(Deserialize)]
struct RefundJob {
    refund: Uuid,
}

/// Adds a job, unless one with this key was added before.
pub(crate) async fn enqueue(db: &mut PgConnection, kind: &str, key: &str, payload: Value, now: OffsetDateTime) -> Result<(), Fault> {
    enqueue_at(db, kind, key, payload, now, now).await
}

/// The same for later.
pub(crate) async fn enqueue_at(
    db: &mut PgConnection,
    kind: &str,
    key: &str,
    payload: Value,
    run_at: OffsetDateTime,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    sqlx::query!(
        "insert into job (id, kind, key, payload, run_at, created_at) values ($1, $2, $3, $4, $5, $6) on conflict (key) do nothing",
        new_id(now),
        kind,
        key,
        payload,
        run_at,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A mail about an order, once each.
pub(crate) async fn enqueue_letter(db: &mut PgConnection, letter: &str, order: OrderId, now: OffsetDateTime) -> Result<(), Fault> {
    enqueue(db, "mail.send", &format!("{letter}:{order}"), json!({ "letter": letter, "order": order }), now).await
}

/// Runs the jobs that are due; says how many were done. The clock is read anew for each, for a lease begins when its
/// job does, however long the one before took.
///
/// # Errors
/// The database cannot be reached. A job that fails is tried again later.
pub async fn run_due(shop: &Shop, clock: impl Fn() -> OffsetDateTime) -> Outcome<usize> {
    let mut done = 0;
    for _ in 0..BATCH {
        let now = clock();
        let Some(job) = claim(shop, now).await? else { break };
        match run(shop, &job, now).await {
            Ok(()) => {
                sqlx::query!("update job set done_at = $2, last_error = null where id = $1", job.id, now).execute(&shop.db).await?;
                done += 1;
            }
            Err(Failure::Refused(rejected)) => give_up(shop, &job, &rejected, now).await?,
            Err(Failure::Fault(fault)) => put_off(shop, &job, &fault, clock()).await?,
        }
    }
    Ok(done)
}

/// Money goes before mail: a slow mail server holds up no refund.
async fn claim(shop: &Shop, now: OffsetDateTime) -> Result<Option<Job>, Fault> {
    let job = sqlx::query_as!(
        Job,
        "update job set run_at = $2, attempts = attempts + 1 where id = (
             select id from job where done_at is null and run_at <= $1 order by kind like 'mail.%', run_at limit 1 for update skip locked)
         returning id, kind, payload, attempts",
        now,
        now + LEASE
    )
    .fetch_optional(&shop.db)
    .await?;
    Ok(job)
}

async fn run(shop: &Shop, job: &Job, now: OffsetDateTime) -> Outcome<(), Rejected> {
    match job.kind.as_str() {
        "mail.send" => {
            let Letter { letter, order } = Letter::deserialize(&job.payload).map_err(Fault::new)?;
            mail::send(shop, &letter, order, now).await
        }
        "mail.answers" => Ok(chat::mail_answers(shop, &Deserialize::deserialize(&job.payload).map_err(Fault::new)?, now).await?),
        "mail.post" => {
            let Written { key } = Written::deserialize(&job.payload).map_err(Fault::new)?;
            mail::post_by_key(shop, &key, now).await
        }
        "file.remove" => {
            let Stored { place } = Stored::deserialize(&job.payload).map_err(Fault::new)?;
            Ok(chat::remove_file(shop, &place).await?)
        }
        "refund.send" => {
            let RefundJob { refund } = RefundJob::deserialize(&job.payload).map_err(Fault::new)?;
            Ok(checkout::send_refund(shop, refund, job.attempts > 1, now).await?)
        }
        other => Err(Fault::new(format!("no worker knows jobs of the kind `{other}`")).into()),
    }
}

async fn give_up(shop: &Shop, job: &Job, rejected: &Rejected, now: OffsetDateTime) -> Result<(), Fault> {
    tracing::error!(job.id = %job.id, job.kind = job.kind, "a job was refused for good: {rejected}");
    sqlx::query!("update job set done_at = $2, last_error = $3 where id = $1", job.id, now, rejected.to_string()).execute(&shop.db).await?;
    Ok(())
}

async fn put_off(shop: &Shop, job: &Job, fault: &Fault, now: OffsetDateTime) -> Result<(), Fault> {
    tracing::warn!(job.id = %job.id, job.kind = job.kind, job.attempts = job.attempts, "a job is put off: {fault}");
    let doubled = Duration::seconds(10) * 2_i32.pow(job.attempts.clamp(1, 12).unsigned_abs() - 1);
    sqlx::query!("update job set run_at = $2, last_error = $3 where id = $1", job.id, now + doubled.min(LONGEST_PAUSE), fault.to_string())
        .execute(&shop.db)
        .await?;
    Ok(())
}
