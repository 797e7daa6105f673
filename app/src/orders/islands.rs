//! The look-up form, woken up: it says what is wrong without losing what was typed.

use super::api::find_order;
use crate::{boundary::AppError, fill::fill, island_words};
use domain::orders::OrderRefusal;
use leptos::{
    ev::SubmitEvent,
    html::{Input, P},
    prelude::*,
    task::spawn_local,
};

island_words! {
    pub struct TrackWords from [orders.track] {
        number, number_hint(example), email, submit, looking, missing_number, missing_email, not_found, too_many(seconds), fault, transport,
    }
}

impl TrackWords {
    fn sentence(&self, error: &AppError<OrderRefusal>) -> String {
        match error {
            AppError::Refused(OrderRefusal::TooManyTries { seconds }) => fill(&self.too_many, &[("seconds", seconds)]),
            AppError::Refused(_) => self.not_found.clone(),
            AppError::Fault(_) => self.fault.clone(),
            AppError::Transport => self.transport.clone(),
        }
    }
}

/// `number` and `refused` are what a plain form that was refused came back with.
#[island(lazy)]
pub fn TrackForm(words: TrackWords, number: String, refused: Option<String>) -> impl IntoView {
    let words = StoredValue::new(words);
    let word = move |pick: fn(&TrackWords) -> &String| words.with_value(|words| pick(words).clone());
    let (number_field, email_field, message) = (NodeRef::<Input>::new(), NodeRef::<Input>::new(), NodeRef::<P>::new());
    let refusal = RwSignal::new(refused);
    let busy = RwSignal::new(false);
    let say = move |sentence: String| {
        refusal.set(Some(sentence));
        request_animation_frame(move || {
            if let Some(message) = message.get_untracked() {
                // A browser that cannot set the focus leaves it where it was.
                let _ = message.focus();
            }
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = |field: NodeRef<Input>| field.get_untracked().map(|field| field.value().trim().to_owned()).unwrap_or_default();
        let (number, email) = (typed(number_field), typed(email_field));
        if busy.get_untracked() {
            return;
        }
        if number.is_empty() || email.is_empty() {
            say(word(if number.is_empty() { |w| &w.missing_number } else { |w| &w.missing_email }));
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match find_order(number, email).await {
                Ok(address) => {
                    // Nothing can be done where the browser refuses to go on.
                    let _ = window().location().set_href(&address);
                }
                Err(error) => say(words.with_value(|words| words.sentence(&error))),
            }
            busy.set(false);
        });
    };
    let hint = fill(&word(|w| &w.number_hint), &[("example", &"10024")]);
    let label = move || word(if busy.get() { |w| &w.looking } else { |w| &w.submit });
    view! {
        <form class="panel stack track__form" method="post" action="/api/orders/find" novalidate on:submit=submit>
            <p class="notice" data-kind="bad" role="alert" id="refused" tabindex="-1" node_ref=message hidden=move || refusal.with(Option::is_none)>
                {move || refusal.get()}
            </p>
            <div class="field">
                <label for="number">{word(|w| &w.number)}</label>
                <input id="number" name="number" type="text" inputmode="numeric" autocomplete="off" enterkeyhint="next" value=number
                    node_ref=number_field aria-required="true" aria-describedby="number-hint"/>
                <p class="field__hint" id="number-hint">{hint}</p>
            </div>
            <div class="field">
                <label for="track-email">{word(|w| &w.email)}</label>
                <input id="track-email" name="email" type="email" inputmode="email" autocomplete="email" enterkeyhint="go" autocapitalize="none"
                    spellcheck="false" node_ref=email_field aria-required="true"/>
            </div>
            <button class="button" type="submit" aria-busy=move || busy.get().to_string()>{label}</button>
        </form>
    }
}
