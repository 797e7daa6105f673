//! What the desk does with complaints. Each form leads back to its complaint's page, which says what is missing.

use super::api::ComplaintForm;
use crate::boundary::AppError;
use domain::complaints::ComplaintRefusal;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::{answer, api::day},
    crate::{forms, request},
    domain::complaints::{Cause, ImprovementKind, Remedy},
    shop::complaints::{self, Findings, NewImprovement},
};

type Answer = Result<(), AppError<ComplaintRefusal>>;

/// A complaint's page at the desk.
#[cfg(feature = "ssr")]
fn page(number: i64) -> String {
    format!("/{}/desk/complaints/{number}", request::language())
}

#[cfg(feature = "ssr")]
fn colleague(id: &str) -> domain::ids::StaffId {
    // Nobody has the nil id: it is refused as nobody of the staff is.
    id.parse().unwrap_or(domain::ids::StaffId(uuid::Uuid::nil()))
}

#[server(endpoint = "desk/complaint-open")]
pub async fn open_at_desk(#[server(flatten)] form: ComplaintForm) -> Answer {
    let (shop, language) = (request::shop(), request::language());
    match complaints::open(&shop, &request::actor(), &form.parse(language, true), request::now()).await {
        Ok(opened) => {
            forms::go(&page(opened.number));
            Ok(())
        }
        Err(failure) => Err(answer::back(failure, &form.kept(&format!("/{language}/desk/complaints/new")).await)),
    }
}

#[server(endpoint = "desk/complaint-assign")]
pub async fn assign(number: i64, #[server(default)] staff: String) -> Answer {
    let outcome = complaints::assign(&request::shop(), &request::actor(), number, colleague(&staff), request::now()).await;
    answer::done(outcome, &page(number), &format!("{}#next", page(number)))
}

#[server(endpoint = "desk/complaint-transfer")]
pub async fn transfer(number: i64, #[server(default)] staff: String, #[server(default)] summary: String) -> Answer {
    let outcome = complaints::transfer(&request::shop(), &request::actor(), number, colleague(&staff), &summary, request::now()).await;
    answer::done(outcome, &page(number), &format!("{}#transfer", page(number)))
}

#[server(endpoint = "desk/complaint-investigate")]
pub async fn investigate(
    number: i64,
    #[server(default)] line: String,
    #[server(default)] happened_on: String,
    #[server(default)] evidence: String,
    #[server(default)] cause: String,
    #[server(default)] consequences: String,
) -> Answer {
    let findings =
        Findings { line: line.parse().ok(), happened_on: day(&happened_on), evidence, cause: Cause::from_code(&cause), consequences };
    let outcome = complaints::investigate(&request::shop(), &request::actor(), number, &findings, request::now()).await;
    answer::done(outcome, &page(number), &format!("{}#next", page(number)))
}

#[server(endpoint = "desk/complaint-acknowledge")]
pub async fn acknowledge(number: i64, #[server(default)] text: String, #[server(default)] anyway: String) -> Answer {
    let outcome = complaints::acknowledge(&request::shop(), &request::actor(), number, &text, anyway == "true", request::now()).await;
    answer::done(outcome, &page(number), &format!("{}#next", page(number)))
}

#[server(endpoint = "desk/complaint-say")]
pub async fn say(number: i64, #[server(default)] text: String, #[server(default)] anyway: String) -> Answer {
    let outcome = complaints::say(&request::shop(), &request::actor(), number, &text, anyway == "true", request::now()).await;
    answer::done(outcome, &page(number), &format!("{}#message", page(number)))
}

#[server(endpoint = "desk/complaint-answer")]
pub async fn answer_and_close(number: i64, #[server(default)] text: String, #[server(default)] anyway: String) -> Answer {
    let outcome = complaints::answer(&request::shop(), &request::actor(), number, &text, anyway == "true", request::now()).await;
    answer::done(outcome, &page(number), &format!("{}#next", page(number)))
}

#[server(endpoint = "desk/complaint-solve")]
pub async fn solve(number: i64, #[server(default)] text: String, #[server(default)] anyway: String) -> Answer {
    let outcome = complaints::solve(&request::shop(), &request::actor(), number, &text, anyway == "true", request::now()).await;
    answer::done(outcome, &page(number), &format!("{}#next", page(number)))
}

#[server(endpoint = "desk/complaint-promise")]
pub async fn promise(
    number: i64,
    #[server(default)] text: String,
    #[server(default)] remedy: String,
    #[server(default)] deadline: String,
    #[server(default)] anyway: String,
) -> Answer {
    let remedy = Remedy::from_code(&remedy).unwrap_or(Remedy::Other);
    // No day at all is one that has passed.
    let deadline = day(&deadline).unwrap_or(time::Date::MIN);
    let outcome =
        complaints::promise(&request::shop(), &request::actor(), number, (&text, remedy), deadline, anyway == "true", request::now()).await;
    answer::done(outcome, &page(number), &format!("{}#next", page(number)))
}

#[server(endpoint = "desk/complaint-renegotiate")]
pub async fn renegotiate(number: i64, #[server(default)] deadline: String, #[server(default)] reason: String) -> Answer {
    let deadline = day(&deadline).unwrap_or_else(|| request::now().date());
    let outcome = complaints::renegotiate(&request::shop(), &request::actor(), number, deadline, &reason, request::now()).await;
    answer::done(outcome, &page(number), &format!("{}#next", page(number)))
}

#[server(endpoint = "desk/complaint-confirm")]
pub async fn confirm_for_customer(number: i64, #[server(default)] how: String) -> Answer {
    let outcome = complaints::confirm_for_customer(&request::shop(), &request::actor(), number, &how, request::now()).await;
    answer::done(outcome, &page(number), &format!("{}#next", page(number)))
}

/// `amount` as typed; the key makes a second click do nothing.
#[server(endpoint = "desk/complaint-compensate")]
pub async fn compensate(
    key: uuid::Uuid,
    number: i64,
    #[server(default)] way: String,
    #[server(default)] amount: String,
    #[server(default)] reason: String,
) -> Answer {
    let chosen = if way == "refund" { complaints::Way::Refund } else { complaints::Way::Credit };
    let (shop, actor, now) = (request::shop(), request::actor(), request::now());
    let outcome = complaints::compensate(&shop, &actor, key, number, (chosen, &amount), &reason, now).await;
    let typed = forms::query(&[("way", &way), ("amount", &amount), ("reason", &reason)]);
    answer::done(outcome, &page(number), &format!("{}{typed}#compensate", page(number)))
}

#[server(endpoint = "desk/complaint-note")]
pub async fn note(number: i64, #[server(default)] text: String) -> Answer {
    let outcome = complaints::note(&request::shop(), &request::actor(), number, &text, request::now()).await;
    answer::done(outcome, &page(number), &format!("{}#note", page(number)))
}

#[server(endpoint = "desk/complaint-angry")]
pub async fn flag_angry(number: i64) -> Answer {
    let outcome = complaints::flag_angry(&request::shop(), &request::actor(), number, request::now()).await;
    answer::done(outcome, &page(number), &format!("{}#next", page(number)))
}

#[server(endpoint = "desk/complaint-reviewed")]
pub async fn reviewed(number: i64, #[server(default)] note: String) -> Answer {
    let outcome = complaints::reviewed(&request::shop(), &request::actor(), number, &note, request::now()).await;
    answer::done(outcome, &page(number), &format!("{}#review", page(number)))
}

#[server(endpoint = "desk/complaint-merge")]
pub async fn merge(number: i64, other: i64) -> Answer {
    match complaints::merge_into_older(&request::shop(), &request::actor(), number, other, request::now()).await {
        Ok(into) => {
            forms::go(&page(into));
            Ok(())
        }
        Err(failure) => Err(answer::back(failure, &format!("{}#twins", page(number)))),
    }
}

#[server(endpoint = "desk/complaint-improve")]
pub async fn start_improvement(
    number: i64,
    #[server(default)] kind: String,
    #[server(default)] what: String,
    #[server(default)] staff: String,
    #[server(default)] due_on: String,
) -> Answer {
    let kind = ImprovementKind::from_code(&kind).unwrap_or(ImprovementKind::Procedure);
    let due_on = day(&due_on).unwrap_or(time::Date::MIN);
    let new = NewImprovement { complaint: number, kind, what, owner: colleague(&staff), due_on };
    let outcome = complaints::start_improvement(&request::shop(), &request::actor(), &new, request::now()).await;
    let causes = format!("/{}/desk/complaints/causes", request::language());
    answer::done(outcome, &causes, &format!("{}#improve", page(number)))
}

#[server(endpoint = "desk/complaint-improved")]
pub async fn finish_improvement(id: uuid::Uuid) -> Answer {
    let outcome = complaints::finish_improvement(&request::shop(), &request::actor(), id, request::now()).await;
    let causes = format!("/{}/desk/complaints/causes", request::language());
    answer::done(outcome, &causes, &causes)
}
