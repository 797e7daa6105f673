//! Whoever waits for an order that is going to be late is told so before they have to ask, once.

use super::{known, timeline::OnTheWay};
use crate::{Outcome, Shop, delivery::Terms, jobs, transaction};
use domain::{ids::OrderId, orders::OrderState};
use time::OffsetDateTime;

/// Writes to the buyers of orders that cannot be there by the day they were promised; says to how many.
///
/// # Errors
/// A fault only.
pub async fn warn_of_delays(shop: &Shop, now: OffsetDateTime) -> Outcome<usize> {
    let terms = Terms::load(shop, now).await?;
    let mut db = transaction::begin(&shop.db).await?;
    let open = sqlx::query!(
        "select o.id, o.state, o.method_code, o.shipped_at, o.promised_by from promise p join orders o on o.id = p.subject
         where p.kind = 'delivery' and p.kept_at is null and p.withdrawn_at is null and o.state in ('paid', 'packed', 'shipped')
             and not exists (select from job where key = 'order.late:' || o.id)"
    )
    .fetch_all(&mut *db)
    .await?;
    let mut late = 0;
    for order in open {
        let state = known(OrderState::from_code(&order.state))?;
        let on_the_way = OnTheWay { method: &order.method_code, state, shipped_at: order.shipped_at };
        let promised = shop.settings.local(order.promised_by).date();
        let overdue = now > order.promised_by;
        if overdue || on_the_way.expected(&terms, &shop.settings, now).is_some_and(|day| day > promised) {
            jobs::enqueue_letter(&mut db, "order.late", OrderId(order.id), now).await?;
            late += 1;
        }
    }
    db.commit().await?;
    Ok(late)
}
