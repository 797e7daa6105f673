//! A product: its pictures, what can be chosen and bought, what the shop promises, what else there is to know, and what it
//! is bought with.

use super::category::Crumbs;
use crate::{
    catalog::{
        api::Promises,
        card::Cards,
        islands::{BuyBox, Gallery, GalleryWords, Shot},
        links, offers, promise, structured,
    },
    layout::{Head, Icon, Shape, found, head::Facts},
    request, words,
};
use domain::{
    Language,
    catalog::{Found, ProductCard, ProductPage},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shop::{Outcome, Shop, catalog::product};
use time::OffsetDateTime;

#[component]
pub fn Product() -> impl IntoView {
    let (shop, language, facts, now) = (request::shop(), request::language(), request::facts(), request::now());
    let slug = use_params_map().with_untracked(|params| params.get("slug").unwrap_or_default());
    view! {
        <Suspense>
            {Suspend::new(async move {
                facts.share();
                let outcome = load(&shop, language, &slug, now).await;
                found(outcome, |slug| links::product(language, slug), |(page, promises)| {
                    facts.shows(page.id);
                    page.companions.iter().chain(&page.recommendations).for_each(|card| facts.shows(card.id));
                    view! { <Page page promises/> }.into_any()
                })
            })}
        </Suspense>
    }
}

async fn load(shop: &Shop, language: Language, slug: &str, now: OffsetDateTime) -> Outcome<Found<(ProductPage, Promises)>> {
    Ok(match product::page(shop, language, slug, now).await? {
        Found::Here(page) => {
            let heaviest = page.variants.iter().map(|variant| variant.grams).max().unwrap_or(0);
            let promises = promise::for_everybody(shop, heaviest, language, now).await?;
            Found::Here((page, promises))
        }
        Found::Moved(slug) => Found::Moved(slug),
        Found::Nowhere => Found::Nowhere,
    })
}

#[component]
fn Page(page: ProductPage, promises: Promises) -> impl IntoView {
    let (language, shop) = (request::language(), request::shop());
    let paths: Vec<(Language, String)> = page.slugs.iter().map(|(language, slug)| (*language, links::product(*language, slug))).collect();
    let mut crumbs: Vec<(String, String)> = vec![(words!(language, layout.home), format!("/{language}"))];
    crumbs.extend(page.categories.iter().map(|(slug, name)| (name.clone(), links::category(language, slug))));
    crumbs.push((page.title.clone(), links::product(language, &page.slug)));
    let facts = structured::product(&shop.settings.public_url, language, &page);
    let title = if page.seo_title.is_empty() { page.title.clone() } else { page.seo_title.clone() };
    let first = chosen(&page);
    let offers = offers::offers(&page, language, &promises, shop.settings.handling.backorder_days);
    let shots = shots(&page, first);
    let name = format!("picture-{}", page.slug);
    view! {
        <Head title description=page.seo_description.clone() paths picture=page.pictures.first().cloned() kind="product"/>
        <Facts facts/>
        <Crumbs crumbs/>
        <article class="product wrap">
            <Gallery name shots words=gallery_words(language)/>
            <div class="product__buy">
                <h1>{page.title.clone()}</h1>
                <BuyBox language title=page.title.clone() choices=offers::choices(&page) offers first words=offers::buy_words(&page, language)/>
                <Assurances/>
            </div>
            <About body_html=page.body_html specifications=page.specifications/>
        </article>
        <Beside title=words!(language, catalog.bought_together) cards=page.companions/>
        <Beside title=words!(language, catalog.goes_with) cards=page.recommendations/>
    }
}

/// The variant that the address names by its options, else the one shown first.
fn chosen(page: &ProductPage) -> usize {
    let pairs = request::query_pairs();
    let named = |code: &str| pairs.iter().find(|(key, _)| key == code).map(|(_, value)| value.as_str());
    let fits =
        |values: &[String]| page.options.iter().zip(values).all(|(option, value)| named(&option.code).is_none_or(|wanted| wanted == value));
    let is_named = page.options.iter().any(|option| named(&option.code).is_some());
    let by_address = page.variants.iter().position(|variant| is_named && fits(&variant.values));
    let by_default = || page.default_variant().and_then(|first| page.variants.iter().position(|variant| variant.id == first.id));
    by_address.or_else(by_default).unwrap_or(0)
}

/// The pictures, the chosen variant's first.
fn shots(page: &ProductPage, chosen: usize) -> Vec<Shot> {
    let first = page.variants.get(chosen).and_then(|variant| variant.picture);
    let mut shots: Vec<Shot> = (0..).zip(page.pictures.iter().cloned()).map(|(index, picture)| Shot { index, picture }).collect();
    shots.sort_by_key(|shot| Some(shot.index) != first);
    shots
}

fn gallery_words(language: Language) -> GalleryWords {
    GalleryWords {
        pictures: words!(language, catalog.pictures),
        show: words!(language, catalog.show_picture, number = "{number}"),
        closer: words!(language, catalog.closer),
        close: words!(language, layout.close),
        previous: words!(language, catalog.previous_picture),
        next: words!(language, catalog.next_picture),
    }
}

#[component]
fn Assurances() -> impl IntoView {
    let language = request::language();
    let line = |shape: Shape, text: String, topic: &str, more: String| {
        view! { <li><Icon shape/><span>{text}" "<a href=format!("/{language}/info/{topic}")>{more}</a></span></li> }
    };
    view! {
        <ul class="assurances">
            {line(Shape::Parcel, words!(language, catalog.assure_delivery), "delivery", words!(language, catalog.assure_delivery_more))}
            {line(Shape::Return, words!(language, catalog.assure_returns), "returns", words!(language, catalog.assure_returns_more))}
            {line(Shape::Hand, words!(language, catalog.assure_guarantee), "returns", words!(language, catalog.assure_guarantee_more))}
        </ul>
    }
}

#[component]
fn About(body_html: String, specifications: Vec<(String, String)>) -> impl IntoView {
    let language = request::language();
    let rows = specifications.into_iter().map(|(label, value)| view! { <div><dt>{label}</dt><dd>{lines(&value)}</dd></div> });
    view! {
        <section class="product__about">
            <h2>{words!(language, catalog.about)}</h2>
            <div class="prose" inner_html=body_html></div>
        </section>
        <section class="product__facts">
            <h2>{words!(language, catalog.details)}</h2>
            <dl class="facts">{rows.collect_view()}</dl>
        </section>
    }
}

/// "Small: 13 cm; Large: 23 cm" stands one under another; other texts stay as they are.
fn lines(value: &str) -> AnyView {
    let parts: Vec<String> = value.split("; ").map(str::to_owned).collect();
    if parts.len() < 2 || !parts.iter().all(|part| part.contains(": ")) {
        return value.to_owned().into_any();
    }
    view! { <ul>{parts.into_iter().map(|part| view! { <li>{part}</li> }).collect_view()}</ul> }.into_any()
}

#[component]
fn Beside(title: String, cards: Vec<ProductCard>) -> impl IntoView {
    if cards.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="section wrap">
            <div class="section__head"><h2>{title}</h2></div>
            <Cards cards/>
        </section>
    }
    .into_any()
}
