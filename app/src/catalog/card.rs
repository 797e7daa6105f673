//! A product in a list: its picture, its name, what it costs, and whether it is to be had.

use crate::{catalog::links, layout::Photograph, request, words};
use domain::{
    Language,
    catalog::{PriceRange, ProductCard},
    format,
};
use leptos::prelude::*;

/// How wide a card's picture stands, by the width of the screen.
const SIZES: &str = "(min-width: 84rem) 20rem, (min-width: 60rem) 24vw, (min-width: 40rem) 31vw, 46vw";

/// Cards in a grid. The first `eager` of them are on the first screen, and the very `first` is what people wait for. `named` pictures grow into the product's page;
/// a product may be named only once on a page.
#[component]
pub fn Cards(
    cards: Vec<ProductCard>,
    #[prop(optional)] eager: usize,
    #[prop(optional)] first: bool,
    #[prop(optional)] named: bool,
) -> impl IntoView {
    let items = cards.into_iter().enumerate().map(|(index, card)| {
        view! { <li><Card card eager={index < eager} first={first && index == 0} named/></li> }
    });
    view! { <ul class="cards">{items.collect_view()}</ul> }
}

#[component]
fn Card(card: ProductCard, eager: bool, first: bool, named: bool) -> impl IntoView {
    let language = request::language();
    let (title, price) = (card.title.clone(), card.price);
    let name = named.then(|| format!("picture-{}", card.slug));
    let picture = match card.picture.clone() {
        Some(picture) => view! { <Photograph picture sizes=SIZES eager first/> }.into_any(),
        None => view! { <span class="picture picture--none"></span> }.into_any(),
    };
    view! {
        <article class="card" data-sold-out=(!card.in_stock).then_some("true")>
            <div class="card__picture" data-transition=name>{picture}</div>
            <h3 class="card__title"><a href=links::product(language, &card.slug)>{title}</a></h3>
            <Price price/>
            {note(&card, language).map(|(kind, text)| view! { <p class="card__note" data-kind=kind>{text}</p> })}
        </article>
    }
}

#[component]
fn Price(price: PriceRange) -> impl IntoView {
    let language = request::language();
    let from = format::money(price.from, language);
    let now = if price.from == price.to { from } else { words!(language, catalog.price_from, price = from) };
    let is_reduced = price.compare_at.is_some();
    let was = price.compare_at.map(|was| {
        view! { <s class="price__was"><span class="visually-hidden">{words!(language, catalog.price_before)}" "</span>{format::money(was, language)}</s> }
    });
    view! {
        <p class="price" data-reduced=is_reduced.then_some("true")>
            <span class="price__now">{now}</span>
            {was}
        </p>
    }
}

/// What is good to know of it, and of which kind that is.
fn note(card: &ProductCard, language: Language) -> Option<(Option<&'static str>, String)> {
    if !card.in_stock {
        return Some((None, words!(language, catalog.sold_out)));
    }
    match card.few_left() {
        Some(1) => Some((Some("warn"), words!(language, catalog.one_left))),
        Some(left) => Some((Some("warn"), words!(language, catalog.few_left, count = left))),
        None => (card.variants > 1).then(|| (None, words!(language, catalog.versions, count = card.variants))),
    }
}
