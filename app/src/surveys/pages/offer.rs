//! On the page of an order: the survey about it, while it can be answered.

use super::super::answer::page;
use crate::{boundary::report, request, words};
use domain::{Language, token::Token};
use leptos::prelude::*;
use shop::{Failure, surveys::Offer};

#[component]
pub fn SurveyOffer(number: String, token: Token, language: Language) -> impl IntoView {
    let content = Suspend::new(async move {
        match shop::surveys::offer(&request::shop(), &number, &token, language, request::now()).await {
            Ok(offer) => offer.map(|offer| view! { <Offered offer language/> }),
            Err(Failure::Fault(fault)) => {
                // The order is what one came for.
                report(&fault);
                None
            }
            Err(Failure::Refused(never)) => match never {},
        }
    });
    view! { <Suspense>{content}</Suspense> }
}

#[component]
fn Offered(offer: Offer, language: Language) -> impl IntoView {
    let go = if offer.begun { words!(language, surveys.offer.go_on) } else { words!(language, surveys.cover.begin) };
    view! {
        <section class="notice" aria-labelledby="survey-offer">
            <h2 id="survey-offer">{offer.title}</h2>
            <p>{words!(language, surveys.offer.text)}</p>
            <p><a class="button button--quiet" href=page(&offer.token.0, &[])>{go}</a></p>
        </section>
    }
}
