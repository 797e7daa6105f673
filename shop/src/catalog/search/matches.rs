//! The query behind every listing: which products match, the page of them that was asked for, and groups of
//! all of them to count facets from.

use super::cursor::Cursor;
use crate::{Fault, Shop};
use domain::{Language, catalog::ListingQuery};
use sqlx::types::Uuid;

/// Products a page.
pub(super) const PAGE_SIZE: usize = 24;

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
    pub(super) values: Vec<i32>,
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
    pub(super) page: Vec<Uuid>,
    pub(super) next: Option<String>,
    pub(super) groups: Vec<Group>,
    pub(super) categories: Vec<InCategory>,
}

/// A product of the page, a category, or all groups: whichever it has.
struct Row {
    product_id: Option<Uuid>,
    rank: Option<i64>,
    name: Option<String>,
    category_id: Option<Uuid>,
    products: Option<i64>,
    fitting: Option<i64>,
    group_fitting: Option<Vec<i64>>,
    group_in_stock: Option<Vec<i64>>,
    group_low: Option<Vec<Option<i64>>>,
    group_high: Option<Vec<Option<i64>>>,
    /// The groups' arrays of values one after the other, in the binary form of Postgres.
    group_values: Option<Vec<u8>>,
}

/// `query.text` and `query.category` (a slug in `language`) say what matches.
pub(super) async fn find(shop: &Shop, language: Language, query: &ListingQuery) -> Result<Matches, Fault> {
    let (options, values): (Vec<String>, Vec<String>) = query.options.iter().cloned().unzip();
    let after = query.after.as_deref().and_then(|text| Cursor::decode(text, query.sort));
    let one_more = i64::try_from(PAGE_SIZE + 1).unwrap_or(i64::MAX);
    let rows = sqlx::query_file_as!(
        Row,
        "src/catalog/search/matches.sql",
        language.code(),
        query.text,
        query.category,
        minor(shop, query.price_from).unwrap_or(0),
        minor(shop, query.price_to).unwrap_or(i64::MAX),
        query.in_stock,
        &options,
        &values,
        query.sort.code(),
        after.as_ref().map(|cursor| cursor.rank),
        after.as_ref().map(|cursor| cursor.name.clone()),
        after.as_ref().map(|cursor| cursor.product),
        one_more
    )
    .fetch_all(&shop.db)
    .await?;
    Ok(Matches::of(rows, query))
}

impl Matches {
    fn of(rows: Vec<Row>, query: &ListingQuery) -> Self {
        let mut page = Vec::with_capacity(PAGE_SIZE + 1);
        let mut found = Self { page: Vec::new(), next: None, groups: Vec::new(), categories: Vec::new() };
        for row in rows {
            if let Some(product) = row.product_id {
                page.push(Cursor::new(query.sort, row.rank.unwrap_or(0), row.name.unwrap_or_default(), product));
            } else if let Some(category) = row.category_id {
                let (products, fitting) = (counted(row.products.unwrap_or(0)), counted(row.fitting.unwrap_or(0)));
                found.categories.push(InCategory { category, products, fitting });
            } else {
                found.groups = row.groups();
            }
        }
        let more = page.len() > PAGE_SIZE;
        page.truncate(PAGE_SIZE);
        found.next = page.last().filter(|_| more).map(Cursor::encode);
        found.page = page.into_iter().map(|cursor| cursor.product).collect();
        found
    }

    /// Nothing matches text and category, whatever the filters.
    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }
}

impl Row {
    fn groups(self) -> Vec<Group> {
        let numbers = self.group_fitting.unwrap_or_default().into_iter().zip(self.group_in_stock.unwrap_or_default());
        let prices = self.group_low.unwrap_or_default().into_iter().zip(self.group_high.unwrap_or_default());
        let values = self.group_values.unwrap_or_default();
        let mut values = values.as_slice();
        let group = |((fitting, in_stock), (low, high)): ((i64, i64), (Option<i64>, Option<i64>))| Group {
            fitting: counted(fitting),
            in_stock: counted(in_stock),
            prices: low.zip(high),
            values: next_array(&mut values),
        };
        numbers.zip(prices).map(group).collect()
    }
}

fn counted(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Takes one `integer[]` without nulls from its binary form (array_send): number of dimensions, 0 for an empty array;
/// two words about the elements; for the one dimension its length and lower bound; then each element's size and value.
fn next_array(bytes: &mut &[u8]) -> Vec<i32> {
    let mut word = || {
        let (first, rest) = bytes.split_first_chunk::<4>()?;
        *bytes = rest;
        Some(i32::from_be_bytes(*first))
    };
    let dimensions = word().unwrap_or(0);
    let (_nulls, _type) = (word(), word());
    if dimensions == 0 {
        return Vec::new();
    }
    let length = word().unwrap_or(0);
    let _lower_bound = word();
    (0..length)
        .map_while(|_| {
            word()?;
            word()
        })
        .collect()
}

/// Major units, as typed, in the minor units of the shop's currency.
fn minor(shop: &Shop, major: Option<u32>) -> Option<i64> {
    let unit = 10_i64.checked_pow(shop.settings.currency.exponent())?;
    major.and_then(|amount| i64::from(amount).checked_mul(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_are_read_one_after_the_other() {
        let words = [1, 0, 23, 2, 1, 4, 7, 4, 9, 0, 0, 23, 1, 0, 23, 1, 1, 4, -3];
        let bytes: Vec<u8> = words.into_iter().flat_map(i32::to_be_bytes).collect();
        let mut rest = bytes.as_slice();
        assert_eq!([next_array(&mut rest), next_array(&mut rest), next_array(&mut rest)], [vec![7, 9], vec![], vec![-3]]);
        assert_eq!((rest.len(), next_array(&mut rest)), (0, vec![]));
    }
}
