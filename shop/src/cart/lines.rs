//! The lines of a cart as the database has them at this moment: today's price, today's stock, the words of
//! the reader's language. One statement, for the cart, the checkout and the order alike.

use crate::{Fault, Settings};
use domain::{
    Language, Money, Translated,
    cart::{CartLine, MAX_QUANTITY},
    catalog::{Picture, Stock},
    ids::{CartId, ProductId, VariantId},
};
use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

/// A line with what an order copies besides.
pub(crate) struct Line {
    pub(crate) line: CartLine,
    pub(crate) product: ProductId,
    pub(crate) sku: String,
    pub(crate) taxable: bool,
}

struct Row {
    variant: Uuid,
    product: Uuid,
    quantity: i32,
    seen_minor: i64,
    /// Null where it is not sold any more.
    minor: Option<i64>,
    sku: Option<String>,
    grams: i32,
    tracked: bool,
    taxable: bool,
    unlimited: bool,
    /// With what this cart's own order holds, and what lapsed.
    available: i32,
    slug: String,
    title: String,
    options: String,
    hash: Option<String>,
    width: Option<i32>,
    height: Option<i32>,
    widths: Option<Vec<i32>>,
    alt: Option<Json<Translated>>,
}

pub(crate) async fn read(
    db: &mut PgConnection,
    settings: &Settings,
    cart: CartId,
    language: Language,
    now: OffsetDateTime,
) -> Result<Vec<Line>, Fault> {
    let rows = sqlx::query_as!(
        Row,
        r#"select l.variant_id as variant, v.product_id as product, l.quantity, l.seen_minor,
                  case when product.status = 'active' and product.published and s.variant_id is not null then p.minor end as minor,
                  v.sku, v.grams, v.tracked, v.taxable, coalesce(s.unlimited, false) as "unlimited!",
                  coalesce(s.available, 0) + coalesce(own.quantity, 0) + coalesce(lapsed.quantity, 0) as "available!",
                  coalesce(t.slug, '') as "slug!", coalesce(t.title, product.handle) as "title!", coalesce(o.options, '') as "options!",
                  m.hash as "hash?", m.width as "width?", m.height as "height?", m.widths as "widths?", m.alt as "alt?: Json<Translated>"
           from cart_line l
           join variant v on v.id = l.variant_id
           join product on product.id = v.product_id
           left join price p on p.variant_id = v.id and p.currency = $2
           left join stock_level s on s.variant_id = v.id
           left join lateral (
               select r.quantity from orders held join stock_reservation r on r.order_id = held.id and r.variant_id = v.id and r.state = 'held'
               where held.cart_id = $1 and held.state = 'placed' and held.payment_state = 'unpaid' and r.expires_at > $5
           ) own on true
           left join lateral (
               select sum(r.quantity)::int as quantity from stock_reservation r
               where r.variant_id = v.id and r.state = 'held' and r.expires_at <= $5
           ) lapsed on s.reserved > 0
           left join lateral (
               select slug, title from product_translation where product_id = product.id
               order by language = $3 desc, language = $4 desc limit 1
           ) t on true
           left join lateral (
               select string_agg(coalesce(value.name ->> $3, value.name ->> $4, value.code), ', ' order by chosen.position) as options
               from variant_option_value chosen join product_option_value value on value.id = chosen.option_value_id
               where chosen.variant_id = v.id
           ) o on true
           left join media m on m.hash is not null and m.id = coalesce(
               v.media_id,
               (select id from media first where first.product_id = product.id and first.hash is not null order by first.position limit 1))
           where l.cart_id = $1
           order by l.added_at, l.variant_id"#,
        cart.0,
        settings.currency.code(),
        language.code(),
        settings.base_language.code(),
        now
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(|row| line(row, settings, language)).collect()
}

fn line(row: Row, settings: &Settings, language: Language) -> Result<Line, Fault> {
    let seen = Money::new(row.seen_minor, settings.currency);
    let unit = row.minor.map_or(seen, |minor| Money::new(minor, settings.currency));
    let quantity = unsigned(row.quantity);
    Ok(Line {
        product: ProductId(row.product),
        sku: row.sku.clone().unwrap_or_default(),
        taxable: row.taxable,
        line: CartLine {
            variant: VariantId(row.variant),
            stock: stock(&row, quantity),
            total: unit.times(i64::from(quantity)).map_err(Fault::new)?,
            was: (unit != seen).then_some(seen),
            unit,
            quantity,
            grams: unsigned(row.grams),
            picture: picture(&row, language),
            slug: row.slug,
            title: row.title,
            options: row.options,
        },
    })
}

fn stock(row: &Row, quantity: u32) -> Stock {
    let available = unsigned(row.available);
    match row.minor {
        None => Stock::SoldOut,
        Some(_) if !row.tracked => Stock::Unlimited,
        // Made to order where there are not enough of them, up to what a cart holds.
        Some(_) if row.unlimited && available < quantity.min(MAX_QUANTITY) => Stock::MadeToOrder,
        Some(_) if available == 0 => Stock::SoldOut,
        Some(_) => Stock::Available(available),
    }
}

fn picture(row: &Row, language: Language) -> Option<Picture> {
    Some(Picture {
        hash: row.hash.clone()?,
        width: unsigned(row.width?),
        height: unsigned(row.height?),
        widths: row.widths.iter().flatten().copied().map(unsigned).collect(),
        alt: row.alt.as_ref().map_or_else(String::new, |alt| alt.0.get(language).to_owned()),
    })
}

/// The columns' checks keep most of these from being negative; stock made to order may be.
fn unsigned(number: i32) -> u32 {
    u32::try_from(number).unwrap_or(0)
}
