//! The words of cases as people read them.

use crate::{boundary::AppError, request, words};
use domain::{
    Language,
    surveys::{CaseReason, CaseRefusal, CaseState, CaseStep, MOST_OF_AN_ANSWER},
};
use leptos::prelude::*;

pub(super) fn reason(reason: CaseReason, language: Language) -> String {
    match reason {
        CaseReason::LowDimension => words!(language, cases.reason.low_dimension),
        CaseReason::LowRecommendation => words!(language, cases.reason.low_recommendation),
        CaseReason::AskedFor => words!(language, cases.reason.asked_for),
        CaseReason::Words => words!(language, cases.reason.words),
    }
}

pub(super) fn state(state: CaseState, language: Language) -> String {
    match state {
        CaseState::Open => words!(language, cases.state.open),
        CaseState::Taken => words!(language, cases.state.taken),
        CaseState::Answered => words!(language, cases.state.answered),
        CaseState::Confirmed => words!(language, cases.state.confirmed),
        CaseState::Unconfirmed => words!(language, cases.state.unconfirmed),
    }
}

pub(super) fn step(step: CaseStep, language: Language) -> String {
    match step {
        CaseStep::Opened => words!(language, cases.step.opened),
        CaseStep::Taken => words!(language, cases.step.taken),
        CaseStep::Released => words!(language, cases.step.released),
        CaseStep::Answered => words!(language, cases.step.answered),
        CaseStep::Confirmed => words!(language, cases.step.confirmed),
        CaseStep::Reopened => words!(language, cases.step.reopened),
        CaseStep::Unconfirmed => words!(language, cases.step.unconfirmed),
        CaseStep::Untied => words!(language, cases.step.untied),
    }
}

/// Each reason as a tag.
#[component]
pub(super) fn Reasons(reasons: Vec<CaseReason>, language: Language) -> impl IntoView {
    reasons.into_iter().map(|each| view! { <span class="tag">{reason(each, language)}</span>" " }).collect_view()
}

/// Why the form that led here was refused.
#[component]
pub(super) fn RefusedNotice(language: Language) -> impl IntoView {
    let error: Option<AppError<CaseRefusal>> = request::queried("refused").and_then(|why| serde_json::from_str(&why).ok());
    error.map(|error| {
        let sentence = match error {
            AppError::Refused(refusal) => sentence(refusal, language),
            AppError::Fault(_) | AppError::Transport => words!(language, cases.refused.fault),
        };
        view! { <p class="notice" data-kind="bad" role="alert">{sentence}</p> }
    })
}

pub(super) fn sentence(refusal: CaseRefusal, language: Language) -> String {
    match refusal {
        CaseRefusal::NoSuchCase => words!(language, cases.refused.no_such),
        CaseRefusal::NotAllowed => words!(language, cases.refused.not_allowed),
        CaseRefusal::NotYours => words!(language, cases.refused.not_yours),
        CaseRefusal::Empty => words!(language, cases.refused.empty),
        CaseRefusal::TooLong => words!(language, cases.refused.too_long, most = MOST_OF_AN_ANSWER),
        CaseRefusal::WrongState(at) => words!(language, cases.refused.state, state = state(at, language)),
        CaseRefusal::NotAnAnswer => words!(language, cases.refused.no_answer),
        CaseRefusal::Untied => words!(language, cases.refused.untied),
    }
}
