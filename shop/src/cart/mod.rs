//! The cart: seeing it, filling it, changing it. Nothing is held for a cart; stock is held from the moment an
//! order is placed. Every change is one statement and the view another, for this is the busiest part of the shop.

mod lines;
mod put_back;

use crate::{Actor, Failure, Fault, Outcome, Shop, new_id};
use domain::{
    Currency, Language,
    cart::{Cart, CartRefusal, MAX_LINES, MAX_QUANTITY},
    ids::{CartId, VariantId},
};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime, Time};

pub(crate) use lines::{Line, read as read_lines};
pub use put_back::{PutBack, put_back};

/// How long a cart is kept after its last change.
const KEPT: Duration = Duration::days(30);

/// When a cart changed at `now` may be forgotten: in whole days, so that the expiry's index is touched once a day.
pub(crate) fn expiry(now: OffsetDateTime) -> OffsetDateTime {
    now.replace_time(Time::MIDNIGHT) + KEPT + Duration::days(1)
}

/// The cart at today's prices and stock; an empty one when there is none.
///
/// # Errors
/// A fault only.
pub async fn view(shop: &Shop, actor: &Actor, language: Language, now: OffsetDateTime) -> Outcome<Cart> {
    match actor.cart() {
        Some(cart) => Ok(read(shop, cart, language, now).await?),
        None => Ok(Cart::empty(shop.settings.currency)),
    }
}

async fn read(shop: &Shop, cart: CartId, language: Language, now: OffsetDateTime) -> Result<Cart, Fault> {
    let mut db = shop.db.acquire().await?;
    let lines = read_lines(&mut db, &shop.settings, cart, language, now).await?;
    Cart::of(shop.settings.currency, lines.into_iter().map(|l| l.line).collect()).map_err(Fault::new)
}

/// How many things are in the cart: the number on the badge.
///
/// # Errors
/// A fault only.
pub async fn count(shop: &Shop, cart: CartId) -> Outcome<u32> {
    let count = sqlx::query_scalar!(r#"select coalesce(sum(quantity), 0) as "count!" from cart_line where cart_id = $1"#, cart.0)
        .fetch_one(&shop.db)
        .await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Adds to what is in the cart already; makes a cart when the shopper has none.
///
/// # Errors
/// Not sold, sold out, more than there are, or more than a cart holds.
pub async fn add_line(
    shop: &Shop,
    actor: &Actor,
    language: Language,
    variant: VariantId,
    quantity: u32,
    now: OffsetDateTime,
) -> Outcome<(CartId, Cart), CartRefusal> {
    if quantity == 0 {
        return Err(Failure::Refused(CartRefusal::NotANumber));
    }
    let cart = actor.cart().unwrap_or_else(|| CartId(new_id(now)));
    put(&mut *shop.db.acquire().await?, shop.settings.currency, cart, language, variant, Put::More(quantity), now).await?;
    Ok((cart, read(shop, cart, language, now).await?))
}

/// Sets a line to `quantity`; 0 removes it.
///
/// # Errors
/// As [`add_line`]; the line keeps its old number.
pub async fn set_quantity(
    shop: &Shop,
    actor: &Actor,
    language: Language,
    variant: VariantId,
    quantity: u32,
    now: OffsetDateTime,
) -> Outcome<Cart, CartRefusal> {
    let Some(cart) = actor.cart() else { return Err(Failure::Refused(CartRefusal::NoSuchVariant)) };
    if quantity == 0 {
        remove(shop, cart, variant, now).await?;
    } else {
        put(&mut *shop.db.acquire().await?, shop.settings.currency, cart, language, variant, Put::Exactly(quantity), now).await?;
    }
    Ok(read(shop, cart, language, now).await?)
}

/// Takes a line out of the cart; a line that is not there is no mistake.
///
/// # Errors
/// A fault only.
pub async fn remove_line(shop: &Shop, actor: &Actor, language: Language, variant: VariantId, now: OffsetDateTime) -> Outcome<Cart> {
    let Some(cart) = actor.cart() else { return Ok(Cart::empty(shop.settings.currency)) };
    remove(shop, cart, variant, now).await?;
    Ok(read(shop, cart, language, now).await?)
}

async fn remove(shop: &Shop, cart: CartId, variant: VariantId, now: OffsetDateTime) -> Result<(), Fault> {
    sqlx::query!(
        "with gone as (delete from cart_line where cart_id = $1 and variant_id = $2)
         update cart set updated_at = $3, expires_at = $4 where id = $1",
        cart.0,
        variant.0,
        now,
        expiry(now)
    )
    .execute(&shop.db)
    .await?;
    Ok(())
}

/// Marks the prices of today as seen: until then a line says what it cost before.
///
/// # Errors
/// A fault only.
pub async fn accept_prices(shop: &Shop, actor: &Actor, language: Language, now: OffsetDateTime) -> Outcome<Cart> {
    let Some(cart) = actor.cart() else { return Ok(Cart::empty(shop.settings.currency)) };
    sqlx::query!(
        "update cart_line l set seen_minor = p.minor from price p
         where l.cart_id = $1 and p.variant_id = l.variant_id and p.currency = $2 and p.minor <> l.seen_minor",
        cart.0,
        shop.settings.currency.code()
    )
    .execute(&shop.db)
    .await?;
    Ok(read(shop, cart, language, now).await?)
}

/// Forgets carts that nobody touched for 30 days; says how many.
///
/// # Errors
/// A fault only.
pub async fn sweep(shop: &Shop, now: OffsetDateTime) -> Outcome<u64> {
    Ok(sqlx::query!("delete from cart where expires_at < $1", now).execute(&shop.db).await?.rows_affected())
}

#[derive(Clone, Copy)]
enum Put {
    More(u32),
    Exactly(u32),
}

/// Writes a line, if so many are to be had. What the cart's own order holds while it is being paid counts as
/// available: nobody is blocked by themselves; so does what lapsed, though it is not yet given back. The line is written from the cart's row, so that the cart is locked first,
/// as everybody does.
async fn put(
    db: &mut PgConnection,
    currency: Currency,
    cart: CartId,
    language: Language,
    variant: VariantId,
    put: Put,
    now: OffsetDateTime,
) -> Result<(), Failure<CartRefusal>> {
    let (quantity, adds) = match put {
        Put::More(n) => (n, true),
        Put::Exactly(n) => (n, false),
    };
    let quantity = i32::try_from(quantity).unwrap_or(i32::MAX / 2).min(i32::MAX / 2);
    let offer = sqlx::query!(
        r#"with offer as (
               select v.id, p.minor, coalesce(l.quantity, 0) as in_cart, $4 + case when $5 then coalesce(l.quantity, 0) else 0 end as wanted,
                      case when s.unlimited then $6 else greatest(0, s.available + coalesce(own.quantity, 0) + coalesce(lapsed.quantity, 0)) end as available,
                      (select count(*) from cart_line where cart_id = $1) as lines
               from variant v
               join product on product.id = v.product_id and product.status = 'active' and product.published
               join price p on p.variant_id = v.id and p.currency = $3
               join stock_level s on s.variant_id = v.id
               left join cart_line l on l.cart_id = $1 and l.variant_id = v.id
               left join lateral (
                   select r.quantity from orders o join stock_reservation r on r.order_id = o.id and r.variant_id = v.id and r.state = 'held'
                   where o.cart_id = $1 and o.state = 'placed' and o.payment_state = 'unpaid' and r.expires_at > $9
               ) own on true
               left join lateral (
                   select sum(r.quantity)::int as quantity from stock_reservation r
                   where r.variant_id = v.id and r.state = 'held' and r.expires_at <= $9
               ) lapsed on s.reserved > 0
               where v.id = $2
           ), fits as (
               select * from offer where wanted <= least(available, $6) and (in_cart > 0 or lines < $7)
           ), kept as (
               insert into cart (id, currency, language, created_at, updated_at, expires_at)
               select $1, $3, $8, $9, $9, $10 from fits
               on conflict (id) do update set updated_at = excluded.updated_at, expires_at = excluded.expires_at
               returning id
           ), put as (
               insert into cart_line as line (cart_id, variant_id, quantity, seen_minor, added_at)
               select kept.id, fits.id, $4, fits.minor, $9 from fits cross join kept
               on conflict (cart_id, variant_id) do update
               set quantity = least($6, excluded.quantity + case when $5 then line.quantity else 0 end), seen_minor = excluded.seen_minor
           )
           select in_cart as "in_cart!", available as "available!", wanted as "wanted!", exists (select from fits) as "fits!" from offer"#,
        cart.0,
        variant.0,
        currency.code(),
        quantity,
        adds,
        i32::try_from(MAX_QUANTITY).unwrap_or(i32::MAX),
        i64::try_from(MAX_LINES).unwrap_or(i64::MAX),
        language.code(),
        now,
        expiry(now)
    )
    .fetch_optional(db)
    .await?;
    let Some(offer) = offer else { return Err(Failure::Refused(CartRefusal::NoSuchVariant)) };
    if offer.fits {
        return Ok(());
    }
    let number = |n: i32| u32::try_from(n).unwrap_or(0);
    Err(Failure::Refused(if offer.available == 0 {
        CartRefusal::SoldOut
    } else if offer.wanted > offer.available.min(i32::try_from(MAX_QUANTITY).unwrap_or(i32::MAX)) {
        refused_number(number(offer.available), number(offer.in_cart))
    } else {
        CartRefusal::TooManyLines
    }))
}

fn refused_number(available: u32, in_cart: u32) -> CartRefusal {
    if available >= MAX_QUANTITY { CartRefusal::TooMany } else { CartRefusal::Only { available, in_cart } }
}
