//! Notices on the desktop, grouped so that they are no flood, and the number of unread messages in the page's title.

use super::state::Desk;
use crate::console::api::Lists;
use domain::chat::{Listed, Mention};
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
    let calls: Vec<&Mention> = now.mentions.iter().filter(|mention| is_call(before, mention)).collect();
    let can_tell = js_sys::Reflect::has(&window(), &"Notification".into()).unwrap_or(false)
        && Notification::permission() == NotificationPermission::Granted;
    if !can_tell || js_sys::Date::now() - LAST.get() <= REST {
        return;
    }
    let (title, tag, body) = match (&news[..], &calls[..]) {
        ([], []) => return,
        ([one], []) => (desk.filled(|w| &w.list.notice_one, &[("name", &desk.name_of(one))]), one.id.to_string(), one.said_last.clone()),
        ([], [call]) => (
            desk.filled(|w| &w.list.notice_call, &[("name", &call.by)]),
            format!("call:{}:{}", call.conversation, call.seq),
            call.said.clone(),
        ),
        (news, calls) => {
            let said = calls.first().map(|call| &call.said).or_else(|| news.first().map(|listed| &listed.said_last));
            let count = news.len() + calls.len();
            (desk.filled(|w| &w.list.notice_many, &[("count", &count)]), "desk".to_owned(), said.cloned().unwrap_or_default())
        }
    };
    let options = NotificationOptions::new();
    // A new notice takes the place of the one before of its conversation.
    options.set_tag(&tag);
    options.set_body(&body);
    // A browser that will not show it leaves the number in the title.
    let _ = Notification::new_with_options(&title, &options);
    LAST.set(js_sys::Date::now());
}

fn is_news(before: &Lists, listed: &Listed) -> bool {
    let known = before.own.iter().chain(&before.queue).find(|old| old.id == listed.id);
    listed.unread > known.map_or(0, |old| old.unread)
}

fn is_call(before: &Lists, mention: &Mention) -> bool {
    !mention.seen && !before.mentions.iter().any(|old| (old.conversation, old.seq) == (mention.conversation, mention.seq))
}

/// `(3) Conversations`.
pub(super) fn title(desk: Desk) {
    let unread: u32 = desk.lists.with_untracked(|lists| lists.own.iter().map(|listed| listed.unread).sum());
    let unread = unread.saturating_add(u32::try_from(untrack(|| desk.unseen())).unwrap_or(u32::MAX));
    let own = TITLE.with_borrow_mut(|title| title.get_or_insert_with(|| document().title()).clone());
    document().set_title(&if unread == 0 { own } else { format!("({unread}) {own}") });
}
