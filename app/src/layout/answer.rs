//! From what the shop answers to what is shown: the page, or the one that says why there is none.

use crate::{
    boundary::report,
    layout::{Fault, NotFound},
};
use domain::catalog::Found;
use http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;
use shop::{Failure, Outcome};
use std::convert::Infallible;

/// The page for what was found; a lasting redirect to `address` of its new slug; 404; or 500 with a reference.
pub fn found<T>(outcome: Outcome<Found<T>>, address: impl FnOnce(&str) -> String, page: impl FnOnce(T) -> AnyView) -> AnyView {
    or_fault(outcome, |found| match found {
        Found::Here(thing) => page(thing),
        Found::Moved(slug) => {
            move_to(&address(&slug));
            ().into_any()
        }
        Found::Nowhere => view! { <NotFound/> }.into_any(),
    })
}

/// The view of what the shop answered, or 500 with a reference.
pub fn or_fault<T>(outcome: Outcome<T>, view: impl FnOnce(T) -> AnyView) -> AnyView {
    match outcome {
        Ok(answer) => view(answer),
        Err(Failure::Fault(fault)) => view! { <Fault reference=report(&fault)/> }.into_any(),
        Err(Failure::Refused(never)) => refused(never),
    }
}

fn refused(never: Infallible) -> AnyView {
    match never {}
}

/// A lasting redirect, for crawlers as well: they do not ask for HTML, which leptos' own redirect goes by.
pub fn move_to(address: &str) {
    let (Some(response), Ok(address)) = (use_context::<leptos_axum::ResponseOptions>(), HeaderValue::from_str(address)) else { return };
    response.insert_header(header::LOCATION, address);
    response.set_status(StatusCode::MOVED_PERMANENTLY);
}
