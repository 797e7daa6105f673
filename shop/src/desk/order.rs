//! An order as somebody at the desk sees it: what its buyer sees, and what this person may still do with it.

use super::{Asked, needs, refuse};
use crate::{Actor, Fault, Shop, checkout, orders, signing};
use domain::{
    Language, Money,
    desk::{DeskRefusal, OrderMail},
    ids::OrderId,
    orders::{Order, OrderState},
    staff::Permission,
    token::Token,
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct OrderPanel {
    pub id: OrderId,
    pub order: Order,
    pub phone: String,
    /// Opens the page that its buyer sees.
    pub token: Token,
    /// Mails of it that were written, and may be sent once more.
    pub mails: Vec<(OrderMail, OffsetDateTime)>,
    /// The most that can go back now, by what was paid and by this person's limit; `None` when nothing can.
    pub refundable: Option<Money>,
    /// Where this person's limit is what holds it down.
    pub limited: bool,
    pub may_cancel: bool,
    pub may_change_address: bool,
}

/// # Errors
/// No such order, or somebody who does not handle orders.
pub async fn order(shop: &Shop, actor: &Actor, number: &str, language: Language, now: OffsetDateTime) -> Asked<OrderPanel> {
    needs(actor, Permission::HandleOrders)?;
    let Some(row) = sqlx::query!("select id, phone from orders where number = $1", number).fetch_optional(&shop.db).await? else {
        return refuse(DeskRefusal::NoSuchOrder);
    };
    let id = OrderId(row.id);
    let order = orders::load(shop, id, language, now).await?;
    let mut db = shop.db.acquire().await?;
    let most = checkout::most_refundable(&mut db, id).await?;
    let left = left_of_limit(&mut db, actor, id).await?;
    let currency = order.total.currency;
    let within = most.map(|most| left.map_or(most, |left| Money::new(most.minor.min(left), currency)));
    let mails = sqlx::query!("select key, coalesce(sent_at, queued_at) as \"at!\" from mail where order_id = $1 order by 2", id.0)
        .fetch_all(&mut *db)
        .await?;
    let kind_of = |key: &str| OrderMail::ALL.iter().copied().find(|mail| key == format!("{}:{id}", mail.code()));
    Ok(OrderPanel {
        refundable: within.filter(|money| money.minor > 0 && actor.may(Permission::GiveBack)),
        limited: most.zip(left).is_some_and(|(most, left)| left < most.minor),
        may_cancel: order.state.may_become(OrderState::Cancelled),
        may_change_address: order.state == OrderState::Paid,
        mails: mails.into_iter().filter_map(|mail| Some((kind_of(&mail.key)?, shop.settings.local(mail.at)))).collect(),
        token: signing::order_token(&shop.settings, id),
        phone: row.phone,
        id,
        order,
    })
}

/// What is left of this person's limit for this order, minor units; `None` for those who have no limit.
pub(super) async fn left_of_limit(db: &mut PgConnection, actor: &Actor, order: OrderId) -> Result<Option<i64>, Fault> {
    let Some(staff) = actor.staff().filter(|_| !actor.may(Permission::Supervise)) else { return Ok(None) };
    let left = sqlx::query_scalar!(
        r#"select greatest(0, refund_limit_minor - coalesce(
               (select sum(minor) from refund where order_id = $2 and requested_by = $1 and state <> 'failed'), 0)
               - coalesce((select sum(minor) from store_credit_entry
                           where order_id = $2 and staff_id = $1 and kind = 'given_back'), 0))::bigint as "left!"
           from staff where id = $1"#,
        staff.0,
        order.0
    )
    .fetch_one(db)
    .await?;
    Ok(Some(left))
}

/// The id behind a number that somebody typed.
pub(super) async fn id_of(db: &mut PgConnection, number: &str) -> Asked<Uuid> {
    match sqlx::query_scalar!("select id from orders where number = $1", number).fetch_optional(db).await? {
        Some(id) => Ok(id),
        None => refuse(DeskRefusal::NoSuchOrder),
    }
}
