//! Orders after they are placed: what their buyer sees of them, and the steps that staff takes to the door.

mod late;
pub(crate) mod state;
mod steps;
mod timeline;
mod trouble;

use crate::{Actor, Failure, Fault, Outcome, Shop, delivery::Terms, signing};
use domain::{
    Currency, Language, Money,
    address::Address,
    checkout::TaxLine,
    ids::OrderId,
    orders::{CancelReason, MoneyBack, Order, OrderLine, OrderRefusal, OrderState, Parcel, PaymentState, TrackingEvent, TrackingKind},
    token::Token,
};
use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

pub use late::warn_of_delays;
pub use steps::{cancel, deliver, pack, ship, track};
pub(crate) use steps::{cancel_unpaid, cancel_within};
pub use trouble::{Trouble, TroubleKind, trouble};

/// An order in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderSummary {
    pub number: String,
    pub state: OrderState,
    pub payment: PaymentState,
    pub name: String,
    pub total: Money,
    pub placed_at: OffsetDateTime,
    /// The end of the last promised day.
    pub promised_by: OffsetDateTime,
    pub token: Token,
}

/// The order behind a tracking link, its times local at the workshop.
///
/// # Errors
/// Wrong number or wrong token; never said which.
pub async fn by_token(shop: &Shop, language: Language, number: &str, token: &Token, now: OffsetDateTime) -> Outcome<Order, OrderRefusal> {
    let id = identify(shop, number, token).await?;
    Ok(load(shop, id, language, now).await?)
}

/// The order that this link is the key to.
pub(crate) async fn identify(shop: &Shop, number: &str, token: &Token) -> Outcome<OrderId, OrderRefusal> {
    if number.contains('\0') {
        return Err(Failure::Refused(OrderRefusal::NoSuchOrder));
    }
    let id = sqlx::query_scalar!("select id from orders where number = $1", number).fetch_optional(&shop.db).await?;
    // Compared also when there is no such order: the answer takes as long.
    let id = OrderId(id.unwrap_or(Uuid::nil()));
    if !signing::is_order_token(&shop.settings, id, token) || id.0.is_nil() {
        return Err(Failure::Refused(OrderRefusal::NoSuchOrder));
    }
    Ok(id)
}

/// The tracking link's token for somebody who knows number and mail address. The caller limits the tries.
///
/// # Errors
/// Wrong number or wrong address; never said which.
pub async fn find(shop: &Shop, number: &str, email: &str) -> Outcome<Token, OrderRefusal> {
    let number = number.trim().trim_start_matches('#');
    let email: String = email.split_whitespace().collect();
    if number.contains('\0') || email.contains('\0') {
        return Err(Failure::Refused(OrderRefusal::NoSuchOrder));
    }
    let id = sqlx::query_scalar!("select id from orders where number = $1 and lower(email) = lower($2)", number, email)
        .fetch_optional(&shop.db)
        .await?;
    id.map(|id| signing::order_token(&shop.settings, OrderId(id))).ok_or(Failure::Refused(OrderRefusal::NoSuchOrder))
}

/// The latest orders, newest first.
///
/// # Errors
/// A fault only.
pub async fn list(shop: &Shop, limit: u32) -> Outcome<Vec<OrderSummary>> {
    let rows = sqlx::query_as!(
        SummaryRow,
        "select id, number, state, payment_state, name, total_minor, currency, placed_at, promised_by
         from orders order by placed_at desc, number desc limit $1",
        i64::from(limit)
    )
    .fetch_all(&shop.db)
    .await?;
    Ok(rows.into_iter().map(|row| row.summary(shop)).collect::<Result<_, Fault>>()?)
}

/// The orders of a customer, newest first; none of somebody who is not logged in.
///
/// # Errors
/// A fault only.
pub async fn of_customer(shop: &Shop, actor: &Actor) -> Outcome<Vec<OrderSummary>> {
    let Some(customer) = actor.customer() else { return Ok(Vec::new()) };
    let rows = sqlx::query_as!(
        SummaryRow,
        "select id, number, state, payment_state, name, total_minor, currency, placed_at, promised_by
         from orders where customer_id = $1 order by placed_at desc, number desc limit 200",
        customer.0
    )
    .fetch_all(&shop.db)
    .await?;
    Ok(rows.into_iter().map(|row| row.summary(shop)).collect::<Result<_, Fault>>()?)
}

struct SummaryRow {
    id: Uuid,
    number: String,
    state: String,
    payment_state: String,
    name: String,
    total_minor: i64,
    currency: String,
    placed_at: OffsetDateTime,
    promised_by: OffsetDateTime,
}

impl SummaryRow {
    fn summary(self, shop: &Shop) -> Result<OrderSummary, Fault> {
        Ok(OrderSummary {
            state: known(OrderState::from_code(&self.state))?,
            payment: known(PaymentState::from_code(&self.payment_state))?,
            total: Money::new(self.total_minor, self.currency.parse().map_err(Fault::new)?),
            token: signing::order_token(&shop.settings, OrderId(self.id)),
            number: self.number,
            name: self.name,
            placed_at: self.placed_at,
            promised_by: self.promised_by,
        })
    }
}

fn known<T>(found: Option<T>) -> Result<T, Fault> {
    found.ok_or_else(|| Fault::new("an order in a state of another version"))
}

struct OrderRow {
    number: String,
    currency: String,
    email: String,
    name: String,
    address: Json<Address>,
    goods_minor: i64,
    delivery_minor: i64,
    tax_included: bool,
    total_minor: i64,
    credit_minor: i64,
    credit_back_minor: i64,
    method_code: String,
    method_name: String,
    carrier_code: String,
    promised_from: OffsetDateTime,
    promised_by: OffsetDateTime,
    state: String,
    payment_state: String,
    cancelled_because: Option<String>,
    placed_at: OffsetDateTime,
    paid_at: Option<OffsetDateTime>,
    packed_at: Option<OffsetDateTime>,
    shipped_at: Option<OffsetDateTime>,
    delivered_at: Option<OffsetDateTime>,
    cancelled_at: Option<OffsetDateTime>,
    made_at: Option<OffsetDateTime>,
    kept_at: Option<OffsetDateTime>,
    broken_at: Option<OffsetDateTime>,
    withdrawn_at: Option<OffsetDateTime>,
    /// Of an attempt that is still open.
    pay_url: Option<String>,
    refunded_minor: i64,
    left_cart_at: Option<OffsetDateTime>,
    /// Of refunds that failed and are not settled in another way.
    owed_minor: i64,
    /// Of refunds that have not arrived yet.
    coming_minor: i64,
    coming_by: Option<OffsetDateTime>,
}

/// The whole order as its buyer sees it. What it consists of are the copies made at placing.
pub(crate) async fn load(shop: &Shop, id: OrderId, language: Language, now: OffsetDateTime) -> Result<Order, Fault> {
    let terms = Terms::load(shop, now).await?;
    let mut db = shop.db.acquire().await?;
    let row = read_order(&mut db, id, now).await?;
    let currency: Currency = row.currency.parse().map_err(Fault::new)?;
    let money = |minor| Money::new(minor, currency);
    let parcels = read_parcels(&mut db, id, &terms, shop).await?;
    let state = known(OrderState::from_code(&row.state))?;
    Ok(Order {
        state,
        payment: known(PaymentState::from_code(&row.payment_state))?,
        cancelled_because: row.cancelled_because.as_deref().and_then(CancelReason::from_code),
        lines: read_lines(&mut db, id, currency).await?,
        goods: money(row.goods_minor),
        delivery: money(row.delivery_minor),
        taxes: read_taxes(&mut db, id, currency, row.tax_included).await?,
        total: money(row.total_minor),
        credit: money(row.credit_minor),
        credit_back: money(row.credit_back_minor),
        carrier: terms.carrier_name(&row.carrier_code).to_owned(),
        placed_at: shop.settings.local(row.placed_at),
        timeline: timeline::steps(&row, &parcels, &shop.settings),
        promised: timeline::promised(&row, state, &terms, &shop.settings, now),
        parcels,
        refunded: money(row.refunded_minor + row.credit_back_minor),
        money_back: money_back(&row, currency, shop),
        can_be_put_back: row.left_cart_at.is_some()
            && state == OrderState::Cancelled
            && row.cancelled_because.as_deref() == Some(CancelReason::PaymentFailed.code()),
        number: row.number,
        email: row.email,
        name: row.name,
        address: row.address.0,
        method: terms.method_name(&row.method_code, language).map_or(row.method_name, str::to_owned),
        pay_url: row.pay_url,
    })
}

/// Trouble is said before good news.
fn money_back(row: &OrderRow, currency: Currency, shop: &Shop) -> Option<MoneyBack> {
    if row.owed_minor > 0 {
        return Some(MoneyBack::InTrouble { money: Money::new(row.owed_minor, currency) });
    }
    let by = shop.settings.local(row.coming_by?).date();
    Some(MoneyBack::OnItsWay { money: Money::new(row.coming_minor, currency), by })
}

async fn read_order(db: &mut PgConnection, id: OrderId, now: OffsetDateTime) -> Result<OrderRow, Fault> {
    let row = sqlx::query_as!(
        OrderRow,
        r#"select o.number, o.currency, o.email, o.name, o.address as "address: Json<Address>", o.goods_minor, o.delivery_minor,
                  o.tax_included, o.total_minor, o.credit_minor,
                  coalesce((select h.back_minor from store_credit_hold h where h.order_id = o.id), 0) as "credit_back_minor!", o.method_code, o.method_name, o.carrier_code, o.promised_from, o.promised_by,
                  o.state, o.payment_state, o.cancelled_because, o.placed_at, o.paid_at, o.packed_at, o.shipped_at, o.delivered_at,
                  o.cancelled_at, p.made_at as "made_at?", p.kept_at, p.broken_at, p.withdrawn_at,
                  (select a.url from payment_attempt a
                   where a.order_id = o.id and a.state = 'open' and a.expires_at > $2 and o.state = 'placed') as pay_url,
                  coalesce((select -sum(l.minor) from payment_ledger l
                   where l.order_id = o.id and l.kind in ('refund', 'refund_reversed')), 0)::bigint as "refunded_minor!",
                  o.left_cart_at, back.owed as "owed_minor!", back.coming as "coming_minor!", back.by as coming_by
           from orders o left join promise p on p.kind = 'delivery' and p.subject = o.id
           cross join lateral (
               select coalesce(sum(r.minor) filter (where r.state = 'failed' and r.sent_again_as is null and r.settled_at is null), 0)::bigint
                          as owed,
                      coalesce(sum(r.minor) filter (where r.state in ('queued', 'pending')), 0)::bigint as coming,
                      max(q.due_at) filter (where r.state in ('queued', 'pending')) as by
               from refund r left join promise q on q.kind = 'refund' and q.subject = r.id where r.order_id = o.id
           ) back
           where o.id = $1"#,
        id.0,
        now
    )
    .fetch_one(db)
    .await?;
    Ok(row)
}

async fn read_lines(db: &mut PgConnection, id: OrderId, currency: Currency) -> Result<Vec<OrderLine>, Fault> {
    let rows = sqlx::query!(
        r#"select title, options, sku, quantity, unit_minor, total_minor,
                  -- A picture that the catalogue has no more still has its files; nearly every one has this width.
                  '/media/' || media_hash || '/'
                      || coalesce((select m.widths[1] from media m where m.hash = media_hash limit 1), 320) || '.webp' as picture
           from order_line where order_id = $1 order by position"#,
        id.0
    )
    .fetch_all(db)
    .await?;
    let lines = rows.into_iter().map(|row| OrderLine {
        title: row.title,
        options: row.options,
        sku: row.sku,
        picture: row.picture,
        quantity: u32::try_from(row.quantity).unwrap_or(0),
        unit: Money::new(row.unit_minor, currency),
        total: Money::new(row.total_minor, currency),
    });
    Ok(lines.collect())
}

async fn read_taxes(db: &mut PgConnection, id: OrderId, currency: Currency, included: bool) -> Result<Vec<TaxLine>, Fault> {
    let rows =
        sqlx::query!("select name, basis_points, net_minor, tax_minor from order_tax where order_id = $1 order by basis_points", id.0)
            .fetch_all(db)
            .await?;
    let taxes = rows.into_iter().map(|row| TaxLine {
        name: row.name,
        basis_points: u32::try_from(row.basis_points).unwrap_or(0),
        included,
        net: Money::new(row.net_minor, currency),
        tax: Money::new(row.tax_minor, currency),
    });
    Ok(taxes.collect())
}

async fn read_parcels(db: &mut PgConnection, id: OrderId, terms: &Terms<'_>, shop: &Shop) -> Result<Vec<Parcel>, Fault> {
    let shipments = sqlx::query!("select id, carrier_code, tracking from shipment where order_id = $1 order by shipped_at, id", id.0)
        .fetch_all(&mut *db)
        .await?;
    let events = sqlx::query!(
        "select e.shipment_id, e.kind, e.place, e.note, e.at from tracking_event e join shipment s on s.id = e.shipment_id
         where s.order_id = $1 order by e.at, e.id",
        id.0
    )
    .fetch_all(db)
    .await?;
    let parcels = shipments.into_iter().map(|shipment| {
        let of_this = events.iter().filter(|e| e.shipment_id == shipment.id);
        let event = |kind: &str, place: &str, note: &str, at| {
            let kind = TrackingKind::from_code(kind)?;
            Some(TrackingEvent { kind, place: place.to_owned(), note: note.to_owned(), at: shop.settings.local(at) })
        };
        Parcel {
            events: of_this.filter_map(|e| event(&e.kind, &e.place, &e.note, e.at)).collect(),
            carrier: terms.carrier_name(&shipment.carrier_code).to_owned(),
            url: terms.tracking_url(&shipment.carrier_code, &shipment.tracking),
            tracking: shipment.tracking,
        }
    });
    Ok(parcels.collect())
}
