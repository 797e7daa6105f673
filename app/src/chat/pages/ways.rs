//! What is asked beside the talking, each a form of its own: an address, how it was, a copy, the end, another question.

use super::{Refused, queried};
use crate::{chat::words::ChatWords, fill::fill, forms::written};
use domain::{
    Language,
    chat::{Conversation, ConversationState, Reception},
};
use leptos::prelude::*;

#[component]
pub(super) fn Ways(
    conversation: Conversation,
    reception: Reception,
    said: ChatWords,
    language: Language,
    refused: Option<Refused>,
) -> impl IntoView {
    let closed = conversation.state == ConversationState::Closed;
    let refused = refused.as_ref();
    let wants_address = reception.agents == 0 && !closed && conversation.email.is_empty();
    let address_refused = Refused::of(refused, "address");
    let leave = (wants_address || address_refused.is_some())
        .then(|| view! { <LeaveAddress conversation=conversation.clone() said=said.clone() refused=address_refused/> });
    let rating = conversation
        .may_be_rated
        .then(|| view! { <Rating conversation=conversation.clone() said=said.clone() refused=Refused::of(refused, "rate")/> });
    let id = conversation.id.to_string();
    let end = (!closed).then(|| {
        view! {
            <form method="post" action="/api/chat/end" id="end">
                <input type="hidden" name="conversation" value=id.clone()/>
                <button class="button button--quiet" type="submit">{said.talk.end.clone()}</button>
            </form>
        }
    });
    view! {
        <News conversation=conversation.clone() said=said.clone()/>
        {leave}
        {rating}
        <Copy conversation said=said.clone() refused=Refused::of(refused, "copy")/>
        <div class="cluster">
            {end}
            <a class="button button--quiet" href=format!("/{language}/chat?new=1")>{said.talk.anew.clone()}</a>
        </div>
    }
}

/// What the form that led here has done.
#[component]
fn News(conversation: Conversation, said: ChatWords) -> impl IntoView {
    let was = |name| queried(name).is_some();
    let sentence = if was("rated") {
        Some(said.rate.thanks)
    } else if was("copied") {
        Some(if conversation.email.is_empty() {
            said.talk.copy_on_its_way
        } else {
            fill(&said.talk.copy_sent, &[("email", &conversation.email)])
        })
    } else if was("left") && !conversation.email.is_empty() {
        Some(fill(&said.leave.left, &[("email", &conversation.email)]))
    } else {
        None
    };
    sentence.map(|sentence| view! { <p class="notice" data-kind="good" role="status" id="news">{sentence}</p> })
}

#[component]
fn LeaveAddress(conversation: Conversation, said: ChatWords, refused: Option<Refused>) -> impl IntoView {
    view! {
        <form class="notice stack chat-page__form" method="post" action="/api/chat/leave-address" id="address">
            <h2>{said.leave.title.clone()}</h2>
            <p>{said.leave.text.clone()}</p>
            <Address conversation said=said.clone() refused id="left-address"/>
            <div><button class="button" type="submit">{said.leave.send.clone()}</button></div>
        </form>
    }
}

#[component]
fn Copy(conversation: Conversation, said: ChatWords, refused: Option<Refused>) -> impl IntoView {
    let open = refused.is_some();
    view! {
        <details class="trouble__case chat-page__form" id="copy" open=open>
            <summary>{said.talk.copy.clone()}</summary>
            <form class="stack" method="post" action="/api/chat/transcript">
                <Address conversation said=said.clone() refused id="copy-address"/>
                <div><button class="button button--quiet" type="submit">{said.talk.copy_send.clone()}</button></div>
            </form>
        </details>
    }
}

#[component]
fn Address(conversation: Conversation, said: ChatWords, refused: Option<Refused>, id: &'static str) -> impl IntoView {
    let invalid = refused.is_some().to_string();
    let (sentence, typed) = refused.map(|refused| (refused.sentence, refused.typed)).unzip();
    let value = typed.unwrap_or(conversation.email);
    view! {
        <input type="hidden" name="conversation" value=conversation.id.to_string()/>
        <div class="field">
            <label for=id>{said.begin.email.clone()}</label>
            <input id=id name="email" type="email" autocomplete="email" autocapitalize="none" spellcheck="false" required value=value
                aria-invalid=invalid aria-describedby=format!("{id}-error")/>
            <p class="field__error" id=format!("{id}-error")>{sentence}</p>
        </div>
    }
}

#[component]
fn Rating(conversation: Conversation, said: ChatWords, refused: Option<Refused>) -> impl IntoView {
    let choices = said.ratings().map(|(number, word)| {
        view! {
            <label class="chat-rate__choice">
                <input type="radio" name="rating" value=number.to_string() required/>
                <span class="chat-rate__number">{number}</span>
                <span class="small">{word.clone()}</span>
            </label>
        }
    });
    let choices = choices.into_iter().collect_view();
    let (sentence, typed) = refused.map(|refused| (refused.sentence, refused.typed)).unzip();
    view! {
        <form class="notice stack chat-page__form" method="post" action="/api/chat/rate" id="rate">
            <input type="hidden" name="conversation" value=conversation.id.to_string()/>
            <fieldset aria-describedby="rate-error">
                <legend class="chat-rate__title">{said.rate.title.clone()}</legend>
                <p class="small">{said.rate.text.clone()}</p>
                <div class="chat-rate">{choices}</div>
            </fieldset>
            <p class="field__error" id="rate-error">{sentence}</p>
            <div class="field">
                <label for="comment">{said.rate.comment.clone()}" "<span class="optional">{said.begin.optional.clone()}</span></label>
                <textarea id="comment" name="comment" rows="2" maxlength="2000" inner_html=written(&typed.unwrap_or_default())></textarea>
            </div>
            <div><button class="button" type="submit">{said.rate.send.clone()}</button></div>
        </form>
    }
}
