//! What somebody at the desk does to an order: each under the key of its form, so that a double click does it once;
//! each in one transaction with its event and its line in the log.

use super::{Asked, first_time, needs, order, refuse};
use crate::{
    Actor, Failure, Fault, Shop, audit,
    checkout::{self, RefundRefusal},
    delivery::{Consignment, Terms},
    events, new_id, orders, transaction,
};
use domain::{
    Language, Money,
    address::Address,
    checkout::Draft,
    desk::{DeskRefusal, OrderMail},
    ids::OrderId,
    orders::{OrderRefusal, OrderState},
    staff::Permission,
};
use serde_json::json;
use sqlx::{PgConnection, Postgres, Transaction, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

/// Gives money back, as `typed`: no more than was paid, no more than this person may.
///
/// # Errors
/// No amount, no reason, more than is left, above the limit, or a payment that cannot be given back.
pub async fn give_back(shop: &Shop, actor: &Actor, key: Uuid, number: &str, typed: &str, reason: &str, now: OffsetDateTime) -> Asked {
    let Some((mut db, id)) = begin_giving(shop, actor, key, "order.refund", number, reason, now).await? else { return Ok(()) };
    give_back_within(&mut db, actor, id, number, typed, reason.trim(), now).await?;
    db.commit().await?;
    Ok(())
}

/// Begins to give the buyer of an order something, for a reason; nothing where this form was handed in before.
pub(super) async fn begin_giving(
    shop: &Shop,
    actor: &Actor,
    key: Uuid,
    action: &str,
    number: &str,
    reason: &str,
    now: OffsetDateTime,
) -> Asked<Option<(Transaction<'static, Postgres>, OrderId)>> {
    needs(actor, Permission::GiveBack)?;
    if reason.trim().is_empty() {
        return refuse(DeskRefusal::ReasonMissing);
    }
    let mut db = transaction::begin(&shop.db).await?;
    let id = order::id_of(&mut db, number).await?;
    let is_first = first_time(&mut db, actor, key, action, id, now).await?;
    Ok(is_first.then_some((db, OrderId(id))))
}

/// The same inside an intent that has more to do; says how much that is.
pub(crate) async fn give_back_within(
    db: &mut PgConnection,
    actor: &Actor,
    id: OrderId,
    number: &str,
    typed: &str,
    reason: &str,
    now: OffsetDateTime,
) -> Asked<Money> {
    let locked = orders::state::lock(db, id).await?;
    let currency = sqlx::query_scalar!("select currency from orders where id = $1", id.0).fetch_one(&mut *db).await?;
    let money = amount(typed, currency.parse().map_err(Fault::new)?)?;
    if let Some(left) = order::left_of_limit(db, actor, locked.id).await?
        && money.minor > left
    {
        return refuse(DeskRefusal::AboveLimit { left: Money::new(left, money.currency) });
    }
    let refund = checkout::request_refund_within(db, actor, number, money, reason, now).await.map_err(|failure| {
        failure.map_refusal(|refusal| match refusal {
            RefundRefusal::NotAllowed => DeskRefusal::NotAllowed,
            RefundRefusal::NoSuchOrder => DeskRefusal::NoSuchOrder,
            RefundRefusal::NotPaid | RefundRefusal::NothingFailed => DeskRefusal::NotPaid,
            RefundRefusal::TooMuch { most } if most.is_zero() => DeskRefusal::NotPaid,
            RefundRefusal::TooMuch { most } => DeskRefusal::TooMuch { most },
            RefundRefusal::Disputed => DeskRefusal::Disputed,
        })
    })?;
    sqlx::query!("update refund set requested_by = $2 where id = $1", refund, actor.staff().map(|id| id.0)).execute(&mut *db).await?;
    let detail = json!({ "number": number, "minor": money.minor, "currency": money.currency.code(), "reason": reason });
    audit::record(db, actor, "order.refunded", Some(id.0), detail, now).await?;
    Ok(money)
}

/// With a point or a comma before the cents, as people type it.
pub(crate) fn amount(typed: &str, currency: domain::Currency) -> Asked<Money> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '€').collect();
    let typed = if typed.contains(',') { typed.replace('.', "").replace(',', ".") } else { typed };
    match Money::parse(&typed, currency) {
        Ok(money) if money.minor > 0 => Ok(money),
        _ => refuse(DeskRefusal::NotAnAmount),
    }
}

/// Cancels an order that has not left; all that was paid goes back.
///
/// # Errors
/// No reason, an order that left, or a payment that a bank is deciding about.
pub async fn cancel_order(shop: &Shop, actor: &Actor, key: Uuid, number: &str, reason: &str, now: OffsetDateTime) -> Asked {
    needs(actor, Permission::HandleOrders)?;
    let reason = reason.trim();
    if reason.is_empty() {
        return refuse(DeskRefusal::ReasonMissing);
    }
    let mut db = transaction::begin(&shop.db).await?;
    let id = order::id_of(&mut db, number).await?;
    if !first_time(&mut db, actor, key, "order.cancel", id, now).await? {
        return Ok(());
    }
    orders::cancel_within(&mut db, actor, number, now).await.map_err(|failure| {
        failure.map_refusal(|refusal| match refusal {
            OrderRefusal::WrongState(state) => DeskRefusal::WrongState(state),
            OrderRefusal::PaymentDisputed => DeskRefusal::Disputed,
            _ => DeskRefusal::NoSuchOrder,
        })
    })?;
    audit::record(&mut db, actor, "order.cancelled", Some(id), json!({ "number": number, "reason": reason }), now).await?;
    db.commit().await?;
    Ok(())
}

/// Where a parcel is to go instead, as typed.
#[derive(Debug, Clone, Default)]
pub struct AddressForm {
    pub name: String,
    pub line1: String,
    pub line2: String,
    pub postcode: String,
    pub city: String,
    pub region: String,
}

/// Sends a paid order elsewhere, as long as it is not packed: within its country, and only where that costs the same.
///
/// # Errors
/// Already packed, fields that need changing, or a place that delivery or tax would cost another sum for.
pub async fn change_address(shop: &Shop, actor: &Actor, key: Uuid, number: &str, form: AddressForm, now: OffsetDateTime) -> Asked {
    needs(actor, Permission::HandleOrders)?;
    let terms = Terms::load(shop, now).await?;
    let mut db = transaction::begin(&shop.db).await?;
    let id = order::id_of(&mut db, number).await?;
    if !first_time(&mut db, actor, key, "order.address", id, now).await? {
        return Ok(());
    }
    let locked = orders::state::lock(&mut db, OrderId(id)).await?;
    if locked.state != OrderState::Paid {
        return refuse(DeskRefusal::WrongState(locked.state));
    }
    let old = standing(&mut db, id).await?;
    let draft = Draft {
        email: old.email.clone(),
        name: form.name,
        line1: form.line1,
        line2: form.line2,
        city: form.city,
        region: form.region,
        postcode: form.postcode,
        country: old.address.country.clone(),
        ..Draft::default()
    };
    let details = draft.details().map_err(|problems| Failure::Refused(DeskRefusal::Address(problems)))?;
    let cost = |address: &Address| {
        let consignment = Consignment {
            country: &address.country,
            region: &address.region,
            grams: old.grams,
            goods: old.goods,
            backordered: locked.backordered,
        };
        let methods = terms.methods(&consignment, now, Language::default());
        let price = methods.into_iter().find(|method| method.code == locked.method).map(|method| method.price);
        (price, terms.tax(&address.country, &address.region))
    };
    if old.address.region != details.address.region && cost(&old.address) != cost(&details.address) {
        return refuse(DeskRefusal::OtherCountry);
    }
    sqlx::query!("update orders set name = $2, address = $3 where id = $1", id, details.name, Json(&details.address) as _)
        .execute(&mut *db)
        .await?;
    events::record(&mut db, "order.address_changed", id, json!({ "number": number }), now).await?;
    audit::record(&mut db, actor, "order.address_changed", Some(id), json!({ "number": number }), now).await?;
    db.commit().await?;
    Ok(())
}

struct Standing {
    email: String,
    address: Address,
    goods: Money,
    grams: u32,
}

async fn standing(db: &mut PgConnection, id: Uuid) -> Result<Standing, Fault> {
    let row = sqlx::query!(
        r#"select email, address as "address: Json<Address>", goods_minor, currency,
                  (select coalesce(sum(grams), 0) from order_line where order_id = orders.id)::bigint as "grams!"
           from orders where id = $1"#,
        id
    )
    .fetch_one(db)
    .await?;
    Ok(Standing {
        email: row.email,
        address: row.address.0,
        goods: Money::new(row.goods_minor, row.currency.parse().map_err(Fault::new)?),
        grams: u32::try_from(row.grams).unwrap_or(u32::MAX),
    })
}

/// Sends a mail about an order once more, to the address the order has now.
///
/// # Errors
/// A mail that was never written.
pub async fn resend_mail(shop: &Shop, actor: &Actor, key: Uuid, number: &str, mail: OrderMail, now: OffsetDateTime) -> Asked {
    needs(actor, Permission::HandleOrders)?;
    let mut db = transaction::begin(&shop.db).await?;
    let id = order::id_of(&mut db, number).await?;
    if !first_time(&mut db, actor, key, "order.mail", id, now).await? {
        return Ok(());
    }
    let letter = format!("{}:{id}", mail.code());
    // A mail that was sent gets a new id, for mail servers drop what they have seen; one that was not is only hastened.
    let written = sqlx::query!(
        "update mail set id = case when mail.sent_at is null then mail.id else $2 end, sent_at = null, recipient = orders.email
         from orders where mail.key = $1 and orders.id = $3",
        letter,
        new_id(now),
        id
    )
    .execute(&mut *db)
    .await?;
    if written.rows_affected() == 0 {
        return refuse(DeskRefusal::NothingToSend);
    }
    sqlx::query!("update job set done_at = null, attempts = 0, run_at = $2, last_error = null where key = $1", letter, now)
        .execute(&mut *db)
        .await?;
    events::record(&mut db, "mail.resent", id, json!({ "number": number, "letter": mail.code() }), now).await?;
    audit::record(&mut db, actor, "order.mail_resent", Some(id), json!({ "number": number, "letter": mail.code() }), now).await?;
    db.commit().await?;
    Ok(())
}
