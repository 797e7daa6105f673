//! Files on their way into a message: each with how far it has come, or why it was refused. The shopper's panel and the
//! console both send files by this.

use crate::boundary::AppError;
use domain::chat::{Attachment, ChatRefusal, MOST_ATTACHMENTS, MOST_BYTES};
use leptos::prelude::*;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{File, FileList, FormData, ProgressEvent, XmlHttpRequest};

/// Where a message is written that files go into.
pub(crate) trait UploadHost: Copy + Send + Sync + 'static {
    /// Where files are left; nowhere as long as there is no conversation.
    fn address(self) -> Option<String>;
    fn refusal(self, why: &AppError<ChatRefusal>) -> String;
    /// What the button says that takes a file out again.
    fn removal(self, name: &str) -> String;
    fn progress(self, name: &str, percent: u32) -> String;
}

#[derive(Clone, Copy)]
pub(crate) struct Uploads<H: UploadHost> {
    host: H,
    list: RwSignal<Vec<Upload>>,
    count: StoredValue<u32>,
}

#[derive(Clone)]
struct Upload {
    key: u32,
    name: String,
    percent: RwSignal<u32>,
    outcome: RwSignal<Option<Result<Attachment, String>>>,
}

impl<H: UploadHost> Uploads<H> {
    pub(crate) fn new(host: H) -> Self {
        Self { host, list: RwSignal::new(Vec::new()), count: StoredValue::new(0) }
    }

    pub(crate) fn add(self, files: Option<FileList>) {
        let Some(files) = files else { return };
        for file in (0..files.length()).filter_map(|index| files.get(index)) {
            self.count.update_value(|count| *count += 1);
            let (percent, outcome) = (RwSignal::new(0), RwSignal::new(None));
            let upload = Upload { key: self.count.get_value(), name: file.name(), percent, outcome };
            let is_one_too_many = self.list.with_untracked(|list| list.iter().filter(|u| !u.is_refused()).count() >= MOST_ATTACHMENTS);
            self.list.update(|list| list.push(upload.clone()));
            let refusal = match file.size() {
                _ if is_one_too_many => Some(ChatRefusal::TooManyFiles),
                #[allow(clippy::cast_precision_loss)]
                size if size > MOST_BYTES as f64 => Some(ChatRefusal::TooLarge),
                _ => None,
            };
            match refusal {
                Some(refusal) => upload.refuse(self.host, &AppError::Refused(refusal)),
                None => upload.send(self.host, &file),
            }
        }
    }

    pub(crate) fn are_underway(self) -> bool {
        self.list.with(|list| list.iter().any(|upload| upload.outcome.with(Option::is_none)))
    }

    pub(crate) fn arrived(self) -> Vec<Attachment> {
        self.list.with_untracked(|list| list.iter().filter_map(|upload| upload.outcome.get_untracked()?.ok()).collect())
    }

    pub(crate) fn clear(self) {
        self.list.set(Vec::new());
    }

    fn remove(self, key: u32) {
        self.list.update(|list| list.retain(|upload| upload.key != key));
    }
}

impl Upload {
    fn is_refused(&self) -> bool {
        self.outcome.with_untracked(|outcome| matches!(outcome, Some(Err(_))))
    }

    fn refuse<H: UploadHost>(&self, host: H, why: &AppError<ChatRefusal>) {
        self.outcome.set(Some(Err(host.refusal(why))));
    }

    /// By a request that says how far it has come.
    fn send<H: UploadHost>(&self, host: H, file: &File) {
        if self.begin(host, file).is_none() {
            self.refuse(host, &AppError::Transport);
        }
    }

    fn begin<H: UploadHost>(&self, host: H, file: &File) -> Option<()> {
        let form = FormData::new().ok()?;
        form.append_with_blob_and_filename("file", file, &file.name()).ok()?;
        let request = XmlHttpRequest::new().ok()?;
        request.open("POST", &host.address()?).ok()?;
        request.set_request_header("Accept", "application/json").ok()?;
        let percent = self.percent;
        let progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let done = (event.loaded() * 100.0 / event.total().max(1.0)) as u32;
            percent.set(done.min(100));
        });
        request.upload().ok()?.set_onprogress(Some(progress.as_ref().unchecked_ref()));
        let upload = self.clone();
        let answered = request.clone();
        // The listeners live until the request has ended.
        let alive = Rc::new(RefCell::new(None::<(Closure<dyn FnMut()>, Closure<dyn FnMut(ProgressEvent)>)>));
        let end = Rc::clone(&alive);
        let ended = Closure::<dyn FnMut()>::new(move || {
            match answer(&answered) {
                Ok(attachment) => upload.outcome.set(Some(Ok(attachment))),
                Err(error) => upload.refuse(host, &error),
            }
            let end = Rc::clone(&end);
            request_animation_frame(move || drop(end.take()));
        });
        request.set_onloadend(Some(ended.as_ref().unchecked_ref()));
        *alive.borrow_mut() = Some((ended, progress));
        request.send_with_opt_form_data(Some(&form)).ok()
    }
}

/// The one file as it is kept, or why it is not.
fn answer(request: &XmlHttpRequest) -> Result<Attachment, AppError<ChatRefusal>> {
    let text = request.response_text().ok().flatten().unwrap_or_default();
    if request.status() == Ok(200) {
        let stored: Vec<Attachment> = serde_json::from_str(&text).unwrap_or_default();
        return stored.into_iter().next().ok_or(AppError::Transport);
    }
    Err(serde_json::from_str(&text).map_or(AppError::Transport, AppError::Refused))
}

#[component]
pub(crate) fn UploadList<H: UploadHost>(uploads: Uploads<H>) -> impl IntoView {
    let host = uploads.host;
    let item = move |upload: Upload| {
        let Upload { key, name, percent, outcome } = upload;
        let remove = host.removal(&name);
        let label = name.clone();
        let state = move || match outcome.get() {
            None => {
                let said = host.progress(&label, percent.get());
                view! { <progress max="100" value=move || percent.get().to_string() aria-label=said></progress> }.into_any()
            }
            Some(Ok(_)) => ().into_any(),
            Some(Err(why)) => view! { <p class="field__error" role="alert">{why}</p> }.into_any(),
        };
        view! {
            <li>
                <span class="chat-files__name">{name}</span>
                <button class="close" type="button" aria-label=remove on:click=move |_| uploads.remove(key)>"×"</button>
                {state}
            </li>
        }
    };
    view! {
        <ul class="chat-files" hidden=move || uploads.list.with(Vec::is_empty)>
            <For each=move || uploads.list.get() key=|upload| upload.key let:upload>{item(upload)}</For>
        </ul>
    }
}
