//! What was promised and what became of it, said straight: kept, late, or still open.

use crate::{request, words};
use domain::{
    Language, format,
    orders::{Milestone, Order, OrderState, PromiseState},
};
use leptos::prelude::*;

#[component]
pub(super) fn PromiseBox(order: Order, language: Language) -> impl IntoView {
    let (sentence, kind) = verdict(&order, language);
    view! {
        <section class="notice promise" data-kind=kind aria-labelledby="promise">
            <h2 id="promise">{words!(language, orders.promise.title)}</h2>
            <p class="promise__text">{sentence}</p>
        </section>
    }
}

/// The sentence, and whether it is good news.
fn verdict(order: &Order, language: Language) -> (String, &'static str) {
    let promised = format::day(order.promised.latest, language);
    if let Some(day) = delivered_on(order, language) {
        return match order.promised.kept {
            PromiseState::Broken => (words!(language, orders.promise.broken, day = day, promised = promised), "bad"),
            _ => (words!(language, orders.promise.kept, day = day, promised = promised), "good"),
        };
    }
    match (order.promised.kept, order.promised.expected) {
        (PromiseState::Withdrawn, _) => (words!(language, orders.promise.withdrawn), "neutral"),
        (_, Some(expected)) => {
            let expected = format::day(expected, language);
            (words!(language, orders.promise.late_expected, promised = promised, expected = expected), "bad")
        }
        (PromiseState::Broken, None) => (words!(language, orders.promise.late, promised = promised), "bad"),
        _ if order.state == OrderState::Placed => {
            let from = format::day(order.promised.earliest, language);
            (words!(language, orders.promise.waits, from = from, to = promised), "neutral")
        }
        _ => (arrival(order, language), "good"),
    }
}

fn delivered_on(order: &Order, language: Language) -> Option<String> {
    let at = order.timeline.iter().find(|step| step.milestone == Milestone::Delivered)?.at?;
    Some(format::day(request::shop().settings.local(at).date(), language))
}

/// "At your door between Tuesday and Thursday."
fn arrival(order: &Order, language: Language) -> String {
    let (from, to) = (format::day(order.promised.earliest, language), format::day(order.promised.latest, language));
    if from == to { words!(language, orders.promise.on, day = to) } else { words!(language, orders.promise.between, from = from, to = to) }
}
