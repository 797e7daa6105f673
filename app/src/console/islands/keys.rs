//! A key for every step. None is taken from somebody who types, and none together with Control, Alt or Meta.

use super::state::Desk;
use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlFormElement, HtmlInputElement};

/// Listens as long as the page lives.
pub(super) fn listen() {
    drop(window_event_listener(leptos::ev::keydown, |event| on_key(&event)));
}

fn on_key(event: &KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing() {
        return;
    }
    let at = document().active_element();
    let types = at
        .as_ref()
        .is_some_and(|at| at.matches("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]").unwrap_or(false));
    let key = event.key();
    if types {
        if key == "Escape"
            && let Some(at) = at.and_then(|at| at.dyn_into::<HtmlElement>().ok())
        {
            // It keeps the focus where the browser does not let it go.
            let _ = at.blur();
        }
        return;
    }
    let in_rows = at.is_some_and(|at| at.matches(".row, .row *").unwrap_or(false));
    let taken = match key.as_str() {
        "j" => step(1),
        "k" => step(-1),
        "ArrowDown" if in_rows => step(1),
        "ArrowUp" if in_rows => step(-1),
        "r" => write(false),
        "n" => write(true),
        "t" => submit("#take-form:not([hidden])"),
        "x" => open("#close", "select"),
        "p" => open("#transfer", "select"),
        "/" => focus("#desk-search"),
        "1" => follow("[data-tab=own]"),
        "2" => follow("[data-tab=queue]"),
        "3" => follow("[data-tab=all]"),
        "4" => follow("[data-tab=mentions]"),
        "?" => show_keys(),
        "Escape" => close_open(),
        _ => false,
    };
    if taken {
        event.prevent_default();
    }
}

fn find<T: JsCast>(selector: &str) -> Option<T> {
    document().query_selector(selector).ok()??.dyn_into().ok()
}

fn focus(selector: &str) -> bool {
    // Scrolled into view by the browser.
    find::<HtmlElement>(selector).is_some_and(|element| element.focus().is_ok())
}

/// The next or the previous row from the one that has the focus, else from the one that is open.
fn step(by: i32) -> bool {
    let Ok(rows) = document().query_selector_all(".row") else { return false };
    let rows: Vec<HtmlElement> = (0..rows.length()).filter_map(|index| rows.get(index)?.dyn_into().ok()).collect();
    let at = rows.iter().position(|row| row.matches(":focus").unwrap_or(false));
    let at = at.or_else(|| rows.iter().position(|row| row.has_attribute("aria-current")));
    let next = match at {
        Some(at) if by < 0 => at.saturating_sub(1),
        Some(at) => (at + 1).min(rows.len().saturating_sub(1)),
        None => 0,
    };
    rows.get(next).is_some_and(|row| row.focus().is_ok())
}

fn write(note: bool) -> bool {
    let mode = if note { "#mode-note" } else { "#mode-reply" };
    if let Some(mode) = find::<HtmlInputElement>(mode) {
        mode.click();
    }
    focus("#composer")
}

fn submit(selector: &str) -> bool {
    find::<HtmlFormElement>(selector).is_some_and(|form| form.request_submit().is_ok())
}

fn follow(selector: &str) -> bool {
    find::<HtmlElement>(selector).map(|link| link.click()).is_some()
}

/// Opens a menu of the head and goes to its first field.
fn open(menu: &str, field: &str) -> bool {
    let Some(element) = find::<HtmlElement>(menu).filter(|menu| menu.closest("[hidden]").ok().flatten().is_none()) else { return false };
    element.set_attribute("open", "").is_ok() && focus(&format!("{menu} {field}"))
}

fn close_open() -> bool {
    let Some(menu) = find::<HtmlElement>("details.act[open]") else { return false };
    let summary = menu.query_selector("summary").ok().flatten().and_then(|summary| summary.dyn_into::<HtmlElement>().ok());
    // The focus stays near what was closed.
    let _ = summary.map(|summary| summary.focus());
    menu.remove_attribute("open").is_ok()
}

fn show_keys() -> bool {
    find::<web_sys::HtmlDialogElement>("#keys").is_some_and(|dialog| dialog.show_modal().is_ok())
}

#[component]
pub(super) fn KeyList(desk: Desk) -> impl IntoView {
    let keys = [
        ("j k", desk.word(|w| &w.keys.walk)),
        ("Enter", desk.word(|w| &w.keys.enter)),
        ("r", desk.word(|w| &w.keys.reply)),
        ("n", desk.word(|w| &w.keys.note)),
        ("t", desk.word(|w| &w.keys.take)),
        ("p", desk.word(|w| &w.keys.pass)),
        ("x", desk.word(|w| &w.keys.finish)),
        ("/", desk.word(|w| &w.keys.search)),
        ("1 2 3 4", desk.word(|w| &w.keys.lists)),
        ("Esc", desk.word(|w| &w.keys.leave)),
        ("?", desk.word(|w| &w.keys.help)),
    ];
    let rows = keys.map(|(key, what)| {
        let parts = key.split(' ').map(|key| view! { <kbd>{key}</kbd>" " }).collect_view();
        view! { <div><dt>{parts}</dt><dd>{what}</dd></div> }
    });
    view! {
        <dialog class="dialog keys" id="keys" aria-labelledby="keys-title">
            <h2 id="keys-title">{desk.word(|w| &w.keys.title)}</h2>
            <dl class="keys__list">{rows.into_iter().collect_view()}</dl>
            <form method="dialog"><button class="button button--quiet" type="submit">{desk.word(|w| &w.keys.close)}</button></form>
        </dialog>
    }
}
