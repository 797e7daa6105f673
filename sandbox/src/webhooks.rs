//! The worker: posts signed events until each has had its 2xx, expires sessions, and finishes what takes
//! time. Several may run over one database; rows are claimed, never shared.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::Sha256;
use sqlx::Row;

use crate::clock::{ms_from_now, now, now_ms};
use crate::store::{self, Kind};
use crate::{Sandbox, payment, refunds, sessions};

/// How often the clock is looked at when nothing else wakes the worker.
const TICK: Duration = Duration::from_millis(500);
/// A claimed delivery comes back after this if its worker died.
const LEASE: Duration = Duration::from_secs(30);
/// Stripe gives up after three days; so does this, whatever the first pause.
const MOST_ATTEMPTS: i32 = 80;
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

/// Works until `shutdown` is done.
pub async fn run_webhooks(sandbox: Arc<Sandbox>, shutdown: impl Future<Output = ()> + Send) {
    tokio::pin!(shutdown);
    if let Err(error) = forget_old_keys(&sandbox).await {
        tracing::warn!(%error, "the payment sandbox could not forget old idempotency keys");
    }
    loop {
        if let Err(error) = work(&sandbox).await {
            tracing::warn!(%error, "the payment sandbox's worker failed; it goes on in a moment");
        }
        tokio::select! {
            () = &mut shutdown => return,
            () = sandbox.work.notified() => {}
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

async fn work(sandbox: &Sandbox) -> sqlx::Result<()> {
    sessions::sweep(sandbox).await?;
    finish_what_is_due(sandbox).await?;
    while let Some(delivery) = claim(sandbox).await? {
        let delivered = post(sandbox, &delivery.event).await;
        record(sandbox, &delivery, delivered).await?;
    }
    Ok(())
}

/// Stripe forgets idempotency keys after a day or more.
async fn forget_old_keys(sandbox: &Sandbox) -> sqlx::Result<()> {
    sqlx::query("delete from sandbox.idempotency where answered_at < now() - interval '2 days'").execute(&sandbox.pool).await?;
    Ok(())
}

async fn finish_what_is_due(sandbox: &Sandbox) -> sqlx::Result<()> {
    let due: Vec<(String, String, Option<String>)> = sqlx::query_as(
        "select id, kind, hidden ->> 'outcome' from sandbox.object
         where hidden ? 'due_ms' and (hidden ->> 'due_ms')::bigint <= $1 order by position limit 100",
    )
    .bind(now_ms())
    .fetch_all(&sandbox.pool)
    .await?;
    for (id, kind, outcome) in due {
        let mut transaction = sandbox.pool.begin().await?;
        if kind == Kind::Refund.name() {
            let outcome = outcome.unwrap_or_default();
            if refunds::settle(&mut transaction, &id, &outcome).await.is_err() {
                continue;
            }
        } else if let Some(session) = store::lock(&mut transaction, Kind::Session, &id).await?
            // Another worker may have been faster.
            && session.hidden["due_ms"].is_number()
        {
            payment::settle_debit(&mut transaction, session).await?;
        }
        transaction.commit().await?;
    }
    Ok(())
}

struct Delivery {
    id: i64,
    attempts: i32,
    event: Value,
}

/// The next delivery that is due, kept from other workers for a while.
async fn claim(sandbox: &Sandbox) -> sqlx::Result<Option<Delivery>> {
    sqlx::query(
        "update sandbox.delivery as delivery
         set attempts = attempts + 1, due_ms = $2
         from sandbox.object as event
         where delivery.id = (
                 select id from sandbox.delivery where state = 'waiting' and due_ms <= $1
                 order by due_ms, id limit 1 for update skip locked)
           and event.id = delivery.event
         returning delivery.id, delivery.attempts, event.body",
    )
    .bind(now_ms())
    .bind(ms_from_now(LEASE))
    .try_map(|row: sqlx::postgres::PgRow| {
        Ok(Delivery { id: row.try_get("id")?, attempts: row.try_get("attempts")?, event: row.try_get("body")? })
    })
    .fetch_optional(&sandbox.pool)
    .await
}

async fn post(sandbox: &Sandbox, event: &Value) -> bool {
    let body = event.to_string();
    let signature = signature(&sandbox.config.webhook_secret, now(), &body);
    let sent = sandbox
        .http
        .post(&sandbox.config.webhook_url)
        .header("content-type", "application/json; charset=utf-8")
        .header("user-agent", "Stripe/1.0 (sandbox)")
        .header("stripe-signature", signature)
        .body(body)
        .send()
        .await;
    match sent {
        Ok(response) => response.status().is_success(),
        Err(error) => {
            tracing::debug!(%error, "a sandbox webhook found nobody");
            false
        }
    }
}

fn signature(secret: &str, timestamp: i64, body: &str) -> String {
    let signed = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map(|mut mac| {
        mac.update(format!("{timestamp}.{body}").as_bytes());
        hex::encode(mac.finalize().into_bytes())
    });
    format!("t={timestamp},v1={}", signed.unwrap_or_default())
}

async fn record(sandbox: &Sandbox, delivery: &Delivery, delivered: bool) -> sqlx::Result<()> {
    let state = if delivered {
        "delivered"
    } else if delivery.attempts >= MOST_ATTEMPTS {
        "abandoned"
    } else {
        "waiting"
    };
    let doublings = u32::try_from(delivery.attempts - 1).unwrap_or_default().min(20);
    let pause = sandbox.config.webhook_retry_after.saturating_mul(2_u32.pow(doublings));
    sqlx::query("update sandbox.delivery set state = $2, due_ms = $3 where id = $1")
        .bind(delivery.id)
        .bind(state)
        .bind(ms_from_now(pause.min(LONGEST_PAUSE)))
        .execute(&sandbox.pool)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_as_stripe_documents_it() {
        // `printf '1492774577.{}' | openssl dgst -sha256 -hmac whsec_test`
        let expected = "0d0602f6611bd2252dd4b74b58a4528355a7380639a15e6cc21e3059d56d5b8b";
        let signed = signature("whsec_test", 1_492_774_577, "{}");
        assert_eq!(signed, format!("t=1492774577,v1={expected}"));
    }
}
