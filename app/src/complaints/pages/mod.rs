//! The pages of complaints: the customer's, and the desk's.

mod causes;
mod compensate;
mod facts;
mod fields;
mod follow;
mod list;
mod new;
mod one;
mod steps;

pub use causes::CausesPage;
pub use follow::FollowPage;
pub use list::ListPage;
pub use new::{DeskNewPage, NewPage};
pub use one::ComplaintPage;

use crate::{request, words};
use domain::{Language, format};
use leptos::prelude::*;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Day and time at the workshop.
#[component]
pub(crate) fn Moment(at: OffsetDateTime, language: Language) -> impl IntoView {
    let local = request::shop().settings.local(at);
    let text = words!(language, complaints.desk.at, day = format::short_day(local.date(), language), time = format::clock(local.time()));
    view! { <time datetime=at.format(&Rfc3339).unwrap_or_default()>{text}</time> }
}

pub(super) fn day_of(at: OffsetDateTime, language: Language) -> String {
    format::day(request::shop().settings.local(at).date(), language)
}

/// What somebody wrote, each line its own.
#[component]
pub(crate) fn Written(text: String) -> impl IntoView {
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| view! { <p>{line.to_owned()}</p> }).collect_view()
}
