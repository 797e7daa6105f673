//! Finding products: by what somebody typed, forgiving accents, endings and slips, narrowed by facets. Text is
//! matched by Postgres (0005_search.sql); counts are exact and follow every filter.

mod cursor;
mod facet_sets;
mod facets;
mod fact;
pub(super) mod listing;
mod matches;
mod order;
mod places;
mod spelling;

use crate::{Fault, Outcome, Shop, catalog::browse::rows::PictureRow};
use domain::{
    Language, Money,
    catalog::{Listing, ListingQuery, Suggestion, SuggestionKind},
};
use sqlx::types::Json;

/// Products brought up to date in one transaction: a sale that waits for one of them waits for less than a second.
const SLICE: i64 = 100;

/// Tells the database which currency listings show and sort by. Called at every start; when the setting changed, every
/// product is looked at again.
///
/// # Errors
/// The database refused it.
pub async fn prepare(shop: &Shop) -> Outcome<()> {
    let mut transaction = crate::transaction::begin(&shop.db).await?;
    let currency = shop.settings.currency;
    let changed = sqlx::query!("update search_setting set currency = $1 where currency <> $1", currency.code())
        .execute(&mut *transaction)
        .await?
        .rows_affected();
    if changed > 0 {
        sqlx::query!("insert into search_queue (product_id) select id from product on conflict do nothing")
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Brings some of the products up to date that a category's new name or place left behind; says how many they were.
///
/// # Errors
/// The database refused it.
pub async fn catch_up(shop: &Shop) -> Outcome<usize> {
    let mut transaction = crate::transaction::begin(&shop.db).await?;
    let products = sqlx::query_scalar!(
        "delete from search_stale where product_id in (
            select product_id from search_stale order by product_id limit $1 for update skip locked
        ) returning product_id",
        SLICE
    )
    .fetch_all(&mut *transaction)
    .await?;
    if !products.is_empty() {
        sqlx::query!("select refresh_search_documents($1)", &products).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(products.len())
}

/// Products that hold every word of `query.text` (all products, without one), within the filters. Where nothing holds
/// them, the listing is that of the nearest words the shop knows, named in `did_you_mean`.
///
/// # Errors
/// The database refused it.
pub async fn search(shop: &Shop, language: Language, query: &ListingQuery) -> Outcome<Listing> {
    // Postgres text holds no zero character.
    let query = ListingQuery { text: query.text.replace('\0', " "), ..query.clone() };
    let found = listing::find(shop, language, &query).await?;
    if !found.is_empty || query.text.trim().is_empty() {
        return Ok(found.listing);
    }
    let Some(corrected) = spelling::correct(shop, language, &query.text).await? else { return Ok(found.listing) };
    let nearest = listing::find(shop, language, &ListingQuery { text: corrected.clone(), ..query }).await?;
    if nearest.is_empty {
        return Ok(found.listing);
    }
    Ok(Listing { did_you_mean: Some(corrected), ..nearest.listing })
}

/// More than anybody types into a search box; as much as a listing takes.
const LONGEST_SUGGESTED: usize = 200;

/// What somebody may be about to type, categories first: at most `limit` lines, none for less than two letters.
///
/// # Errors
/// The database refused it.
pub async fn suggest(shop: &Shop, language: Language, text: &str, limit: u32) -> Outcome<Vec<Suggestion>> {
    let text: String = text.chars().take(LONGEST_SUGGESTED).map(|c| if c == '\0' { ' ' } else { c }).collect();
    if text.trim().chars().count() < 2 {
        return Ok(Vec::new());
    }
    let found = suggestions(shop, language, &text, limit).await?;
    if !found.is_empty() {
        return Ok(found);
    }
    match spelling::correct(shop, language, &text).await? {
        Some(corrected) => Ok(suggestions(shop, language, &corrected, limit).await?),
        None => Ok(found),
    }
}

struct Line {
    kind: String,
    title: String,
    slug: String,
    minor: Option<i64>,
    picture: Option<Json<PictureRow>>,
}

async fn suggestions(shop: &Shop, language: Language, text: &str, limit: u32) -> Result<Vec<Suggestion>, Fault> {
    let lines =
        sqlx::query_file_as!(Line, "src/catalog/search/suggest.sql", language.code(), text, i64::from(limit)).fetch_all(&shop.db).await?;
    let suggestion = |line: Line| Suggestion {
        title: line.title,
        slug: line.slug,
        kind: if line.kind == "category" { SuggestionKind::Category } else { SuggestionKind::Product },
        picture: line.picture.and_then(|row| row.0.picture(language)),
        price: line.minor.map(|minor| Money::new(minor, shop.settings.currency)),
    };
    Ok(lines.into_iter().map(suggestion).collect())
}
