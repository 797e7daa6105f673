//! What follows from an order being paid, or its money being on its way: promised dates, the promise, the mail, and
//! the goods leaving the cart.

use crate::{
    Fault, Shop, credit,
    delivery::{Terms, end_of_day},
    events, jobs,
    orders::{self, state::Locked},
    promises, stock,
};
use domain::{ids::OrderId, orders::OrderState};
use serde_json::json;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

/// An order over nothing, or one that credit covers, is paid when it is placed.
pub(super) async fn at_once(db: &mut PgConnection, shop: &Shop, terms: &Terms<'_>, id: OrderId, now: OffsetDateTime) -> Result<(), Fault> {
    let order = orders::state::lock(db, id).await?;
    if !stock::allocate(db, id, now).await? {
        return Err(Fault::new("goods that were just reserved are not there"));
    }
    if !credit::spend(db, id, now).await? {
        return Err(Fault::new("credit that was just held is not there"));
    }
    fulfil(db, shop, terms, &order, now).await?;
    orders::state::derive_payment(db, id).await
}

/// A locked order whose goods are allocated goes to the workshop.
pub(super) async fn fulfil(
    db: &mut PgConnection,
    shop: &Shop,
    terms: &Terms<'_>,
    order: &Locked,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    promise_anew(db, shop, terms, order, now).await?;
    orders::state::advance(db, order, OrderState::Paid, None, now).await?;
    events::record(db, "order.paid", order.id.0, json!({ "number": order.number }), now).await?;
    promises::make_delivery(db, order.id, &order.number, now).await?;
    jobs::enqueue_letter(db, "order.confirmation", order.id, now).await?;
    leave_cart(db, order, now).await
}

/// The days count from the payment: where they end later than those shown with the order, they hold.
async fn promise_anew(db: &mut PgConnection, shop: &Shop, terms: &Terms<'_>, order: &Locked, now: OffsetDateTime) -> Result<(), Fault> {
    let Some(dates) = terms.dates_of(&order.method, order.backordered, now) else { return Ok(()) };
    let settings = &shop.settings;
    let (from, by) = (end_of_day(settings, dates.earliest.saturating_sub(Duration::days(1))), end_of_day(settings, dates.latest));
    sqlx::query!(
        "update orders set promised_from = $2, promised_by = $3 where id = $1 and promised_by < $3",
        order.id.0,
        from + Duration::seconds(1),
        by
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What was ordered leaves the cart, once; what was added to it since the order was placed stays.
pub(super) async fn leave_cart(db: &mut PgConnection, order: &Locked, now: OffsetDateTime) -> Result<(), Fault> {
    let leaves = sqlx::query!("update orders set left_cart_at = $2 where id = $1 and left_cart_at is null", order.id.0, now)
        .execute(&mut *db)
        .await?;
    let Some(cart) = order.cart.filter(|_| leaves.rows_affected() > 0) else { return Ok(()) };
    sqlx::query!(
        "with bought as (
             select variant_id, sum(quantity)::int as quantity from order_line where order_id = $2 group by variant_id
         ), fewer as (
             update cart_line l set quantity = l.quantity - b.quantity from bought b
             where l.cart_id = $1 and l.variant_id = b.variant_id and l.quantity > b.quantity
         )
         delete from cart_line l using bought b where l.cart_id = $1 and l.variant_id = b.variant_id and l.quantity <= b.quantity",
        cart.0,
        order.id.0
    )
    .execute(&mut *db)
    .await?;
    // An address is not left behind in a browser that is done here, and a code that has paid is not asked again.
    sqlx::query!("update cart set draft = case when exists (select from cart_line where cart_id = $1) then draft - 'credit' else '{}' end where id = $1", cart.0)
        .execute(db)
        .await?;
    Ok(())
}
