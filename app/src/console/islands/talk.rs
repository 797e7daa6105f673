//! The transcript: what was said, notes apart, what happened in between, and how far the shopper has read.

use super::state::{Desk, Pending};
use domain::chat::{Author, Entry, EntryKind};
use leptos::prelude::*;

#[component]
pub(super) fn Transcript(desk: Desk) -> impl IntoView {
    // The last message of ours, and how far it came.
    let mark = move || {
        let last = desk.entries.with(|entries| {
            let last = entries.iter().rev().find(|entry| entry.kind == EntryKind::Message)?;
            (last.author == Author::Staff).then_some(last.seq)
        })?;
        let (delivered, read) = desk.marks.get();
        Some(if read >= last {
            desk.word(|w| &w.talk.read)
        } else if delivered >= last {
            desk.word(|w| &w.talk.delivered)
        } else {
            desk.word(|w| &w.talk.sent)
        })
    };
    let typist = move || {
        let typist = desk.typist.get()?;
        let said = if typist.is_colleague {
            desk.filled(|w| &w.talk.collision, &[("name", &typist.name)])
        } else {
            desk.filled(|w| &w.talk.typing, &[("name", &typist.name)])
        };
        Some(view! { <p class="talk__typing" data-collision=typist.is_colleague.to_string()>{said}</p> })
    };
    view! {
        <div class="talk__scroll" tabindex="0" role="region" aria-label=desk.word(|w| &w.talk.transcript)>
            <div class="talk__inner">
                <div role="log" aria-live="polite"><ol class="talk__log">
                    <For each=move || desk.entries.get() key=|entry| entry.seq children=move |entry| view! { <Said desk entry/> }/>
                    <For each=move || desk.pending.get() key=|p| (p.client_id, p.refused.clone()) children=move |pending| view! { <OnItsWay desk pending/> }/>
                </ol></div>
                <p class="talk__mark soft">{mark}</p>
                <div role="status">{typist}</div>
            </div>
        </div>
    }
}

#[component]
fn Said(desk: Desk, entry: Entry) -> impl IntoView {
    let time = desk.time(entry.at);
    let name = if entry.name.is_empty() {
        match entry.author {
            Author::Shopper => desk.head.with_untracked(|head| head.as_ref().map(|head| desk.name_of(head))).unwrap_or_default(),
            Author::Staff | Author::System => desk.word(|w| &w.talk.shop),
        }
    } else {
        entry.name.clone()
    };
    let author = entry.author.code();
    let id = format!("entry-{}", entry.seq);
    match entry.kind {
        EntryKind::Message => view! {
            <li class="said" data-author=author>
                <p class="said__by"><strong>{name}</strong>" "<span class="soft numbers">{time}</span></p>
                <p class="said__text">{entry.body.clone()}</p>
                <Files desk entry/>
            </li>
        }
        .into_any(),
        EntryKind::Note => view! {
            <li class="said said--note" id=id>
                <p class="said__by"><strong>{desk.filled(|w| &w.talk.note_by, &[("name", &name)])}</strong>" "<span class="soft numbers">{time}</span></p>
                <p class="said__text">{entry.body.clone()}</p>
                <p class="said__unseen soft">{desk.word(|w| &w.talk.unseen)}</p>
                <Files desk entry/>
            </li>
        }
        .into_any(),
        EntryKind::Delivered | EntryKind::Read => ().into_any(),
        _ => {
            let what = happened(desk, &entry, &name);
            let summary = Some(entry.body).filter(|body| !body.is_empty());
            let is_summary = entry.kind == EntryKind::Transferred;
            view! {
                <li class="happened" data-kind=entry.kind.code()>
                    <p class="happened__what">{what}" "<span class="numbers">{time}</span></p>
                    {summary.map(|summary| view! {
                        <p class="happened__said">{is_summary.then(|| view! { <strong>{desk.word(|w| &w.talk.summary_was)}": "</strong> })}{summary}</p>
                    })}
                </li>
            }
            .into_any()
        }
    }
}

fn happened(desk: Desk, entry: &Entry, name: &str) -> String {
    let to = entry.to.clone().unwrap_or_default();
    match entry.kind {
        EntryKind::Opened => desk.filled(|w| &w.talk.opened, &[("name", &name)]),
        EntryKind::Assigned => desk.filled(|w| &w.talk.assigned, &[("to", &to)]),
        EntryKind::Released => desk.word(|w| &w.talk.released),
        EntryKind::Transferred => desk.filled(|w| &w.talk.transferred, &[("name", &name), ("to", &to)]),
        EntryKind::Closed => desk.filled(|w| &w.talk.was_closed, &[("name", &name)]),
        EntryKind::Reopened => desk.word(|w| &w.talk.reopened),
        EntryKind::Rated => desk.filled(|w| &w.talk.rated, &[("rating", &entry.rating.unwrap_or_default())]),
        EntryKind::Details | EntryKind::Message | EntryKind::Note | EntryKind::Delivered | EntryKind::Read => {
            desk.filled(|w| &w.talk.changed, &[("name", &name)])
        }
    }
}

#[component]
fn Files(desk: Desk, entry: Entry) -> impl IntoView {
    let files = entry.attachments.into_iter().map(move |file| {
        let address = file.address();
        let label = desk.filled(|w| &w.talk.file, &[("name", &file.name)]);
        if file.is_picture() {
            let picture = address.clone();
            view! { <li><a href=address target="_blank"><img class="said__picture" src=picture alt=label loading="lazy"/></a></li> }
                .into_any()
        } else {
            view! { <li><a href=address target="_blank">{label}</a></li> }.into_any()
        }
    });
    let files = files.collect::<Vec<_>>();
    (!files.is_empty()).then(|| view! { <ul class="said__files">{files}</ul> })
}

#[component]
fn OnItsWay(desk: Desk, pending: Pending) -> impl IntoView {
    let id = pending.client_id;
    let files = pending.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", ");
    let state = match pending.refused {
        None => view! { <p class="said__by soft">{desk.word(|w| &w.talk.sending)}</p> }.into_any(),
        Some(why) => view! {
            <p class="said__refused" role="alert">{desk.word(|w| &w.talk.not_sent)}": "{why}</p>
            <button class="button button--text" type="button" on:click=move |_| desk.send_again(id)>{desk.word(|w| &w.talk.again)}</button>
        }
        .into_any(),
    };
    view! {
        <li class="said said--pending" class:said--note=pending.note data-author="staff">
            <p class="said__text">{pending.body}</p>
            {(!files.is_empty()).then(|| view! { <p class="said__by">{files}</p> })}
            {state}
        </li>
    }
}
