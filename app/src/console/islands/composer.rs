//! Where one writes: an answer or a note, with templates behind a slash. Asleep, the form is posted; awake, the message
//! goes over the socket and the page stays.

use super::{
    head::{Place, Refused},
    socket,
    start::Text,
    state::Desk,
};
use domain::chat::{Ask, ConversationState, MOST_CHARACTERS};
use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    html::Textarea,
    prelude::*,
};
use std::cell::Cell;

/// Milliseconds between two words that one is writing.
const TYPING_REST: f64 = 3000.0;

thread_local! {
    static SAID_TYPING: Cell<f64> = const { Cell::new(0.0) };
}

#[component]
pub(super) fn Composer(desk: Desk) -> impl IntoView {
    let field = NodeRef::<Textarea>::new();
    let note = RwSignal::new(false);
    // The shortcut that is being typed after a slash, and the template that is marked.
    let slash = RwSignal::new(None::<String>);
    let marked = RwSignal::new(0_usize);
    let typed = desk.start.with_value(|start| start.typed.post.clone());
    let key = desk.start.with_value(|start| start.key.to_string());
    let found = Memo::new(move |_| slash.with(|slash| slash.as_ref().map(|text| matching(desk, text))).unwrap_or_default());
    Effect::new(move || {
        if let Some(field) = field.get()
            && field.value().is_empty()
            && let Some(left) = left_over(desk)
        {
            field.set_value(&left);
        }
    });
    let insert = move |text: Text| {
        if let Some(field) = field.get_untracked() {
            let value = field.value();
            let value = if slash.get_untracked().is_some() { value[..value.rfind('/').unwrap_or(value.len())].to_owned() } else { value };
            let gap = if value.is_empty() || value.ends_with(char::is_whitespace) { "" } else { "\n" };
            field.set_value(&format!("{value}{gap}{}", text.body));
            keep(desk, &field.value());
            slash.set(None);
            focus(&field);
        }
    };
    let send = move || {
        let Some(field) = field.get_untracked() else { return };
        let body = field.value().trim().to_owned();
        if body.is_empty() || body.chars().count() > MOST_CHARACTERS {
            focus(&field);
            return;
        }
        desk.send(body, note.get_untracked());
        field.set_value("");
        keep(desk, "");
        slash.set(None);
        focus(&field);
    };
    let on_key = move |event: KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let picking = slash.with_untracked(Option::is_some) && found.with_untracked(|found| !found.is_empty());
        match event.key().as_str() {
            "ArrowDown" if picking => {
                event.prevent_default();
                marked.update(|marked| *marked = (*marked + 1) % found.with_untracked(Vec::len));
            }
            "ArrowUp" if picking => {
                event.prevent_default();
                let count = found.with_untracked(Vec::len);
                marked.update(|marked| *marked = (*marked + count - 1) % count);
            }
            "Enter" | "Tab" if picking => {
                event.prevent_default();
                let chosen = found.with_untracked(|found| found.get(marked.get_untracked()).cloned());
                chosen.into_iter().for_each(insert);
            }
            "Escape" if slash.with_untracked(Option::is_some) => {
                event.stop_propagation();
                slash.set(None);
            }
            "Enter" if !event.shift_key() => {
                event.prevent_default();
                send();
            }
            _ => {}
        }
    };
    let on_input = move |_| {
        let Some(field) = field.get_untracked() else { return };
        let value = field.value();
        keep(desk, &value);
        marked.set(0);
        slash.set(shortcut_in(&value));
        if !note.get_untracked() && !value.is_empty() {
            say_typing(desk);
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    let label = move || if note.get() { desk.word(|w| &w.compose.note_label) } else { desk.word(|w| &w.compose.label) };
    let button = move || if note.get() { desk.word(|w| &w.compose.keep) } else { desk.word(|w| &w.compose.send) };
    let options = move || {
        let found = found.get();
        if found.is_empty() {
            return view! { <li class="picker__none soft" role="option" aria-disabled="true">{desk.word(|w| &w.compose.none)}</li> }
                .into_any();
        }
        let option = |(index, text): (usize, Text)| {
            let chosen = text.clone();
            view! {
                <li class="picker__option" role="option" id=format!("template-{index}") aria-selected=move || (marked.get() == index).to_string()
                    on:mousedown=|event| event.prevent_default() on:click=move |_| insert(chosen.clone())>
                    <strong>"/"{text.shortcut}</strong>" "{text.title}" "<Calm desk calm=text.calm/>
                    <span class="picker__body soft">{text.body}</span>
                </li>
            }
        };
        found.into_iter().enumerate().map(option).collect_view().into_any()
    };
    view! {
        <form class="composer" id="post" method="post" action="/api/desk/post" data-note=move || note.get().to_string() on:submit=submit>
            <Place desk/>
            <input type="hidden" name="key" value=key/>
            <Standing desk/>
            <Refused notice=desk.notice("post")/>
            <div class="composer__bar">
                <fieldset class="composer__mode">
                    <legend class="visually-hidden">{desk.word(|w| &w.compose.mode)}</legend>
                    <label><input type="radio" name="note" value="false" id="mode-reply" checked=true on:change=move |_| note.set(false)/>{desk.word(|w| &w.compose.reply)}</label>
                    <label><input type="radio" name="note" value="true" id="mode-note" on:change=move |_| note.set(true)/>{desk.word(|w| &w.compose.note)}</label>
                </fieldset>
                <Templates desk insert=Callback::new(insert)/>
            </div>
            <div class="composer__field">
                <ul class="picker" id="picker" role="listbox" aria-label=desk.word(|w| &w.compose.templates) hidden=move || slash.with(Option::is_none)>{options}</ul>
                <label class="visually-hidden" for="composer">{label}</label>
                <textarea class="input" id="composer" name="body" rows="3" node_ref=field placeholder=label aria-describedby="composer-hint"
                    aria-controls="picker" aria-activedescendant=move || slash.with(Option::is_some).then(|| format!("template-{}", marked.get()))
                    on:keydown=on_key on:input=on_input inner_html=crate::fill::written(&typed)></textarea>
            </div>
            <div class="composer__end">
                <p class="soft composer__hint" id="composer-hint">{desk.word(|w| &w.compose.hint)}</p>
                <button class="button button--small" type="submit">{button}</button>
            </div>
        </form>
    }
}

/// Why one may not answer, where that is so.
#[component]
fn Standing(desk: Desk) -> impl IntoView {
    move || {
        let said = desk.head.with(|head| {
            let head = head.as_ref()?;
            match head.state {
                ConversationState::Queued => Some(desk.word(|w| &w.talk.queued)),
                ConversationState::Assigned if head.assigned_to == Some(desk.me()) => None,
                ConversationState::Assigned => Some(desk.filled(|w| &w.talk.theirs, &[("name", &head.agent.clone().unwrap_or_default())])),
                ConversationState::Closed => Some(desk.word(|w| &w.talk.closed)),
            }
        })?;
        Some(view! { <p class="composer__standing">{said}</p> })
    }
}

#[component]
fn Calm(desk: Desk, calm: bool) -> impl IntoView {
    calm.then(|| view! { <span class="tag" data-kind="good">{desk.word(|w| &w.compose.calm)}</span> })
}

/// All templates, as links that put them into the field.
#[component]
fn Templates(desk: Desk, insert: Callback<Text>) -> impl IntoView {
    let texts = desk.start.with_value(|start| start.texts.clone());
    let links = texts.into_iter().map(|text| {
        let (chosen, address) = (text.clone(), text.address.clone());
        view! {
            <li>
                <a href=address on:click=move |event| { event.prevent_default(); close_menus(); insert.run(chosen.clone()); }>
                    <strong>"/"{text.shortcut}</strong>" "{text.title}
                </a>
                " "<Calm desk calm=text.calm/>
            </li>
        }
    });
    view! {
        <details class="act act--up" id="templates" name="act">
            <summary class="button button--text">{desk.word(|w| &w.compose.templates)}</summary>
            <ul class="act__form templates-menu">{links.collect_view()}</ul>
        </details>
    }
}

fn close_menus() {
    if let Ok(Some(menu)) = document().query_selector("#templates[open]") {
        // A menu that stays open is closed by hand.
        let _ = menu.remove_attribute("open");
    }
}

/// What follows a slash at the beginning of a word at the end of the text.
fn shortcut_in(text: &str) -> Option<String> {
    let (before, after) = text.rsplit_once('/')?;
    let begins = before.is_empty() || before.ends_with(char::is_whitespace);
    (begins && after.chars().all(|c| c.is_alphanumeric() || c == '-')).then(|| after.to_lowercase())
}

fn matching(desk: Desk, text: &str) -> Vec<Text> {
    desk.start.with_value(|start| {
        let fits = |each: &&Text| each.shortcut.contains(text) || each.title.to_lowercase().contains(text);
        start.texts.iter().filter(fits).cloned().collect()
    })
}

fn say_typing(desk: Desk) {
    let now = js_sys::Date::now();
    if now - SAID_TYPING.get() > TYPING_REST
        && let Some(conversation) = desk.conversation()
    {
        SAID_TYPING.set(now);
        socket::ask(&Ask::Typing { conversation });
    }
}

fn focus(field: &web_sys::HtmlTextAreaElement) {
    // A browser that cannot set the focus leaves it where it was.
    let _ = field.focus();
}

fn storage(desk: Desk) -> Option<(web_sys::Storage, String)> {
    Some((window().session_storage().ok()??, format!("desk:typed:{}", desk.conversation()?)))
}

/// What is typed outlives a look into another conversation.
fn keep(desk: Desk, text: &str) {
    if let Some((storage, key)) = storage(desk) {
        // Where nothing can be kept, it stands in the field only.
        let _ = if text.is_empty() { storage.remove_item(&key) } else { storage.set_item(&key, text) };
    }
}

fn left_over(desk: Desk) -> Option<String> {
    let (storage, key) = storage(desk)?;
    storage.get_item(&key).ok().flatten().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::shortcut_in;

    #[test]
    fn a_slash_begins_a_shortcut_where_a_word_begins() {
        assert_eq!(shortcut_in("/"), Some(String::new()));
        assert_eq!(shortcut_in("Hello /Cal"), Some("cal".into()));
        assert_eq!(shortcut_in("and/or"), None);
        assert_eq!(shortcut_in("/late and more"), None);
        assert_eq!(shortcut_in("https://"), None);
    }
}
