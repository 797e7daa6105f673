//! A category: the way to it, what is below it, and its products.

use crate::{
    catalog::{links, listing::Results, structured},
    layout::{Head, Photograph, found, head::Facts, move_to},
    request, words,
};
use domain::{
    Language,
    catalog::{CategoryNode, CategoryPage, ListingQuery},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shop::catalog::browse;

#[component]
pub fn Category() -> impl IntoView {
    let (shop, language, facts) = (request::shop(), request::language(), request::facts());
    let slug = use_params_map().with_untracked(|params| params.get("slug").unwrap_or_default());
    let pairs = request::query_pairs();
    if let Some(address) = links::tidied(&links::category(language, &slug), &pairs) {
        move_to(&address);
        return ().into_any();
    }
    let query = ListingQuery::from_pairs(pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())));
    view! {
        <Suspense>
            {Suspend::new(async move {
                facts.share();
                let outcome = browse::category(&shop, language, &slug, &query).await;
                let address = |slug: &str| links::listing(&links::category(language, slug), &query);
                found(outcome, address, |page| view! { <Page page query=query.clone()/> }.into_any())
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Page(page: CategoryPage, query: ListingQuery) -> impl IntoView {
    let language = request::language();
    let CategoryPage { category, ancestors, slugs, listing } = page;
    let path = links::category(language, &category.slug);
    let is_plain = links::is_plain(&query);
    let paths: Vec<(Language, String)> = slugs.into_iter().map(|(language, slug)| (language, links::category(language, &slug))).collect();
    let description = match (category.description.is_empty(), listing.total) {
        (false, _) => category.description.clone(),
        (true, 1) => words!(language, catalog.category_description_one, category = category.name.clone()),
        (true, count) => words!(language, catalog.category_description, category = category.name.clone(), count = count),
    };
    let mut crumbs: Vec<(String, String)> = vec![(words!(language, layout.home), format!("/{language}"))];
    crumbs.extend(ancestors.into_iter().map(|(slug, name)| (name, links::category(language, &slug))));
    crumbs.push((category.name.clone(), path.clone()));
    let origin = request::shop().settings.public_url.clone();
    let has_picture = is_plain && category.picture.is_some();
    let list = structured::item_list(&origin, language, &listing.cards);
    let empty = view! { <NothingHere path=path.clone()/> }.into_any();
    view! {
        <Head title=category.name.clone() description paths listed=is_plain picture=category.picture.clone()/>
        <Facts facts=list/>
        <Crumbs crumbs/>
        <Heading category with_picture=is_plain/>
        <Results listing query path empty below_picture=has_picture/>
    }
}

/// The way from the home page; the last one is the page itself. Search engines get it too.
#[component]
pub fn Crumbs(crumbs: Vec<(String, String)>) -> impl IntoView {
    let language = request::language();
    let facts = structured::breadcrumbs(&request::shop().settings.public_url, &crumbs);
    let last = crumbs.len().saturating_sub(1);
    let items = crumbs.into_iter().enumerate().map(|(index, (name, path))| {
        if index == last {
            view! { <li aria-current="page">{name}</li> }.into_any()
        } else {
            view! { <li><a href=path>{name}</a></li> }.into_any()
        }
    });
    view! {
        <nav class="crumbs wrap" aria-label=words!(language, layout.breadcrumbs)><ol>{items.collect_view()}</ol></nav>
        <Facts facts/>
    }
}

#[component]
fn Heading(category: CategoryNode, with_picture: bool) -> impl IntoView {
    let language = request::language();
    let picture = category
        .picture
        .filter(|_| with_picture)
        .map(|picture| view! { <Photograph picture sizes="(min-width: 60rem) 32rem, 100vw" first=true/> });
    let below = (!category.children.is_empty()).then(|| {
        let children = category.children.into_iter().map(|child| {
            view! { <li><a class="chip" href=links::category(language, &child.slug)>{child.name}<span class="soft numbers">{child.count}</span></a></li> }
        });
        view! { <nav aria-label=words!(language, catalog.narrower)><ul class="chips">{children.collect_view()}</ul></nav> }
    });
    view! {
        <header class="heading wrap">
            <div class="heading__text">
                <h1>{category.name}</h1>
                {(!category.description.is_empty()).then(|| view! { <p class="lead">{category.description}</p> })}
                {below}
            </div>
            {picture}
        </header>
    }
}

#[component]
fn NothingHere(path: String) -> impl IntoView {
    let language = request::language();
    view! {
        <div class="empty">
            <h2>{words!(language, catalog.nothing_fits)}</h2>
            <p class="lead">{words!(language, catalog.nothing_fits_text)}</p>
            <a class="button" href=path>{words!(language, catalog.remove_all)}</a>
        </div>
    }
}
