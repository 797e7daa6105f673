//! Where one writes: an answer or a note, with files. Asleep, the form is posted; awake, the message goes over the socket
//! and the page stays.

use super::{
    head::Refused,
    picker::{Choice, Picker, PickerList, Templates},
    socket,
    state::Desk,
};
use crate::{
    boundary::AppError,
    chat::upload::{UploadHost, UploadList, Uploads},
    fill::fill,
    layout::{Icon, Shape},
};
use domain::chat::{Ask, ChatRefusal, ConversationState, MOST_CHARACTERS};
use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    html::{Input, Textarea},
    prelude::*,
};
use std::cell::Cell;

/// Milliseconds between two words that one is writing.
const TYPING_REST: f64 = 3000.0;

thread_local! {
    static SAID_TYPING: Cell<f64> = const { Cell::new(0.0) };
}

impl UploadHost for Desk {
    fn address(self) -> Option<String> {
        Some(format!("/chat/files?desk=true&conversation={}", self.conversation()?))
    }

    fn refusal(self, why: &AppError<ChatRefusal>) -> String {
        self.with_words(|words| match why {
            AppError::Refused(why) => words.refused.sentence(*why).to_owned(),
            AppError::Fault(_) | AppError::Transport => words.refused.fault.clone(),
        })
    }

    fn removal(self, name: &str) -> String {
        self.with_words(|words| fill(&words.compose.remove, &[("name", &name)]))
    }

    fn progress(self, name: &str, percent: u32) -> String {
        self.with_words(|words| fill(&words.compose.uploading, &[("name", &name), ("percent", &percent)]))
    }
}

/// What is being written.
#[derive(Clone, Copy)]
struct Writing {
    desk: Desk,
    field: NodeRef<Textarea>,
    note: RwSignal<bool>,
    picker: Picker,
    uploads: Uploads<Desk>,
}

impl Writing {
    fn new(desk: Desk) -> Self {
        Self { desk, field: NodeRef::new(), note: RwSignal::new(false), picker: Picker::new(desk), uploads: Uploads::new(desk) }
    }

    fn insert(self, choice: &Choice) {
        if let Some(field) = self.field.get_untracked() {
            field.set_value(&self.picker.complete(&field.value(), choice));
            keep(self.desk, &field.value());
            self.picker.close();
            focus(&field);
        }
    }

    fn send(self) {
        let Some(field) = self.field.get_untracked() else { return };
        let body = field.value().trim().to_owned();
        let files = self.uploads.arrived();
        let says_nothing = body.is_empty() && files.is_empty();
        if !says_nothing && body.chars().count() <= MOST_CHARACTERS && !self.uploads.are_underway() {
            self.desk.send(body, files, self.note.get_untracked());
            self.uploads.clear();
            field.set_value("");
            keep(self.desk, "");
            self.picker.close();
        }
        focus(&field);
    }

    fn typed(self) {
        let Some(field) = self.field.get_untracked() else { return };
        let (value, note) = (field.value(), self.note.get_untracked());
        keep(self.desk, &value);
        self.picker.look(&value, note);
        if !note && !value.is_empty() {
            say_typing(self.desk);
        }
    }

    fn on_key(self, event: &KeyboardEvent) {
        if event.is_composing() {
            return;
        }
        let is_open = untrack(|| self.picker.is_open());
        let picks = is_open && untrack(|| self.picker.has_some());
        match event.key().as_str() {
            "ArrowDown" if picks => {
                event.prevent_default();
                self.picker.step(1);
            }
            "ArrowUp" if picks => {
                event.prevent_default();
                self.picker.step_back();
            }
            "Enter" | "Tab" if picks => {
                event.prevent_default();
                self.picker.marked().iter().for_each(|choice| self.insert(choice));
            }
            "Escape" if is_open => {
                event.stop_propagation();
                self.picker.close();
            }
            "Enter" if !event.shift_key() => {
                event.prevent_default();
                self.send();
            }
            _ => {}
        }
    }
}

#[component]
pub(super) fn Composer(desk: Desk) -> impl IntoView {
    let writing = Writing::new(desk);
    let Writing { field, note, picker, .. } = writing;
    let (typed, key) = desk.start.with_value(|start| (start.typed.post.clone(), start.key.to_string()));
    let place = desk.start.with_value(|start| format!("/{}/desk?{}", start.language, start.back));
    let is_awake = RwSignal::new(false);
    Effect::new(move || {
        is_awake.set(true);
        if let Some(field) = field.get()
            && field.value().is_empty()
            && let Some(left) = left_over(desk)
        {
            field.set_value(&left);
        }
    });
    let insert = Callback::new(move |choice: Choice| writing.insert(&choice));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        writing.send();
    };
    let label = move || if note.get() { desk.word(|w| &w.compose.note_label) } else { desk.word(|w| &w.compose.label) };
    let button = move || if note.get() { desk.word(|w| &w.compose.keep) } else { desk.word(|w| &w.compose.send) };
    view! {
        <form class="composer" id="post" method="post" action=UploadHost::address(desk).unwrap_or_default() enctype="multipart/form-data"
            data-note=move || note.get().to_string() on:submit=submit>
            <input type="hidden" name="next" value=place/>
            <input type="hidden" name="client_id" value=key/>
            <Standing desk/>
            <Refused notice=desk.notice("post")/>
            <div class="composer__bar">
                <fieldset class="composer__mode">
                    <legend class="visually-hidden">{desk.word(|w| &w.compose.mode)}</legend>
                    <label><input type="radio" name="note" value="false" id="mode-reply" checked=true on:change=move |_| note.set(false)/>{desk.word(|w| &w.compose.reply)}</label>
                    <label><input type="radio" name="note" value="true" id="mode-note" on:change=move |_| note.set(true)/>{desk.word(|w| &w.compose.note)}</label>
                </fieldset>
                <Templates desk insert/>
            </div>
            <div class="composer__field">
                <PickerList picker insert/>
                <label class="visually-hidden" for="composer">{label}</label>
                <textarea class="input" id="composer" name="body" rows="3" node_ref=field placeholder=label aria-describedby="composer-hint"
                    aria-controls="picker" aria-activedescendant=move || picker.active()
                    on:keydown=move |event| writing.on_key(&event) on:input=move |_| writing.typed() inner_html=crate::fill::written(&typed)></textarea>
            </div>
            <UploadList uploads=writing.uploads/>
            <div class="composer__end">
                <Attach writing is_awake/>
                <p class="soft composer__hint" id="composer-hint">{desk.word(|w| &w.compose.hint)}</p>
                <button class="button button--small" type="submit" aria-busy=move || writing.uploads.are_underway().to_string()>{button}</button>
            </div>
        </form>
    }
}

/// Asleep the browser's own field, whose files go with the form; awake a button, and files go at once.
#[component]
fn Attach(writing: Writing, is_awake: RwSignal<bool>) -> impl IntoView {
    let (desk, files) = (writing.desk, NodeRef::<Input>::new());
    let pick = move |_| files.get_untracked().into_iter().for_each(|files| files.click());
    let picked = move |_| {
        if let Some(files) = files.get_untracked() {
            writing.uploads.add(files.files());
            files.set_value("");
        }
    };
    view! {
        <div class="composer__attach">
            <button class="button button--text" type="button" hidden=move || !is_awake.get() on:click=pick>
                <Icon shape=Shape::Clip/>{desk.word(|w| &w.compose.attach)}
            </button>
            <label for="files" hidden=move || is_awake.get()>{desk.word(|w| &w.compose.attach)}</label>
            <input id="files" name="file" type="file" multiple accept="image/jpeg,image/png,image/webp,image/gif,application/pdf"
                hidden=move || is_awake.get() node_ref=files on:change=picked/>
        </div>
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
