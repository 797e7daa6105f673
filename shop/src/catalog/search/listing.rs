//! A listing in two queries: what matches, then what is shown of it. Some searches need the second one twice (`order`).

use super::{
    facets::{self, Counts, Value},
    matches::{self, Matches},
    order::{Choice, Chosen},
};
use crate::{
    Fault, Shop,
    catalog::browse::rows::{CardRow, CategoryRow, cards},
};
use domain::{
    Language, Money,
    catalog::{FacetValue, Listing, ListingQuery, PriceRange},
};
use sqlx::types::{Json, Uuid};
use std::collections::HashMap;

/// A listing with the categories that it is about.
#[derive(Debug)]
pub(in crate::catalog) struct Found {
    pub(in crate::catalog) listing: Listing,
    /// No product matches text and category, whatever the filters.
    pub(in crate::catalog) is_empty: bool,
    /// The category whose slug was asked for, also by a slug of another language or of old.
    pub(in crate::catalog) place: Option<Uuid>,
    /// Its slugs.
    pub(in crate::catalog) slugs: Vec<(Language, String)>,
    /// Categories of the results, the place and its children, and the way up from all of them.
    pub(in crate::catalog) categories: Vec<CategoryRow>,
    /// Products that a category itself holds and that match, whatever the filters.
    pub(in crate::catalog) products: HashMap<Uuid, u32>,
}

struct Description {
    chosen: Json<Vec<Chosen>>,
    place: Option<Uuid>,
    cards: Json<Vec<CardRow>>,
    values: Json<Vec<Value>>,
    categories: Json<Vec<CategoryRow>>,
    slugs: Json<Vec<(Language, String)>>,
}

/// The listing for `query`, whose `category` is a slug; without text and category it is the whole shop.
pub(in crate::catalog) async fn find(shop: &Shop, language: Language, query: &ListingQuery) -> Result<Found, Fault> {
    let matches = matches::find(shop, language, query).await?;
    let mut choice = matches.order.nearest();
    let mut described = describe(shop, language, query, &matches, &choice).await?;
    if !choice.is_settled_by(&described.chosen.0) {
        choice = matches.order.all();
        described = describe(shop, language, query, &matches, &choice).await?;
    }
    let next = matches.order.next(&choice, &described.chosen.0);
    let counts = facets::count(&matches.groups, described.values.0, query, language);
    let categories = if query.category.is_some() { Vec::new() } else { among(&matches, &described.categories) };
    let is_empty = matches.is_empty();
    let products = matches.categories.iter().map(|held| (held.category, held.products)).collect();
    Ok(Found {
        listing: listing(shop, language, next, counts, described.cards.0, categories),
        is_empty,
        place: described.place,
        slugs: described.slugs.0,
        categories: described.categories.0,
        products,
    })
}

async fn describe(shop: &Shop, language: Language, query: &ListingQuery, matches: &Matches, choice: &Choice) -> Result<Description, Fault> {
    let mut values: Vec<i32> = matches.groups.iter().flat_map(|group| group.values.iter()).copied().collect();
    values.sort_unstable();
    values.dedup();
    let categories: Vec<Uuid> = matches.categories.iter().map(|held| held.category).collect();
    let (options, chosen): (Vec<String>, Vec<String>) = query.options.iter().cloned().unzip();
    Ok(sqlx::query_file_as!(
        Description,
        "src/catalog/search/describe.sql",
        language.code(),
        &choice.products(),
        &values,
        &options,
        &chosen,
        &categories,
        query.category,
        choice.by_place.then_some(query.text.as_str()),
        choice.place,
        choice.passed
    )
    .fetch_one(&shop.db)
    .await?)
}

fn listing(
    shop: &Shop,
    language: Language,
    next: Option<String>,
    counts: Counts,
    rows: Vec<CardRow>,
    categories: Vec<FacetValue>,
) -> Listing {
    let currency = shop.settings.currency;
    let money = |minor| Money::new(minor, currency);
    Listing {
        cards: cards(rows, language, currency),
        total: counts.total,
        next,
        facets: counts.facets,
        categories,
        prices: counts.prices.map(|(low, high)| PriceRange { from: money(low), to: money(high), compare_at: None }),
        in_stock_count: counts.in_stock,
        did_you_mean: None,
    }
}

/// Categories that hold results, most results first.
fn among(matches: &Matches, rows: &[CategoryRow]) -> Vec<FacetValue> {
    let by_id: HashMap<Uuid, &CategoryRow> = rows.iter().map(|row| (row.id, row)).collect();
    let mut found: Vec<FacetValue> = matches
        .categories
        .iter()
        .filter(|held| held.fitting > 0)
        .filter_map(|held| by_id.get(&held.category).map(|row| (held, row)))
        .map(|(held, row)| FacetValue { code: row.slug.clone(), name: row.name.clone(), count: held.fitting, selected: false })
        .collect();
    found.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    found
}
