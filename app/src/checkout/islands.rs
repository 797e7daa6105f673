//! The checkout's form, woken up: it saves as one goes, shows the fields of the chosen country and the new total at
//! once. Asleep it is a plain form whose every button keeps what was typed.

use super::{
    api::{SAVE_ONLY, TO_DELIVERY, TO_REVIEW, USE_CREDIT},
    delivery::Delivery,
    desk::{Desk, field_id},
    details::Details,
    review::Review,
    summary::{FoldedSummary, Summary},
    words::CheckoutWords,
};
use crate::fill::fill;
use domain::{Language, checkout::Checkout};
use leptos::{ev::SubmitEvent, leptos_dom::helpers::TimeoutHandle, prelude::*};
use std::time::Duration;

/// How long the payment page may take to come before the button can be pressed again: it was stopped, or never came.
const PATIENCE: Duration = Duration::from_secs(8);
/// Several fields that change at once (the browser filling in an address) are saved together.
const PAUSE: Duration = Duration::from_millis(150);

#[island(lazy)]
pub fn CheckoutForm(checkout: Checkout, language: Language, words: CheckoutWords, mail: String) -> impl IntoView {
    let desk = Desk::new(checkout, language, words);
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let save_soon = move |_| {
        if let Some(handle) = waiting.try_update_value(Option::take).flatten() {
            handle.clear();
        }
        waiting.set_value(set_timeout_with_handle(move || desk.save(""), PAUSE).ok());
    };
    Effect::new(move || {
        desk.catch_up();
        // Back from the payment page by the browser's button: the button is there to be pressed again.
        window_event_listener_untyped("pageshow", move |_| desk.paying.set(false));
    });
    view! {
        <Steps desk/>
        <div class="split checkout__split">
            <form class="checkout__form" method="post" action="/api/checkout/save" novalidate node_ref=desk.form
                on:change=save_soon on:submit=move |event| submit(desk, &event)>
                <FoldedSummary desk/>
                <Problems desk/>
                <Details desk/>
                <Delivery desk mail/>
                <Review desk/>
                <Spoken desk/>
            </form>
            <Summary desk/>
        </div>
    }
}

/// Paying is left to the browser, once; the other buttons save and go on without a new page.
fn submit(desk: Desk, event: &SubmitEvent) {
    let button = event.submitter();
    if button.as_ref().is_some_and(|button| button.has_attribute("data-pay")) {
        if desk.paying.get_untracked() {
            event.prevent_default();
        }
        desk.paying.set(true);
        set_timeout(move || desk.paying.set(false), PATIENCE);
        return;
    }
    event.prevent_default();
    let pressed = button.and_then(|button| button.get_attribute("value")).unwrap_or_default();
    desk.save([SAVE_ONLY, TO_DELIVERY, TO_REVIEW, USE_CREDIT].into_iter().find(|step| *step == pressed).unwrap_or(TO_DELIVERY));
}

#[component]
fn Steps(desk: Desk) -> impl IntoView {
    let place = Memo::new(move |_| {
        desk.checkout.with(|checkout| match (checkout.totals.is_some(), checkout.draft.details().is_ok()) {
            (true, true) => 2,
            (_, true) => 1,
            _ => 0,
        })
    });
    let step = move |index: usize, href: &'static str, text: String| {
        view! {
            <li aria-current=move || (place.get() == index).then_some("step") data-done=move || (place.get() > index).to_string()><a href=href>{text}</a></li>
        }
    };
    view! {
        <nav aria-label=desk.word(|w| &w.page.steps)>
            <ol class="steps checkout__steps">
                {step(0, "#details", desk.word(|w| &w.page.step_details))}
                {step(1, "#delivery", desk.word(|w| &w.page.step_delivery))}
                {step(2, "#review", desk.word(|w| &w.page.step_review))}
            </ol>
        </nav>
    }
}

/// On top of the form: what needs changing, each a link to its field.
#[component]
fn Problems(desk: Desk) -> impl IntoView {
    let fields = Memo::new(move |_| desk.wrong_fields());
    let title = move || match fields.with(Vec::len) {
        1 => desk.word(|w| &w.page.problems_one),
        count => fill(&desk.word(|w| &w.page.problems), &[("count", &count)]),
    };
    let links = move || {
        fields
            .get()
            .into_iter()
            .map(|field| view! { <li><a href=format!("#{}", field_id(field))>{desk.problem(field)}</a></li> })
            .collect_view()
    };
    view! {
        <Show when=move || fields.with(|fields| !fields.is_empty())>
            <div class="notice error-summary" data-kind="bad" id="problems" tabindex="-1" role="group" aria-labelledby="problems-title">
                <h2 id="problems-title">{title}</h2>
                <ul>{links}</ul>
            </div>
        </Show>
    }
}

/// What screen readers are told, and the word that a connection failed.
#[component]
fn Spoken(desk: Desk) -> impl IntoView {
    let total = Memo::new(move |_| desk.checkout.with(Checkout::due));
    let news = move || {
        if desk.busy.get() {
            return desk.word(|w| &w.page.reckoning);
        }
        total.get().map(|total| fill(&desk.word(|w| &w.page.total_now), &[("total", &desk.money(total))])).unwrap_or_default()
    };
    view! {
        <p class="visually-hidden" role="status">{news}</p>
        {move || desk.not_saved.get().then(|| view! { <p class="notice" data-kind="bad" role="alert">{desk.word(|w| &w.page.not_saved)}</p> })}
    }
}
