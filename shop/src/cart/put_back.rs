//! Putting the goods of an order whose payment failed back into the cart: they left it when the money was on its way.

use super::{Put, put};
use crate::{Actor, Failure, Fault, Outcome, Shop, new_id, orders, transaction};
use domain::{
    Language,
    cart::CartRefusal,
    checkout::Draft,
    ids::{CartId, VariantId},
    orders::OrderRefusal,
    token::Token,
};
use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

/// What a person's cart is after [`put_back`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PutBack {
    pub cart: CartId,
    /// Everything is there again; otherwise something is sold out meanwhile.
    pub complete: bool,
}

/// Puts the goods of the order behind a link into the cart of whoever asks, and the details that were typed beside
/// them where that cart has none: as much as is still to be had, and only once.
///
/// # Errors
/// A wrong link, or an order whose goods never left the cart or are back already.
pub async fn put_back(
    shop: &Shop,
    actor: &Actor,
    language: Language,
    number: &str,
    token: &Token,
    now: OffsetDateTime,
) -> Outcome<PutBack, OrderRefusal> {
    let id = orders::identify(shop, number, token).await?;
    let mut db = transaction::begin(&shop.db).await?;
    orders::state::lock(&mut db, id).await?;
    let taken = sqlx::query!(
        "update orders set left_cart_at = null
         where id = $1 and left_cart_at is not null and state = 'cancelled' and cancelled_because = 'payment_failed'",
        id.0
    )
    .execute(&mut *db)
    .await?;
    if taken.rows_affected() == 0 {
        return Err(Failure::Refused(OrderRefusal::NothingToPutBack));
    }
    let cart = actor.cart().unwrap_or_else(|| CartId(new_id(now)));
    let lines =
        sqlx::query!("select variant_id, quantity from order_line where order_id = $1 order by position", id.0).fetch_all(&mut *db).await?;
    let mut complete = true;
    for line in lines {
        let quantity = u32::try_from(line.quantity).unwrap_or(0);
        complete &= match line.variant_id {
            Some(variant) => put_what_there_is(&mut db, shop, cart, language, VariantId(variant), quantity, now).await?,
            None => false,
        };
    }
    restore_draft(&mut db, cart, id.0).await?;
    db.commit().await?;
    Ok(PutBack { cart, complete })
}

/// `false` when it was less than wanted.
async fn put_what_there_is(
    db: &mut PgConnection,
    shop: &Shop,
    cart: CartId,
    language: Language,
    variant: VariantId,
    quantity: u32,
    now: OffsetDateTime,
) -> Result<bool, Fault> {
    let currency = shop.settings.currency;
    match put(db, currency, cart, language, variant, Put::More(quantity), now).await {
        Ok(()) => Ok(true),
        Err(Failure::Fault(fault)) => Err(fault),
        Err(Failure::Refused(CartRefusal::Only { available, in_cart })) if available > in_cart => {
            match put(db, currency, cart, language, variant, Put::Exactly(available), now).await {
                Err(Failure::Fault(fault)) => Err(fault),
                _ => Ok(false),
            }
        }
        Err(Failure::Refused(_)) => Ok(false),
    }
}

async fn restore_draft(db: &mut PgConnection, cart: CartId, order: Uuid) -> Result<(), Fault> {
    let row = sqlx::query!(
        r#"select email, name, phone, address as "address: Json<domain::address::Address>", method_code from orders where id = $1"#,
        order
    )
    .fetch_one(&mut *db)
    .await?;
    let address = row.address.0;
    let draft = Draft {
        email: row.email,
        name: row.name,
        phone: row.phone,
        line1: address.line1,
        line2: address.line2,
        city: address.city,
        region: address.region,
        postcode: address.postcode,
        country: address.country,
        method: row.method_code,
        credit: String::new(),
        submitted: false,
    };
    sqlx::query!("update cart set draft = $2 where id = $1 and draft = '{}'", cart.0, Json(draft) as _).execute(db).await?;
    Ok(())
}
