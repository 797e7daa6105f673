//! Sending a queued refund: always under the key of its row, and never while a bank decides about the payment.

use super::news;
use crate::{Fault, Shop, orders, transaction};
use domain::ids::OrderId;
use payments::{PaymentError, RefundReason, RefundRequest};
use time::OffsetDateTime;
use uuid::Uuid;

/// Sends a queued refund. A second run first looks whether the first one got through: the idempotency key is
/// remembered for a day only.
pub(crate) async fn send(shop: &Shop, id: Uuid, again: bool, now: OffsetDateTime) -> Result<(), Fault> {
    let row = sqlx::query!(
        r#"select r.order_id, r.idempotency_key, r.minor, r.currency, r.state, a.payment_intent,
                  exists (select from dispute d where d.attempt_id = a.id and d.state = 'open') as "disputed!"
           from refund r join payment_attempt a on a.id = r.attempt_id where r.id = $1"#,
        id
    )
    .fetch_one(&shop.db)
    .await?;
    if row.state != "queued" {
        return Ok(());
    }
    let payment_intent = row.payment_intent.ok_or_else(|| Fault::new("a payment without an id cannot be refunded"))?;
    if again {
        let sent = shop.payments.refunds_of(&payment_intent).await.map_err(Fault::new)?;
        if let Some(refund) = sent.iter().find(|r| r.reference.as_deref() == Some(&id.to_string())) {
            return news::learn_alone(shop, refund, now).await;
        }
    }
    if row.disputed {
        return Err(Fault::new("the payment is disputed: the refund waits for the bank"));
    }
    let request = RefundRequest {
        idempotency_key: row.idempotency_key,
        payment_intent,
        amount_minor: row.minor,
        currency: row.currency,
        reason: Some(RefundReason::RequestedByCustomer),
        reference: id.to_string(),
    };
    match shop.payments.refund(&request).await {
        Ok(refund) => news::learn_alone(shop, &refund, now).await,
        Err(PaymentError::Refused { code, .. }) => refused(shop, id, OrderId(row.order_id), &request, &code, now).await,
        Err(error) => Err(Fault::new(error)),
    }
}

/// The service said no. Perhaps somebody gave the money back in its dashboard: whatever it knows is learnt first.
async fn refused(shop: &Shop, id: Uuid, order: OrderId, request: &RefundRequest, code: &str, now: OffsetDateTime) -> Result<(), Fault> {
    let elsewhere = shop.payments.refunds_of(&request.payment_intent).await.map_err(Fault::new)?;
    let mut db = transaction::begin(&shop.db).await?;
    let order = orders::state::lock(&mut db, order).await?.id;
    for refund in &elsewhere {
        news::learn(&mut db, refund, now).await?;
    }
    let failed = sqlx::query!("update refund set state = 'failed', updated_at = $2 where id = $1 and state = 'queued'", id, now)
        .execute(&mut *db)
        .await?;
    if failed.rows_affected() > 0 {
        news::fail(&mut db, id, order, code, now).await?;
    }
    db.commit().await?;
    Ok(())
}
