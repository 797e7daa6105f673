//! Counting facets. Postgres hands over the matching products grouped by everything a filter looks at; a value's
//! count is the number of products that fit all filters except those of its own facet.

use super::matches::Group;
use domain::{
    Language, Translated,
    catalog::{Facet, FacetValue, ListingQuery},
};
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};

/// A value that products can be filtered by, with the facet it is of.
#[derive(Debug, Deserialize)]
pub(super) struct Value {
    pub(super) id: i32,
    pub(super) code: String,
    pub(super) name: Translated,
    pub(super) position: i32,
    pub(super) facet: i32,
    pub(super) facet_code: String,
    pub(super) facet_name: Translated,
    pub(super) facet_position: i32,
}

/// What a listing says besides its products.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) total: u32,
    pub(super) in_stock: u32,
    /// Lowest and highest price, without regard to the price filter.
    pub(super) prices: Option<(i64, i64)>,
    pub(super) facets: Vec<Facet>,
}

/// Counts once over the groups: each adds to what fails no facet, or to the one facet whose choice it fails.
pub(super) fn count(groups: &[Group], values: Vec<Value>, query: &ListingQuery, language: Language) -> Counts {
    let chosen = chosen(&values, query);
    let mut counts = Counts::default();
    let mut fitting = Tally::default();
    let mut but_for_own: BTreeMap<i32, Tally> = BTreeMap::new();
    for group in groups {
        let mut failed = chosen.iter().filter(|(_, ids)| !group.values.iter().any(|value| ids.contains(value))).map(|(&facet, _)| facet);
        match (failed.next(), failed.next()) {
            (None, _) => {
                counts.total += group.fitting;
                counts.in_stock += group.in_stock;
                counts.prices = widened(counts.prices, group.prices);
                fitting.add(group);
            }
            (Some(facet), None) => but_for_own.entry(facet).or_default().add(group),
            (Some(_), Some(_)) => {}
        }
    }
    counts.facets = facets(values, &chosen, language, |value| {
        fitting.of(value.id) + but_for_own.get(&value.facet).map_or(0, |tally| tally.of(value.id))
    });
    counts
}

fn widened(range: Option<(i64, i64)>, by: Option<(i64, i64)>) -> Option<(i64, i64)> {
    match (range, by) {
        (Some((low, high)), Some((lower, higher))) => Some((low.min(lower), high.max(higher))),
        (range, by) => range.or(by),
    }
}

/// Products by value. Ids are small and dense, so a vector does; a listing adds a hundred thousand times.
#[derive(Default)]
struct Tally(Vec<u32>);

impl Tally {
    fn add(&mut self, group: &Group) {
        for &value in group.values.iter() {
            let index = usize::try_from(value).unwrap_or(0);
            if self.0.len() <= index {
                self.0.resize(index + 1, 0);
            }
            self.0[index] += group.fitting;
        }
    }

    fn of(&self, value: i32) -> u32 {
        usize::try_from(value).ok().and_then(|index| self.0.get(index)).copied().unwrap_or(0)
    }
}

/// The chosen values by facet; codes that no product ever had are left out.
fn chosen(values: &[Value], query: &ListingQuery) -> BTreeMap<i32, HashSet<i32>> {
    let mut chosen: BTreeMap<i32, HashSet<i32>> = BTreeMap::new();
    for value in values {
        if query.options.iter().any(|(facet, code)| *facet == value.facet_code && *code == value.code) {
            chosen.entry(value.facet).or_default().insert(value.id);
        }
    }
    chosen
}

/// Facets in the shop's order, of values that some product would have or that are chosen.
fn facets(mut values: Vec<Value>, chosen: &BTreeMap<i32, HashSet<i32>>, language: Language, count: impl Fn(&Value) -> u32) -> Vec<Facet> {
    values.sort_by(|a, b| {
        (a.facet_position, &a.facet_code, a.position, a.name.get(language)).cmp(&(
            b.facet_position,
            &b.facet_code,
            b.position,
            b.name.get(language),
        ))
    });
    let mut facets: Vec<Facet> = Vec::new();
    for value in values {
        let selected = chosen.get(&value.facet).is_some_and(|ids| ids.contains(&value.id));
        let found = FacetValue { code: value.code.clone(), name: value.name.get(language).to_owned(), count: count(&value), selected };
        if found.count == 0 && !selected {
            continue;
        }
        match facets.last_mut() {
            Some(facet) if facet.code == value.facet_code => facet.values.push(found),
            _ => facets.push(Facet { name: value.facet_name.get(language).to_owned(), code: value.facet_code, values: vec![found] }),
        }
    }
    facets
}
