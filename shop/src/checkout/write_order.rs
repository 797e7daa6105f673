//! Writing an order: the order with its lines, prices, taxes and address as copies, the stock it holds, and the
//! attempt that will have it paid, if there is anything to pay. All within the caller's transaction.

use super::attempt::Attempt;
use crate::{
    Fault, Settings, Shop,
    cart::Line,
    credit,
    delivery::{Terms, end_of_day},
    events, new_id, stock,
};
use domain::{
    Language, Money,
    checkout::{Checkout, Details, Totals},
    format,
    ids::{AttemptId, CartId, CustomerId, OrderId},
    tax::TaxRate,
};
use payments::{OpenSession, SessionLine};
use serde_json::json;
use sqlx::{PgConnection, types::Json};
use std::collections::BTreeMap;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

pub(super) struct NewOrder<'a> {
    pub(super) cart: CartId,
    /// Who is logged in; the order of a guest joins the account that its mail address is confirmed for.
    pub(super) customer: Option<CustomerId>,
    pub(super) language: Language,
    /// Complete: it has totals and a chosen method.
    pub(super) checkout: &'a Checkout,
    pub(super) details: &'a Details,
    pub(super) lines: &'a [Line],
    pub(super) fingerprint: &'a [u8],
    /// The store credit that pays the part that the checkout says.
    pub(super) credit: Option<Uuid>,
}

/// Stripe refuses sessions shorter than half an hour, counted from when it hears of them.
const SHORTEST_WINDOW: Duration = Duration::minutes(31);

fn pay_until(settings: &Settings, now: OffsetDateTime) -> OffsetDateTime {
    // Whole seconds: that is what the payment service keeps.
    let until = now + settings.payment_window.max(SHORTEST_WINDOW);
    until.replace_nanosecond(0).unwrap_or(until)
}

/// The stock is held a grace longer than anybody can pay.
pub(super) fn held_until(settings: &Settings, now: OffsetDateTime) -> OffsetDateTime {
    pay_until(settings, now) + settings.reservation_grace
}

/// `None` when the stock is not there; the transaction must then be given up.
pub(super) async fn insert(
    db: &mut PgConnection,
    shop: &Shop,
    terms: &Terms<'_>,
    new: &NewOrder<'_>,
    now: OffsetDateTime,
) -> Result<Option<(OrderId, String)>, Fault> {
    let (Some(totals), Some(_)) = (&new.checkout.totals, new.checkout.chosen_method()) else {
        return Err(Fault::new("an order without totals or without a delivery method"));
    };
    let rate = terms.tax(&new.details.address.country, &new.details.address.region);
    let id = OrderId(new_id(now));
    let number = insert_order(db, shop, terms, new, id, totals, &rate, now).await?;
    insert_lines(db, new, id, totals, &rate, now).await?;
    let wanted: Vec<(Uuid, i32)> = new.lines.iter().map(|l| (l.line.variant.0, signed(l.line.quantity))).collect();
    if !stock::reserve(db, id, &wanted, held_until(&shop.settings, now), now).await? {
        return Ok(None);
    }
    if let (Some(credit), Some(used)) = (new.credit, new.checkout.credit) {
        credit::hold(db, credit, id, used.used, now).await?;
    }
    events::record(db, "order.placed", id.0, json!({ "number": number }), now).await?;
    Ok(Some((id, number)))
}

async fn insert_order(
    db: &mut PgConnection,
    shop: &Shop,
    terms: &Terms<'_>,
    new: &NewOrder<'_>,
    id: OrderId,
    totals: &Totals,
    rate: &TaxRate,
    now: OffsetDateTime,
) -> Result<String, Fault> {
    let Some(method) = new.checkout.chosen_method() else { return Err(Fault::new("an order without a delivery method")) };
    let start_of = |day: time::Date| end_of_day(&shop.settings, day.saturating_sub(Duration::days(1)));
    let number = sqlx::query_scalar!(
        "insert into orders (id, number, cart_id, language, currency, email, name, phone, address, country, goods_minor, delivery_minor,
             tax_minor, tax_included, total_minor, method_code, method_name, carrier_code, promised_from, promised_by, state, payment_state,
             placed_at, reserved_until, fingerprint, backordered, customer_id, credit_minor)
         values ($1, nextval('order_number')::text, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
             'placed', 'unpaid', $20, $21, $22, $23,
             coalesce($24, (select id from customer where lower(email) = lower($5) and confirmed_at is not null)), $25)
         returning number",
        id.0,
        new.cart.0,
        new.language.code(),
        totals.total.currency.code(),
        new.details.email,
        new.details.name,
        new.details.phone,
        Json(&new.details.address) as _,
        new.details.address.country,
        totals.goods.minor,
        totals.delivery.minor,
        totals.tax.minor,
        rate.included,
        totals.total.minor,
        method.code,
        method.name,
        terms.carrier_of(&method.code),
        start_of(method.dates.earliest) + Duration::seconds(1),
        end_of_day(&shop.settings, method.dates.latest),
        now,
        held_until(&shop.settings, now),
        new.fingerprint,
        new.lines.iter().any(|l| l.line.is_made_to_order()),
        new.customer.map(|id| id.0),
        new.checkout.credit.map_or(0, |credit| credit.used.minor)
    )
    .fetch_one(db)
    .await?;
    Ok(number)
}

async fn insert_lines(
    db: &mut PgConnection,
    new: &NewOrder<'_>,
    order: OrderId,
    totals: &Totals,
    rate: &TaxRate,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    for (position, (line, tax)) in (0..).zip(new.lines.iter().zip(&totals.tax_of_lines)) {
        sqlx::query!(
            "insert into order_line (id, order_id, position, variant_id, product_id, sku, title, options, media_hash, quantity, unit_minor,
                 total_minor, tax_basis_points, tax_minor, grams)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
            new_id(now),
            order.0,
            position,
            line.line.variant.0,
            line.product.0,
            line.sku,
            line.line.title,
            line.line.options,
            line.line.picture.as_ref().map(|p| &p.hash),
            signed(line.line.quantity),
            line.line.unit.minor,
            line.line.total.minor,
            if line.taxable { signed(rate.basis_points) } else { 0 },
            tax.minor,
            signed(line.line.grams)
        )
        .execute(&mut *db)
        .await?;
    }
    for tax in &totals.taxes {
        sqlx::query!(
            "insert into order_tax (order_id, name, basis_points, net_minor, tax_minor) values ($1, $2, $3, $4, $5)",
            order.0,
            tax.name,
            signed(tax.basis_points),
            tax.net.minor,
            tax.tax.minor
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// The next try to have an order paid, with the request as it will be sent; the order holds its stock as long.
pub(super) async fn next_attempt(db: &mut PgConnection, shop: &Shop, order: OrderId, now: OffsetDateTime) -> Result<Attempt, Fault> {
    let row = sqlx::query!(
        r#"update orders set reserved_until = $2 where id = $1
         returning number, language, currency, email, total_minor - credit_minor as "due!", (select count(*) from payment_attempt where order_id = $1) as tried"#,
        order.0,
        held_until(&shop.settings, now)
    )
    .fetch_one(&mut *db)
    .await?;
    let n = i32::try_from(row.tried.unwrap_or(0)).unwrap_or(i32::MAX - 1) + 1;
    let id = AttemptId(new_id(now));
    let expires_at = pay_until(&shop.settings, now);
    let base = format!("{}/{}/checkout", shop.settings.public_url, row.language);
    let request = OpenSession {
        idempotency_key: format!("order:{order}:attempt:{n}:open"),
        // Tells which attempt a session belongs to, should its id never reach us.
        order_reference: id.to_string(),
        customer_email: Some(row.email),
        currency: row.currency.clone(),
        lines: session_lines(db, order).await?,
        success_url: format!("{base}/return?session={{CHECKOUT_SESSION_ID}}"),
        cancel_url: format!("{base}?notice=not-paid"),
        locale: row.language,
        expires_at: expires_at.unix_timestamp(),
        metadata: BTreeMap::from([("order".to_owned(), row.number)]),
    };
    sqlx::query!(
        "insert into payment_attempt (id, order_id, n, idempotency_key, request, amount_minor, currency, state, expires_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, 'created', $8, $9)",
        id.0,
        order.0,
        n,
        request.idempotency_key,
        Json(&request) as _,
        row.due,
        row.currency,
        expires_at,
        now
    )
    .execute(db)
    .await?;
    Ok(Attempt { id, order, request, session_id: None, url: None, expires_at })
}

/// The order as the payment page lists it: every line with its tax, the delivery last. They add up to the total. What
/// credit has paid a part of is one line over the rest: the payment service takes no negative ones.
async fn session_lines(db: &mut PgConnection, order: OrderId) -> Result<Vec<SessionLine>, Fault> {
    let row = sqlx::query!(
        "select number, language, currency, tax_included, total_minor, credit_minor, method_name from orders where id = $1",
        order.0
    )
    .fetch_one(&mut *db)
    .await?;
    if row.credit_minor > 0 {
        let credit = format::money(amount(row.credit_minor, &row.currency)?, row.language.parse().unwrap_or_default());
        let name = if row.language == "es" {
            format!("Pedido {}, menos {credit} de saldo", row.number)
        } else {
            format!("Order {}, less {credit} of store credit", row.number)
        };
        return Ok(vec![SessionLine { name, amount_minor: row.total_minor - row.credit_minor }]);
    }
    let lines = sqlx::query!(
        "select quantity, title, options, total_minor, tax_minor from order_line where order_id = $1 order by position",
        order.0
    )
    .fetch_all(db)
    .await?;
    let on_top = |tax: i64| if row.tax_included { 0 } else { tax };
    let mut shown = Vec::with_capacity(lines.len() + 1);
    let mut left = row.total_minor;
    for line in lines {
        let options = if line.options.is_empty() { String::new() } else { format!(" ({})", line.options) };
        let name: String = format!("{} × {}{options}", line.quantity, line.title).chars().take(250).collect();
        let amount_minor = line.total_minor + on_top(line.tax_minor);
        left -= amount_minor;
        shown.push(SessionLine { name, amount_minor });
    }
    if left != 0 {
        shown.push(SessionLine { name: row.method_name, amount_minor: left });
    }
    Ok(shown)
}

fn signed(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// What an attempt asks for, as money.
pub(super) fn amount(minor: i64, currency: &str) -> Result<Money, Fault> {
    Ok(Money::new(minor, currency.parse().map_err(Fault::new)?))
}
