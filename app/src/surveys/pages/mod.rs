//! The pages of surveys: the shopper's behind the link of a mail, and the managers'.

mod cases;
mod edit;
mod instruments;
mod offer;
mod question;
mod stop;
mod survey;

pub use cases::{CaseOfPersonPage, CasePage, CasesPage};
pub use edit::InstrumentPage;
pub use instruments::InstrumentsPage;
pub use offer::SurveyOffer;
pub use stop::StopPage;
pub use survey::SurveyPage;

use super::answer::sentence;
use crate::{layout::Head, words};
use domain::{Language, surveys::SurveyRefusal};
use http::StatusCode;
use leptos::prelude::*;

/// Why there is nothing to answer, honestly.
#[component]
fn Over(refusal: SurveyRefusal, language: Language) -> impl IntoView {
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(if refusal == SurveyRefusal::Expired { StatusCode::GONE } else { StatusCode::NOT_FOUND });
    }
    let title =
        if refusal == SurveyRefusal::Expired { words!(language, surveys.over.expired) } else { words!(language, surveys.over.no_such) };
    let text = sentence(refusal, language);
    view! {
        <Head title=title.clone() description=title.clone() listed=false/>
        <div class="wrap empty">
            <h1>{title}</h1>
            <p class="lead">{text}</p>
            <a class="button button--quiet" href=format!("/{language}/chat")>{words!(language, surveys.over.ask)}</a>
        </div>
    }
}
