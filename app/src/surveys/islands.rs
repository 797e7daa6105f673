//! Saves each answer as it is given, and says so. Until an answer has arrived it is sent again; the form itself sends
//! everything once more.

use super::api;
use crate::{boundary::AppError, island_words};
use leptos::{prelude::*, task::spawn_local};
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    time::Duration,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, HtmlTextAreaElement};

island_words! {
    pub struct SavingWords from [surveys.saving] { saving, saved, waits, over }
}

/// The form whose fields are answers.
pub const FORM: &str = "survey";
/// From one try to the next while the shop cannot be reached.
const REST: Duration = Duration::from_secs(4);

thread_local! {
    /// What has not arrived yet: by code, with the milliseconds it took.
    static WAITING: RefCell<HashMap<String, (String, Option<u32>)>> = RefCell::default();
    static BUSY: Cell<bool> = const { Cell::new(false) };
    /// When the answer before was given, since the page was opened.
    static BEFORE: Cell<f64> = const { Cell::new(0.0) };
}

#[island]
pub fn Saving(words: SavingWords, token: String) -> impl IntoView {
    let said = RwSignal::new(String::new());
    Effect::new(move |_| {
        let (words, token) = (words.clone(), token.clone());
        let changed = window_event_listener_untyped("change", move |event| {
            if let Some((code, sent)) = answer_of(&event) {
                let time = event.time_stamp();
                let took = (time - BEFORE.replace(time)).max(0.0);
                // A positive number, far within bounds.
                let took = took as u32;
                WAITING.with_borrow_mut(|waiting| {
                    let first = waiting.get(&code).and_then(|(_, took)| *took).unwrap_or(took);
                    waiting.insert(code, (sent, Some(first)));
                });
                send(token.clone(), words.clone(), said);
            }
        });
        on_cleanup(move || changed.remove());
    });
    view! { <p class="survey__saved small soft" role="status">{move || said.get()}</p> }
}

/// The code of the question whose field this is, and what was answered.
fn answer_of(event: &Event) -> Option<(String, String)> {
    let field: Element = event.target()?.dyn_into().ok()?;
    let form = field.closest("form").ok()??;
    let code = field.get_attribute("name")?.strip_prefix("a[")?.strip_suffix(']')?.to_owned();
    let value = field.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value);
    let value = value.or_else(|| field.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value))?;
    (form.id() == FORM).then_some((code, value))
}

/// Sends what waits. One request at a time, so that a later answer is never overtaken by an earlier one.
fn send(token: String, words: SavingWords, said: RwSignal<String>) {
    if WAITING.with_borrow(HashMap::is_empty) || BUSY.replace(true) {
        return;
    }
    said.set(words.saving.clone());
    spawn_local(async move {
        let sent = WAITING.with_borrow(Clone::clone);
        let answers = sent.iter().map(|(code, (answer, _))| (code.clone(), answer.clone())).collect();
        let times = sent.iter().filter_map(|(code, (_, took))| Some((code.clone(), (*took)?.to_string()))).collect();
        let nothing = String::new;
        let outcome = api::save(token.clone(), answers, times, nothing(), nothing(), nothing(), nothing()).await;
        BUSY.set(false);
        match outcome {
            Ok(()) => {
                WAITING
                    .with_borrow_mut(|waiting| waiting.retain(|code, (answer, _)| sent.get(code).is_none_or(|(sent, _)| sent != answer)));
                if WAITING.with_borrow(HashMap::is_empty) {
                    tell(said, &words.saved);
                } else {
                    send(token, words, said);
                }
            }
            Err(AppError::Refused(_)) => tell(said, &words.over),
            Err(AppError::Fault(_) | AppError::Transport) => {
                tell(said, &words.waits);
                set_timeout(move || send(token, words, said), REST);
            }
        }
    });
}

/// The page may be gone by then.
fn tell(said: RwSignal<String>, sentence: &str) {
    let _ = said.try_set(sentence.to_owned());
}
