//! Keeping the review of a conversation.

#![allow(clippy::too_many_arguments, reason = "the fields of a form")]

use crate::boundary::AppError;
use domain::{desk::DeskRefusal, ids::ConversationId};
use leptos::prelude::*;

/// A mark from one to five a point, as typed; empty where it cannot be seen.
#[server(endpoint = "desk/reviews/save")]
#[allow(clippy::too_many_arguments, reason = "the fields of the form")]
pub async fn save_score(
    conversation: ConversationId,
    #[server(default)] accessibility: String,
    #[server(default)] courtesy: String,
    #[server(default)] credibility: String,
    #[server(default)] reliability: String,
    #[server(default)] responsiveness: String,
    #[server(default)] satisfaction: String,
    #[server(default)] knowledge: String,
    #[server(default)] loyalty: String,
    #[server(default)] empathy: String,
    #[server(default)] security: String,
    #[server(default)] professionalism: String,
    #[server(default)] comment: String,
) -> Result<(), AppError<DeskRefusal>> {
    use crate::{console::way::answer_at, forms, request};
    use domain::desk::Criterion;
    let marks = [
        (Criterion::Accessibility, accessibility),
        (Criterion::Courtesy, courtesy),
        (Criterion::Credibility, credibility),
        (Criterion::Reliability, reliability),
        (Criterion::Responsiveness, responsiveness),
        (Criterion::Satisfaction, satisfaction),
        (Criterion::Knowledge, knowledge),
        (Criterion::Loyalty, loyalty),
        (Criterion::Empathy, empathy),
        (Criterion::Security, security),
        (Criterion::Professionalism, professionalism),
    ];
    let marks: Vec<(Criterion, u8)> = marks.into_iter().filter_map(|(point, typed)| Some((point, typed.parse().ok()?))).collect();
    let done = shop::desk::save_scorecard(&request::shop(), &request::actor(), conversation, &marks, &comment, request::now()).await;
    // A review that was refused is shown again with its conversation.
    let id = if done.is_err() { conversation.to_string() } else { String::new() };
    answer_at(
        "score",
        |more| {
            let pairs = [&[("c", id.as_str())][..], more].concat();
            format!("/{}/desk/reviews{}", request::language(), forms::query(&pairs))
        },
        done,
    )
}
