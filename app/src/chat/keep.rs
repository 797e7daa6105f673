//! What the browser remembers of the chat: for the tab, that it is open and what was typed; for longer, that there is a
//! conversation at all. A browser that keeps nothing loses only that.

use serde::{Serialize, de::DeserializeOwned};
use web_sys::Storage;

/// The panel was open when the page was left.
const OPEN: &str = "chat.open";
/// Somebody asked something from this browser: it is worth asking for news.
const KNOWN: &str = "chat.known";

pub(super) const OUTBOX: &str = "chat.outbox";
/// What is being written.
pub(super) const DRAFT: &str = "chat.draft";
/// The first question and what is asked with it.
pub(super) const BEGINNING: &str = "chat.beginning";

pub(super) fn was_open() -> bool {
    get(tab().as_ref(), OPEN).is_some()
}

pub(super) fn set_open(open: bool) {
    put(tab().as_ref(), OPEN, open.then_some("1"));
}

pub(super) fn is_known() -> bool {
    get(browser().as_ref(), KNOWN).is_some()
}

pub(super) fn set_known(known: bool) {
    put(browser().as_ref(), KNOWN, known.then_some("1"));
}

pub(super) fn typed<T: DeserializeOwned + Default>(key: &str) -> T {
    get(tab().as_ref(), key).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

pub(super) fn keep_typed<T: Serialize>(key: &str, value: &T) {
    put(tab().as_ref(), key, serde_json::to_string(value).ok().as_deref());
}

pub(super) fn forget(key: &str) {
    put(tab().as_ref(), key, None);
}

fn tab() -> Option<Storage> {
    leptos::prelude::window().session_storage().ok()?
}

fn browser() -> Option<Storage> {
    leptos::prelude::window().local_storage().ok()?
}

fn get(storage: Option<&Storage>, key: &str) -> Option<String> {
    storage?.get_item(key).ok()?
}

fn put(storage: Option<&Storage>, key: &str, value: Option<&str>) {
    let Some(storage) = storage else { return };
    // A full or forbidden store loses what it cannot hold, and nothing else.
    let _ = match value {
        Some(value) => storage.set_item(key, value),
        None => storage.remove_item(key),
    };
}
