//! The pages of an order. Whoever holds its link may see it; none of them is ever kept for another reader or listed.

use super::{
    islands::{TrackForm, TrackWords},
    promise::PromiseBox,
    receipt::{Parties, Receipt},
    standing::Standing,
    trouble::Trouble,
    way::{Parcels, Way},
};
use crate::{
    boundary::report,
    layout::{Fault, Head},
    request,
    surveys::pages::SurveyOffer,
    words,
};
use domain::{Language, format, orders::Order, token::Token};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shop::Failure;

pub use super::thanks::PaymentReturn;

/// `/{language}/order/{number}?t={token}`
#[component]
pub fn OrderPage() -> impl IntoView {
    let language = request::language();
    let number = use_params_map().with_untracked(|params| params.get("number").unwrap_or_default());
    let token = Token(queried("t").unwrap_or_default());
    let (shop, now) = (request::shop(), request::now());
    let content = Suspend::new(async move {
        match shop::orders::by_token(&shop, language, &number, &token, now).await {
            Ok(order) => view! { <Tracking order token language/> }.into_any(),
            Err(Failure::Refused(_)) => view! { <NoSuchOrder language/> }.into_any(),
            Err(Failure::Fault(fault)) => view! { <Fault reference=report(&fault)/> }.into_any(),
        }
    });
    view! { <Suspense>{content}</Suspense> }
}

#[component]
fn Tracking(order: Order, token: Token, language: Language) -> impl IntoView {
    let title = words!(language, orders.title, number = order.number.clone());
    let placed = format::day(request::shop().settings.local(order.placed_at).date(), language);
    view! {
        <Head title=title.clone() description=words!(language, orders.lead) listed=false/>
        <div class="wrap order">
            <header>
                <h1>{title}</h1>
                <p class="soft">{words!(language, orders.placed_on, day = placed)}</p>
            </header>
            <Standing order=order.clone() token=token.clone() language/>
            <div class="split">
                <div class="stack stack--wide">
                    <PromiseBox order=order.clone() language/>
                    <SurveyOffer number=order.number.clone() token=token.clone() language/>
                    <Way order=order.clone() language/>
                    <Parcels order=order.clone() language/>
                    <Trouble number=order.number.clone() token language/>
                </div>
                <aside class="stack stack--wide">
                    <Receipt order=order.clone() language/>
                    <Parties order language/>
                </aside>
            </div>
        </div>
    }
}

/// 404 that never says whether number or token was wrong.
#[component]
pub(super) fn NoSuchOrder(language: Language) -> impl IntoView {
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    let title = words!(language, orders.not_found_title);
    view! {
        <Head title=title.clone() description=words!(language, orders.not_found_text) listed=false/>
        <div class="wrap empty">
            <h1>{title}</h1>
            <p class="lead">{words!(language, orders.not_found_text)}</p>
            <a class="button" href=format!("/{language}/track")>{words!(language, orders.find_it)}</a>
        </div>
    }
}

/// `/{language}/track`
#[component]
pub fn TrackPage() -> impl IntoView {
    let language = request::language();
    let words = TrackWords::of(language);
    let refused = queried("refused").map(|why| match why.as_str() {
        "not-found" => words.not_found.clone(),
        "too-many" => words.transport.clone(),
        _ => words.fault.clone(),
    });
    let title = words!(language, orders.track.title);
    view! {
        <Head title=title.clone() description=words!(language, orders.track.lead) listed=false/>
        <div class="wrap track">
            <h1>{title}</h1>
            <p class="lead">{words!(language, orders.track.lead)}</p>
            <TrackForm words number=queried("number").unwrap_or_default() refused/>
        </div>
    }
}

pub(super) fn queried(name: &str) -> Option<String> {
    request::query_pairs().into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}
