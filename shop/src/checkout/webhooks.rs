//! Webhooks in two steps, so that none is lost: what is signed properly is stored and answered at once; a worker
//! acts on it later. What an event says is a hint to look; the object at the payment service is the truth.

use super::{refunds, settle};
use crate::{Failure, Fault, Outcome, Shop, delivery::Terms, events, orders, transaction};
use domain::{
    Money,
    ids::{AttemptId, OrderId},
};
use payments::{DisputeNotice, EventKind, PaymentError, Refund, Session, WebhookEvent};
use serde_json::json;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

/// What became of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    New,
    /// It came before.
    Known,
}

/// Not from the payment service: answer 400.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the webhook's signature is not one of ours: {0}")]
pub struct BadSignature(#[from] pub payments::SignatureError);

/// How many webhooks one call works through.
const BATCH: usize = 100;
/// A webhook in a worker's hands is left alone so long.
const LEASE: Duration = Duration::minutes(1);

/// Stores a webhook that is signed properly; [`process_inbox`] acts on it.
///
/// # Errors
/// A wrong signature; or a fault, which must be answered with 500 so that it is sent again.
pub async fn receive(shop: &Shop, raw_body: &[u8], signature: &str, now: OffsetDateTime) -> Outcome<Received, BadSignature> {
    shop.payments.verify_webhook(raw_body, signature).map_err(|error| Failure::Refused(BadSignature(error)))?;
    // A body we cannot read is kept all the same, under a name of its own: somebody must look.
    let (id, kind) = match payments::parse_event(raw_body) {
        Ok(event) => (event.id, format!("{:?}", event.kind)),
        Err(error) => {
            tracing::error!("a signed webhook that is no event: {error}");
            (format!("unreadable:{}", crate::new_id(now)), "unreadable".to_owned())
        }
    };
    let stored = sqlx::query!(
        "insert into webhook_inbox (event_id, kind, body, received_at) values ($1, $2, $3, $4) on conflict do nothing",
        id,
        kind,
        raw_body,
        now
    )
    .execute(&shop.db)
    .await?;
    Ok(if stored.rows_affected() == 0 { Received::Known } else { Received::New })
}

/// Acts on the webhooks that wait; says how many are done.
///
/// # Errors
/// The database cannot be reached. A webhook whose effect fails waits for the next time.
pub async fn process_inbox(shop: &Shop, now: OffsetDateTime) -> Outcome<usize> {
    let mut done = 0;
    for _ in 0..BATCH {
        let Some((id, body, attempts)) = claim(shop, now).await? else { break };
        match act(shop, &id, &body, now).await {
            Ok(()) => done += 1,
            Err(fault) => {
                tracing::warn!(webhook.id = id, "a webhook waits: {fault}");
                let pause = LEASE * 2_i32.pow(attempts.clamp(0, 8).unsigned_abs());
                sqlx::query!(
                    "update webhook_inbox set retry_at = $2, last_error = $3 where event_id = $1",
                    id,
                    now + pause,
                    fault.to_string()
                )
                .execute(&shop.db)
                .await?;
            }
        }
    }
    Ok(done)
}

async fn claim(shop: &Shop, now: OffsetDateTime) -> Result<Option<(String, Vec<u8>, i32)>, Fault> {
    let row = sqlx::query!(
        "update webhook_inbox set attempts = attempts + 1, retry_at = $2 where event_id = (
             select event_id from webhook_inbox where processed_at is null and (retry_at is null or retry_at <= $1)
             order by received_at limit 1 for update skip locked)
         returning event_id, body, attempts",
        now,
        now + LEASE
    )
    .fetch_optional(&shop.db)
    .await?;
    Ok(row.map(|r| (r.event_id, r.body, r.attempts)))
}

enum Effect {
    Session(Session),
    Refunds(Vec<Refund>),
    Dispute { kind: EventKind, notice: DisputeNotice, payment_intent: String },
    None,
}

async fn act(shop: &Shop, id: &str, body: &[u8], now: OffsetDateTime) -> Result<(), Fault> {
    let effect = match payments::parse_event(body) {
        Ok(event) if shop.payments.accepts(event.livemode) => look(shop, event, now).await?,
        Ok(_) => {
            tracing::error!(webhook.id = id, "a webhook of the other mode is ignored");
            Effect::None
        }
        Err(_) => Effect::None,
    };
    let terms = Terms::load(shop, now).await?;
    let mut db = transaction::begin(&shop.db).await?;
    let waits = sqlx::query_scalar!("select event_id from webhook_inbox where event_id = $1 and processed_at is null for update", id)
        .fetch_optional(&mut *db)
        .await?;
    if waits.is_none() {
        return Ok(());
    }
    match effect {
        Effect::Session(session) => {
            settle::apply(&mut db, shop, &terms, &session, now).await?;
        }
        Effect::Refunds(refunds) => {
            for refund in &refunds {
                refunds::learn(&mut db, refund, now).await?;
            }
        }
        Effect::Dispute { kind, notice, payment_intent } => dispute(&mut db, &kind, &notice, &payment_intent, now).await?,
        Effect::None => {}
    }
    sqlx::query!("update webhook_inbox set processed_at = $2 where event_id = $1", id, now).execute(&mut *db).await?;
    db.commit().await?;
    Ok(())
}

/// Fetches what the event is about, before any transaction.
async fn look(shop: &Shop, event: WebhookEvent, now: OffsetDateTime) -> Result<Effect, Fault> {
    if let (None, Some(payment)) = (&event.session, &event.payment_intent)
        && !matches!(event.kind, EventKind::Other(_))
    {
        meet(shop, payment, now).await?;
    }
    Ok(match (event.kind, event.session, event.object_id, event.dispute, event.payment_intent) {
        (_, Some(session), ..) => match shop.payments.retrieve_session(&session).await {
            Ok(session) => Effect::Session(session),
            // Another shop's on the same account, or one deleted since.
            Err(PaymentError::Refused { .. }) => Effect::None,
            Err(error) => return Err(Fault::new(error)),
        },
        (EventKind::RefundCreated | EventKind::RefundUpdated | EventKind::RefundFailed, _, Some(refund), ..) => {
            Effect::Refunds(vec![shop.payments.retrieve_refund(&refund).await.map_err(Fault::new)?])
        }
        (EventKind::ChargeRefunded, _, _, _, Some(intent)) => Effect::Refunds(shop.payments.refunds_of(&intent).await.map_err(Fault::new)?),
        (kind, _, _, Some(notice), Some(payment_intent)) => Effect::Dispute { kind, notice, payment_intent },
        _ => Effect::None,
    })
}

/// News of a payment may come before the news that there is one: then its session is settled first.
async fn meet(shop: &Shop, payment_intent: &str, now: OffsetDateTime) -> Result<(), Fault> {
    let known = sqlx::query_scalar!(r#"select exists (select from payment_attempt where payment_intent = $1) as "known!""#, payment_intent);
    if !known.fetch_one(&shop.db).await?
        && let Some(session) = shop.payments.session_of_payment(payment_intent).await.map_err(Fault::new)?
    {
        settle::of_session(shop, &session, now).await?;
    }
    Ok(())
}

/// A bank asks for a payment back. While that is open nothing is shipped and nothing refunded; what the bank takes
/// and gives is booked apart from refunds.
async fn dispute(
    db: &mut PgConnection,
    kind: &EventKind,
    notice: &DisputeNotice,
    payment_intent: &str,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let Some(row) =
        sqlx::query!("select id, order_id from payment_attempt where payment_intent = $1", payment_intent).fetch_optional(&mut *db).await?
    else {
        return Ok(());
    };
    let (attempt, order) = (AttemptId(row.id), orders::state::lock(db, OrderId(row.order_id)).await?.id);
    let state = match (kind, notice.status.as_str()) {
        (EventKind::DisputeClosed, "lost") => "lost",
        (EventKind::DisputeClosed, _) => "won",
        _ => "open",
    };
    sqlx::query!(
        "insert into dispute as d (id, order_id, attempt_id, state, minor, currency, reason, updated_at)
         values ($1, $2, $3, $4, $5, upper($6), $7, $8)
         on conflict (id) do update set state = excluded.state, updated_at = excluded.updated_at where excluded.state <> 'open'",
        notice.id,
        order.0,
        attempt.0,
        state,
        notice.amount_minor,
        notice.currency,
        notice.reason,
        now
    )
    .execute(&mut *db)
    .await?;
    let money = Money::new(notice.amount_minor, notice.currency.parse().map_err(Fault::new)?);
    let back = Money::new(-money.minor, money.currency);
    match kind {
        EventKind::DisputeFundsWithdrawn => orders::state::book(db, order, attempt, "dispute", back, &notice.id, now).await?,
        EventKind::DisputeFundsReinstated => orders::state::book(db, order, attempt, "dispute_reversed", money, &notice.id, now).await?,
        EventKind::DisputeCreated => {
            tracing::error!(order.id = %order, dispute.reason = notice.reason, "a payment is disputed: shipping stops");
            events::record(db, "payment.disputed", order.0, json!({ "reason": notice.reason }), now).await?;
        }
        _ => {}
    }
    orders::state::derive_payment(db, order).await
}
