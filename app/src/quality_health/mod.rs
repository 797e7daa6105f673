//! The pages of the quality desk that say how far the answers can be trusted: the instrument's health, who answered, and
//! what people wrote. Filters are in the address; beside every chart stands its table.

mod answers;
mod careless;
mod comments;
mod dimensions;
mod filter;
mod forms;
mod instrument;
mod labels;
mod structure;
mod unheard;

pub use answers::AnswersPage;
pub use comments::CommentsPage;
pub use filter::of_pairs;
pub use instrument::InstrumentPage;

use crate::{
    backoffice::Section,
    boundary::report,
    layout::{Fault, NotFound},
    words,
};
use domain::{Language, surveys::SurveyRefusal};
use leptos::prelude::*;
use shop::{Failure, survey_health::Hidden};

/// Where these pages stand in the desk's navigation.
const SECTION: Section = Section::Quality;

/// Why there is nothing to show.
fn failed(failure: Failure<SurveyRefusal>) -> AnyView {
    match failure {
        Failure::Refused(_) => view! { <NotFound/> }.into_any(),
        Failure::Fault(fault) => view! { <Fault reference=report(&fault)/> }.into_any(),
    }
}

/// Why something that there is is not shown.
#[component]
fn NotShown(hidden: Hidden, least: u64, language: Language) -> impl IntoView {
    let sentence = match hidden {
        Hidden::Few => words!(language, health.few, least = least),
        Hidden::RestFew => words!(language, health.rest_few, least = least),
    };
    view! { <p class="notice" data-kind="warn" role="status">{sentence}</p> }
}

/// How a number comes about.
#[component]
fn How(sentences: Vec<String>, language: Language) -> impl IntoView {
    let sentences = sentences.into_iter().map(|sentence| view! { <p>{sentence}</p> });
    view! {
        <details class="how">
            <summary>{words!(language, health.how)}</summary>
            <div class="stack stack--tight">{sentences.collect_view()}</div>
        </details>
    }
}
