//! The desk's pages of customers.

mod card;
mod list;
mod overview;
mod person;
mod rules;

pub(crate) use card::StandingCard;
pub use list::{CustomersPage, filter_of};
pub use person::CustomerPage;

use crate::{customers::labels, words};
use domain::{Language, customers::Reason};
use leptos::prelude::*;
use time::Date;

/// The classes of somebody, each a sentence.
#[component]
fn Reasons(reasons: Vec<Reason>, language: Language) -> impl IntoView {
    let each = reasons.into_iter().map(|reason| view! { <li>{labels::sentence(&reason, language)}</li> });
    view! { <ul class="stack stack--tight">{each.collect_view()}</ul> }
}

/// Recency, frequency and money.
fn scores([recency, frequency, money]: [u8; 3]) -> String {
    format!("{recency} · {frequency} · {money}")
}

fn as_of(day: Option<Date>, language: Language) -> Option<String> {
    day.map(|day| words!(language, customers.as_of, day = domain::format::date(day, language)))
}
