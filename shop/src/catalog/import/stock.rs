//! Prices and stock of a product's variants: what changed by itself since the last import is compared, and set again.

use super::{
    parse::Parsed,
    write::{Unwritten, Writing},
};
use crate::{
    catalog::csv::model::{Product, Variant},
    new_id,
};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// A variant's stock before this import.
pub struct Level {
    on_hand: i32,
    allocated: i32,
    reserved: i32,
    unlimited: bool,
}

/// The rows say what they said before, and prices and stock are what they say.
pub async fn is_unchanged(db: &mut PgConnection, product: &Product, digest: &[u8], writing: &Writing<'_>) -> Result<bool, sqlx::Error> {
    let stored = sqlx::query!(
        r#"select price.minor as "minor?", price.compare_at_minor, s.available as "available?"
            from product p
            join variant v on v.product_id = p.id
            left join price on price.variant_id = v.id and price.currency = $3
            left join stock_level s on s.variant_id = v.id
            where p.handle = $1 and p.import_hash = $2 order by v.position"#,
        product.handle,
        digest,
        writing.settings.currency.code()
    )
    .fetch_all(db)
    .await?;
    let is_same = |(variant, row): (&Variant, _)| {
        let (minor, compare_at, available): &(Option<i64>, Option<i64>, Option<i32>) = row;
        *minor == Some(variant.price.minor)
            && *compare_at == variant.compare_at.map(|price| price.minor)
            && available.is_some()
            && variant.available.is_none_or(|wanted| *available == Some(wanted))
    };
    let stored: Vec<_> = stored.into_iter().map(|row| (row.minor, row.compare_at_minor, row.available)).collect();
    Ok(stored.len() == product.variants.len() && product.variants.iter().zip(&stored).all(is_same))
}

/// The product's stock rows, locked in the order of their ids like everywhere. A dry run locks nothing: nobody at the
/// checkout waits for it.
pub async fn lock_levels(db: &mut PgConnection, product: Uuid, dry_run: bool) -> Result<HashMap<Uuid, Level>, sqlx::Error> {
    if !dry_run {
        sqlx::query!(
            "select 1 as one from stock_level where variant_id in (select id from variant where product_id = $1)
                order by variant_id for update",
            product
        )
        .fetch_all(&mut *db)
        .await?;
    }
    let rows = sqlx::query!(
        "select s.variant_id, s.on_hand, s.allocated, s.reserved, s.unlimited from stock_level s
            join variant v on v.id = s.variant_id where v.product_id = $1",
        product
    )
    .fetch_all(db)
    .await?;
    let level = |on_hand, allocated, reserved, unlimited| Level { on_hand, allocated, reserved, unlimited };
    Ok(rows.into_iter().map(|row| (row.variant_id, level(row.on_hand, row.allocated, row.reserved, row.unlimited))).collect())
}

/// Whether a price changed.
pub async fn write_prices(db: &mut PgConnection, variants: &[Uuid], product: &Product, writing: &Writing<'_>) -> Result<bool, Unwritten> {
    let currency = writing.settings.currency;
    let rows = sqlx::query!(
        "select variant_id, minor, compare_at_minor from price where variant_id = any($1) and currency = $2",
        variants,
        currency.code()
    )
    .fetch_all(&mut *db)
    .await?;
    let before: HashMap<Uuid, (i64, Option<i64>)> =
        rows.into_iter().map(|row| (row.variant_id, (row.minor, row.compare_at_minor))).collect();
    let mut changed = false;
    for (id, variant) in variants.iter().zip(&product.variants) {
        let (minor, compare_at) = (variant.price.minor, variant.compare_at.map(|price| price.minor));
        let before = before.get(id);
        if before == Some(&(minor, compare_at)) {
            continue;
        }
        changed = true;
        sqlx::query!(
            "insert into price (variant_id, currency, minor, compare_at_minor) values ($1, $2, $3, $4)
                on conflict (variant_id, currency) do update set minor = excluded.minor, compare_at_minor = excluded.compare_at_minor",
            id,
            currency.code(),
            minor,
            compare_at
        )
        .execute(&mut *db)
        .await?;
        if before.is_none_or(|(before, _)| *before != minor) {
            sqlx::query!(
                "insert into price_history (variant_id, currency, minor, from_at) values ($1, $2, $3, $4)
                    on conflict (variant_id, currency, from_at) do update set minor = excluded.minor",
                id,
                currency.code(),
                minor,
                writing.now
            )
            .execute(&mut *db)
            .await?;
        }
    }
    Ok(changed)
}

/// Whether what can be bought changed. The file's quantity is what is left to be sold: what orders hold comes on top.
pub async fn write_levels(
    db: &mut PgConnection,
    variants: &[Uuid],
    levels: &HashMap<Uuid, Level>,
    parsed: &Parsed,
    writing: &Writing<'_>,
) -> Result<bool, Unwritten> {
    let mut changed = false;
    for (id, variant) in variants.iter().zip(&parsed.product.variants) {
        let none = Level { on_hand: 0, allocated: 0, reserved: 0, unlimited: false };
        let (before, is_new) = levels.get(id).map_or((&none, true), |level| (level, false));
        let held = before.allocated + before.reserved;
        // A stock that is counted from now on begins at nothing rather than below.
        let least = if variant.is_unlimited() { before.on_hand } else { before.on_hand.max(held) };
        let on_hand = variant.available.map_or(least, |left| left + held);
        let has_changed = is_new || on_hand != before.on_hand || variant.is_unlimited() != before.unlimited;
        changed |= has_changed;
        if !has_changed || writing.dry_run {
            continue;
        }
        sqlx::query!(
            "insert into stock_level (variant_id, on_hand, unlimited) values ($1, $2, $3)
                on conflict (variant_id) do update set on_hand = excluded.on_hand, unlimited = excluded.unlimited",
            id,
            on_hand,
            variant.is_unlimited()
        )
        .execute(&mut *db)
        .await?;
        if on_hand != before.on_hand {
            sqlx::query!(
                "insert into stock_movement (id, variant_id, kind, quantity, at) values ($1, $2, 'import', $3, $4)",
                new_id(writing.now),
                id,
                on_hand - before.on_hand,
                writing.now
            )
            .execute(&mut *db)
            .await?;
        }
    }
    Ok(changed)
}
