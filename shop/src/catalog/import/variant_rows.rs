//! A product's variants in the database: which of them is which row of the file, and what becomes of the rest.

use super::{
    parse::Parsed,
    report::Finding,
    write::{Unwritten, Writing},
};
use crate::{
    catalog::csv::{columns as column, model::Variant},
    new_id,
};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

/// A variant as it was before.
pub struct Stored {
    pub id: Uuid,
    pub sku: Option<String>,
    /// The codes of its option values, in the options' order.
    pub codes: Vec<String>,
}

/// The product's variants in their order, if there are `count` of them.
pub async fn in_order(db: &mut PgConnection, product: Uuid, count: usize) -> Result<Option<Vec<Uuid>>, sqlx::Error> {
    let ids = sqlx::query_scalar!("select id from variant where product_id = $1 order by position", product).fetch_all(db).await?;
    Ok(Some(ids).filter(|ids| ids.len() == count))
}

pub async fn stored(db: &mut PgConnection, product: Uuid) -> Result<Vec<Stored>, sqlx::Error> {
    sqlx::query_as!(
        Stored,
        r#"select v.id, v.sku, coalesce(array_agg(o.code order by vo.position) filter (where o.code is not null), '{}') as "codes!"
            from variant v
            left join variant_option_value vo on vo.variant_id = v.id
            left join product_option_value o on o.id = vo.option_value_id
            where v.product_id = $1 group by v.id order by v.position"#,
        product
    )
    .fetch_all(db)
    .await
}

pub async fn refuse_foreign_skus(db: &mut PgConnection, product: Uuid, parsed: &Parsed) -> Result<(), Unwritten> {
    let skus: Vec<String> = parsed.product.variants.iter().filter_map(|variant| variant.sku.clone()).collect();
    let taken = sqlx::query!(
        r#"select v.sku as "sku!", p.handle from variant v join product p on p.id = v.product_id
            where v.sku = any($1) and v.product_id <> $2"#,
        &skus,
        product
    )
    .fetch_all(db)
    .await?;
    let is_taken = |variant: &Variant| taken.iter().find(|row| Some(&row.sku) == variant.sku.as_ref());
    let first = parsed.product.variants.iter().zip(&parsed.variant_lines).find_map(|(variant, line)| Some((is_taken(variant)?, *line)));
    let Some((taken, line)) = first else { return Ok(()) };
    let reason = format!("`{}` is a variant of the product `{}`", taken.sku, taken.handle);
    Err(Unwritten::Rejected(Finding { line, column: Some(column::SKU.to_owned()), handle: parsed.product.handle.clone(), reason }))
}

/// Writes the variants and removes those of `stored` that are not among them any more. The ids in the variants' order.
pub async fn write(
    db: &mut PgConnection,
    product: Uuid,
    stored: &[Stored],
    values: &[Vec<(String, Uuid)>],
    pictures: &[Uuid],
    parsed: &Parsed,
    writing: &Writing<'_>,
) -> Result<Vec<Uuid>, Unwritten> {
    let variants = &parsed.product.variants;
    let same = matches(variants, stored, values);
    remove_others(db, stored, &same, parsed).await?;
    release_skus(db, stored, variants, &same).await?;
    let mut ids = Vec::with_capacity(variants.len());
    for ((position, variant), same) in (0..).zip(variants).zip(same) {
        let id = same.map_or_else(|| new_id(writing.now), |index| stored[index].id);
        let picture = variant.picture.and_then(|index| pictures.get(index)).copied();
        write_variant(db, product, id, position, variant, picture).await?;
        for ((position, values), &value) in (0..).zip(values).zip(&variant.values) {
            let Some((_, value)) = values.get(value) else { continue };
            sqlx::query!(
                "insert into variant_option_value (variant_id, option_value_id, position) values ($1, $2, $3)",
                id,
                value,
                position
            )
            .execute(&mut *db)
            .await?;
        }
        ids.push(id);
    }
    Ok(ids)
}

async fn write_variant(
    db: &mut PgConnection,
    product: Uuid,
    id: Uuid,
    position: i32,
    variant: &Variant,
    picture: Option<Uuid>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into variant (id, product_id, position, sku, barcode, grams, requires_shipping, taxable, backorder, tracked, media_id, extra)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            on conflict (id) do update set position = excluded.position, sku = excluded.sku, barcode = excluded.barcode,
            grams = excluded.grams, requires_shipping = excluded.requires_shipping, taxable = excluded.taxable,
            backorder = excluded.backorder, tracked = excluded.tracked, media_id = excluded.media_id, extra = excluded.extra",
        id,
        product,
        position,
        variant.sku,
        variant.barcode,
        variant.grams,
        variant.requires_shipping,
        variant.taxable,
        variant.backorder,
        variant.tracked,
        picture,
        Json(&variant.kept) as _
    )
    .execute(db)
    .await?;
    Ok(())
}

/// For each variant the stored one that it is: the one with its SKU, else one with its options that no SKU claims.
fn matches(variants: &[Variant], stored: &[Stored], values: &[Vec<(String, Uuid)>]) -> Vec<Option<usize>> {
    let with_sku = |sku: &String| stored.iter().position(|s| s.sku.as_ref() == Some(sku));
    let mut same: Vec<Option<usize>> = variants.iter().map(|variant| variant.sku.as_ref().and_then(with_sku)).collect();
    for (index, variant) in variants.iter().enumerate() {
        if same[index].is_none() {
            let codes: Vec<&str> =
                values.iter().zip(&variant.values).filter_map(|(values, &value)| Some(values.get(value)?.0.as_str())).collect();
            let found = (0..stored.len()).find(|candidate| !same.contains(&Some(*candidate)) && stored[*candidate].codes == codes);
            same[index] = found;
        }
    }
    same
}

/// Their order lines are copies and stay; but what an order still waits for is not taken away.
async fn remove_others(db: &mut PgConnection, stored: &[Stored], same: &[Option<usize>], parsed: &Parsed) -> Result<(), Unwritten> {
    let others: Vec<Uuid> =
        stored.iter().enumerate().filter(|(index, _)| !same.contains(&Some(*index))).map(|(_, variant)| variant.id).collect();
    if others.is_empty() {
        return Ok(());
    }
    let held = sqlx::query_scalar!(
        "select variant_id from stock_reservation where variant_id = any($1) and state in ('held', 'allocated') limit 1",
        &others
    )
    .fetch_optional(&mut *db)
    .await?;
    if let Some(held) = held {
        let sku = stored.iter().find(|variant| variant.id == held).and_then(|variant| variant.sku.as_deref()).unwrap_or("without a SKU");
        let reason = format!("the variant `{sku}` is not in the file any more, but an order holds stock of it");
        let handle = parsed.product.handle.clone();
        return Err(Unwritten::Rejected(Finding { line: parsed.line, column: Some(column::SKU.to_owned()), handle, reason }));
    }
    sqlx::query!("delete from variant where id = any($1)", &others).execute(db).await?;
    Ok(())
}

/// Two variants may swap their SKUs: those that get another one give up theirs first.
async fn release_skus(db: &mut PgConnection, stored: &[Stored], variants: &[Variant], same: &[Option<usize>]) -> Result<(), sqlx::Error> {
    let changed = |(variant, same): (&Variant, &Option<usize>)| {
        let before = &stored[(*same)?];
        (before.sku.is_some() && before.sku != variant.sku).then_some(before.id)
    };
    let changed: Vec<Uuid> = variants.iter().zip(same).filter_map(changed).collect();
    if !changed.is_empty() {
        sqlx::query!("update variant set sku = null where id = any($1)", &changed).execute(db).await?;
    }
    Ok(())
}
