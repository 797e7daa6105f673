//! The search field: a plain form that, once awake, suggests products and categories while one types (the ARIA
//! combobox pattern). A request that a further letter has overtaken is aborted.

use crate::{catalog::api::suggest, fill::fill, layout::Photograph};
use domain::{
    Language,
    catalog::{Suggestion, SuggestionKind},
    format,
};
use gloo_timers::callback::Timeout;
use leptos::{ev::KeyboardEvent, prelude::*, reactive::actions::ActionAbortHandle};
use serde::{Deserialize, Serialize};

/// How long the fingers must rest before we ask.
const REST_MILLISECONDS: u32 = 160;
const LEAST_LETTERS: usize = 2;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SearchWords {
    pub label: String,
    pub placeholder: String,
    pub suggestions: String,
    pub category: String,
    pub found_one: String,
    /// With `{count}`.
    pub found: String,
}

#[island]
pub fn SearchBox(language: Language, typed: String, words: SearchWords) -> impl IntoView {
    let text = RwSignal::new(typed.clone());
    let list = RwSignal::new(Vec::<Suggestion>::new());
    let active = RwSignal::new(None::<usize>);
    // In the browser only: what is bound to one thread must not be dropped by another of the server's.
    Effect::new(move |_| ask_while_typing(text, list, active));
    let is_open = move || list.with(|list| !list.is_empty());
    let close = move || {
        list.set(Vec::new());
        active.set(None);
    };
    let on_key = move |event: KeyboardEvent| on_key(&event, language, list, active);
    let (said_of_one, said) = (words.found_one.clone(), words.found.clone());
    let status = move || match list.with(Vec::len) {
        0 => String::new(),
        1 => said_of_one.clone(),
        count => fill(&said, &[("count", &count)]),
    };
    view! {
        <form class="search" role="search" action=format!("/{language}/search") method="get" on:focusout=move |event| {
            if !stays_inside(&event) { close() }
        }>
            <label class="visually-hidden" for="search">{words.label.clone()}</label>
            <input
                class="input" id="search" type="search" name="q" value=typed placeholder=words.placeholder autocomplete="off" enterkeyhint="search"
                role="combobox" aria-autocomplete="list" aria-controls="suggestions" aria-expanded=move || is_open().to_string()
                aria-activedescendant=move || active.get().map(option_id)
                on:input:target=move |event| text.set(event.target().value())
                on:keydown=on_key
            />
            <button class="search__go" type="submit" aria-label=words.label><super::super::Icon shape=super::super::Shape::Search/></button>
            <div class="search__list" id="suggestions" role="listbox" aria-label=words.suggestions hidden=move || !is_open()>
                {move || list.get().into_iter().enumerate().map(|(index, suggestion)| {
                    view! { <SuggestionLink suggestion index active language category=words.category.clone()/> }
                }).collect_view()}
            </div>
            <p class="visually-hidden" role="status">{status}</p>
        </form>
    }
}

#[component]
fn SuggestionLink(
    suggestion: Suggestion,
    index: usize,
    active: RwSignal<Option<usize>>,
    language: Language,
    category: String,
) -> impl IntoView {
    let aside = match suggestion.kind {
        SuggestionKind::Category => Some(category),
        SuggestionKind::Product => suggestion.price.map(|price| format::money(price, language)),
    };
    let href = address(&suggestion, language);
    view! {
        <a
            class="search__option" role="option" id=option_id(index) href=href tabindex="-1"
            aria-selected=move || (active.get() == Some(index)).to_string()
            // The field keeps the focus, so that the list stays until the click has landed.
            on:mousedown=|event| event.prevent_default()
        >
            {suggestion.picture.map(|picture| view! { <Photograph picture sizes="3rem"/> })}
            <span>{suggestion.title}</span>
            <span class="search__aside">{aside}</span>
        </a>
    }
}

fn ask_while_typing(text: RwSignal<String>, list: RwSignal<Vec<Suggestion>>, active: RwSignal<Option<usize>>) {
    let ask = Action::new_local(|text: &String| suggest(text.clone()));
    let waiting = StoredValue::new_local(None::<Timeout>);
    let asked = StoredValue::new_local(None::<ActionAbortHandle>);
    Effect::watch(
        move || text.get(),
        move |text, _, _| {
            if let Some(Some(overtaken)) = asked.try_update_value(Option::take) {
                overtaken.abort();
            }
            let text = text.trim().to_owned();
            if text.chars().count() < LEAST_LETTERS {
                waiting.set_value(None);
                list.set(Vec::new());
                return;
            }
            // A timer that is dropped never fires.
            waiting.set_value(Some(Timeout::new(REST_MILLISECONDS, move || asked.set_value(Some(ask.dispatch_local(text))))));
        },
        false,
    );
    Effect::new(move |_| {
        if let Some(Ok(found)) = ask.value().get() {
            active.set(None);
            list.set(found);
        }
    });
}

fn on_key(event: &KeyboardEvent, language: Language, list: RwSignal<Vec<Suggestion>>, active: RwSignal<Option<usize>>) {
    let count = list.with_untracked(Vec::len);
    let at = active.get_untracked();
    match event.key().as_str() {
        "ArrowDown" if count > 0 => active.set(Some(at.map_or(0, |at| (at + 1) % count))),
        "ArrowUp" if count > 0 => active.set(Some(at.map_or(count - 1, |at| (at + count - 1) % count))),
        "Escape" if count > 0 => list.set(Vec::new()),
        "Enter" => {
            let Some(href) = at.and_then(|at| list.with_untracked(|list| list.get(at).map(|s| address(s, language)))) else { return };
            // Nothing can be done where the browser refuses to go on.
            let _ = window().location().set_href(&href);
        }
        _ => return,
    }
    event.prevent_default();
}

fn address(suggestion: &Suggestion, language: Language) -> String {
    let kind = match suggestion.kind {
        SuggestionKind::Product => "p",
        SuggestionKind::Category => "c",
    };
    format!("/{language}/{kind}/{}", suggestion.slug)
}

fn option_id(index: usize) -> String {
    format!("suggestion-{index}")
}

/// The focus moves from one part of the form to another.
fn stays_inside(event: &web_sys::FocusEvent) -> bool {
    use wasm_bindgen::JsCast;
    let form = event.current_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
    let next = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
    form.zip(next).is_some_and(|(form, next)| form.contains(Some(&next)))
}
