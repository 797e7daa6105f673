//! The poller and the sweep: what finds out when nobody told us, and what gives up when nobody pays.

use super::{
    attempt::{self, Attempt, Closed, Opened},
    refunds, settle,
};
use crate::{Fault, Outcome, Shop, jobs, orders, transaction};
use domain::{
    ids::OrderId,
    orders::{CancelReason, OrderState},
};
use time::{Duration, OffsetDateTime};

/// How long an attempt is left alone after it was made or looked at.
const EVERY: Duration = Duration::minutes(3);
/// A refund that succeeded is looked at so often, for as long as a bank may send it back.
const DAILY: Duration = Duration::days(1);
const MAY_STILL_FAIL: Duration = Duration::days(30);
/// How many are looked at in one call.
const BATCH: i64 = 50;

/// Asks the payment service about attempts and refunds that are not final yet; says how many it looked at.
///
/// # Errors
/// A fault only.
pub async fn reconcile(shop: &Shop, now: OffsetDateTime) -> Outcome<usize> {
    let orders = sqlx::query_scalar!(
        "update payment_attempt set checked_at = $1 where id in (
             select id from payment_attempt
             where state in ('created', 'open', 'processing') and greatest(created_at, checked_at) <= $2
             order by checked_at nulls first limit $3 for update skip locked)
         returning order_id",
        now,
        now - EVERY,
        BATCH
    )
    .fetch_all(&shop.db)
    .await?;
    for &order in &orders {
        if let Err(fault) = visit(shop, OrderId(order), now).await {
            tracing::warn!(order.id = %order, "a payment could not be looked at: {fault}");
        }
    }
    Ok(orders.len() + look_after_refunds(shop, now).await?)
}

async fn visit(shop: &Shop, order: OrderId, now: OffsetDateTime) -> Result<(), Fault> {
    let mut db = shop.db.acquire().await?;
    let Some(attempt) = attempt::unfinished(&mut db, order).await? else { return Ok(()) };
    let state = orders::state::of(&mut db, order).await?;
    drop(db);
    if state != OrderState::Placed {
        // Paid with another attempt, or over: nobody shall pay here any more.
        attempt::close(shop, &attempt, now).await?;
        return Ok(());
    }
    let session = match (&attempt.session_id, attempt::open(shop, &attempt).await?) {
        (Some(id), _) => id.clone(),
        (None, Opened::Page(_) | Opened::Closed) => match session_of(shop, &attempt).await? {
            Some(id) => id,
            None => return Ok(()),
        },
        (None, Opened::Refused | Opened::EmailRefused | Opened::Unknown) => return Ok(()),
    };
    let session = shop.payments.retrieve_session(&session).await.map_err(Fault::new)?;
    settle::of_session(shop, &session, now).await?;
    Ok(())
}

async fn session_of(shop: &Shop, attempt: &Attempt) -> Result<Option<String>, Fault> {
    Ok(sqlx::query_scalar!("select session_id from payment_attempt where id = $1", attempt.id.0).fetch_one(&shop.db).await?)
}

async fn look_after_refunds(shop: &Shop, now: OffsetDateTime) -> Result<usize, Fault> {
    let pending = sqlx::query_scalar!(
        r#"update refund set updated_at = $1 where id in (
               select id from refund
               where refund_id is not null
                 and (state = 'pending' and updated_at <= $2 or state = 'succeeded' and updated_at <= $3 and created_at > $4)
               order by updated_at limit $5 for update skip locked)
           returning refund_id as "id!""#,
        now,
        now - EVERY,
        now - DAILY,
        now - MAY_STILL_FAIL,
        BATCH
    )
    .fetch_all(&shop.db)
    .await?;
    for id in &pending {
        match shop.payments.retrieve_refund(id).await {
            Ok(refund) => refunds::learn_alone(shop, &refund, now).await?,
            Err(error) => tracing::warn!(refund.id = id, "a refund could not be looked at: {error}"),
        }
    }
    Ok(pending.len())
}

/// Closes the payment pages of orders whose time is over and gives their stock back; says how many. Those that
/// cannot be given up now go to the end of the queue.
///
/// # Errors
/// A fault only.
pub async fn sweep_expired(shop: &Shop, now: OffsetDateTime) -> Outcome<usize> {
    let over = sqlx::query_scalar!(
        r#"with over as (
               select o.id from orders o
               left join payment_attempt a on a.order_id = o.id and a.state in ('created', 'open', 'processing')
               where o.state = 'placed' and o.reserved_until <= $1 order by a.checked_at nulls first, o.reserved_until limit $2
           ), looked_at as (
               update payment_attempt a set checked_at = $1 from over where a.order_id = over.id and a.state in ('created', 'open', 'processing')
           )
           select id from over"#,
        now,
        BATCH
    )
    .fetch_all(&shop.db)
    .await?;
    let mut swept = 0;
    for order in over {
        match give_up(shop, OrderId(order), now).await {
            Ok(true) => swept += 1,
            Ok(false) => {}
            Err(fault) => tracing::warn!(order.id = %order, "an unpaid order could not be given up: {fault}"),
        }
    }
    Ok(swept)
}

/// The session first, then the stock: whoever pays at the last moment is served.
async fn give_up(shop: &Shop, order: OrderId, now: OffsetDateTime) -> Result<bool, Fault> {
    let mut db = shop.db.acquire().await?;
    let unfinished = attempt::unfinished(&mut db, order).await?;
    drop(db);
    let mut reason = CancelReason::Expired;
    if let Some(attempt) = unfinished {
        match attempt::close(shop, &attempt, now).await? {
            Closed::ForGood => {}
            // Held for as long as delayed payments take, and nothing came.
            Closed::Completed(settle::Standing::Processing) if fail_overdue(shop, &attempt, now).await? => {
                reason = CancelReason::PaymentFailed;
            }
            Closed::Completed(_) | Closed::Unknown => return Ok(false),
        }
    }
    let mut db = transaction::begin(&shop.db).await?;
    let order = orders::state::lock(&mut db, order).await?;
    let still = order.state == OrderState::Placed && attempt::unfinished(&mut db, order.id).await?.is_none();
    if still {
        orders::cancel_unpaid(&mut db, order.id, reason, now).await?;
        if reason == CancelReason::PaymentFailed {
            jobs::enqueue_letter(&mut db, "payment.failed", order.id, now).await?;
        }
        orders::state::derive_payment(&mut db, order.id).await?;
        db.commit().await?;
    }
    Ok(still)
}

/// `false` when its time has only begun: the session turned out to be completed just now.
async fn fail_overdue(shop: &Shop, attempt: &Attempt, now: OffsetDateTime) -> Result<bool, Fault> {
    let failed = sqlx::query!(
        "update payment_attempt a set state = 'failed' from orders o
         where a.id = $1 and a.state = 'processing' and o.id = a.order_id and o.reserved_until <= $2",
        attempt.id.0,
        now
    )
    .execute(&shop.db)
    .await?;
    Ok(failed.rows_affected() > 0)
}
