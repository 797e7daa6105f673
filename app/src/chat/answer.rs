//! The parts of the chat's answers that only the server needs: who is asking, where a plain form leads, the cookie.

use super::api::Question;
use crate::{boundary::AppError, forms, request};
use domain::{
    chat::{Author, ChatRefusal, Conversation, EntryKind, Reception, Topic},
    token::Token,
};
use http::{HeaderValue, header};
use leptos::prelude::*;
use shop::{
    Outcome, Shop,
    chat::{self, OpenConversation, Visitor, Who},
    signing,
};
use uuid::Uuid;

/// Entries of one answer.
pub(crate) const MOST_AT_ONCE: u32 = 200;
const A_YEAR: u32 = 365 * 24 * 60 * 60;

pub(crate) fn who() -> Who {
    Who::shopper(&request::actor(), request::visitor())
}

pub(crate) async fn open(client_id: Uuid, message_client_id: Uuid, question: Question) -> Result<Conversation, AppError<ChatRefusal>> {
    let (shop, now) = (request::shop(), request::now());
    // A new browser is known by what it made at random, so that a form sent twice begins one conversation.
    let visitor = request::visitor().unwrap_or(Visitor(client_id));
    let opening = |email: &str| OpenConversation {
        client_id,
        language: request::language(),
        name: question.name.clone(),
        email: email.to_owned(),
        topic: Topic::from_code(&question.topic).unwrap_or(Topic::Other),
        body: question.body.clone(),
        message_client_id,
        page: question.page.clone(),
        order: (!question.order.is_empty()).then(|| (question.order.clone(), Token(question.t.clone()))),
    };
    let actor = request::actor();
    match chat::open(&shop, &actor, visitor, opening(&question.email), now).await {
        Ok(conversation) => {
            remember(&shop, visitor);
            forms::go(&page(&[], "#last"));
            Ok(conversation)
        }
        // What was said is kept; the page asks for the address once more.
        Err(shop::Failure::Refused(ChatRefusal::NotAnAddress)) if forms::is_plain() => {
            match chat::open(&shop, &actor, visitor, opening(""), now).await {
                Ok(_) => {
                    remember(&shop, visitor);
                    Err(failed(AppError::Refused(ChatRefusal::NotAnAddress), "address", &[("typed", &question.email)]))
                }
                Err(failure) => Err(failed(failure.into(), "open", &kept(&question))),
            }
        }
        Err(failure) => Err(failed(failure.into(), "open", &kept(&question))),
    }
}

fn kept(question: &Question) -> [(&str, &str); 5] {
    let Question { body, topic, name, order, t, .. } = question;
    [("typed", body), ("topic", topic), ("name", name), ("order", order), ("t", t)]
}

/// How many of the staff's messages this browser has not seen.
pub(crate) async fn unread() -> Outcome<u32> {
    let (shop, who) = (request::shop(), who());
    let Some(conversation) = chat::mine(&shop, who).await?.into_iter().next() else { return Ok(0) };
    let entries = chat::entries(&shop, who, conversation.id, conversation.shopper_read, MOST_AT_ONCE).await;
    let entries = match entries {
        Ok(entries) => entries.map(|entries| entries.entries).unwrap_or_default(),
        // It went to somebody else between the two questions.
        Err(shop::Failure::Refused(_)) => return Ok(0),
        Err(shop::Failure::Fault(fault)) => return Err(fault.into()),
    };
    let of_staff = entries.iter().filter(|entry| entry.kind == EntryKind::Message && entry.author == Author::Staff).count();
    Ok(u32::try_from(of_staff).unwrap_or(u32::MAX))
}

/// With its times as the workshop's clock shows them.
pub(crate) fn local(shop: &Shop, reception: Reception) -> Reception {
    Reception { opens_at: reception.opens_at.map(|at| shop.settings.local(at)), ..reception }
}

/// The cookie by which a browser finds its conversations again.
pub(crate) fn remember(shop: &Shop, visitor: Visitor) {
    let secure = if shop.settings.public_url.starts_with("https://") { "; Secure" } else { "" };
    let value = signing::visitor_cookie(&shop.settings, visitor);
    let cookie = format!("{}={value}; Path=/; Max-Age={A_YEAR}; HttpOnly; SameSite=Lax{secure}", signing::VISITOR_COOKIE);
    if let (Some(response), Ok(cookie)) = (use_context::<leptos_axum::ResponseOptions>(), HeaderValue::from_str(&cookie)) {
        response.append_header(header::SET_COOKIE, cookie);
    }
}

/// Leads back to the conversation, with `news` when it was done and with what was typed when it was not.
pub(crate) fn done(
    done: Outcome<(), ChatRefusal>,
    form: &str,
    news: &[(&str, &str)],
    typed: &[(&str, &str)],
) -> Result<(), AppError<ChatRefusal>> {
    match done {
        Ok(()) => {
            forms::go(&page(news, "#news"));
            Ok(())
        }
        Err(failure) => Err(failed(failure.into(), form, typed)),
    }
}

pub(crate) fn failed(error: AppError<ChatRefusal>, form: &str, typed: &[(&str, &str)]) -> AppError<ChatRefusal> {
    let back = refused_page(request::language(), &error, form, typed);
    forms::fail(error, &back)
}

/// The page on which a form says why it was refused and shows again what was typed.
pub fn refused_page(language: domain::Language, error: &AppError<ChatRefusal>, form: &str, typed: &[(&str, &str)]) -> String {
    let why = serde_json::to_string(error).unwrap_or_default();
    let typed: Vec<(&str, String)> = typed.iter().map(|(key, text)| (*key, forms::carried(text))).collect();
    let pairs: Vec<(&str, &str)> = [("refused", why.as_str()), ("form", form)]
        .into_iter()
        .chain(typed.iter().map(|(key, text)| (*key, text.as_str())))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    format!("/{language}/chat{}#{form}", forms::query(&pairs))
}

pub(crate) fn page(pairs: &[(&str, &str)], fragment: &str) -> String {
    format!("/{}/chat{}{fragment}", request::language(), forms::query(pairs))
}
