//! Products that were found: how many, in which order, narrowed by what, and the way to more.

use crate::{
    catalog::{
        card::Cards,
        chips::ActiveFilters,
        filters::{FORM, Filters, SortSelect},
        islands::AutoSubmit,
        links,
    },
    layout::{Icon, Shape},
    request, words,
};
use domain::{
    Language,
    catalog::{Listing, ListingQuery},
    format,
};
use leptos::prelude::*;
use leptos_meta::Link;

/// Cards in the first row or two: their pictures are wanted at once.
const FIRST_SCREEN: usize = 4;

/// Everything below a listing's heading. `empty` stands where nothing was found. `below_picture`: what people wait for
/// is above it.
#[component]
pub fn Results(
    listing: Listing,
    query: ListingQuery,
    path: String,
    empty: AnyView,
    #[prop(optional)] below_picture: bool,
) -> impl IntoView {
    let language = request::language();
    request::facts().lists_products();
    let is_empty = listing.cards.is_empty();
    // Where nothing was found to begin with there is nothing to narrow or to sort.
    let has_form = !is_empty || query.is_filtered();
    let (next, cards) = (listing.next.clone(), listing.cards.clone());
    let content = if is_empty { empty } else { view! { <Cards cards eager=FIRST_SCREEN first={!below_picture} named=true/> }.into_any() };
    view! {
        <div class="listing wrap">
            {has_form.then(|| view! { <Filters listing=listing.clone() query=query.clone() path=path.clone()/> })}
            <section class="listing__main" aria-labelledby="products">
                <h2 class="visually-hidden" id="products">{words!(language, catalog.products)}</h2>
                <div class="listing__bar">
                    <p class="listing__count" role="status">{count(language, listing.total)}</p>
                    {has_form.then(|| view! { <Tools query=query.clone()/> })}
                </div>
                <ActiveFilters query=query.clone() facets=listing.facets.clone() path=path.clone()/>
                {content}
                <Pager query path next/>
            </section>
            <AutoSubmit form=FORM.to_owned()/>
        </div>
    }
}

#[component]
fn Tools(query: ListingQuery) -> impl IntoView {
    let language = request::language();
    view! {
        <button class="button button--quiet listing__open" type="button" popovertarget=FORM>
            <Icon shape=Shape::Filter/>
            {words!(language, catalog.filters)}
        </button>
        <SortSelect chosen=query.sort is_search={!query.text.is_empty()}/>
    }
}

#[component]
fn Pager(query: ListingQuery, path: String, next: Option<String>) -> impl IntoView {
    let language = request::language();
    let back = query.after.is_some().then(|| {
        let first = links::changed(&path, &query, |_| {});
        view! { <a class="button button--quiet" href=first>{words!(language, catalog.first_page)}</a> }
    });
    let on = next.map(|position| {
        let href = links::changed(&path, &query, |query| query.after = Some(position));
        view! { <Link rel="next" href=href.clone()/> <a class="button" rel="next" href=href>{words!(language, catalog.next_page)}</a> }
    });
    if back.is_none() && on.is_none() {
        return ().into_any();
    }
    view! { <nav class="pager" aria-label=words!(language, catalog.pages)>{back}{on}</nav> }.into_any()
}

#[must_use]
pub fn count(language: Language, total: u32) -> String {
    match total {
        0 => words!(language, catalog.no_products),
        1 => words!(language, catalog.one_product),
        total => words!(language, catalog.n_products, count = format::count(total.into(), language)),
    }
}
