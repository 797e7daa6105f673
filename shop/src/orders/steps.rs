//! The steps an order takes to the door, or out of the way. Each locks the order, moves its state, and writes in
//! the same transaction what follows: stock, parcel, promise, event, mail.

use super::state::{self, Locked};
use crate::{Actor, Failure, Fault, Outcome, Shop, audit, checkout, credit, events, jobs, new_id, promises, stock, transaction};
use domain::{
    ids::OrderId,
    orders::{CancelReason, OrderRefusal, OrderState, PaymentState, TrackingKind},
};
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

type Step<T = ()> = Outcome<T, OrderRefusal>;

fn refuse<T>(refusal: OrderRefusal) -> Step<T> {
    Err(Failure::Refused(refusal))
}

/// Everything is in the box.
///
/// # Errors
/// No such order, or one that cannot be packed.
pub async fn pack(shop: &Shop, actor: &Actor, number: &str, now: OffsetDateTime) -> Step {
    let mut db = transaction::begin(&shop.db).await?;
    let order = ready(&mut db, actor, number, OrderState::Packed).await?;
    state::advance(&mut db, &order, OrderState::Packed, None, now).await?;
    events::record(&mut db, "order.packed", order.id.0, json!({ "number": number }), now).await?;
    audit::record(&mut db, actor, "order.packed", Some(order.id.0), json!({ "number": number }), now).await?;
    db.commit().await?;
    Ok(())
}

/// The carrier has it.
///
/// # Errors
/// No such order or carrier, a tracking number in use, or an order that cannot be shipped.
pub async fn ship(shop: &Shop, actor: &Actor, number: &str, carrier: &str, tracking: &str, now: OffsetDateTime) -> Step {
    let tracking: String = tracking.trim().chars().filter(|c| !c.is_control()).take(60).collect();
    let mut db = transaction::begin(&shop.db).await?;
    let order = ready(&mut db, actor, number, OrderState::Shipped).await?;
    let shipment = new_id(now);
    sqlx::query!(
        "insert into shipment (id, order_id, carrier_code, tracking, shipped_at) values ($1, $2, $3, $4, $5)",
        shipment,
        order.id.0,
        carrier,
        tracking,
        now
    )
    .execute(&mut *db)
    .await
    .map_err(|error| named(error, carrier))?;
    stock::ship(&mut db, order.id, now).await?;
    add_tracking(&mut db, shipment, TrackingKind::HandedOver, "", "", now).await?;
    state::advance(&mut db, &order, OrderState::Shipped, None, now).await?;
    events::record(&mut db, "order.shipped", order.id.0, json!({ "number": number }), now).await?;
    let detail = json!({ "number": number, "carrier": carrier, "tracking": tracking });
    audit::record(&mut db, actor, "order.shipped", Some(order.id.0), detail, now).await?;
    jobs::enqueue_letter(&mut db, "order.dispatched", order.id, now).await?;
    db.commit().await?;
    Ok(())
}

fn named(error: sqlx::Error, carrier: &str) -> Failure<OrderRefusal> {
    match error.as_database_error().and_then(|e| e.constraint()) {
        Some("shipment_carrier_code_tracking_key") => Failure::Refused(OrderRefusal::TrackingInUse),
        Some("shipment_carrier_code_fkey") => Failure::Refused(OrderRefusal::NoSuchCarrier(carrier.to_owned())),
        _ => error.into(),
    }
}

/// The carrier reports something of the parcel; that it was delivered completes the order.
///
/// # Errors
/// No such order, or one that is not on its way.
pub async fn track(shop: &Shop, actor: &Actor, number: &str, kind: TrackingKind, place: &str, note: &str, now: OffsetDateTime) -> Step {
    if kind == TrackingKind::Delivered {
        return arrive(shop, actor, number, place, note, now).await;
    }
    let mut db = transaction::begin(&shop.db).await?;
    let order = found(&mut db, actor, number).await?;
    if order.state != OrderState::Shipped {
        return refuse(OrderRefusal::WrongState(order.state));
    }
    let shipment = latest_shipment(&mut db, order.id).await?;
    add_tracking(&mut db, shipment, kind, place, note, now).await?;
    events::record(&mut db, "parcel.tracked", order.id.0, json!({ "kind": kind.code() }), now).await?;
    let detail = json!({ "number": number, "kind": kind.code(), "place": place.trim() });
    audit::record(&mut db, actor, "order.tracked", Some(order.id.0), detail, now).await?;
    db.commit().await?;
    Ok(())
}

/// It is at the door.
///
/// # Errors
/// No such order, or one that is not on its way.
pub async fn deliver(shop: &Shop, actor: &Actor, number: &str, now: OffsetDateTime) -> Step {
    arrive(shop, actor, number, "", "", now).await
}

async fn arrive(shop: &Shop, actor: &Actor, number: &str, place: &str, note: &str, now: OffsetDateTime) -> Step {
    let mut db = transaction::begin(&shop.db).await?;
    let order = found(&mut db, actor, number).await?;
    if !order.state.may_become(OrderState::Delivered) {
        return refuse(OrderRefusal::WrongState(order.state));
    }
    let shipment = latest_shipment(&mut db, order.id).await?;
    add_tracking(&mut db, shipment, TrackingKind::Delivered, place, note, now).await?;
    sqlx::query!("update shipment set delivered_at = $2 where id = $1", shipment, now).execute(&mut *db).await?;
    state::advance(&mut db, &order, OrderState::Delivered, None, now).await?;
    promises::keep_delivery(&mut db, order.id, now).await?;
    events::record(&mut db, "order.delivered", order.id.0, json!({ "number": number }), now).await?;
    audit::record(&mut db, actor, "order.delivered", Some(order.id.0), json!({ "number": number }), now).await?;
    jobs::enqueue_letter(&mut db, "order.delivered", order.id, now).await?;
    db.commit().await?;
    Ok(())
}

/// Cancels an order that has not left the house; what was paid goes back. The payment page of an unpaid one is
/// closed by the poller, and who pays there meanwhile gets the money back.
///
/// # Errors
/// No such order, or one that left already.
pub async fn cancel(shop: &Shop, actor: &Actor, number: &str, now: OffsetDateTime) -> Step {
    let mut db = transaction::begin(&shop.db).await?;
    let id = cancel_within(&mut db, actor, number, now).await?;
    audit::record(&mut db, actor, "order.cancelled", Some(id.0), json!({ "number": number }), now).await?;
    db.commit().await?;
    Ok(())
}

/// The same inside an intent that has more to do.
pub(crate) async fn cancel_within(db: &mut PgConnection, actor: &Actor, number: &str, now: OffsetDateTime) -> Step<OrderId> {
    let order = found(db, actor, number).await?;
    if !order.state.may_become(OrderState::Cancelled) {
        return refuse(OrderRefusal::WrongState(order.state));
    }
    if order.payment == PaymentState::Disputed {
        return refuse(OrderRefusal::PaymentDisputed);
    }
    let paid = order.state != OrderState::Placed;
    give_up(db, &order, CancelReason::Staff, now).await?;
    if paid {
        promises::withdraw_delivery(db, order.id, now).await?;
        if checkout::queue_full_refund(db, order.id, CancelReason::Staff.code(), now).await? {
            jobs::enqueue_letter(db, "order.given_back", order.id, now).await?;
        }
    }
    Ok(order.id)
}

/// Cancels an order that nobody paid and gives its stock back. Its payment page is closed already, or about to be.
pub(crate) async fn cancel_unpaid(db: &mut PgConnection, id: OrderId, because: CancelReason, now: OffsetDateTime) -> Result<(), Fault> {
    let order = state::lock(db, id).await?;
    give_up(db, &order, because, now).await
}

async fn give_up(db: &mut PgConnection, order: &Locked, because: CancelReason, now: OffsetDateTime) -> Result<(), Fault> {
    state::advance(db, order, OrderState::Cancelled, Some(because), now).await?;
    stock::release(db, order.id, now).await?;
    credit::release(db, order.id, now).await?;
    let payload = json!({ "number": order.number, "because": because.code() });
    events::record(db, "order.cancelled", order.id.0, payload, now).await
}

async fn found(db: &mut PgConnection, actor: &Actor, number: &str) -> Step<Locked> {
    let order = if actor.may_move_orders() { state::lock_by_number(db, number).await? } else { None };
    order.ok_or(Failure::Refused(OrderRefusal::NoSuchOrder))
}

/// The order, if it may go on towards the door. Nothing leaves the house while its payment is disputed or gone back.
async fn ready(db: &mut PgConnection, actor: &Actor, number: &str, next: OrderState) -> Step<Locked> {
    let order = found(db, actor, number).await?;
    match order.payment {
        PaymentState::Disputed | PaymentState::ChargedBack => refuse(OrderRefusal::PaymentDisputed),
        PaymentState::Refunded => refuse(OrderRefusal::PaymentRefunded),
        // Shipping is reached from paid and packed only; `cancelled` may become paid again, but not by staff.
        _ if order.state.may_become(next) => Ok(order),
        _ => refuse(OrderRefusal::WrongState(order.state)),
    }
}

async fn latest_shipment(db: &mut PgConnection, order: OrderId) -> Result<Uuid, Fault> {
    let id = sqlx::query_scalar!("select id from shipment where order_id = $1 order by shipped_at desc, id desc limit 1", order.0);
    Ok(id.fetch_one(db).await?)
}

async fn add_tracking(
    db: &mut PgConnection,
    shipment: Uuid,
    kind: TrackingKind,
    place: &str,
    note: &str,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    sqlx::query!(
        "insert into tracking_event (id, shipment_id, kind, place, note, at) values ($1, $2, $3, $4, $5, $6)",
        new_id(now),
        shipment,
        kind.code(),
        place.trim(),
        note.trim(),
        now
    )
    .execute(db)
    .await?;
    Ok(())
}
