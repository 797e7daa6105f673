//! What a search found; and where it found nothing, the ways on.

use crate::{
    catalog::{card::Cards, links, listing::Results},
    layout::{Head, move_to, or_fault},
    request, words,
};
use domain::catalog::{CategoryNode, FacetValue, Listing, ListingQuery, WaysOn};
use leptos::prelude::*;
use shop::{
    Outcome,
    catalog::{browse, search},
};

#[component]
pub fn Search() -> impl IntoView {
    let (shop, language, facts) = (request::shop(), request::language(), request::facts());
    let pairs = request::query_pairs();
    if let Some(address) = links::tidied(&links::search(language), &pairs) {
        move_to(&address);
        return ().into_any();
    }
    let query = ListingQuery::from_pairs(pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())));
    view! {
        <Suspense>
            {Suspend::new(async move {
                facts.share();
                let outcome: Outcome<_> = async {
                    let listing = search::search(&shop, language, &query).await?;
                    // Filters are the shop's own words; what nobody sells is found out by theirs.
                    if !query.text.is_empty() && !query.is_filtered() && query.after.is_none() {
                        shop.counts.searched(!listing.cards.is_empty() && listing.did_you_mean.is_none());
                    }
                    let instead = if listing.cards.is_empty() { Some(browse::ways_on(&shop, language).await?) } else { None };
                    Ok((listing, instead))
                }
                .await;
                or_fault(outcome, |(listing, instead)| view! { <Page listing query=query.clone() instead/> }.into_any())
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Page(listing: Listing, query: ListingQuery, instead: Option<WaysOn>) -> impl IntoView {
    let language = request::language();
    let path = links::search(language);
    let title = if query.text.is_empty() {
        words!(language, catalog.everything)
    } else {
        words!(language, catalog.results_for, text = query.text.clone())
    };
    let nearest = listing.did_you_mean.clone().map(|word| view! { <Nearest word query=query.clone()/> });
    let categories = listing.categories.clone();
    let narrowed = query.is_filtered();
    let empty = instead.map_or_else(|| ().into_any(), |ways_on| view! { <Nothing ways_on narrowed query=query.clone()/> }.into_any());
    view! {
        <Head title=title.clone() description=words!(language, catalog.search_description) listed=false/>
        <header class="heading heading--search wrap">
            <div class="heading__text">
                <h1>{title}</h1>
                {nearest}
                <Among categories query=query.clone()/>
            </div>
        </header>
        <Results listing query path empty/>
    }
}

/// Nothing holds what was typed; what is shown holds this word of ours.
#[component]
fn Nearest(word: String, query: ListingQuery) -> impl IntoView {
    let language = request::language();
    let href = links::changed(&links::search(language), &query, |query| query.text.clone_from(&word));
    view! {
        <p class="notice" role="status">
            {words!(language, catalog.nothing_for, text = query.text)}" "
            {words!(language, catalog.showing_instead)}" "<a href=href><strong>{word}</strong></a>
        </p>
    }
}

/// The categories that hold results; each leads to its own page with the same words.
#[component]
fn Among(categories: Vec<FacetValue>, query: ListingQuery) -> impl IntoView {
    let language = request::language();
    if categories.len() < 2 {
        return ().into_any();
    }
    let items = categories.into_iter().map(|category| {
        let href = links::changed(&links::category(language, &category.code), &query, |_| {});
        view! { <li><a class="chip" href=href>{category.name}<span class="soft numbers">{category.count}</span></a></li> }
    });
    view! { <nav aria-label=words!(language, catalog.narrower)><ul class="chips">{items.collect_view()}</ul></nav> }.into_any()
}

#[component]
fn Nothing(ways_on: WaysOn, narrowed: bool, query: ListingQuery) -> impl IntoView {
    let language = request::language();
    let wider = narrowed.then(|| {
        let href = links::changed(&links::search(language), &query, |wider| {
            *wider = ListingQuery { text: wider.text.clone(), ..ListingQuery::default() }
        });
        view! { <a class="button" href=href>{words!(language, catalog.remove_all)}</a> }
    });
    let advice = if narrowed { words!(language, catalog.nothing_fits_text) } else { words!(language, catalog.nothing_found_text) };
    view! {
        <div class="empty">
            <h2>{words!(language, catalog.nothing_fits)}</h2>
            <p class="lead">{advice}</p>
            {wider}
            <ul class="chips">{ways_on.categories.into_iter().map(category_chip).collect_view()}</ul>
        </div>
        <h2 class="listing__instead">{words!(language, catalog.newest)}</h2>
        <Cards cards=ways_on.newest/>
    }
}

fn category_chip(category: CategoryNode) -> impl IntoView {
    view! { <li><a class="chip" href=links::category(request::language(), &category.slug)>{category.name}</a></li> }
}
