//! What forms of complaints answer: the page to go on to, or back with the reason, which the page turns into a sentence.

use super::labels;
use crate::{boundary::AppError, forms, request, words};
use domain::{
    Language,
    complaints::{ComplaintRefusal, MOST_CHARACTERS},
    format,
};
use leptos::prelude::*;
use shop::{Failure, Outcome};

pub(super) type Refused = AppError<ComplaintRefusal>;

/// Leads on to `to`, or back to where it was asked.
pub(super) fn done(outcome: Outcome<(), ComplaintRefusal>, to: &str, back_to: &str) -> Result<(), Refused> {
    match outcome {
        Ok(()) => {
            forms::go(to);
            Ok(())
        }
        Err(failure) => Err(back(failure, back_to)),
    }
}

/// Leads back to `address`, which says why.
pub(super) fn back(failure: Failure<ComplaintRefusal>, address: &str) -> Refused {
    let error = AppError::from(failure);
    let why = serde_json::to_string(&error).unwrap_or_default();
    let (page, fragment) = address.split_once('#').map_or((address, String::new()), |(page, rest)| (page, format!("#{rest}")));
    let query = forms::query(&[("refused", &why)]);
    let query = if page.contains('?') { query.replacen('?', "&", 1) } else { query };
    forms::fail(error, &format!("{page}{query}{fragment}"))
}

/// Why the form that led here was refused.
pub(super) fn refused() -> Option<Refused> {
    serde_json::from_str(&request::queried("refused")?).ok()
}

/// The sentence about it, on top of what it is about.
#[component]
pub(super) fn RefusedNotice(language: Language) -> impl IntoView {
    refused().map(|error| view! { <p class="notice" data-kind="bad" role="alert" id="refused">{sentence(&error, language)}</p> })
}

pub(super) fn sentence(error: &Refused, language: Language) -> String {
    match error {
        AppError::Refused(refusal) => refusal_sentence(refusal, language),
        AppError::Fault(_) | AppError::Transport => words!(language, complaints.refused.fault),
    }
}

fn refusal_sentence(refusal: &ComplaintRefusal, language: Language) -> String {
    match refusal {
        ComplaintRefusal::NoSuchComplaint => words!(language, complaints.refused.no_such),
        ComplaintRefusal::NotAllowed => words!(language, complaints.refused.not_allowed),
        ComplaintRefusal::NotYours => words!(language, complaints.refused.not_yours),
        ComplaintRefusal::Empty => words!(language, complaints.refused.empty),
        ComplaintRefusal::TooLong => words!(language, complaints.refused.too_long, most = MOST_CHARACTERS),
        ComplaintRefusal::WantedMissing => words!(language, complaints.refused.wanted),
        ComplaintRefusal::NotAnonymous => words!(language, complaints.refused.not_anonymous),
        ComplaintRefusal::NotAnAddress => words!(language, complaints.refused.address),
        ComplaintRefusal::NoSuchOrder => words!(language, complaints.refused.order),
        ComplaintRefusal::WrongStage(stage) => words!(language, complaints.refused.stage, stage = labels::stage(*stage, language)),
        ComplaintRefusal::Missing(needed) => {
            let what = needed.iter().map(|&needed| labels::needed(needed, language)).collect::<Vec<_>>().join(", ");
            words!(language, complaints.refused.missing, what = what)
        }
        ComplaintRefusal::SummaryMissing => words!(language, complaints.refused.summary),
        ComplaintRefusal::NoSuchColleague => words!(language, complaints.refused.colleague),
        ComplaintRefusal::Defensive(heard) => {
            let what = heard.iter().map(|phrase| format!("“{phrase}”")).collect::<Vec<_>>().join(", ");
            words!(language, complaints.refused.defensive, what = what)
        }
        ComplaintRefusal::CannotBeKept { earliest } => {
            words!(language, complaints.refused.cannot_be_kept, day = format::day(*earliest, language))
        }
        ComplaintRefusal::InThePast => words!(language, complaints.refused.past),
        ComplaintRefusal::TooLateToPutOff => words!(language, complaints.refused.too_late),
        ComplaintRefusal::ReasonMissing => words!(language, complaints.refused.reason),
        ComplaintRefusal::TooMany => words!(language, complaints.refused.too_many),
        ComplaintRefusal::NotAnAmount => words!(language, complaints.refused.amount),
        ComplaintRefusal::TooMuch { most } => words!(language, complaints.refused.too_much, money = format::money(*most, language)),
        ComplaintRefusal::AboveBudget { left } => words!(language, complaints.refused.above_budget, money = format::money(*left, language)),
        ComplaintRefusal::NotRefundable => words!(language, complaints.refused.not_refundable),
        ComplaintRefusal::NotToBeMerged => words!(language, complaints.refused.merge),
    }
}
