//! A parcel that arrives later than promised makes up for itself: the share of the goods that a manager set is given as
//! store credit or goes back the way it was paid, once an order, and its buyer is told.

use crate::{Fault, Outcome, Shop, checkout, credit, events, mail, orders, signing, transaction};
use domain::{
    Language, Money,
    credit::MakesUpBy,
    format,
    ids::OrderId,
    orders::{OrderState, PaymentState},
};
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// How many are looked at in one call.
const BATCH: i64 = 50;
/// As the refund or the credit has it.
const REASON: &str = "late_delivery";

/// Gives back what the rule says for orders that arrived late since it was set; says for how many.
///
/// # Errors
/// A fault only.
pub async fn make_up_for_late(shop: &Shop, now: OffsetDateTime) -> Outcome<usize> {
    let late = sqlx::query_scalar!(
        "select o.id from promise p join orders o on o.id = p.subject cross join service_rule r
         where p.kind = 'delivery' and p.broken_at is not null and p.done_at >= r.late_since and r.late_basis_points > 0
             and o.state = 'delivered' and o.payment_state in ('paid', 'part_refunded')
             and not exists (select from event e where e.subject = o.id and e.kind = 'delivery.made_up_for')
         order by p.done_at limit $1",
        BATCH
    )
    .fetch_all(&shop.db)
    .await?;
    let mut made_up = 0;
    for order in late {
        let mut db = transaction::begin(&shop.db).await?;
        if give(&mut db, shop, OrderId(order), now).await? {
            made_up += 1;
        }
        db.commit().await?;
    }
    Ok(made_up)
}

/// The order's lock keeps two workers from giving twice.
async fn give(db: &mut PgConnection, shop: &Shop, id: OrderId, now: OffsetDateTime) -> Result<bool, Fault> {
    let order = orders::state::lock(db, id).await?;
    if order.state != OrderState::Delivered || !matches!(order.payment, PaymentState::Paid | PaymentState::PartRefunded) {
        return Ok(false);
    }
    let row = sqlx::query!(
        r#"select o.currency, o.email, o.name, o.language, r.late_by, (o.goods_minor * r.late_basis_points / 10000)::bigint as "minor!",
                  exists (select from event e where e.subject = o.id and e.kind = 'delivery.made_up_for') as "given!"
           from orders o cross join service_rule r where o.id = $1"#,
        id.0
    )
    .fetch_one(&mut *db)
    .await?;
    if row.given {
        return Ok(false);
    }
    let wanted = Money::new(row.minor, row.currency.parse().map_err(Fault::new)?);
    let language: Language = row.language.parse().unwrap_or(shop.settings.base_language);
    if MakesUpBy::from_code(&row.late_by) == Some(MakesUpBy::Credit) {
        if wanted.minor <= 0 {
            return Ok(false);
        }
        let gift = credit::Gift {
            money: wanted,
            to: &row.email,
            name: &row.name,
            language,
            reason: REASON,
            source: id.0,
            note: "",
            by: None,
            order: Some(id),
            complaint: None,
        };
        let given = credit::give(db, shop, &gift, now).await?;
        events::record(db, "delivery.made_up_for", id.0, json!({ "number": order.number, "minor": wanted.minor }), now).await?;
        return Ok(given);
    }
    let Some(money) = checkout::queue_part_refund(db, id, wanted, REASON, now).await? else { return Ok(false) };
    events::record(db, "delivery.made_up_for", id.0, json!({ "number": order.number, "minor": money.minor }), now).await?;
    let amount = format::money(money, language);
    let (subject, greeting, text, label) = match language {
        Language::Es => (
            format!("Pedido {}: te devolvemos {amount} por el retraso", order.number),
            format!("Hola, {}:", row.name),
            format!(
                "Tu pedido llegó más tarde de lo que prometimos. Lo sentimos. Te devolvemos {amount} por el mismo medio de pago; no tienes que hacer nada."
            ),
            "Ver el pedido",
        ),
        Language::En => (
            format!("Order {}: we return {amount} because it was late", order.number),
            format!("Hello {},", row.name),
            format!(
                "Your order arrived later than we promised. We are sorry. We return {amount} the way you paid; there is nothing you need do."
            ),
            "View your order",
        ),
    };
    let token = signing::order_token(&shop.settings, id);
    let url = format!("{}/{language}/order/{}?t={}", shop.settings.public_url, order.number, token.0);
    let parts = vec![mail::Part::Paragraph(greeting), mail::Part::Paragraph(text), mail::Part::Link { label: label.to_owned(), url }];
    let key = format!("order.made_up_for:{id}");
    mail::write_down(db, &shop.settings, mail::Note { key: &key, to: &row.email, language, order: Some(id), subject, parts }, now).await?;
    Ok(true)
}
