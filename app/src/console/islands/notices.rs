//! Notices on the desktop, grouped so that they are no flood, and the number of unread messages in the page's title.

use super::state::Desk;
use crate::console::api::Lists;
use domain::chat::Listed;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use web_sys::{Notification, NotificationOptions, NotificationPermission};

/// Milliseconds between two notices.
const REST: f64 = 5000.0;

thread_local! {
    static LAST: Cell<f64> = const { Cell::new(0.0) };
    static TITLE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Somebody has this page before their eyes.
pub(super) fn is_looked_at() -> bool {
    document().has_focus().unwrap_or(false) && !document().hidden()
}

/// The browser can tell, and has not been asked yet.
pub(super) fn may_be_asked() -> bool {
    js_sys::Reflect::has(&window(), &"Notification".into()).unwrap_or(false)
        && Notification::permission() == NotificationPermission::Default
}

pub(super) fn ask() {
    // The person's answer is read when there is something to tell.
    let _ = Notification::request_permission();
}

/// Tells somebody who looks elsewhere of what is new between two states of the lists: one notice for all of it.
pub(super) fn tell(desk: Desk, before: &Lists, now: &Lists) {
    if is_looked_at() {
        return;
    }
    let news: Vec<&Listed> = now.own.iter().chain(&now.queue).filter(|listed| is_news(before, listed)).collect();
    let can_tell = js_sys::Reflect::has(&window(), &"Notification".into()).unwrap_or(false)
        && Notification::permission() == NotificationPermission::Granted;
    let Some(first) = news.first().filter(|_| can_tell && js_sys::Date::now() - LAST.get() > REST) else { return };
    let title = match news.len() {
        1 => desk.filled(|w| &w.list.notice_one, &[("name", &desk.name_of(first))]),
        count => desk.filled(|w| &w.list.notice_many, &[("count", &count)]),
    };
    let options = NotificationOptions::new();
    // A new notice takes the place of the one before of its conversation.
    options.set_tag(&if news.len() == 1 { first.id.to_string() } else { "desk".to_owned() });
    options.set_body(&first.said_last);
    // A browser that will not show it leaves the number in the title.
    let _ = Notification::new_with_options(&title, &options);
    LAST.set(js_sys::Date::now());
}

fn is_news(before: &Lists, listed: &Listed) -> bool {
    let known = before.own.iter().chain(&before.queue).find(|old| old.id == listed.id);
    listed.unread > known.map_or(0, |old| old.unread)
}

/// `(3) Conversations`.
pub(super) fn title(desk: Desk) {
    let unread: u32 = desk.lists.with_untracked(|lists| lists.own.iter().map(|listed| listed.unread).sum());
    let own = TITLE.with_borrow_mut(|title| title.get_or_insert_with(|| document().title()).clone());
    document().set_title(&if unread == 0 { own } else { format!("({unread}) {own}") });
}
