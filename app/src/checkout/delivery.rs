//! The second step: the ways of delivery as cards, each with its price and the days it is promised for.

use super::{api::TO_REVIEW, desk::Desk, field::FieldError};
use crate::fill::fill;
use domain::{checkout::Field, delivery::DeliveryMethod};
use leptos::prelude::*;

/// `mail` is where to write when nothing goes there.
#[component]
pub(super) fn Delivery(desk: Desk, mail: String) -> impl IntoView {
    let methods = Memo::new(move |_| desk.checkout.with(|checkout| checkout.methods.clone()));
    let waits = move || {
        let known = desk.checkout.with(|checkout| checkout.draft.destination().is_some());
        let text =
            if known { fill(&desk.word(|w| &w.page.delivery_none), &[("mail", &mail)]) } else { desk.word(|w| &w.page.delivery_waits) };
        view! { <p class="notice">{text}</p> }
    };
    view! {
        <section class="step stack stack--wide" aria-labelledby="delivery">
            <h2 class="step__title" id="delivery" tabindex="-1"><span class="step__number">"2"</span>{desk.word(|w| &w.page.step_delivery)}</h2>
            <Show when=move || methods.with(|methods| !methods.is_empty()) fallback=waits>
                <Methods desk methods/>
            </Show>
        </section>
    }
}

#[component]
fn Methods(desk: Desk, methods: Memo<Vec<DeliveryMethod>>) -> impl IntoView {
    let problem = Memo::new(move |_| desk.problem(Field::Method));
    view! {
        <fieldset class="stack" id="method" tabindex="-1" aria-describedby="method-error">
            <legend class="visually-hidden">{desk.word(|w| &w.page.step_delivery)}</legend>
            <div class="choices">
                <For each=move || methods.get() key=|method| format!("{method:?}") let:method><Card desk method/></For>
            </div>
            <FieldError id="method" problem/>
            <div class="without-scripts">
                <button class="button button--quiet" type="submit" name="step" value=TO_REVIEW>{desk.word(|w| &w.page.update_total)}</button>
            </div>
        </fieldset>
    }
}

#[component]
fn Card(desk: Desk, method: DeliveryMethod) -> impl IntoView {
    let code = method.code.clone();
    let chosen = desk.checkout.with_untracked(|checkout| checkout.draft.method == code);
    let carrier = fill(&desk.word(|w| &w.page.by_carrier), &[("carrier", &method.carrier)]);
    view! {
        <label class="choice">
            <input type="radio" name="method" value=method.code checked=chosen/>
            <span class="choice__text">
                <strong>{method.name}</strong>" "<span class="soft">{carrier}</span>
            </span>
            <span class="choice__end">{desk.price(method.price)}</span>
            <span class="step__arrival">{desk.arrival(method.dates)}</span>
        </label>
    }
}
