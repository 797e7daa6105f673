//! What was said so far, read out as it grows, and what is still on its way.

use super::{
    super::log::{Outgoing, Piece, Way, pieces},
    talk::Talk,
};
use crate::fill::fill;
use domain::{
    chat::{Attachment, Author, Entry, EntryKind},
    format,
};
use leptos::{html::Div, prelude::*};
use time::{OffsetDateTime, UtcOffset};

#[component]
pub(super) fn Transcript(talk: Talk) -> impl IntoView {
    let scroll = NodeRef::<Div>::new();
    // The newest is what one wants to see.
    Effect::new(move |_| {
        talk.log.with(|log| log.entries.len());
        talk.outbox.with(|outbox| outbox.0.len());
        request_animation_frame(move || {
            if let Some(scroll) = scroll.get_untracked() {
                scroll.set_scroll_top(scroll.scroll_height());
            }
        });
    });
    let shown = move || {
        let entries = talk.log.with(|log| log.entries.clone());
        let mut day = None;
        let line = move |entry: Entry| {
            let date = local(entry.at).date();
            let begins = (day.replace(date) != Some(date)).then_some(date);
            (begins, entry)
        };
        entries.into_iter().filter(|entry| is_shown(talk, entry)).map(line).collect::<Vec<_>>()
    };
    view! {
        <div class="chat-log" role="log" aria-live="polite" aria-label=talk.word(|w| &w.talk.log) tabindex="0" node_ref=scroll>
            <ol>
                <For each=shown key=|(_, entry)| entry.seq let:line>
                    {line.0.map(|date| view! { <li class="chat-log__day">{format::day(date, talk.language)}</li> })}
                    <Line talk entry=line.1/>
                </For>
                <For each=move || talk.outbox.get().0 key=|outgoing| (outgoing.client_id, outgoing.refused.is_some(), outgoing.sent) let:outgoing>
                    <OnItsWay talk outgoing/>
                </For>
            </ol>
            <Waits talk/>
        </div>
        <p class="chat-log__writing" aria-live="off">{move || writing(talk)}</p>
    }
}

fn is_shown(talk: Talk, entry: &Entry) -> bool {
    entry.kind == EntryKind::Message || talk.words.with_value(|words| words.happening(entry)).is_some()
}

fn writing(talk: Talk) -> Option<String> {
    let name = talk.writing.get()?;
    Some(if name.is_empty() { talk.word(|w| &w.talk.typing_nobody) } else { fill(&talk.word(|w| &w.talk.typing), &[("name", &name)]) })
}

#[component]
fn Line(talk: Talk, entry: Entry) -> impl IntoView {
    if entry.kind != EntryKind::Message {
        let happening = talk.words.with_value(|words| words.happening(&entry));
        return view! { <li class="chat-log__event">{happening}</li> }.into_any();
    }
    let mine = entry.author == Author::Shopper;
    let name = match (mine, entry.name.is_empty()) {
        (true, _) => talk.word(|w| &w.talk.you),
        (false, true) => talk.word(|w| &w.talk.us),
        (false, false) => entry.name.clone(),
    };
    let seq = entry.seq;
    let way = move || {
        let is_last = talk.log.with(|log| log.last_of_shopper().is_some_and(|last| last.seq == seq));
        is_last.then(|| {
            talk.word(|w| match talk.log.with(|log| log.way(seq)) {
                Way::Sent => &w.talk.sent,
                Way::Delivered => &w.talk.delivered,
                Way::Read => &w.talk.read,
            })
        })
    };
    view! {
        <li class="said" data-mine=mine.then_some("true")>
            <p class="said__who" class:visually-hidden=mine>{name}</p>
            <div class="said__what"><Text text=entry.body/><Files talk files=entry.attachments/></div>
            <p class="said__when">{format::clock(local(entry.at).time())}{mine.then(|| view! { " "<span>{way}</span> })}</p>
        </li>
    }
    .into_any()
}

#[component]
fn OnItsWay(talk: Talk, outgoing: Outgoing) -> impl IntoView {
    let Outgoing { client_id, body, attachments, sent, refused, .. } = outgoing;
    let again = move |_| {
        talk.outbox.update(|outbox| outbox.try_again(client_id));
        talk.send_waiting();
    };
    let state = match refused {
        None => {
            let word = if sent { talk.word(|w| &w.talk.sent) } else { talk.word(|w| &w.talk.sending) };
            view! { <p class="said__when">{word}</p> }.into_any()
        }
        Some(why) => view! {
            <p class="said__when said__refused" role="alert">
                {talk.word(|w| &w.talk.not_sent)}" "{talk.words.with_value(|words| words.refusal(why))}" "
                <button class="button button--text" type="button" on:click=again>{talk.word(|w| &w.talk.again)}</button>" "
                <button class="button button--text" type="button" on:click=move |_| talk.outbox.update(|outbox| outbox.discard(client_id))>
                    {talk.word(|w| &w.talk.discard)}
                </button>
            </p>
        }
        .into_any(),
    };
    view! {
        <li class="said" data-mine="true" data-way="sending">
            <p class="said__who visually-hidden">{talk.word(|w| &w.talk.you)}</p>
            <div class="said__what"><Text text=body/><Files talk files=attachments/></div>
            {state}
        </li>
    }
}

/// Nobody has answered yet: what happens now.
#[component]
fn Waits(talk: Talk) -> impl IntoView {
    let sentence = move || {
        let waits = talk.log.with(|log| !log.entries.is_empty() && log.is_unanswered()) && !talk.is_closed();
        waits.then(|| talk.word(|w| if talk.reception.with(|reception| reception.agents > 0) { &w.talk.waits } else { &w.talk.waits_away }))
    };
    view! { <p class="chat-log__event">{sentence}</p> }
}

#[component]
fn Text(text: String) -> impl IntoView {
    let piece = |piece| match piece {
        Piece::Words(words) => words.into_any(),
        Piece::Link(address) => view! { <a href=address.clone() target="_blank" rel="noopener nofollow">{address.clone()}</a> }.into_any(),
    };
    (!text.is_empty()).then(|| view! { <p class="said__text">{pieces(&text).into_iter().map(piece).collect_view()}</p> })
}

#[component]
fn Files(talk: Talk, files: Vec<Attachment>) -> impl IntoView {
    let file = move |file: Attachment| {
        let address = file.address();
        if file.is_picture() {
            let alt = fill(&talk.word(|w| &w.talk.picture), &[("name", &file.name)]);
            view! { <a class="said__picture" href=address.clone() target="_blank" rel="noopener"><img src=address.clone() alt=alt loading="lazy"/></a> }.into_any()
        } else {
            view! { <a class="said__file" href=address target="_blank" rel="noopener">{file.name}</a> }.into_any()
        }
    };
    files.into_iter().map(file).collect_view()
}

/// As the reader's own clock shows it.
fn local(at: OffsetDateTime) -> OffsetDateTime {
    #[allow(clippy::cast_precision_loss)]
    let milliseconds = (at.unix_timestamp() * 1000) as f64;
    let date = js_sys::Date::new(&milliseconds.into());
    #[allow(clippy::cast_possible_truncation)]
    let minutes = -date.get_timezone_offset() as i32;
    UtcOffset::from_whole_seconds(minutes * 60).map_or(at, |offset| at.to_offset(offset))
}
