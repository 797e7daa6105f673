//! The ground of every step an order takes: its row is locked first, its state moves only where `domain` allows,
//! and where its money is follows from the ledger.

use crate::{Fault, new_id};
use domain::{
    Money,
    ids::{AttemptId, CartId, OrderId},
    orders::{CancelReason, OrderState, PaymentState},
};
use sqlx::PgConnection;
use time::OffsetDateTime;

/// An order whose row is locked until the transaction ends, and its cart's row before it.
#[derive(Debug, Clone)]
pub(crate) struct Locked {
    pub(crate) id: OrderId,
    pub(crate) number: String,
    pub(crate) cart: Option<CartId>,
    pub(crate) state: OrderState,
    pub(crate) payment: PaymentState,
    pub(crate) cancelled_because: Option<CancelReason>,
    pub(crate) method: String,
    pub(crate) backordered: bool,
}

fn unknown<T>(found: Option<T>) -> Result<T, Fault> {
    found.ok_or_else(|| Fault::new("an order in a state of another version"))
}

/// Locks the cart, then the order: everybody does it in this order.
pub(crate) async fn lock(db: &mut PgConnection, id: OrderId) -> Result<Locked, Fault> {
    sqlx::query!("select c.id from cart c join orders o on o.cart_id = c.id where o.id = $1 for update of c", id.0)
        .fetch_optional(&mut *db)
        .await?;
    let row = sqlx::query!(
        "select id, number, cart_id, state, payment_state, cancelled_because, method_code, backordered from orders where id = $1 for update",
        id.0
    )
    .fetch_one(db)
    .await?;
    Ok(Locked {
        id: OrderId(row.id),
        number: row.number,
        cart: row.cart_id.map(CartId),
        state: unknown(OrderState::from_code(&row.state))?,
        payment: unknown(PaymentState::from_code(&row.payment_state))?,
        cancelled_because: row.cancelled_because.as_deref().and_then(CancelReason::from_code),
        method: row.method_code,
        backordered: row.backordered,
    })
}

pub(crate) async fn lock_by_number(db: &mut PgConnection, number: &str) -> Result<Option<Locked>, Fault> {
    match sqlx::query_scalar!("select id from orders where number = $1", number).fetch_optional(&mut *db).await? {
        Some(id) => lock(db, OrderId(id)).await.map(Some),
        None => Ok(None),
    }
}

pub(crate) async fn of(db: &mut PgConnection, id: OrderId) -> Result<OrderState, Fault> {
    let state = sqlx::query_scalar!("select state from orders where id = $1", id.0).fetch_one(db).await?;
    unknown(OrderState::from_code(&state))
}

/// Moves a locked order to its next state and notes when.
pub(crate) async fn advance(
    db: &mut PgConnection,
    order: &Locked,
    next: OrderState,
    because: Option<CancelReason>,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    if !order.state.may_become(next) {
        return Err(Fault::new(format!("an order that is {:?} cannot become {next:?}", order.state)));
    }
    sqlx::query!(
        "update orders set state = $2, cancelled_because = $3,
             paid_at = case when $2 = 'paid' then $4 else paid_at end,
             packed_at = case when $2 in ('packed', 'shipped') then coalesce(packed_at, $4) else packed_at end,
             shipped_at = case when $2 = 'shipped' then $4 else shipped_at end,
             delivered_at = case when $2 = 'delivered' then $4 else delivered_at end,
             cancelled_at = case when $2 = 'cancelled' then $4 end
         where id = $1",
        order.id.0,
        next.code(),
        because.map(CancelReason::code),
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Books money that moved, once a reference of the payment service.
pub(crate) async fn book(
    db: &mut PgConnection,
    order: OrderId,
    attempt: AttemptId,
    kind: &str,
    money: Money,
    reference: &str,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    sqlx::query!(
        "insert into payment_ledger (id, order_id, attempt_id, kind, minor, currency, reference, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (kind, reference) do nothing",
        new_id(now),
        order.0,
        attempt.0,
        kind,
        money.minor,
        money.currency.code(),
        reference,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Where the money of an order is, from both ledgers, its attempts and its disputes.
pub(crate) async fn derive_payment(db: &mut PgConnection, order: OrderId) -> Result<(), Fault> {
    sqlx::query!(
        "update orders o set payment_state = case
             when exists (select from dispute d where d.order_id = o.id and d.state = 'open') then 'disputed'
             when exists (select from dispute d where d.order_id = o.id and d.state = 'lost') then 'charged_back'
             when o.total_minor = 0 then 'paid'
             when m.captured > 0 and m.back >= m.captured then 'refunded'
             when m.captured > 0 and m.back > 0 then 'part_refunded'
             when o.credit_minor = o.total_minor and m.captured > 0 then 'paid'
             when exists (select from payment_attempt a where a.order_id = o.id and a.state = 'paid') then 'paid'
             when exists (select from payment_attempt a where a.order_id = o.id and a.state = 'processing') then 'processing'
             else 'unpaid' end
         from (select coalesce(sum(minor) filter (where kind = 'capture'), 0) + coalesce(sum(credit), 0) as captured,
                      coalesce(-sum(minor) filter (where kind in ('refund', 'refund_reversed')), 0) + coalesce(sum(credit_back), 0) as back
               from (select kind, minor, 0 as credit, 0 as credit_back from payment_ledger where order_id = $1
                     union all
                     select 'credit', 0, minor, back_minor from store_credit_hold where order_id = $1 and state = 'spent') moved) m
         where o.id = $1",
        order.0
    )
    .execute(db)
    .await?;
    Ok(())
}
