//! What a listing can be narrowed by: a plain form whose fields are the address. Beside the products on wide
//! screens, a popover on narrow ones; either way it needs no scripts.

use crate::{
    layout::{Icon, Shape},
    request, words,
};
use domain::catalog::{Facet, FacetValue, Listing, ListingQuery, Sort};
use leptos::prelude::*;

/// The form's id: the select above the products belongs to it too.
pub const FORM: &str = "filters";

#[component]
pub fn Filters(listing: Listing, query: ListingQuery, path: String) -> impl IntoView {
    let language = request::language();
    let facets = listing.facets.clone().into_iter().map(|facet| view! { <FacetFields facet/> });
    let text = (!query.text.is_empty()).then(|| view! { <input type="hidden" name="q" value=query.text.clone()/> });
    view! {
        <form class="filters" id=FORM action=path method="get" popover="auto" aria-label=words!(language, catalog.filters)>
            <div class="filters__head">
                <h2>{words!(language, catalog.filters)}</h2>
                <button class="close" type="button" popovertarget=FORM popovertargetaction="hide">
                    <Icon shape=Shape::Close/>
                    <span class="visually-hidden">{words!(language, layout.close)}</span>
                </button>
            </div>
            {text}
            {facets.collect_view()}
            <PriceFields listing=listing.clone() query=query.clone()/>
            <fieldset class="filters__group">
                <legend>{words!(language, catalog.availability)}</legend>
                <label class="tick">
                    <input type="checkbox" name="stock" id="filter-stock" value="1" checked=query.in_stock/>
                    <span>{words!(language, catalog.in_stock)}</span>
                    <span class="tick__count">{listing.in_stock_count}</span>
                </label>
            </fieldset>
            <div class="filters__foot">
                <button class="button button--wide" type="submit">{words!(language, catalog.show_results)}</button>
            </div>
        </form>
    }
}

#[component]
fn FacetFields(facet: Facet) -> impl IntoView {
    let option = facet.code;
    let values = facet.values.into_iter().map(|value| view! { <Tick option=option.clone() value/> });
    view! {
        <fieldset class="filters__group">
            <legend>{facet.name}</legend>
            {values.collect_view()}
        </fieldset>
    }
}

#[component]
fn Tick(option: String, value: FacetValue) -> impl IntoView {
    let nothing_left = value.count == 0 && !value.selected;
    view! {
        <label class="tick">
            <input
                type="checkbox"
                name="o"
                id=format!("filter-{option}-{}", value.code)
                value=format!("{option}:{}", value.code)
                checked=value.selected
                disabled=nothing_left
            />
            <span>{value.name}</span>
            <span class="tick__count">{value.count}</span>
        </label>
    }
}

#[component]
fn PriceFields(listing: Listing, query: ListingQuery) -> impl IntoView {
    let (language, currency) = (request::language(), request::shop().settings.currency);
    let unit = 10_i64.pow(currency.exponent());
    // Outwards to whole units: the hint must not promise less than there is.
    let low = listing.prices.map(|prices| (prices.from.minor / unit).to_string());
    let high = listing.prices.map(|prices| ((prices.to.minor + unit - 1) / unit).to_string());
    view! {
        <fieldset class="filters__group">
            <legend>{words!(language, catalog.price_in, currency = currency.code().to_owned())}</legend>
            <div class="filters__prices">
                <div class="field">
                    <label for="filter-min">{words!(language, catalog.price_min)}</label>
                    <input type="text" inputmode="numeric" pattern="[0-9]*" name="min" id="filter-min" placeholder=low value=query.price_from.map(|p| p.to_string())/>
                </div>
                <div class="field">
                    <label for="filter-max">{words!(language, catalog.price_max)}</label>
                    <input type="text" inputmode="numeric" pattern="[0-9]*" name="max" id="filter-max" placeholder=high value=query.price_to.map(|p| p.to_string())/>
                </div>
            </div>
        </fieldset>
    }
}

/// The order of the products. Without scripts a button beside it applies it.
#[component]
pub fn SortSelect(chosen: Sort, is_search: bool) -> impl IntoView {
    let language = request::language();
    let options = Sort::ALL.into_iter().map(|sort| {
        let name = match sort {
            Sort::Relevance if !is_search => words!(language, catalog.sort_featured),
            Sort::Relevance => words!(language, catalog.sort_relevance),
            Sort::Newest => words!(language, catalog.sort_newest),
            Sort::PriceUp => words!(language, catalog.sort_price_up),
            Sort::PriceDown => words!(language, catalog.sort_price_down),
            Sort::Title => words!(language, catalog.sort_title),
        };
        view! { <option value={if sort == Sort::default() { "" } else { sort.code() }} selected={sort == chosen}>{name}</option> }
    });
    view! {
        <div class="field field--inline listing__sort">
            <label for="sort">{words!(language, catalog.sort)}</label>
            <select id="sort" name="sort" form=FORM>{options.collect_view()}</select>
            <noscript><button class="button button--quiet" type="submit" form=FORM>{words!(language, catalog.apply)}</button></noscript>
        </div>
    }
}
