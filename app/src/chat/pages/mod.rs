//! The chat as a page: all of it works with scripts off. Personal: never kept for another reader.

mod begin;
mod conversation;
mod ways;

use super::{
    answer,
    blocked::BlockedNotice,
    widget::{ButtonWords, ChatHere, PLAIN},
    words::ChatWords,
};
use crate::{
    boundary::{AppError, report},
    layout::{Fault, Head},
    request, words,
};
use begin::Begin;
use conversation::{Before, Talk};
use domain::{
    Language,
    chat::{ChatRefusal, Conversation, Entry, Reception},
};
use leptos::prelude::*;
use shop::{Failure, Outcome, chat};
use time::{Date, OffsetDateTime};

/// What a form was refused, and what was typed into it.
#[derive(Debug, Clone)]
pub(super) struct Refused {
    form: String,
    pub(super) sentence: String,
    pub(super) typed: String,
}

impl Refused {
    fn in_query(words: &ChatWords) -> Option<Self> {
        let why = queried("refused")?;
        // Where files are left, the refusal alone is told.
        let bare = || serde_json::from_value(serde_json::Value::String(why.clone())).ok().map(AppError::Refused);
        let error: AppError<ChatRefusal> = serde_json::from_str(&why).ok().or_else(bare)?;
        let form = queried("form").unwrap_or_default();
        // There it means that nothing was chosen.
        let sentence = if form == "rate" && error == AppError::Refused(ChatRefusal::Empty) {
            words.refused.no_rating.clone()
        } else {
            words.sentence(&error)
        };
        Some(Self { form, sentence, typed: queried("typed").unwrap_or_default() })
    }

    pub(super) fn of(refused: Option<&Self>, form: &str) -> Option<Self> {
        refused.filter(|refused| refused.form == form).cloned()
    }
}

/// Everything the page shows.
struct Shown {
    reception: Reception,
    conversation: Option<(Conversation, Vec<Entry>)>,
    /// The chat is closed to this person, and until when.
    blocked: Option<Option<OffsetDateTime>>,
}

/// `/{language}/chat`, with `?order={number}&t={token}` about an order, with `?new=1` for another question.
#[component]
pub fn ChatPage() -> impl IntoView {
    let language = request::language();
    let said = ChatWords::of(language);
    let (title, lead) = (words!(language, chat.title), words!(language, chat.lead));
    let content = Suspend::new(async move {
        match load().await {
            Ok(shown) => view! { <Content shown said language/> }.into_any(),
            Err(fault) => view! { <Fault reference=report(&fault)/> }.into_any(),
        }
    });
    view! {
        <Head title=title.clone() description=lead.clone() listed=false/>
        <div class="wrap chat-page">
            <h1>{title}</h1>
            <Suspense>{content}</Suspense>
            <ChatHere language words=ButtonWords::of(language)/>
        </div>
    }
}

async fn load() -> Result<Shown, shop::Fault> {
    let (shop, who, now) = (request::shop(), answer::who(), request::now());
    let reception = answer::local(&shop, infallible(chat::reception(&shop, now).await)?);
    let blocked = infallible(chat::blocked(&shop, who, now).await)?;
    let newest = infallible(chat::mine(&shop, who).await)?.into_iter().next();
    let Some(conversation) = newest.filter(|_| queried("new").is_none()) else {
        return Ok(Shown { reception, conversation: None, blocked });
    };
    let mut entries: Vec<Entry> = Vec::new();
    loop {
        let after = entries.last().map_or(0, |entry| entry.seq);
        match chat::entries(&shop, who, conversation.id, after, answer::MOST_AT_ONCE).await {
            Ok(Some(more)) if !more.entries.is_empty() => entries.extend(more.entries),
            Ok(_) | Err(Failure::Refused(_)) => break,
            Err(Failure::Fault(fault)) => return Err(fault),
        }
    }
    // Whoever is shown the page has seen it.
    if let Some(last) = entries.iter().rfind(|entry| entry.author == domain::chat::Author::Staff && entry.seq > conversation.shopper_read)
        && let Err(Failure::Fault(fault)) = chat::read(&shop, who, conversation.id, last.seq, now).await
    {
        report(&fault);
    }
    Ok(Shown { reception, conversation: Some((conversation, entries)), blocked })
}

fn infallible<T>(outcome: Outcome<T>) -> Result<T, shop::Fault> {
    outcome.map_err(|failure| match failure {
        Failure::Fault(fault) => fault,
        Failure::Refused(never) => match never {},
    })
}

#[component]
fn Content(shown: Shown, said: ChatWords, language: Language) -> impl IntoView {
    let refused = Refused::in_query(&said);
    let today = today();
    let presence = said.presence(&shown.reception, today, language);
    // Afterwards it would count the shopper's own question among those that wait.
    let wait = if shown.conversation.is_none() { said.wait(&shown.reception) } else { None };
    let there = (shown.reception.agents > 0).to_string();
    let closed = shown.blocked.map(|until| {
        let sentence = said.closed_to_you(until.map(|at| request::shop().settings.local(at)), language);
        view! { <BlockedNotice sentence words=said.blocked.clone() language/> }
    });
    let is_closed = closed.is_some();
    let content = match shown.conversation {
        Some((conversation, entries)) if is_closed => view! { <Before conversation entries said language/> }.into_any(),
        Some((conversation, entries)) => view! { <Talk conversation entries reception=shown.reception said language refused/> }.into_any(),
        None if is_closed => ().into_any(),
        None => view! { <Begin reception=shown.reception said language refused/> }.into_any(),
    };
    view! {
        <div id=PLAIN class="stack">
            <p class="chat-panel__who" data-there=there><strong>{presence}</strong>" "{wait}</p>
            {content}
            {closed}
        </div>
    }
}

fn today() -> Date {
    request::shop().settings.local(request::now()).date()
}

pub(super) fn queried(name: &str) -> Option<String> {
    request::query_pairs().into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}
