//! The open chat. Its code is fetched when it is first asked for.

mod after;
mod begin;
mod composer;
mod link;
mod talk;
mod transcript;

use super::{
    api::{self, Greeting},
    blocked::BlockedNotice,
    keep,
};
use crate::{
    lasting::link_of,
    layout::{Icon, Shape},
};
use after::Ending;
use begin::{Begin, Known};
use composer::Composer;
use domain::Language;
use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    html::Section,
    prelude::*,
    task::spawn_local,
};
use talk::Talk;
use transcript::Transcript;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, UrlSearchParams};

/// Where the panel stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Over the page, to be closed again.
    Corner,
    /// It is the page.
    Page,
}

/// What is said before the chat's words are there.
#[derive(Debug, Clone)]
pub struct FrameWords {
    pub title: String,
    pub close: String,
    pub failed: String,
}

/// How the panel is entered.
pub struct Door {
    pub place: Place,
    pub frame: FrameWords,
    pub language: Language,
    pub open: RwSignal<bool>,
    pub unread: RwSignal<u32>,
    /// The query of the link that led here: the order it is about.
    pub about: Option<String>,
    /// The focus goes in.
    pub focus: bool,
}

/// Builds the panel in `host`, for as long as the page lives.
#[lazy]
pub fn open_panel(host: HtmlElement, door: Box<Door>) {
    leptos::mount::mount_to_renderer(&host, move || view! { <Panel door=*door/> }).forget();
}

/// The focus goes to where one writes, once that is there.
pub(super) fn focus_soon() {
    request_animation_frame(|| {
        let first = document().query_selector(".chat-panel [data-first]").ok().flatten();
        let first = first.or_else(|| document().query_selector(".chat-panel").ok().flatten());
        if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
            // A browser that cannot set the focus leaves it where it was.
            let _ = first.focus();
        }
    });
}

#[component]
fn Panel(door: Door) -> impl IntoView {
    let Door { place, frame, language, open, unread, about, focus } = door;
    let section = NodeRef::<Section>::new();
    let hello = RwSignal::new(None::<Result<Greeting, ()>>);
    let order = order_in(about.as_deref());
    spawn_local(async move {
        hello.set(Some(api::hello().await.map_err(|_| ())));
        if focus {
            focus_soon();
        }
    });
    if focus {
        focus_soon();
    }
    let close = move || {
        keep::set_open(false);
        open.set(false);
    };
    let on_key = move |event: KeyboardEvent| {
        if place != Place::Corner || event.default_prevented() {
            return;
        }
        if event.key() == "Escape" {
            event.prevent_default();
            close();
        } else if event.key() == "Tab"
            && covers_all()
            && let Some(section) = section.get_untracked()
        {
            go_round(&section, &event);
        }
    };
    // Over the whole screen the panel would hide what the link leads to.
    let on_click = move |event: MouseEvent| {
        if place == Place::Corner && link_of(&event).is_some() && covers_all() {
            keep::set_open(false);
        }
    };
    let failed = frame.failed.clone();
    let content = move || match hello.get() {
        None => view! { <div class="chat-panel__loading" aria-busy="true"></div> }.into_any(),
        Some(Ok(hello)) => view! { <Room hello language open unread order=order.clone()/> }.into_any(),
        Some(Err(())) => {
            let href = format!("/{language}/chat");
            view! { <p class="chat-panel__note">{failed.clone()}" "<a href=href.clone() target="_self">{href.clone()}</a></p> }.into_any()
        }
    };
    let head = (place == Place::Corner).then(|| {
        view! {
            <header class="chat-panel__head">
                <h2 id="chat-title">{frame.title.clone()}</h2>
                <button class="close" type="button" aria-label=frame.close.clone() on:click=move |_| close()><Icon shape=Shape::Close/></button>
            </header>
        }
    });
    let (role, shape) = match place {
        Place::Corner => ("dialog", "corner"),
        Place::Page => ("region", "page"),
    };
    view! {
        <section class="chat-panel" data-place=shape role=role aria-label=frame.title.clone() tabindex="-1" node_ref=section hidden=move || !open.get() on:keydown=on_key on:click=on_click>
            {head}
            {content}
        </section>
    }
}

/// What is in the panel once it is known who is there and what was said before.
#[component]
fn Room(
    hello: Greeting,
    language: Language,
    open: RwSignal<bool>,
    unread: RwSignal<u32>,
    order: Option<(String, String)>,
) -> impl IntoView {
    let known = Known { name: hello.name.clone(), email: hello.email.clone(), has_account: hello.has_account };
    let talk = Talk::new(hello, language, open, unread);
    talk.go_on();
    let order = StoredValue::new(order);
    let known = StoredValue::new(known);
    view! {
        <Presence talk/>
        <Show when=move || talk.begins.get() fallback=move || view! { <Conversation talk/> }>
            <Show when=move || talk.blocked.with(Option::is_none) fallback=move || view! { <Closed talk/> }>
                <Begin talk order=order.get_value() known=known.get_value()/>
            </Show>
        </Show>
    }
}

/// In the place of where one writes.
#[component]
fn Closed(talk: Talk) -> impl IntoView {
    let words = talk.words.with_value(|words| words.blocked.clone());
    let language = talk.language;
    move || talk.blocked.get().map(|sentence| view! { <BlockedNotice sentence words=words.clone() language/> })
}

#[component]
fn Presence(talk: Talk) -> impl IntoView {
    let there = move || talk.reception.with(|reception| reception.agents > 0).to_string();
    let who = move || talk.reception.with(|reception| talk.words.with_value(|w| w.presence(reception, talk.today, talk.language)));
    // Afterwards it would count the shopper's own question among those that wait.
    let wait = move || talk.begins.get().then(|| talk.reception.with(|reception| talk.words.with_value(|w| w.wait(reception)))).flatten();
    view! {
        <p class="chat-panel__who" data-there=there><strong>{who}</strong>" "{wait}</p>
    }
}

#[component]
fn Conversation(talk: Talk) -> impl IntoView {
    view! {
        <Transcript talk/>
        <div class="chat-panel__foot">
            <Show when=move || talk.blocked.with(Option::is_none) fallback=move || view! { <Closed talk/> }>
                <Ending talk/>
                <Composer talk/>
            </Show>
        </div>
    }
}

/// Over the whole screen nothing behind the panel can be seen: from its last control the focus goes to its first, and back.
fn go_round(panel: &HtmlElement, event: &KeyboardEvent) {
    let Ok(found) = panel.query_selector_all("a[href], button:enabled, input:enabled:not([type=hidden]), select:enabled, textarea:enabled")
    else {
        return;
    };
    let controls = (0..found.length()).filter_map(|index| found.item(index)?.dyn_into::<HtmlElement>().ok());
    let seen: Vec<HtmlElement> = controls.filter(|control| control.offset_parent().is_some()).collect();
    let (Some(first), Some(last)) = (seen.first(), seen.last()) else { return };
    let focused = document().active_element();
    let is_at = |control: &HtmlElement| focused.as_ref() == Some(control.as_ref());
    let next = if event.shift_key() && (is_at(first) || is_at(panel)) {
        last
    } else if !event.shift_key() && is_at(last) {
        first
    } else {
        return;
    };
    event.prevent_default();
    // A browser that cannot set the focus leaves it where it was.
    let _ = next.focus();
}

/// As the style sheet has it on phones.
fn covers_all() -> bool {
    window().match_media("(width < 40rem)").ok().flatten().is_some_and(|query| query.matches())
}

/// Of a link to the chat, or of the order's page that is shown: its number and the token that opens it.
fn order_in(about: Option<&str>) -> Option<(String, String)> {
    let location = window().location();
    let here = location.search().unwrap_or_default();
    let of_query = |query: &str| UrlSearchParams::new_with_str(query).ok();
    if let Some(query) = about.and_then(of_query)
        && let (Some(number), Some(token)) = (query.get("order"), query.get("t"))
    {
        return Some((number, token));
    }
    let path = location.pathname().ok()?;
    let number = path.split('/').nth(3).filter(|_| path.split('/').nth(2) == Some("order"))?;
    Some((number.to_owned(), of_query(&here)?.get("t")?))
}
