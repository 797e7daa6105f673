//! One try to have an order paid: a row that exists before the payment service hears of it, with the request it
//! will hear, word for word, however often it is asked. Nothing here runs inside a transaction.

use super::settle::{self, Standing};
use crate::{Fault, Shop, signing};
use domain::{
    ids::{AttemptId, OrderId},
    token::Token,
};
use payments::{OpenSession, PaymentError, Session};
use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

/// An attempt that is not final.
#[derive(Debug, Clone)]
pub(super) struct Attempt {
    pub(super) id: AttemptId,
    pub(super) order: OrderId,
    pub(super) request: OpenSession,
    pub(super) session_id: Option<String>,
    pub(super) url: Option<String>,
    pub(super) expires_at: OffsetDateTime,
}

/// The payment page of an attempt.
pub(super) enum Opened {
    Page(String),
    /// Somebody closed the attempt meanwhile.
    Closed,
    /// The service looked at the request and declined it: another attempt needs another key.
    Refused,
    /// It declined the mail address: only another one helps.
    EmailRefused,
    /// It may or may not have been carried out; the same again later continues it.
    Unknown,
}

/// What became of closing an attempt.
pub(super) enum Closed {
    /// Nobody can pay there any more.
    ForGood,
    /// It was completed before it could be closed.
    Completed(Standing),
    /// The service cannot say now.
    Unknown,
}

pub(super) fn link_of(shop: &Shop, language: &str, order: OrderId, number: &str) -> (Token, String) {
    let token = signing::order_token(&shop.settings, order);
    let url = format!("{}/{language}/order/{number}?t={}", shop.settings.public_url, token.0);
    (token, url)
}

/// The attempt of an order that is not final yet; there is one at most.
pub(super) async fn unfinished(db: &mut PgConnection, order: OrderId) -> Result<Option<Attempt>, Fault> {
    let row = sqlx::query!(
        r#"select id, request as "request: Json<OpenSession>", session_id, url, expires_at from payment_attempt
           where order_id = $1 and state in ('created', 'open', 'processing')"#,
        order.0
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Attempt {
        id: AttemptId(row.id),
        order,
        request: row.request.0,
        session_id: row.session_id,
        url: row.url,
        expires_at: row.expires_at,
    }))
}

/// Opens the payment page, or finds the one that is open.
pub(super) async fn open(shop: &Shop, attempt: &Attempt) -> Result<Opened, Fault> {
    if let (Some(_), Some(url)) = (&attempt.session_id, &attempt.url) {
        return Ok(Opened::Page(url.clone()));
    }
    match shop.payments.open_session(&attempt.request).await {
        Ok(session) => remember(shop, attempt.id, &session).await,
        // Its message may quote what somebody typed.
        Err(PaymentError::Refused { code, .. }) => {
            tracing::error!(attempt.id = %attempt.id, payment.code = code, "the payment service refused a session");
            finish(shop, attempt.id, "refused").await?;
            Ok(if code == "email_invalid" { Opened::EmailRefused } else { Opened::Refused })
        }
        Err(error) => {
            tracing::error!(attempt.id = %attempt.id, "no payment page: {error}");
            Ok(Opened::Unknown)
        }
    }
}

async fn remember(shop: &Shop, attempt: AttemptId, session: &Session) -> Result<Opened, Fault> {
    let state = sqlx::query_scalar!(
        "update payment_attempt
         set session_id = $2, url = coalesce($3, url), state = case when state = 'created' then 'open' else state end
         where id = $1 returning state",
        attempt.0,
        session.id,
        session.url
    )
    .fetch_optional(&shop.db)
    .await?;
    Ok(match (state.as_deref(), &session.url) {
        (Some("open"), Some(url)) => Opened::Page(url.clone()),
        _ => Opened::Closed,
    })
}

async fn finish(shop: &Shop, attempt: AttemptId, state: &str) -> Result<(), Fault> {
    sqlx::query!("update payment_attempt set state = $2 where id = $1 and state in ('created', 'open')", attempt.0, state)
        .execute(&shop.db)
        .await?;
    Ok(())
}

/// Closes the payment page before the order is changed or given up. A session that cannot be expired is looked
/// at: complete means that it is paid, or about to be.
pub(super) async fn close(shop: &Shop, attempt: &Attempt, now: OffsetDateTime) -> Result<Closed, Fault> {
    let session_id = match &attempt.session_id {
        Some(id) => id.clone(),
        None => match reopen(shop, attempt, now).await? {
            Some(id) => id,
            None if is_final(shop, attempt.id).await? => return Ok(Closed::ForGood),
            None => return Ok(Closed::Unknown),
        },
    };
    match shop.payments.expire_session(&session_id).await {
        Ok(_) => {
            finish(shop, attempt.id, "expired").await?;
            Ok(Closed::ForGood)
        }
        Err(PaymentError::Refused { .. }) => look(shop, attempt, &session_id, now).await,
        Err(error) => {
            tracing::warn!(attempt.id = %attempt.id, "a session could not be expired: {error}");
            Ok(Closed::Unknown)
        }
    }
}

async fn look(shop: &Shop, attempt: &Attempt, session_id: &str, now: OffsetDateTime) -> Result<Closed, Fault> {
    let session = match shop.payments.retrieve_session(session_id).await {
        Ok(session) => session,
        // Under other keys, say. Nobody can pay there any more.
        Err(PaymentError::Refused { .. }) if attempt.expires_at + GIVEN_UP_AFTER < now => {
            finish(shop, attempt.id, "expired").await?;
            let ended = is_final(shop, attempt.id).await?;
            return Ok(if ended { Closed::ForGood } else { Closed::Completed(Standing::Processing) });
        }
        Err(error) => {
            tracing::warn!(attempt.id = %attempt.id, "a session could not be looked at: {error}");
            return Ok(Closed::Unknown);
        }
    };
    match session.status {
        payments::SessionStatus::Complete => Ok(match settle::of_session(shop, &session, now).await? {
            settle::Settled::Order { standing, .. } => Closed::Completed(standing),
            settle::Settled::NotOurs => Closed::Unknown,
        }),
        payments::SessionStatus::Expired => {
            finish(shop, attempt.id, "expired").await?;
            Ok(Closed::ForGood)
        }
        payments::SessionStatus::Open => Ok(Closed::Unknown),
    }
}

/// Learns the session of an attempt whose opening nobody heard the end of: the same request again gives the same
/// session, or the service refuses it, which proves that there is none.
async fn reopen(shop: &Shop, attempt: &Attempt, now: OffsetDateTime) -> Result<Option<String>, Fault> {
    match open(shop, attempt).await? {
        Opened::Page(_) | Opened::Closed | Opened::Refused | Opened::EmailRefused => {}
        // A session that nobody completed in its time has expired by itself, whether or not there ever was one.
        Opened::Unknown if attempt.expires_at + GIVEN_UP_AFTER < now => finish(shop, attempt.id, "expired").await?,
        Opened::Unknown => {}
    }
    Ok(sqlx::query_scalar!("select session_id from payment_attempt where id = $1", attempt.id.0).fetch_optional(&shop.db).await?.flatten())
}

/// How long after its end an attempt that nothing could be learnt of counts as expired. A payment that turns up
/// later still finds its order.
const GIVEN_UP_AFTER: time::Duration = time::Duration::hours(24);

async fn is_final(shop: &Shop, attempt: AttemptId) -> Result<bool, Fault> {
    let state = sqlx::query_scalar!("select state from payment_attempt where id = $1", attempt.0).fetch_optional(&shop.db).await?;
    Ok(matches!(state.as_deref(), Some("refused" | "expired" | "failed")))
}

/// The attempt a session belongs to: by its id, or, when the answer that told it was lost, by the reference we sent.
pub(super) async fn of_session(db: &mut PgConnection, session: &Session) -> Result<Option<(AttemptId, OrderId)>, Fault> {
    let reference = session.client_reference.as_deref().and_then(|r| r.parse::<Uuid>().ok());
    let row = sqlx::query!(
        "select id, order_id from payment_attempt where session_id = $1 or (session_id is null and id = $2)",
        session.id,
        reference
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (AttemptId(row.id), OrderId(row.order_id))))
}
