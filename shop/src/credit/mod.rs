//! Store credit. Whoever knows a code may pay with it; every change of a balance is an entry of an append-only ledger.
//! An order holds its part as it holds its stock, in the same transaction, and spends it when it is paid. The credit's
//! row is locked after everything else of an order.

mod gifts;

pub use gifts::{Credit, of_customer};
pub(crate) use gifts::{Gift, give, left_of_budget};

use crate::{Fault, Settings, new_id};
use domain::{
    Money,
    credit::read_code,
    ids::{CartId, OrderId, StaffId},
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// A credit that a shopper offers to pay with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Offer {
    pub(crate) id: Uuid,
    /// What this shopper's own unpaid order holds of it counts as available: nobody is blocked by themselves.
    pub(crate) available: Money,
}

/// Locks the credit of a typed code, and the one that the order it may replace holds: in id order.
pub(crate) async fn lock(db: &mut PgConnection, typed: &str, live: Option<OrderId>) -> Result<(), Fault> {
    sqlx::query!(
        "select id from store_credit
         where code = $1 or id = (select credit_id from store_credit_hold where order_id = $2) order by id for update",
        read_code(typed),
        live.map(|id| id.0)
    )
    .fetch_all(db)
    .await?;
    Ok(())
}

/// The credit behind a code that was typed into this cart's checkout.
pub(crate) async fn offer(db: &mut PgConnection, settings: &Settings, typed: &str, cart: CartId) -> Result<Option<Offer>, Fault> {
    let Some(code) = read_code(typed) else { return Ok(None) };
    let row = sqlx::query!(
        r#"select c.id, c.balance_minor + coalesce((
               select sum(h.minor) from store_credit_hold h join orders o on o.id = h.order_id
               where h.credit_id = c.id and h.state = 'held' and o.cart_id = $3 and o.state = 'placed' and o.payment_state = 'unpaid'
           ), 0)::bigint as "available!"
           from store_credit c where c.code = $1 and c.currency = $2"#,
        code,
        settings.currency.code(),
        cart.0
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Offer { id: row.id, available: Money::new(row.available, settings.currency) }))
}

/// Holds a part of a locked credit for an order.
pub(crate) async fn hold(db: &mut PgConnection, credit: Uuid, order: OrderId, money: Money, now: OffsetDateTime) -> Result<(), Fault> {
    sqlx::query!(
        "insert into store_credit_hold (order_id, credit_id, minor, state) values ($1, $2, $3, 'held')",
        order.0,
        credit,
        money.minor
    )
    .execute(&mut *db)
    .await?;
    enter(db, credit, "held", money.minor, order, None, now).await
}

struct Held {
    credit: Uuid,
    minor: i64,
    state: String,
    back: i64,
    balance: i64,
}

/// What an order holds or has spent, its credit locked. The order is locked already.
async fn held(db: &mut PgConnection, order: OrderId) -> Result<Option<Held>, Fault> {
    let held = sqlx::query_as!(
        Held,
        "select h.credit_id as credit, h.minor, h.state, h.back_minor as back, c.balance_minor as balance
         from store_credit_hold h join store_credit c on c.id = h.credit_id where h.order_id = $1 for update of c",
        order.0
    );
    Ok(held.fetch_optional(db).await?)
}

async fn set_state(db: &mut PgConnection, order: OrderId, state: &str) -> Result<(), Fault> {
    sqlx::query!("update store_credit_hold set state = $2 where order_id = $1", order.0, state).execute(db).await?;
    Ok(())
}

/// An order is paid: what it holds is spent; what it had let go of is taken again if it is still there. `false` when it
/// is not, and then nothing has changed.
pub(crate) async fn spend(db: &mut PgConnection, order: OrderId, now: OffsetDateTime) -> Result<bool, Fault> {
    let Some(held) = held(db, order).await? else { return Ok(true) };
    match held.state.as_str() {
        "spent" => return Ok(true),
        "released" if held.balance < held.minor => return Ok(false),
        "released" => enter(db, held.credit, "held", held.minor, order, None, now).await?,
        _ => {}
    }
    set_state(db, order, "spent").await?;
    enter(db, held.credit, "spent", held.minor, order, None, now).await?;
    Ok(true)
}

/// An order that is given up lets go of what it holds.
pub(crate) async fn release(db: &mut PgConnection, order: OrderId, now: OffsetDateTime) -> Result<(), Fault> {
    let Some(held) = held(db, order).await?.filter(|held| held.state == "held") else { return Ok(()) };
    set_state(db, order, "released").await?;
    enter(db, held.credit, "released", held.minor, order, None, now).await
}

/// What an order was paid with credit and has not got back; `None` when it was not. The order is locked.
pub(crate) async fn refundable(db: &mut PgConnection, order: OrderId) -> Result<Option<Money>, Fault> {
    let row = sqlx::query!(
        "select h.minor - h.back_minor as \"left!\", c.currency from store_credit_hold h join store_credit c on c.id = h.credit_id
         where h.order_id = $1 and h.state = 'spent'",
        order.0
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| Ok(Money::new(row.left, row.currency.parse().map_err(Fault::new)?))).transpose()
}

/// Gives back up to so much of what an order was paid with credit; says how much that was.
pub(crate) async fn give_back(
    db: &mut PgConnection,
    order: OrderId,
    most: i64,
    staff: Option<StaffId>,
    now: OffsetDateTime,
) -> Result<i64, Fault> {
    let Some(held) = held(db, order).await?.filter(|held| held.state == "spent") else { return Ok(0) };
    let part = most.min(held.minor - held.back);
    if part <= 0 {
        return Ok(0);
    }
    sqlx::query!("update store_credit_hold set back_minor = back_minor + $2 where order_id = $1", order.0, part).execute(&mut *db).await?;
    enter(db, held.credit, "given_back", part, order, staff, now).await?;
    Ok(part)
}

async fn enter(
    db: &mut PgConnection,
    credit: Uuid,
    kind: &str,
    minor: i64,
    order: OrderId,
    staff: Option<StaffId>,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    sqlx::query!(
        "insert into store_credit_entry (id, credit_id, kind, minor, order_id, staff_id, at) values ($1, $2, $3, $4, $5, $6, $7)",
        new_id(now),
        credit,
        kind,
        minor,
        order.0,
        staff.map(|id| id.0),
        now
    )
    .execute(db)
    .await?;
    Ok(())
}
