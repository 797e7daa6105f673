//! All products as a file in Shopify's CSV, with our columns and those that an import brought along.

mod load;

use super::csv::{
    columns::{self as column, Specification, in_language},
    rows::Cells,
};
use crate::{Fault, Shop};
use domain::Language;
use sqlx::PgConnection;
use std::{
    collections::{BTreeSet, HashSet},
    io::Write,
};
use uuid::Uuid;

/// Products that are in memory at a time.
const BATCH: &str = "fetch 200 from exported";

/// Writes all products in the order of their creation and returns how many there are. It is one moment's view of
/// the shop, however long the writing takes.
///
/// # Errors
/// The database, or whatever it is written to, failed.
pub async fn export(shop: &Shop, out: impl Write) -> Result<u64, Fault> {
    let (base, currency) = (shop.settings.base_language, shop.settings.currency);
    let mut transaction = crate::transaction::begin(&shop.db).await?;
    let db = &mut *transaction;
    sqlx::query!("set transaction isolation level repeatable read, read only").execute(&mut *db).await?;
    let names = columns(db, base).await?;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    writer.write_record(&names).map_err(Fault::new)?;

    let categories = load::categories(db).await?;
    sqlx::query("declare exported no scroll cursor for select id from product order by created_at, id").execute(&mut *db).await?;
    let mut count = 0;
    loop {
        let ids: Vec<Uuid> = sqlx::query_scalar(BATCH).fetch_all(&mut *db).await?;
        if ids.is_empty() {
            break;
        }
        for (product, extra) in load::products(db, &ids, &categories, currency).await? {
            for row in extra.rows_of(&product, base) {
                write_row(&mut writer, &names, &row)?;
            }
            count += 1;
        }
    }
    writer.flush().map_err(Fault::new)?;
    transaction.rollback().await?;
    Ok(count)
}

fn write_row(writer: &mut csv::Writer<impl Write>, names: &[String], row: &Cells) -> Result<(), Fault> {
    writer.write_record(names.iter().map(|name| row.get(name).map_or("", String::as_str))).map_err(Fault::new)
}

/// Shopify's columns, their translations, the specifications, and whatever came with imports.
async fn columns(db: &mut PgConnection, base: Language) -> Result<Vec<String>, Fault> {
    let mut names: Vec<String> = column::STANDARD.into_iter().map(str::to_owned).collect();
    let others = || Language::ALL.into_iter().filter(move |language| *language != base);
    for language in others() {
        names.extend(column::TRANSLATABLE.into_iter().map(|name| in_language(name, language)));
    }
    let specifications = sqlx::query!(
        r#"select code, coalesce(label->>$1, code) as "label!", min(position) from product_specification group by 1, 2 order by 3, 1, 2"#,
        base.code()
    )
    .fetch_all(&mut *db)
    .await?;
    let specifications: Vec<String> = specifications.iter().map(|row| Specification::column_name(&row.label, &row.code)).collect();
    for language in others() {
        names.extend(specifications.iter().map(|name| in_language(name, language)));
    }
    names.splice(column::STANDARD.len()..column::STANDARD.len(), specifications);
    let kept = sqlx::query_scalar!(
        r#"select jsonb_object_keys(extra->'columns') as "name!" from product
            union select jsonb_object_keys(extra) from variant
            union select given->>'column' from product, jsonb_array_elements(extra->'given') given"#
    )
    .fetch_all(db)
    .await?;
    let known: HashSet<&String> = names.iter().collect();
    let kept: BTreeSet<String> = kept.into_iter().filter(|name| !known.contains(name)).collect();
    names.extend(kept);
    Ok(names)
}
