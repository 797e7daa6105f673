//! A conversation as a page: everything that was said, and a form to go on.

use super::{Refused, ways::Ways};
use crate::{
    chat::{
        log::{Log, Piece, Way, pieces},
        words::ChatWords,
    },
    fill::fill,
    forms::written,
    request,
};
use domain::{
    Language,
    chat::{Attachment, Author, Conversation, ConversationState, Entry, EntryKind, MOST_CHARACTERS, Reception},
    format,
};
use leptos::prelude::*;

#[component]
pub(super) fn Talk(
    conversation: Conversation,
    entries: Vec<Entry>,
    reception: Reception,
    said: ChatWords,
    language: Language,
    refused: Option<Refused>,
) -> impl IntoView {
    let mut log = Log::of(&conversation);
    log.take(entries);
    let waits = (log.is_unanswered() && conversation.state != ConversationState::Closed)
        .then(|| if reception.agents > 0 { said.talk.waits.clone() } else { said.talk.waits_away.clone() });
    let about =
        conversation.order.as_ref().map(|number| view! { " "<span class="tag">{fill(&said.begin.order, &[("number", number)])}</span> });
    view! {
        <h2 class="order__heading">{fill(&said.talk.number, &[("number", &conversation.number)])}{about}</h2>
        <Lines log said=said.clone() language/>
        {waits.map(|sentence| view! { <p class="soft">{sentence}</p> })}
        <p class="chat-page__refresh">
            <a class="button button--quiet" href=format!("/{language}/chat#last")>{said.talk.refresh.clone()}</a>" "
            <span class="soft small">{fill(&said.talk.updated, &[("time", &format::clock(request::shop().settings.local(request::now()).time()))])}</span>
        </p>
        <Say conversation=conversation.clone() said=said.clone() language refused=Refused::of(refused.as_ref(), "say")/>
        <Ways conversation reception said language refused/>
    }
}

/// What was said, where nothing more can be.
#[component]
pub(super) fn Before(conversation: Conversation, entries: Vec<Entry>, said: ChatWords, language: Language) -> impl IntoView {
    let mut log = Log::of(&conversation);
    log.take(entries);
    view! {
        <h2 class="order__heading">{fill(&said.talk.number, &[("number", &conversation.number)])}</h2>
        <Lines log said language/>
    }
}

#[component]
fn Lines(log: Log, said: ChatWords, language: Language) -> impl IntoView {
    let mut day = None;
    let shop = request::shop();
    let last = log.entries.iter().rfind(|entry| entry.kind == EntryKind::Message).map(|entry| entry.seq);
    let last_mine = log.last_of_shopper().map(|entry| entry.seq);
    let lines: Vec<AnyView> = log
        .entries
        .iter()
        .filter(|entry| entry.kind == EntryKind::Message || said.happening(entry).is_some())
        .map(|entry| {
            let at = shop.settings.local(entry.at);
            let heading = (day.replace(at.date()) != Some(at.date()))
                .then(|| view! { <li class="chat-log__day">{format::day(at.date(), language)}</li> });
            let way = (last_mine == Some(entry.seq)).then(|| match log.way(entry.seq) {
                Way::Sent => said.talk.sent.clone(),
                Way::Delivered => said.talk.delivered.clone(),
                Way::Read => said.talk.read.clone(),
            });
            let id = (last == Some(entry.seq)).then_some("last");
            view! { {heading}<Line entry=entry.clone() clock=format::clock(at.time()) way said=said.clone() id/> }.into_any()
        })
        .collect();
    view! { <div class="chat-log" data-place="page"><ol>{lines}</ol></div> }
}

#[component]
fn Line(entry: Entry, clock: String, way: Option<String>, said: ChatWords, id: Option<&'static str>) -> impl IntoView {
    if entry.kind != EntryKind::Message {
        return view! { <li class="chat-log__event">{said.happening(&entry)}</li> }.into_any();
    }
    let mine = entry.author == Author::Shopper;
    let name = match (mine, entry.name.is_empty()) {
        (true, _) => said.talk.you.clone(),
        (false, true) => said.talk.us.clone(),
        (false, false) => entry.name.clone(),
    };
    let text = pieces(&entry.body).into_iter().map(|piece| match piece {
        Piece::Words(words) => words.into_any(),
        Piece::Link(address) => view! { <a href=address.clone() rel="noopener nofollow">{address.clone()}</a> }.into_any(),
    });
    let files = entry.attachments.into_iter().map(|file| view! { <File file said=said.clone()/> });
    view! {
        <li class="said" data-mine=mine.then_some("true") id=id>
            <p class="said__who">{name}</p>
            <div class="said__what">{(!entry.body.is_empty()).then(|| view! { <p class="said__text">{text.collect_view()}</p> })}{files.collect_view()}</div>
            <p class="said__when">{clock}" "{way}</p>
        </li>
    }
    .into_any()
}

#[component]
fn File(file: Attachment, said: ChatWords) -> impl IntoView {
    let address = file.address();
    if file.is_picture() {
        let alt = fill(&said.talk.picture, &[("name", &file.name)]);
        view! { <a class="said__picture" href=address.clone()><img src=address.clone() alt=alt loading="lazy"/></a> }.into_any()
    } else {
        view! { <a class="said__file" href=address>{file.name}</a> }.into_any()
    }
}

/// Answers and files go together, to an address that takes large forms.
#[component]
fn Say(conversation: Conversation, said: ChatWords, language: Language, refused: Option<Refused>) -> impl IntoView {
    let hint =
        (conversation.state == ConversationState::Closed).then(|| view! { <p class="field__hint">{said.talk.closed_hint.clone()}</p> });
    let invalid = refused.is_some().to_string();
    let (sentence, typed) = refused.map(|refused| (refused.sentence, refused.typed)).unzip();
    view! {
        <form class="panel stack chat-page__form" id="say" method="post" action=format!("/chat/files?conversation={}", conversation.id) enctype="multipart/form-data">
            <input type="hidden" name="next" value=format!("/{language}/chat#last")/>
            <input type="hidden" name="client_id" value=shop::new_id(request::now()).to_string()/>
            <div class="field">
                <label for="message">{said.talk.message.clone()}</label>
                <textarea id="message" name="body" rows="3" maxlength=MOST_CHARACTERS.to_string() aria-describedby="message-error" aria-invalid=invalid inner_html=written(&typed.unwrap_or_default())></textarea>
                {hint}
                <p class="field__error" id="message-error">{sentence}</p>
            </div>
            <div class="field">
                <label for="files">{said.talk.attach_label.clone()}" "<span class="optional">{said.begin.optional.clone()}</span></label>
                <input id="files" name="file" type="file" multiple accept="image/jpeg,image/png,image/webp,image/gif,application/pdf" aria-describedby="files-hint"/>
                <p class="field__hint" id="files-hint">{said.attach_hint()}</p>
            </div>
            <div class="cluster"><button class="button" type="submit">{said.talk.send.clone()}</button></div>
        </form>
    }
}
