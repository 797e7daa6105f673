//! The header: the shop's name, the way into the categories, the search, the language and the cart. All of it is
//! links, forms and popovers, which work without scripts.

use crate::{
    layout::{
        Icon, Shape,
        islands::{CartBadge, SearchBox, SearchWords},
        navigation::Navigation,
    },
    request, words,
};
use domain::Language;
use leptos::prelude::*;

#[component]
pub fn Header() -> impl IntoView {
    let (language, shop) = (request::language(), request::shop());
    let name = shop.settings.shop_name.clone();
    view! {
        <header class="header">
            <div class="header__bar wrap">
                <button class="header__menu" type="button" popovertarget="menu">
                    <Icon shape=Shape::Menu/>
                    <span class="visually-hidden">{words!(language, layout.menu)}</span>
                </button>
                <a class="wordmark" href=format!("/{language}")>{name}</a>
                <Search/>
                <LanguageSwitch/>
                <div class="header__own">
                    <AccountLink/>
                    <CartLink/>
                </div>
            </div>
            <Navigation/>
        </header>
    }
}

#[component]
fn Search() -> impl IntoView {
    let language = request::language();
    let typed = request::query_pairs().into_iter().find(|(key, _)| key == "q").map(|(_, text)| text).unwrap_or_default();
    let words = SearchWords {
        label: words!(language, layout.search),
        placeholder: words!(language, layout.search_placeholder),
        suggestions: words!(language, layout.suggestions),
        category: words!(language, layout.category),
        found_one: words!(language, layout.suggestions_found_one),
        found: words!(language, layout.suggestions_found, count = "{count}"),
    };
    view! { <SearchBox language typed words/> }
}

/// The same page in the other language. A slug of another language leads on to its own.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let (language, address) = (request::language(), request::address());
    let rest = address.strip_prefix(&format!("/{language}")).unwrap_or_default().to_owned();
    let others = Language::ALL.into_iter().filter(move |other| *other != language).map(move |other| {
        view! { <a class="language" href=format!("/{other}{rest}") hreflang=other.code() lang=other.code() rel="alternate">{other.endonym()}</a> }
    });
    others.collect_view()
}

/// The same for everybody, so that pages can be kept: who is not logged in is led on to where one does.
#[component]
fn AccountLink() -> impl IntoView {
    let language = request::language();
    view! {
        <a class="header__account" href=format!("/{language}/account")>
            <Icon shape=Shape::Person/>
            <span class="header__account-word">{words!(language, layout.account)}</span>
        </a>
    }
}

#[component]
fn CartLink() -> impl IntoView {
    let language = request::language();
    view! {
        <a class="header__cart" href=format!("/{language}/cart")>
            <Icon shape=Shape::Basket/>
            <span class="header__cart-word">{words!(language, layout.cart)}</span>
            <CartBadge/>
        </a>
    }
}
