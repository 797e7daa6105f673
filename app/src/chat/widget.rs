//! The closed chat: a link to its page that, once awake, opens the panel instead and says how many messages wait. The
//! panel's code comes with the first click. Nothing personal is in it, so that pages stay everybody's.

use super::{
    api, keep,
    panel::{self, FrameWords, Place},
};
use crate::{
    fill::fill,
    island_words,
    lasting::link_of,
    layout::{Icon, Shape},
};
use domain::Language;
use gloo_timers::callback::Interval;
use leptos::{
    ev::{self, MouseEvent},
    html::{A, Div},
    prelude::*,
    task::spawn_local,
};
use web_sys::VisibilityState;

/// How often a page asks whether there is an answer, once somebody asked something.
const LOOK_MILLISECONDS: u32 = 20_000;

island_words! {
    pub struct ButtonWords from [chat] { ask_us, ask_us_new_one, ask_us_new(count), close, no_panel }
}

impl ButtonWords {
    fn frame(&self) -> FrameWords {
        FrameWords { title: self.ask_us.clone(), close: self.close.clone(), failed: self.no_panel.clone() }
    }
}

#[island]
pub fn ChatButton(language: Language, words: ButtonWords) -> impl IntoView {
    let (host, button) = (NodeRef::<Div>::new(), NodeRef::<A>::new());
    let (open, unread, loaded) = (RwSignal::new(false), RwSignal::new(0_u32), RwSignal::new(false));
    let frame = StoredValue::new(words.frame());
    let show = move |about: Option<String>, focus: bool| {
        keep::set_open(true);
        open.set(true);
        if let Some(host) = host.get_untracked()
            && !loaded.get_untracked()
        {
            loaded.set(true);
            let door = panel::Door { place: Place::Corner, frame: frame.get_value(), language, open, unread, about, focus };
            spawn_local(panel::open_panel(host.into(), Box::new(door)));
        } else if focus {
            panel::focus_soon();
        }
    };
    Effect::new(move |_| {
        if keep::was_open() {
            show(None, false);
        } else if keep::is_known() {
            look(unread, loaded);
        }
        let asked = window_event_listener(ev::click, move |event| {
            if let Some(query) = asks_for_us(&event, language) {
                event.prevent_default();
                show(Some(query), true);
            }
        });
        on_cleanup(move || asked.remove());
    });
    // Back to where the panel was opened from.
    Effect::new(move |was: Option<bool>| {
        let is = open.get();
        if let (Some(true), false, Some(button)) = (was, is, button.get_untracked()) {
            let _ = button.focus();
        }
        is
    });
    let (name, plain) = (words.ask_us.clone(), words.ask_us.clone());
    let label = move || match unread.get() {
        0 => None,
        1 => Some(words.ask_us_new_one.clone()),
        count => Some(fill(&words.ask_us_new, &[("count", &count)])),
    };
    view! {
        <aside class="chat-corner" aria-label=name data-screen-only="" data-open=move || open.get().then_some("true")>
            <a class="chat-button" href=format!("/{language}/chat") node_ref=button aria-label=label.clone() aria-expanded=move || loaded.get().then(|| open.get().to_string())>
                <Icon shape=Shape::Speech/>
                <span class="chat-button__word">{plain}</span>
                <span class="badge" aria-hidden="true">{move || Some(unread.get()).filter(|&count| count > 0)}</span>
            </a>
            <p class="visually-hidden" role="status">{label}</p>
            <div node_ref=host></div>
        </aside>
    }
}

/// On the chat's own page: the panel takes the place of what works without scripts, unless that has something to say.
#[island]
pub fn ChatHere(language: Language, words: ButtonWords) -> impl IntoView {
    let host = NodeRef::<Div>::new();
    let frame = StoredValue::new(words.frame());
    Effect::new(move |_| {
        let query = window().location().search().unwrap_or_default();
        let (Some(host), Some(plain)) = (host.get_untracked(), document().get_element_by_id(PLAIN)) else { return };
        if query.contains("refused=") {
            return;
        }
        // Without the mark both would stand there.
        let _ = plain.set_attribute("hidden", "");
        let about = Some(query.trim_start_matches('?').to_owned());
        let (open, unread) = (RwSignal::new(true), RwSignal::new(0));
        let door = panel::Door { place: Place::Page, frame: frame.get_value(), language, open, unread, about, focus: false };
        spawn_local(panel::open_panel(host.into(), Box::new(door)));
    });
    view! { <div node_ref=host></div> }
}

/// What the page shows without scripts.
pub(super) const PLAIN: &str = "chat-plain";

/// Asks for news now and from time to time, until the panel takes over.
fn look(unread: RwSignal<u32>, loaded: RwSignal<bool>) {
    let ask = move || {
        if loaded.get_untracked() || document().visibility_state() == VisibilityState::Hidden {
            return;
        }
        spawn_local(async move {
            if let Ok(count) = api::unread().await {
                unread.set(count);
            }
        });
    };
    ask();
    Interval::new(LOOK_MILLISECONDS, ask).forget();
}

/// The query of a plainly clicked link to the chat's page, wherever on this page it stands.
fn asks_for_us(event: &MouseEvent, language: Language) -> Option<String> {
    let is_plain = event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
    if !is_plain || event.default_prevented() {
        return None;
    }
    let (_, address) = link_of(event)?;
    let (path, query) = address.split_once('?').unwrap_or((&address, ""));
    // On the chat's own page its links are what they are.
    let ours = format!("/{language}/chat");
    (path == ours && window().location().pathname().ok()? != ours).then(|| query.to_owned())
}
