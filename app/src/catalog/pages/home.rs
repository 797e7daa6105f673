//! The shop's face: one large picture, the categories, what is new and what is liked, and what the shop promises.

use crate::{
    catalog::{card::Cards, links},
    layout::{Head, Icon, Photograph, Shape, head::in_every_language, or_fault},
    request, words,
};
use domain::catalog::{CategoryNode, HomePage, Picture, ProductCard};
use leptos::prelude::*;
use shop::catalog::browse;

/// How wide the large picture stands.
const HERO: &str = "(min-width: 84rem) 45rem, (min-width: 60rem) 54vw, 100vw";

#[component]
pub fn Home() -> impl IntoView {
    let (shop, language, facts, now) = (request::shop(), request::language(), request::facts(), request::now());
    view! {
        <Suspense>
            {Suspend::new(async move {
                facts.share();
                facts.lists_products();
                let outcome = browse::home(&shop, language, now).await;
                or_fault(outcome, |page| view! { <Page page/> }.into_any())
            })}
        </Suspense>
    }
}

#[component]
fn Page(page: HomePage) -> impl IntoView {
    let language = request::language();
    let name = request::shop().settings.shop_name.clone();
    let HomePage { scene, categories, newest, favourites } = page;
    // Without a picture of its own the page shows what is new.
    let shown = newest.iter().find(|card| scene.is_none() && card.picture.is_some()).cloned();
    let picture = scene.clone().or_else(|| shown.as_ref().and_then(|card| card.picture.clone()));
    // What is new is in the large picture already: the row begins after it.
    let newest: Vec<ProductCard> =
        newest.into_iter().filter(|card| shown.as_ref().is_none_or(|shown| shown.id != card.id)).take(4).collect();
    let favourites: Vec<ProductCard> = favourites.into_iter().take(4).collect();
    view! {
        <Head title=name description=words!(language, catalog.home_description) paths=in_every_language("") picture=picture/>
        <Hero scene shown/>
        <Promises/>
        <Categories categories/>
        <Shelf title=words!(language, catalog.newest) cards=newest more=format!("{}?sort=newest", links::search(language))/>
        <Workshop/>
        <Shelf title=words!(language, catalog.favourites) cards=favourites more=links::search(language)/>
    }
}

#[component]
fn Hero(scene: Option<Picture>, shown: Option<ProductCard>) -> impl IntoView {
    let language = request::language();
    let scene = scene.map(|picture| view! { <div class="hero__picture"><Photograph picture sizes=HERO first=true/></div> });
    let shown = shown.and_then(|card| {
        let href = links::product(language, &card.slug);
        card.picture.map(|picture| {
            view! {
                <a class="hero__picture" href=href>
                    <Photograph picture sizes=HERO first=true/>
                    <span class="hero__caption">{card.title}<Icon shape=Shape::Right/></span>
                </a>
            }
        })
    });
    view! {
        <section class="hero wrap">
            <div class="hero__text">
                <h1>{words!(language, catalog.hero_title)}</h1>
                <p class="lead">{words!(language, catalog.hero_text)}</p>
                <a class="button" href=links::search(language)>{words!(language, catalog.hero_button)}</a>
            </div>
            {scene}
            {shown}
        </section>
    }
}

/// What the shop stands for, each with the page that says it in full.
#[component]
fn Promises() -> impl IntoView {
    let language = request::language();
    let cut_off = domain::format::clock(request::shop().settings.handling.cut_off);
    let promise = |shape: Shape, title: String, text: String, topic: &str| {
        view! {
            <li>
                <Icon shape/>
                <div><a href=format!("/{language}/info/{topic}")>{title}</a><p>{text}</p></div>
            </li>
        }
    };
    view! {
        <ul class="promises wrap">
            {promise(Shape::Parcel, words!(language, catalog.promise_delivery), words!(language, catalog.promise_delivery_text, cut_off = cut_off), "delivery")}
            {promise(Shape::Return, words!(language, catalog.promise_returns), words!(language, catalog.promise_returns_text), "returns")}
            {promise(Shape::Hand, words!(language, catalog.promise_guarantee), words!(language, catalog.promise_guarantee_text), "returns")}
        </ul>
    }
}

#[component]
fn Categories(categories: Vec<CategoryNode>) -> impl IntoView {
    let language = request::language();
    let tiles = categories.into_iter().map(|category| {
        let picture =
            category.picture.map(|picture| view! { <Photograph picture sizes="(min-width: 60rem) 33vw, (min-width: 40rem) 50vw, 100vw"/> });
        view! {
            <li class="tile">
                {picture}
                <h3><a href=links::category(language, &category.slug)>{category.name}</a></h3>
                <p class="soft numbers">{crate::catalog::listing::count(language, category.count)}</p>
            </li>
        }
    });
    view! {
        <section class="section wrap">
            <div class="section__head"><h2>{words!(language, catalog.by_category)}</h2></div>
            <ul class="tiles">{tiles.collect_view()}</ul>
        </section>
    }
}

#[component]
fn Shelf(title: String, cards: Vec<ProductCard>, more: String) -> impl IntoView {
    let language = request::language();
    if cards.is_empty() {
        return ().into_any();
    }
    let label = format!("{}: {title}", words!(language, catalog.see_all));
    view! {
        <section class="section wrap">
            <div class="section__head">
                <h2>{title}</h2>
                <a class="more" href=more aria-label=label>{words!(language, catalog.see_all)}</a>
            </div>
            <Cards cards/>
        </section>
    }
    .into_any()
}

#[component]
fn Workshop() -> impl IntoView {
    let language = request::language();
    view! {
        <section class="workshop">
            <div class="wrap">
                <h2>{words!(language, catalog.workshop_title)}</h2>
                <p class="lead">{words!(language, catalog.workshop_text)}</p>
            </div>
        </section>
    }
}
