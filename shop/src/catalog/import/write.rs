//! One product into the database: everything it says, the addresses it had, and the news of it.

use super::{categories, parse::Parsed, pictures::Prepared, report::Finding, stock, variant_rows};
use crate::{
    Fault, Settings,
    catalog::csv::{
        columns as column,
        model::Product,
        slug::{first_free, slug},
    },
    events, new_id,
};
use domain::{Language, Translated};
use serde_json::json;
use sqlx::{PgConnection, types::Json};
use std::collections::{HashMap, HashSet};
use time::OffsetDateTime;
use uuid::Uuid;

/// What does not differ from cell to cell.
pub struct Writing<'a> {
    pub settings: &'a Settings,
    pub base: Language,
    pub dry_run: bool,
    pub now: OffsetDateTime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Created,
    Updated,
    Unchanged,
}

/// Why a product was not written.
pub enum Unwritten {
    Rejected(Finding),
    Database(sqlx::Error),
    Fault(Fault),
}

impl From<sqlx::Error> for Unwritten {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl From<Fault> for Unwritten {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Unwritten {
    /// What the file's owner is told; a fault when it is not about this product.
    pub fn finding(self, parsed: &Parsed) -> Result<Finding, Fault> {
        let error = match self {
            Self::Rejected(finding) => return Ok(finding),
            Self::Fault(fault) => return Err(fault),
            Self::Database(error) => error,
        };
        // Data that do not fit (22, 23), that are too large (54), or were changed at the same moment (40).
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code).unwrap_or_default();
        if ["22", "23", "40", "54"].iter().any(|class| code.starts_with(class)) {
            let reason = format!("the database does not take it: {error}");
            return Ok(Finding { line: parsed.line, column: None, handle: parsed.product.handle.clone(), reason });
        }
        Err(error.into())
    }
}

pub async fn write(db: &mut PgConnection, prepared: &Prepared, writing: &Writing<'_>) -> Result<Change, Unwritten> {
    let (parsed, product) = (&prepared.parsed, &prepared.parsed.product);
    if stock::is_unchanged(db, product, &prepared.digest, writing).await? {
        return Ok(Change::Unchanged);
    }
    let found = sqlx::query!("select id, import_hash from product where handle = $1 for no key update", product.handle)
        .fetch_optional(&mut *db)
        .await?;
    let says_the_same = found.as_ref().is_some_and(|row| row.import_hash.as_ref() == Some(&prepared.digest));
    let (id, is_new) = (found.as_ref().map_or_else(|| new_id(writing.now), |row| row.id), found.is_none());
    // Before anything else of the variants: whoever orders one of them holds or waits for this lock.
    let levels = if is_new { HashMap::new() } else { stock::lock_levels(db, id, writing.dry_run).await? };
    let same = if says_the_same { variant_rows::in_order(db, id, product.variants.len()).await? } else { None };
    let variants = match same {
        Some(variants) => variants,
        None => write_content(db, id, is_new, prepared, writing).await?,
    };
    let repriced = stock::write_prices(db, &variants, product, writing).await?;
    let restocked = stock::write_levels(db, &variants, &levels, parsed, writing).await?;

    let payload = json!({ "handle": product.handle });
    if is_new {
        events::record(db, "product.created", id, payload, writing.now).await?;
        return Ok(Change::Created);
    }
    let news = [("product.updated", !says_the_same), ("price.changed", repriced), ("stock.changed", restocked)];
    for (kind, _) in news.into_iter().filter(|(_, happened)| *happened) {
        events::record(db, kind, id, payload.clone(), writing.now).await?;
    }
    Ok(Change::Updated)
}

/// Everything but prices and stock; the ids of the variants in their order.
async fn write_content(
    db: &mut PgConnection,
    id: Uuid,
    is_new: bool,
    prepared: &Prepared,
    writing: &Writing<'_>,
) -> Result<Vec<Uuid>, Unwritten> {
    let product = &prepared.parsed.product;
    variant_rows::refuse_foreign_skus(db, id, &prepared.parsed).await?;
    refuse_foreign_slugs(db, id, &prepared.parsed, writing.base).await?;
    let category = categories::ensure(db, &product.category, writing).await?;
    write_product(db, id, is_new, prepared, category, writing).await?;
    // Matched with those of before by their options: read before these are written anew.
    let stored = if is_new { Vec::new() } else { variant_rows::stored(db, id).await? };
    if !is_new {
        leave_addresses(db, id, product, writing.now).await?;
        clear(db, id).await?;
    }
    write_texts(db, id, product).await?;
    write_specifications(db, id, product).await?;
    let pictures = write_pictures(db, id, prepared, writing.now).await?;
    if let (Some(category), Some(picture)) = (category, pictures.first()) {
        categories::illustrate(db, category, *picture, writing.now).await?;
    }
    let codes = write_options(db, id, product, writing).await?;
    variant_rows::write(db, id, &stored, &codes, &pictures, &prepared.parsed, writing).await
}

async fn refuse_foreign_slugs(db: &mut PgConnection, id: Uuid, parsed: &Parsed, base: Language) -> Result<(), Unwritten> {
    let (languages, slugs) = addresses(&parsed.product);
    let taken = sqlx::query!(
        r#"select t.language, t.slug, p.handle from product_translation t
            join unnest($1::text[], $2::text[]) as wanted (language, slug) on wanted.language = t.language and wanted.slug = t.slug
            join product p on p.id = t.product_id
            where t.product_id <> $3 order by t.language limit 1"#,
        &languages,
        &slugs,
        id
    )
    .fetch_optional(db)
    .await?;
    let Some(taken) = taken else { return Ok(()) };
    let is_base = taken.language == base.code();
    let column = if is_base { column::HANDLE.to_owned() } else { format!("{} [{}]", column::HANDLE, taken.language) };
    let reason = format!("the address `{}` is that of the product `{}`", taken.slug, taken.handle);
    Err(Unwritten::Rejected(Finding { line: parsed.line, column: Some(column), handle: parsed.product.handle.clone(), reason }))
}

async fn write_product(
    db: &mut PgConnection,
    id: Uuid,
    is_new: bool,
    prepared: &Prepared,
    category: Option<Uuid>,
    writing: &Writing<'_>,
) -> Result<(), Unwritten> {
    let product = &prepared.parsed.product;
    if is_new {
        sqlx::query!(
            "insert into product (id, handle, status, created_at, updated_at) values ($1, $2, $3, $4, $4)",
            id,
            product.handle,
            product.status,
            writing.now
        )
        .execute(&mut *db)
        .await?;
    }
    sqlx::query!(
        "update product set status = $2, published = $3, vendor = $4, kind = $5, kind_translations = $6, tags = $7, category_id = $8,
            extra = $9, import_hash = $10, updated_at = $11 where id = $1",
        id,
        product.status,
        product.published,
        product.vendor,
        product.kind.get(writing.base),
        Json(&product.kind) as _,
        &product.tags,
        category,
        Json(&prepared.parsed.extra) as _,
        prepared.digest,
        writing.now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The product's languages and its slug in each.
fn addresses(product: &Product) -> (Vec<String>, Vec<String>) {
    product.texts.iter().map(|(language, texts)| (language.code().to_owned(), texts.slug.clone())).unzip()
}

/// A redirect from each address that the product leaves.
async fn leave_addresses(db: &mut PgConnection, id: Uuid, product: &Product, now: OffsetDateTime) -> Result<(), Unwritten> {
    for (language, texts) in &product.texts {
        sqlx::query!(
            "insert into slug_redirect (language, slug, product_id, created_at)
                select language, slug, product_id, $4 from product_translation where product_id = $1 and language = $2 and slug <> $3
                on conflict (language, slug) do update
                set product_id = excluded.product_id, category_id = null, created_at = excluded.created_at",
            id,
            language.code(),
            texts.slug,
            now
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// Options and specifications are written anew; nothing else refers to them for longer than a product's transaction.
async fn clear(db: &mut PgConnection, id: Uuid) -> Result<(), Unwritten> {
    sqlx::query!("delete from product_specification where product_id = $1", id).execute(&mut *db).await?;
    sqlx::query!("delete from product_option where product_id = $1", id).execute(db).await?;
    Ok(())
}

async fn write_texts(db: &mut PgConnection, id: Uuid, product: &Product) -> Result<(), Unwritten> {
    let (languages, slugs) = addresses(product);
    sqlx::query!(
        "delete from slug_redirect r using unnest($1::text[], $2::text[]) as taken (language, slug)
            where r.language = taken.language and r.slug = taken.slug and r.product_id is not null",
        &languages,
        &slugs
    )
    .execute(&mut *db)
    .await?;
    for (language, texts) in &product.texts {
        sqlx::query!(
            "insert into product_translation (product_id, language, slug, title, body_html, seo_title, seo_description)
                values ($1, $2, $3, $4, $5, $6, $7)
                on conflict (product_id, language) do update set slug = excluded.slug, title = excluded.title,
                body_html = excluded.body_html, seo_title = excluded.seo_title, seo_description = excluded.seo_description",
            id,
            language.code(),
            texts.slug,
            texts.title,
            texts.body_html,
            texts.seo_title,
            texts.seo_description
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

async fn write_specifications(db: &mut PgConnection, id: Uuid, product: &Product) -> Result<(), Unwritten> {
    for (position, specification) in (0..).zip(&product.specifications) {
        sqlx::query!(
            "insert into product_specification (product_id, position, code, label, value) values ($1, $2, $3, $4, $5)",
            id,
            position,
            specification.code,
            Json(&specification.label) as _,
            Json(&specification.value) as _
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// The ids of the pictures in their order. One that cannot be had now but could before stays what it was.
async fn write_pictures(db: &mut PgConnection, id: Uuid, prepared: &Prepared, now: OffsetDateTime) -> Result<Vec<Uuid>, Unwritten> {
    let pictures = &prepared.parsed.product.pictures;
    let stored = sqlx::query!("select id, source from media where product_id = $1", id).fetch_all(&mut *db).await?;
    let gone: Vec<Uuid> =
        stored.iter().filter(|row| pictures.iter().all(|picture| picture.source != row.source)).map(|row| row.id).collect();
    if !gone.is_empty() {
        sqlx::query!("update category set media_id = null where media_id = any($1)", &gone).execute(&mut *db).await?;
        sqlx::query!("delete from media where id = any($1)", &gone).execute(&mut *db).await?;
    }
    let mut ids = Vec::with_capacity(pictures.len());
    for ((position, picture), derived) in (0..).zip(pictures).zip(&prepared.pictures) {
        let media = stored.iter().find(|row| row.source == picture.source).map_or_else(|| new_id(now), |row| row.id);
        let pixels = |of: fn(&crate::catalog::media::Derived) -> u32| derived.as_ref().map_or(0, of).cast_signed();
        let widths: Vec<i32> = derived.iter().flat_map(|d| &d.widths).map(|width| width.cast_signed()).collect();
        sqlx::query!(
            "insert into media (id, product_id, position, source, alt, hash, width, height, widths)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                on conflict (id) do update set position = excluded.position, alt = excluded.alt",
            media,
            id,
            position,
            picture.source,
            Json(&picture.alt) as _,
            derived.as_ref().map(|d| d.hash.as_str()),
            pixels(|d| d.width),
            pixels(|d| d.height),
            &widths
        )
        .execute(&mut *db)
        .await?;
        if let Some(derived) = derived {
            sqlx::query!(
                "update media set hash = $2, width = $3, height = $4, widths = $5 where id = $1 and hash is distinct from $2",
                media,
                derived.hash,
                pixels(|d| d.width),
                pixels(|d| d.height),
                &widths
            )
            .execute(&mut *db)
            .await?;
        }
        ids.push(media);
    }
    Ok(ids)
}

/// Returns of each option its values' codes and ids, in their order.
async fn write_options(
    db: &mut PgConnection,
    id: Uuid,
    product: &Product,
    writing: &Writing<'_>,
) -> Result<Vec<Vec<(String, Uuid)>>, Unwritten> {
    let names: Vec<&Translated> = product.options.iter().map(|option| &option.name).collect();
    let mut written = Vec::with_capacity(names.len());
    for ((position, option), code) in (0..).zip(&product.options).zip(codes(&names, writing.base)) {
        let option_id = new_id(writing.now);
        sqlx::query!(
            "insert into product_option (id, product_id, position, code, name) values ($1, $2, $3, $4, $5)",
            option_id,
            id,
            position,
            code,
            Json(&option.name) as _
        )
        .execute(&mut *db)
        .await?;
        let values: Vec<&Translated> = option.values.iter().collect();
        let mut ids = Vec::with_capacity(values.len());
        for ((position, value), code) in (0..).zip(&option.values).zip(codes(&values, writing.base)) {
            let value_id = new_id(writing.now);
            sqlx::query!(
                "insert into product_option_value (id, option_id, position, code, name) values ($1, $2, $3, $4, $5)",
                value_id,
                option_id,
                position,
                code,
                Json(value) as _
            )
            .execute(&mut *db)
            .await?;
            ids.push((code, value_id));
        }
        written.push(ids);
    }
    Ok(written)
}

/// A slug of each name, no two the same.
pub(super) fn codes(names: &[&Translated], base: Language) -> Vec<String> {
    let mut taken = HashSet::new();
    names
        .iter()
        .map(|name| {
            let code = first_free(&slug(name.get(base)), |code| taken.contains(code));
            taken.insert(code.clone());
            code
        })
        .collect()
}
