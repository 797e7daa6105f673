//! Stock: holding it for an order being paid, giving it back, allocating and shipping it. Level rows are locked in
//! id order before anything of theirs changes, reservations included, and every change is a movement with its cause.

use crate::{Fault, new_id};
use domain::ids::OrderId;
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// So many of a variant, for an order.
#[derive(Debug, Clone, Copy)]
struct Move {
    order: Uuid,
    variant: Uuid,
    quantity: i32,
}

/// What a movement does to a level, in units a piece.
#[derive(Debug, Clone, Copy, Default)]
struct Shift {
    on_hand: i32,
    allocated: i32,
    reserved: i32,
}

const RESERVE: Shift = Shift { on_hand: 0, allocated: 0, reserved: 1 };
const RELEASE: Shift = Shift { on_hand: 0, allocated: 0, reserved: -1 };
const ALLOCATE_HELD: Shift = Shift { on_hand: 0, allocated: 1, reserved: -1 };
const ALLOCATE_FREE: Shift = Shift { on_hand: 0, allocated: 1, reserved: 0 };
const DEALLOCATE: Shift = Shift { on_hand: 0, allocated: -1, reserved: 0 };
const SHIP: Shift = Shift { on_hand: -1, allocated: -1, reserved: 0 };

/// Locks the levels in id order and gives back what lapsed reservations held on them.
pub(crate) async fn lock(db: &mut PgConnection, variants: &[Uuid], now: OffsetDateTime) -> Result<(), Fault> {
    lock_levels(db, variants).await?;
    take_back(db, variants, OrderId(Uuid::nil()), now).await
}

async fn lock_levels(db: &mut PgConnection, variants: &[Uuid]) -> Result<(), Fault> {
    sqlx::query!("select variant_id from stock_level where variant_id = any($1) order by variant_id for update", variants)
        .fetch_all(db)
        .await?;
    Ok(())
}

/// Gives back what the lapsed reservations of all orders but `except` hold.
async fn take_back(db: &mut PgConnection, variants: &[Uuid], except: OrderId, now: OffsetDateTime) -> Result<(), Fault> {
    let lapsed = sqlx::query_as!(
        Move,
        "update stock_reservation set state = 'released'
         where variant_id = any($1) and state = 'held' and expires_at <= $2 and order_id <> $3
         returning order_id as \"order\", variant_id as variant, quantity",
        variants,
        now,
        except.0
    )
    .fetch_all(&mut *db)
    .await?;
    shift(db, "release", RELEASE, &lapsed, now).await?;
    announce(db, &lapsed, now).await
}

/// Holds the quantities (one entry a variant) for an order until `until`; `false` when something is not left.
/// The levels are locked already.
pub(crate) async fn reserve(
    db: &mut PgConnection,
    order: OrderId,
    wanted: &[(Uuid, i32)],
    until: OffsetDateTime,
    now: OffsetDateTime,
) -> Result<bool, Fault> {
    let moves: Vec<Move> = wanted.iter().map(|&(variant, quantity)| Move { order: order.0, variant, quantity }).collect();
    if !all_free(db, &moves).await? {
        return Ok(false);
    }
    let (variants, quantities) = columns(&moves);
    sqlx::query!(
        "insert into stock_reservation (order_id, variant_id, quantity, state, expires_at)
         select $1, w.variant, w.quantity, 'held', $4 from unnest($2::uuid[], $3::int[]) as w (variant, quantity)",
        order.0,
        &variants,
        &quantities,
        until
    )
    .execute(&mut *db)
    .await?;
    shift(db, "reserve", RESERVE, &moves, now).await?;
    announce(db, &moves, now).await?;
    Ok(true)
}

/// Holds on to what an order has reserved; `false` when some of it lapsed already.
pub(crate) async fn extend(db: &mut PgConnection, order: OrderId, until: OffsetDateTime, now: OffsetDateTime) -> Result<bool, Fault> {
    let reserved = lock_order(db, order, now).await?;
    if reserved.iter().any(|r| r.state != "held") {
        return Ok(false);
    }
    sqlx::query!(
        "update stock_reservation set expires_at = greatest(expires_at, $2) where order_id = $1 and state = 'held'",
        order.0,
        until
    )
    .execute(&mut *db)
    .await?;
    Ok(true)
}

/// Gives a paid order its goods: those it holds, and again those that lapsed if they are still to be had. All or
/// nothing: `false` changes nothing.
pub(crate) async fn allocate(db: &mut PgConnection, order: OrderId, now: OffsetDateTime) -> Result<bool, Fault> {
    let reserved = lock_order(db, order, now).await?;
    let held = of_state(&reserved, order, "held");
    let lapsed = of_state(&reserved, order, "released");
    if !all_free(db, &lapsed).await? {
        return Ok(false);
    }
    shift(db, "allocate", ALLOCATE_HELD, &held, now).await?;
    shift(db, "allocate", ALLOCATE_FREE, &lapsed, now).await?;
    set_state(db, order, "allocated", &["held", "released"]).await?;
    announce(db, &lapsed, now).await?;
    Ok(true)
}

/// Gives back whatever an order holds or was allocated and has not been shipped.
pub(crate) async fn release(db: &mut PgConnection, order: OrderId, now: OffsetDateTime) -> Result<(), Fault> {
    let reserved = lock_order(db, order, now).await?;
    let held = of_state(&reserved, order, "held");
    let allocated = of_state(&reserved, order, "allocated");
    shift(db, "release", RELEASE, &held, now).await?;
    shift(db, "deallocate", DEALLOCATE, &allocated, now).await?;
    set_state(db, order, "released", &["held", "allocated"]).await?;
    announce(db, &[held, allocated].concat(), now).await
}

/// What was allocated leaves the house.
pub(crate) async fn ship(db: &mut PgConnection, order: OrderId, now: OffsetDateTime) -> Result<(), Fault> {
    let reserved = lock_order(db, order, now).await?;
    shift(db, "ship", SHIP, &of_state(&reserved, order, "allocated"), now).await?;
    set_state(db, order, "shipped", &["allocated"]).await
}

struct Reserved {
    variant: Uuid,
    quantity: i32,
    state: String,
}

/// Locks the levels an order needs and reads what it has; what it still holds does not lapse under its own hands.
async fn lock_order(db: &mut PgConnection, order: OrderId, now: OffsetDateTime) -> Result<Vec<Reserved>, Fault> {
    let variants = sqlx::query_scalar!("select variant_id from stock_reservation where order_id = $1", order.0).fetch_all(&mut *db).await?;
    lock_levels(db, &variants).await?;
    take_back(db, &variants, order, now).await?;
    let reserved = sqlx::query_as!(
        Reserved,
        "select variant_id as variant, quantity, state from stock_reservation where order_id = $1 order by variant_id",
        order.0
    )
    .fetch_all(db)
    .await?;
    Ok(reserved)
}

fn of_state(reserved: &[Reserved], order: OrderId, state: &str) -> Vec<Move> {
    reserved.iter().filter(|r| r.state == state).map(|r| Move { order: order.0, variant: r.variant, quantity: r.quantity }).collect()
}

async fn set_state(db: &mut PgConnection, order: OrderId, state: &str, from: &[&str]) -> Result<(), Fault> {
    let from: Vec<String> = from.iter().map(|&s| s.to_owned()).collect();
    sqlx::query!("update stock_reservation set state = $2 where order_id = $1 and state = any($3)", order.0, state, &from)
        .execute(db)
        .await?;
    Ok(())
}

async fn all_free(db: &mut PgConnection, wanted: &[Move]) -> Result<bool, Fault> {
    let (variants, quantities) = columns(wanted);
    let free = sqlx::query_scalar!(
        "select count(*) as \"count!\" from unnest($1::uuid[], $2::int[]) as w (variant, quantity)
         join stock_level s on s.variant_id = w.variant where s.unlimited or s.available >= w.quantity",
        &variants,
        &quantities
    )
    .fetch_one(db)
    .await?;
    Ok(usize::try_from(free) == Ok(wanted.len()))
}

/// Changes the levels and writes down why.
async fn shift(db: &mut PgConnection, kind: &str, shift: Shift, moves: &[Move], now: OffsetDateTime) -> Result<(), Fault> {
    if moves.is_empty() {
        return Ok(());
    }
    let (variants, quantities) = columns(moves);
    sqlx::query!(
        "update stock_level s
         set on_hand = on_hand + $3 * m.quantity, allocated = allocated + $4 * m.quantity, reserved = reserved + $5 * m.quantity
         from (select variant, sum(quantity)::int as quantity from unnest($1::uuid[], $2::int[]) as w (variant, quantity) group by variant) m
         where s.variant_id = m.variant",
        &variants,
        &quantities,
        shift.on_hand,
        shift.allocated,
        shift.reserved
    )
    .execute(&mut *db)
    .await?;
    let ids: Vec<Uuid> = moves.iter().map(|_| new_id(now)).collect();
    let orders: Vec<Uuid> = moves.iter().map(|m| m.order).collect();
    sqlx::query!(
        "insert into stock_movement (id, variant_id, kind, quantity, order_id, at)
         select m.id, m.variant, $5, m.quantity, m.of_order, $6
         from unnest($1::uuid[], $2::uuid[], $3::int[], $4::uuid[]) as m (id, variant, quantity, of_order)",
        &ids,
        &variants,
        &quantities,
        &orders,
        kind,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

fn columns(moves: &[Move]) -> (Vec<Uuid>, Vec<i32>) {
    moves.iter().map(|m| (m.variant, m.quantity)).unzip()
}

/// Tells every node whose availability changed: one event a product, for that is what pages are cached by.
async fn announce(db: &mut PgConnection, moves: &[Move], now: OffsetDateTime) -> Result<(), Fault> {
    if moves.is_empty() {
        return Ok(());
    }
    let (variants, _) = columns(moves);
    let products = sqlx::query_scalar!("select distinct product_id from variant where id = any($1)", &variants).fetch_all(&mut *db).await?;
    let ids: Vec<Uuid> = products.iter().map(|_| new_id(now)).collect();
    sqlx::query!(
        "insert into event (id, kind, subject, payload, at)
         select e.id, 'stock.changed', e.product, $3, $4 from unnest($1::uuid[], $2::uuid[]) as e (id, product)",
        &ids,
        &products,
        json!({}),
        now
    )
    .execute(db)
    .await?;
    Ok(())
}
