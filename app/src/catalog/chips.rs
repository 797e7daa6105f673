//! What a listing is narrowed by, a chip each: a click takes it away.

use crate::{catalog::links, request, words};
use domain::{
    Money,
    catalog::{Facet, ListingQuery},
    format,
};
use leptos::prelude::*;

#[component]
pub fn ActiveFilters(query: ListingQuery, facets: Vec<Facet>, path: String) -> impl IntoView {
    let language = request::language();
    let chips = chips(&query, &facets, &path);
    if chips.is_empty() {
        return ().into_any();
    }
    let all = (chips.len() > 1).then(|| {
        let text = if path == links::search(language) { query.text.clone() } else { String::new() };
        let bare = links::listing(&path, &ListingQuery { text, sort: query.sort, ..ListingQuery::default() });
        view! { <li><a class="chip" href=bare>{words!(language, catalog.remove_all)}</a></li> }
    });
    let items = chips.into_iter().map(|(name, href)| {
        let label = words!(language, catalog.remove_filter, name = name.clone());
        view! { <li><a class="chip chip--remove" href=href aria-label=label>{name}</a></li> }
    });
    view! {
        <ul class="chips listing__active" aria-label=words!(language, catalog.chosen_filters)>{items.collect_view()}{all}</ul>
    }
    .into_any()
}

/// Each chip's name and where a click on it leads.
fn chips(query: &ListingQuery, facets: &[Facet], path: &str) -> Vec<(String, String)> {
    let language = request::language();
    let currency = request::shop().settings.currency;
    let major = |amount: u32| format::money(Money::new(i64::from(amount) * 10_i64.pow(currency.exponent()), currency), language);
    let mut chips = Vec::new();
    // A search without its words would be another page.
    if !query.text.is_empty() && path != links::search(language) {
        chips.push((words!(language, catalog.quoted, text = query.text.clone()), links::changed(path, query, |query| query.text.clear())));
    }
    for chosen in &query.options {
        let name = facets
            .iter()
            .find(|facet| facet.code == chosen.0)
            .and_then(|facet| facet.values.iter().find(|value| value.code == chosen.1))
            .map_or_else(|| chosen.1.clone(), |value| value.name.clone());
        chips.push((name, links::changed(path, query, |query| query.options.retain(|option| option != chosen))));
    }
    if let Some(from) = query.price_from {
        chips.push((
            words!(language, catalog.price_at_least, price = major(from)),
            links::changed(path, query, |query| query.price_from = None),
        ));
    }
    if let Some(to) = query.price_to {
        chips
            .push((words!(language, catalog.price_at_most, price = major(to)), links::changed(path, query, |query| query.price_to = None)));
    }
    if query.in_stock {
        chips.push((words!(language, catalog.in_stock), links::changed(path, query, |query| query.in_stock = false)));
    }
    chips
}
