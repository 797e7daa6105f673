//! The checkout's page, and the page that the payment service sends people back to. Personal: never kept.

use super::{
    islands::CheckoutForm,
    notice::{Notice, NoticeBox},
    words::CheckoutWords,
};
use crate::{
    layout::{Head, or_fault},
    request, words,
};
use domain::{Language, checkout::Checkout};
use leptos::prelude::*;

#[component]
pub fn CheckoutPage() -> impl IntoView {
    let language = request::language();
    let notice = Notice::in_query(&request::query_pairs());
    let (shop, actor, now) = (request::shop(), request::actor(), request::now());
    let content = Suspend::new(async move {
        or_fault(shop::checkout::view(&shop, &actor, language, now).await, |checkout| {
            if checkout.cart.is_empty() {
                view! { <Empty language/> }.into_any()
            } else {
                view! { <Contents checkout language notice/> }.into_any()
            }
        })
    });
    view! {
        <Head title=words!(language, checkout.title) description=words!(language, checkout.pay_text) listed=false/>
        <div class="wrap checkout">
            <h1>{words!(language, checkout.title)}</h1>
            <TestShop language/>
            <Suspense>{content}</Suspense>
        </div>
    }
}

#[component]
fn Contents(checkout: Checkout, language: Language, notice: Option<Notice>) -> impl IntoView {
    let mail = request::shop().settings.mail_from.clone();
    let total = checkout.due();
    view! {
        {notice.map(|notice| view! { <NoticeBox notice language total/> })}
        <CheckoutForm checkout language words=CheckoutWords::of(language) mail/>
    }
}

#[component]
fn Empty(language: Language) -> impl IntoView {
    view! {
        <div class="empty">
            <h2>{words!(language, checkout.empty_title)}</h2>
            <p class="lead">{words!(language, checkout.empty_text)}</p>
            <div class="cluster">
                <a class="button" href=format!("/{language}")>{words!(language, checkout.empty_shop)}</a>
                <a class="button button--quiet" href=format!("/{language}/track")>{words!(language, checkout.empty_track)}</a>
            </div>
        </div>
    }
}

/// Where no money moves, people are told so before they look for their card.
#[component]
fn TestShop(language: Language) -> impl IntoView {
    request::shop().payments.accepts(false).then(|| {
        view! {
            <p class="notice small" data-kind="warn">
                <strong>{words!(language, checkout.test_title)}</strong>" "{words!(language, checkout.test_text)}
            </p>
        }
    })
}
