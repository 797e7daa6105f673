//! Where one writes: kept while it is typed, sent with Enter where there is a keyboard, with files beside it.

use super::{
    super::{
        keep,
        upload::{UploadHost, UploadList, Uploads},
    },
    link::LinkState,
    talk::Talk,
};
use crate::{
    boundary::AppError,
    fill::fill,
    layout::{Icon, Shape},
};
use domain::chat::{Ask, ChatRefusal, MOST_CHARACTERS};
use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    html::{Input, Textarea},
    prelude::*,
};

/// "Is writing" is told at most so often.
const TELL_MILLISECONDS: f64 = 3000.0;

impl UploadHost for Talk {
    fn address(self) -> Option<String> {
        Some(format!("/chat/files?conversation={}", self.id()?))
    }

    fn refusal(self, why: &AppError<ChatRefusal>) -> String {
        self.words.with_value(|words| words.sentence(why))
    }

    fn removal(self, name: &str) -> String {
        fill(&self.word(|w| &w.talk.remove), &[("name", &name)])
    }

    fn progress(self, name: &str, percent: u32) -> String {
        fill(&self.word(|w| &w.talk.uploading), &[("percent", &percent), ("name", &name)])
    }
}

#[component]
pub(super) fn Composer(talk: Talk) -> impl IntoView {
    let (text, picker) = (NodeRef::<Textarea>::new(), NodeRef::<Input>::new());
    let refusal = RwSignal::new(None::<String>);
    let uploads = Uploads::new(talk);
    let told = StoredValue::new(0_f64);
    let send = move || {
        let Some(field) = text.get_untracked() else { return };
        let body = field.value().trim().to_owned();
        if uploads.are_underway() {
            return;
        }
        let attachments = uploads.arrived();
        if body.is_empty() && attachments.is_empty() {
            refusal.set(Some(talk.word(|w| &w.refused.empty)));
            return;
        }
        refusal.set(None);
        talk.say(body, attachments);
        uploads.clear();
        field.set_value("");
        keep::forget(keep::DRAFT);
        // A browser that cannot set the focus leaves it where it was.
        let _ = field.focus();
    };
    let typed = move || {
        let Some(field) = text.get_untracked() else { return };
        keep::keep_typed(keep::DRAFT, &field.value());
        let now = js_sys::Date::now();
        if let Some(conversation) = talk.id()
            && now - told.get_value() > TELL_MILLISECONDS
            && talk.ask(&Ask::Typing { conversation })
        {
            told.set_value(now);
        }
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.shift_key() && !event.is_composing() && has_keyboard() {
            event.prevent_default();
            send();
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    let pick = move |_| {
        if let Some(picker) = picker.get_untracked() {
            picker.click();
        }
    };
    let picked = move |_| {
        if let Some(picker) = picker.get_untracked() {
            uploads.add(picker.files());
            picker.set_value("");
        }
    };
    let draft: String = keep::typed(keep::DRAFT);
    let hint =
        move || talk.is_closed().then(|| view! { <p class="field__hint" id="chat-text-hint">{talk.word(|w| &w.talk.closed_hint)}</p> });
    view! {
        <Standing talk/>
        <form class="chat-composer" novalidate on:submit=submit>
            <UploadList uploads/>
            {hint}
            <p class="field__error" id="chat-text-error" role="alert">{move || refusal.get()}</p>
            <div class="chat-composer__row">
                <button class="close" type="button" aria-label=talk.word(|w| &w.talk.attach) on:click=pick><Icon shape=Shape::Clip/></button>
                <input class="visually-hidden" type="file" tabindex="-1" aria-hidden="true" multiple accept="image/jpeg,image/png,image/webp,image/gif,application/pdf"
                    node_ref=picker on:change=picked/>
                <label class="visually-hidden" for="chat-text">{talk.word(|w| &w.talk.message)}</label>
                <textarea class="input" id="chat-text" data-first="" rows="1" maxlength=MOST_CHARACTERS.to_string() enterkeyhint="send" placeholder=talk.word(|w| &w.talk.placeholder)
                    aria-describedby="chat-text-error" node_ref=text prop:value=draft
                    on:input=move |_| typed() on:keydown=on_key></textarea>
                <button class="button" type="submit" aria-busy=move || uploads.are_underway().to_string()>{talk.word(|w| &w.talk.send)}</button>
            </div>
        </form>
    }
}

/// That the connection is lost, and that it is back.
#[component]
fn Standing(talk: Talk) -> impl IntoView {
    let lost = move || talk.state.get() == LinkState::Lost;
    let sentence = move || if lost() { Some(talk.word(|w| &w.talk.lost)) } else { talk.news.get() };
    view! { <p class="chat-panel__link" role="status" data-lost=move || lost().to_string()>{sentence}</p> }
}

/// On a screen that is touched, Enter begins a new line.
fn has_keyboard() -> bool {
    window().match_media("(pointer: fine)").ok().flatten().is_some_and(|query| query.matches())
}
