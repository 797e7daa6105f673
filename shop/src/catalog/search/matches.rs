//! What every listing is made from: which products match, in which order, and all of them in groups to count facets
//! from. The database finds; sorting and counting tens of thousands is quicker here.

use super::{
    cursor::Cursor,
    facet_sets,
    fact::{Fact, facts},
    order::Order,
    places::{NAMED, Places},
};
use crate::{Fault, Shop};
use domain::{
    Language,
    catalog::{ListingQuery, Sort},
};
use rustc_hash::FxHashMap;
use sqlx::types::{Json, Uuid};
use std::{collections::BTreeMap, sync::Arc};

/// Matching products with the same option values, numbered by what filters leave of them.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// Fit the filters by price and stock.
    pub(super) fitting: u32,
    /// Fit the price and are in stock.
    pub(super) in_stock: u32,
    /// Lowest and highest price, in minor units, of those that fit the filter by stock.
    pub(super) prices: Option<(i64, i64)>,
    /// Their option values, as facet value ids.
    pub(super) values: Arc<[i32]>,
}

/// How many matching products a category itself holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct InCategory {
    pub(super) category: Uuid,
    /// Whatever the filters.
    pub(super) products: u32,
    /// Those that fit all filters.
    pub(super) fitting: u32,
}

#[derive(Debug)]
pub(super) struct Matches {
    /// Of those that fit all filters.
    pub(super) order: Order,
    pub(super) groups: Vec<Group>,
    pub(super) categories: Vec<InCategory>,
}

/// Of every product one after the other; nothing at all where none matches.
struct Found {
    facts: Option<Vec<u8>>,
    /// Products that hold the words in their title, and among title and labels.
    titled: Vec<u8>,
    labelled: Option<Vec<u8>>,
    /// A line each.
    titles: Option<String>,
    /// Facets and values to filter by.
    chosen: Json<Vec<(i32, i32)>>,
}

/// `query.text` and `query.category` (a slug in `language`) say what matches.
pub(super) async fn find(shop: &Shop, language: Language, query: &ListingQuery) -> Result<Matches, Fault> {
    let (options, values): (Vec<String>, Vec<String>) = query.options.iter().cloned().unzip();
    let by_place = query.sort == Sort::Relevance && !query.text.is_empty();
    let found = sqlx::query_file_as!(
        Found,
        "src/catalog/search/matches.sql",
        language.code(),
        query.text,
        query.category,
        query.sort == Sort::Title,
        &options,
        &values,
        by_place.then_some(NAMED as i64)
    )
    .fetch_one(&shop.db)
    .await?;
    let facts: Vec<Fact> = facts(found.facts.as_deref().unwrap_or_default()).collect();
    let filters = Filters::of(shop, query, &found.chosen.0);
    let tally = Tally::of(shop, &facts, &filters).await?;
    let titles: Vec<&str> = found.titles.as_deref().map_or_else(Vec::new, |titles| titles.split('\n').collect());
    let after = query.after.as_deref().and_then(|text| Cursor::decode(text, query.sort));
    let places = by_place.then(|| Places::of(&found.titled, found.labelled.as_deref()));
    let order = Order::of(query.sort, places.as_ref(), &facts, &titles, &tally.fitting, after);
    Ok(Matches { order, groups: tally.groups, categories: tally.categories })
}

struct Filters {
    price: (i64, i64),
    in_stock: bool,
    /// Of each facet that something is chosen of, the values.
    chosen: Vec<Vec<i32>>,
}

impl Filters {
    fn of(shop: &Shop, query: &ListingQuery, pairs: &[(i32, i32)]) -> Self {
        let mut chosen: BTreeMap<i32, Vec<i32>> = BTreeMap::new();
        for &(facet, value) in pairs {
            chosen.entry(facet).or_default().push(value);
        }
        Self {
            price: (minor(shop, query.price_from).unwrap_or(0), minor(shop, query.price_to).unwrap_or(i64::MAX)),
            in_stock: query.in_stock,
            chosen: chosen.into_values().collect(),
        }
    }

    fn price_fits(&self, fact: &Fact) -> bool {
        (self.price.0..=self.price.1).contains(&fact.price)
    }

    fn stock_fits(&self, fact: &Fact) -> bool {
        fact.in_stock || !self.in_stock
    }

    fn options_fit(&self, values: &[i32]) -> bool {
        self.chosen.iter().all(|wanted| wanted.iter().any(|value| values.contains(value)))
    }
}

/// All products counted once.
struct Tally {
    groups: Vec<Group>,
    categories: Vec<InCategory>,
    /// Which of the facts fit all filters.
    fitting: Vec<usize>,
}

impl Tally {
    async fn of(shop: &Shop, facts: &[Fact], filters: &Filters) -> Result<Self, Fault> {
        let sets = facet_sets::holding(shop, facts.iter().map(|fact| fact.facet_set)).await?;
        let (mut groups, mut fitting) = (Vec::new(), Vec::new());
        let mut by_set: FxHashMap<i32, (usize, bool)> = FxHashMap::default();
        let mut by_category: FxHashMap<u128, InCategory> = FxHashMap::default();
        for (index, fact) in facts.iter().enumerate() {
            let &mut (group, options_fit) = by_set.entry(fact.facet_set).or_insert_with(|| {
                let values = sets.get(&fact.facet_set).cloned().unwrap_or_default();
                let options_fit = filters.options_fit(&values);
                groups.push(Group { fitting: 0, in_stock: 0, prices: None, values });
                (groups.len() - 1, options_fit)
            });
            groups[group].add(fact, filters);
            let fits = options_fit && filters.price_fits(fact) && filters.stock_fits(fact);
            if fits {
                fitting.push(index);
            }
            if let Some(category) = fact.category {
                let held = by_category.entry(category.as_u128()).or_insert(InCategory { category, products: 0, fitting: 0 });
                held.products += 1;
                held.fitting += u32::from(fits);
            }
        }
        Ok(Self { groups, categories: by_category.into_values().collect(), fitting })
    }
}

impl Group {
    fn add(&mut self, fact: &Fact, filters: &Filters) {
        let (price_fits, stock_fits) = (filters.price_fits(fact), filters.stock_fits(fact));
        self.fitting += u32::from(price_fits && stock_fits);
        self.in_stock += u32::from(price_fits && fact.in_stock);
        if stock_fits {
            let (low, high) = self.prices.unwrap_or((fact.price, fact.price));
            self.prices = Some((low.min(fact.price), high.max(fact.price)));
        }
    }
}

impl Matches {
    /// Nothing matches text and category, whatever the filters.
    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }
}

/// Major units, as typed, in the minor units of the shop's currency.
fn minor(shop: &Shop, major: Option<u32>) -> Option<i64> {
    let unit = 10_i64.checked_pow(shop.settings.currency.exponent())?;
    major.and_then(|amount| i64::from(amount).checked_mul(unit))
}
