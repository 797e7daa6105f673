//! Addresses of the survey's pages, and what is said when something is refused.

use crate::{boundary::AppError, forms, request, words};
use domain::{
    Language,
    surveys::{MOST_WORDING, MOST_WORDS, SurveyRefusal},
};

pub(super) type Refused = AppError<SurveyRefusal>;

/// A page of the survey behind this link.
pub(super) fn page(token: &str, pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = [("t", token)].into_iter().chain(pairs.iter().copied().filter(|(_, value)| !value.is_empty())).collect();
    format!("/{}/survey{}", request::language(), forms::query(&pairs))
}

/// For the query of the page that one is led back to.
pub(super) fn code(error: &Refused) -> String {
    serde_json::to_string(error).unwrap_or_default()
}

/// Why the form that led here was refused, as a sentence.
pub(super) fn refused(language: Language) -> Option<String> {
    let error: Refused = serde_json::from_str(&request::queried("refused")?).ok()?;
    Some(match error {
        AppError::Refused(refusal) => sentence(refusal, language),
        AppError::Fault(_) | AppError::Transport => words!(language, surveys.refused.fault),
    })
}

pub(super) fn sentence(refusal: SurveyRefusal, language: Language) -> String {
    match refusal {
        SurveyRefusal::NoSuchSurvey => words!(language, surveys.refused.no_such),
        SurveyRefusal::Expired => words!(language, surveys.refused.expired),
        SurveyRefusal::Finished => words!(language, surveys.refused.finished),
        SurveyRefusal::NothingAnswered => words!(language, surveys.refused.nothing),
        SurveyRefusal::NotAnAnswer => words!(language, surveys.refused.no_answer),
        SurveyRefusal::TooLong => words!(language, surveys.refused.too_long, most = MOST_WORDS),
        SurveyRefusal::NotAllowed => words!(language, surveys.refused.not_allowed),
        SurveyRefusal::ChangedMeanwhile => words!(language, surveys.refused.meanwhile),
        SurveyRefusal::BadWording => words!(language, surveys.refused.wording, most = MOST_WORDING),
        SurveyRefusal::BadCode => words!(language, surveys.refused.code),
        SurveyRefusal::TooFewItems => words!(language, surveys.refused.too_few),
        SurveyRefusal::OutOfBounds => words!(language, surveys.refused.bounds),
        SurveyRefusal::NotDelivered => words!(language, surveys.refused.not_delivered),
        SurveyRefusal::AskedAlready => words!(language, surveys.refused.asked_already),
        SurveyRefusal::OptedOut => words!(language, surveys.refused.opted_out),
    }
}
