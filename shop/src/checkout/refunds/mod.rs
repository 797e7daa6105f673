//! Giving money back. A refund is a row before it is a request: the sum is checked under the order's lock, a job
//! sends it with its own idempotency key, and the ledger books what the payment service says of it. Each is a promise,
//! and one that fails stays a debt until it is sent again or settled in another way.

mod news;
mod send;

use super::write_order::amount;
use crate::{Actor, Failure, Fault, Outcome, Shop, audit, credit, events, jobs, new_id, orders, promises, transaction};
use domain::{
    Money,
    ids::{AttemptId, OrderId, StaffId},
    orders::PaymentState,
};
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

pub(super) use news::{learn, learn_alone};
pub(crate) use send::send;

/// Why money is not given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefundRefusal {
    #[error("only staff may refund")]
    NotAllowed,
    #[error("there is no such order")]
    NoSuchOrder,
    #[error("nothing was paid for this order")]
    NotPaid,
    #[error("at most {most:?} can be given back")]
    TooMuch { most: Money },
    #[error("the payment is disputed: the bank decides")]
    Disputed,
    #[error("no refund of this order has failed")]
    NothingFailed,
}

type Asked<T = ()> = Outcome<T, RefundRefusal>;

fn refuse<T>(refusal: RefundRefusal) -> Asked<T> {
    Err(Failure::Refused(refusal))
}

/// Queues a refund; a job sends it.
///
/// # Errors
/// More than is left of the payment, or a payment that cannot be refunded.
pub async fn request_refund(shop: &Shop, actor: &Actor, number: &str, money: Money, reason: &str, now: OffsetDateTime) -> Asked {
    let mut db = transaction::begin(&shop.db).await?;
    let order = lock(&mut db, actor, number).await?;
    request_within(&mut db, actor, number, money, reason, now).await?;
    let detail = json!({ "number": number, "minor": money.minor, "currency": money.currency.code(), "reason": reason });
    audit::record(&mut db, actor, "order.refunded", Some(order.0), detail, now).await?;
    db.commit().await?;
    Ok(())
}

/// The same inside an intent that has more to do; answers the id of the card's refund. What was paid by card goes back
/// first, up to what the card paid; the rest goes back to the credit that paid it.
pub(crate) async fn request_within(
    db: &mut PgConnection,
    actor: &Actor,
    number: &str,
    money: Money,
    reason: &str,
    now: OffsetDateTime,
) -> Asked<Option<Uuid>> {
    let order = lock(db, actor, number).await?;
    let Some(most) = most_refundable(db, order).await? else { return refuse(RefundRefusal::NotPaid) };
    if money.currency != most.currency || money.minor <= 0 || money.minor > most.minor {
        return refuse(RefundRefusal::TooMuch { most });
    }
    Ok(queue_split(db, order, money, reason, actor.staff(), now).await?)
}

/// The most that one refund of this order can give back now; `None` when nothing was ever paid.
pub(crate) async fn most_refundable(db: &mut PgConnection, order: OrderId) -> Result<Option<Money>, Fault> {
    let by_card = left_of_attempts(db, order).await?.into_iter().map(|(_, left)| left).max_by_key(|left| left.minor);
    let by_credit = credit::refundable(db, order).await?;
    Ok(match (by_card, by_credit) {
        (Some(card), Some(credit)) => Some(card.plus(credit).map_err(Fault::new)?),
        (card, credit) => card.or(credit),
    })
}

/// A sum that is no more than is left, by card first.
async fn queue_split(
    db: &mut PgConnection,
    order: OrderId,
    money: Money,
    reason: &str,
    staff: Option<StaffId>,
    now: OffsetDateTime,
) -> Result<Option<Uuid>, Fault> {
    let left = left_of_attempts(db, order).await?;
    let card = left.into_iter().max_by_key(|(_, left)| left.minor).filter(|(_, left)| left.minor > 0);
    let by_card = card.map_or(0, |(_, left)| left.minor.min(money.minor));
    let refund = match card {
        Some((attempt, _)) => Some(queue(db, order, attempt, Money::new(by_card, money.currency), reason, now).await?),
        None => None,
    };
    back_to_credit(db, order, money.minor - by_card, staff, now).await?;
    Ok(refund)
}

/// Gives up to so much back to the credit that paid a part of the order; says whether that is anything.
async fn back_to_credit(
    db: &mut PgConnection,
    order: OrderId,
    most: i64,
    staff: Option<StaffId>,
    now: OffsetDateTime,
) -> Result<bool, Fault> {
    let part = credit::give_back(db, order, most, staff, now).await?;
    if part > 0 {
        events::record(db, "credit.given_back", order.0, json!({ "minor": part }), now).await?;
        orders::state::derive_payment(db, order).await?;
    }
    Ok(part > 0)
}

/// Sends every refund of an order that failed once more, under a key of its own: the service said no to the old one.
///
/// # Errors
/// None failed, or the payment cannot be refunded.
pub async fn refund_again(shop: &Shop, actor: &Actor, number: &str, now: OffsetDateTime) -> Asked {
    let mut db = transaction::begin(&shop.db).await?;
    let order = lock(&mut db, actor, number).await?;
    let failed = sqlx::query!(
        "select id, attempt_id, minor, currency, reason from refund
         where order_id = $1 and state = 'failed' and sent_again_as is null and settled_at is null",
        order.0
    )
    .fetch_all(&mut *db)
    .await?;
    if failed.is_empty() {
        return refuse(RefundRefusal::NothingFailed);
    }
    for old in failed {
        let attempt = AttemptId(old.attempt_id);
        let left = left_of_attempts(&mut db, order).await?.into_iter().find(|(id, _)| *id == attempt);
        let money = amount(old.minor, &old.currency)?;
        match left {
            Some((_, most)) if most.minor < money.minor => return refuse(RefundRefusal::TooMuch { most }),
            Some(_) => {}
            None => return refuse(RefundRefusal::NotPaid),
        }
        let again = queue(&mut db, order, attempt, money, &old.reason, now).await?;
        sqlx::query!("update refund set sent_again_as = $2 where id = $1", old.id, again).execute(&mut *db).await?;
    }
    audit::record(&mut db, actor, "refund.sent_again", Some(order.0), json!({ "number": number }), now).await?;
    db.commit().await?;
    Ok(())
}

/// Notes that the buyer got the money of every failed refund in another way, and how.
///
/// # Errors
/// None failed.
pub async fn settle_by_hand(shop: &Shop, actor: &Actor, number: &str, how: &str, now: OffsetDateTime) -> Asked {
    let mut db = transaction::begin(&shop.db).await?;
    let order = lock(&mut db, actor, number).await?;
    let settled = sqlx::query_scalar!(
        "update refund set settled_at = $2, settled_how = $3
         where order_id = $1 and state = 'failed' and sent_again_as is null and settled_at is null returning id",
        order.0,
        now,
        how
    )
    .fetch_all(&mut *db)
    .await?;
    if settled.is_empty() {
        return refuse(RefundRefusal::NothingFailed);
    }
    events::record(&mut db, "refund.settled", order.0, json!({ "how": how }), now).await?;
    audit::record(&mut db, actor, "refund.settled", Some(order.0), json!({ "number": number, "how": how }), now).await?;
    db.commit().await?;
    Ok(())
}

/// The order, locked, if this actor may give its money back and no bank is deciding about it.
async fn lock(db: &mut PgConnection, actor: &Actor, number: &str) -> Asked<OrderId> {
    if !actor.may_move_orders() {
        return refuse(RefundRefusal::NotAllowed);
    }
    match orders::state::lock_by_number(db, number).await? {
        None => refuse(RefundRefusal::NoSuchOrder),
        Some(order) if order.payment == PaymentState::Disputed => refuse(RefundRefusal::Disputed),
        Some(order) => Ok(order.id),
    }
}

/// Queues whatever is left of every payment of an order; says whether that is anything.
pub(crate) async fn queue_all(db: &mut PgConnection, order: OrderId, reason: &str, now: OffsetDateTime) -> Result<bool, Fault> {
    let left = left_of_attempts(db, order).await?;
    for (attempt, _) in &left {
        queue_rest(db, order, *attempt, reason, now).await?;
    }
    let to_credit = back_to_credit(db, order, i64::MAX, None, now).await?;
    Ok(to_credit || left.iter().any(|(_, left)| left.minor > 0))
}

/// Queues a part of what was paid, as far as so much is left; says how much that is.
pub(crate) async fn queue_part(
    db: &mut PgConnection,
    order: OrderId,
    money: Money,
    reason: &str,
    now: OffsetDateTime,
) -> Result<Option<Money>, Fault> {
    let Some(most) = most_refundable(db, order).await? else { return Ok(None) };
    let part = Money::new(money.minor.min(most.minor), most.currency);
    if part.minor <= 0 || most.currency != money.currency {
        return Ok(None);
    }
    queue_split(db, order, part, reason, None, now).await?;
    Ok(Some(part))
}

/// Queues whatever is left of one payment.
pub(super) async fn queue_rest(
    db: &mut PgConnection,
    order: OrderId,
    attempt: AttemptId,
    reason: &str,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let left = left_of_attempts(db, order).await?;
    if let Some((_, money)) = left.into_iter().find(|(id, left)| *id == attempt && left.minor > 0) {
        queue(db, order, attempt, money, reason, now).await?;
    }
    Ok(())
}

/// What was captured with each attempt, less what is on its way back, was settled by hand, or was taken by a bank. The
/// order is locked.
async fn left_of_attempts(db: &mut PgConnection, order: OrderId) -> Result<Vec<(AttemptId, Money)>, Fault> {
    let rows = sqlx::query!(
        r#"select l.attempt_id as "attempt!", l.currency, greatest(0, l.minor
               - coalesce((select sum(minor) from refund r
                           where r.attempt_id = l.attempt_id and (r.state <> 'failed' or r.settled_at is not null)), 0)
               + coalesce((select sum(minor) from payment_ledger d
                           where d.attempt_id = l.attempt_id and d.kind in ('dispute', 'dispute_reversed')), 0))::bigint as "left!"
           from payment_ledger l where l.order_id = $1 and l.kind = 'capture' and l.attempt_id is not null"#,
        order.0
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(|r| Ok((AttemptId(r.attempt), amount(r.left, &r.currency)?))).collect()
}

async fn queue(
    db: &mut PgConnection,
    order: OrderId,
    attempt: AttemptId,
    money: Money,
    reason: &str,
    now: OffsetDateTime,
) -> Result<Uuid, Fault> {
    let id = new_id(now);
    sqlx::query!(
        "insert into refund (id, order_id, attempt_id, idempotency_key, minor, currency, reason, state, created_at, updated_at)
         select $1, $2, $3, 'order:' || $2::uuid::text || ':refund:' || (count(*) + 1)::text, $4, $5, $6, 'queued', $7, $7
         from refund where order_id = $2",
        id,
        order.0,
        attempt.0,
        money.minor,
        money.currency.code(),
        reason,
        now
    )
    .execute(&mut *db)
    .await?;
    promises::make_refund(db, id, now).await?;
    events::record(db, "refund.queued", order.0, json!({ "minor": money.minor }), now).await?;
    jobs::enqueue(db, "refund.send", &format!("refund:{id}"), json!({ "refund": id }), now).await?;
    Ok(id)
}
