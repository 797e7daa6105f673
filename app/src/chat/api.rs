//! What shoppers do in a conversation where there is no socket: forms with scripts off, and the panel where a socket
//! cannot be opened. With scripts off each leads to the conversation's page, which says what was refused.

#[cfg(feature = "ssr")]
use super::answer;
use super::words::ChatWords;
use crate::{
    boundary::{AppError, Never},
    lasting::Lasting,
};
use domain::{
    chat::{ChatRefusal, Conversation, Entry, Reception},
    ids::ConversationId,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;
use uuid::Uuid;

/// What the panel needs to begin or to go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Greeting {
    pub words: ChatWords,
    /// Its times local at the workshop.
    pub reception: Reception,
    #[serde(with = "domain_date")]
    pub today: time::Date,
    /// The one that changed last.
    pub conversation: Option<Conversation>,
    /// As given before.
    pub name: String,
    pub email: String,
    /// Somebody with an account: name and address need not be asked.
    pub has_account: bool,
    /// That the chat is closed to this person, where it is.
    pub blocked: Option<String>,
}

/// A conversation and what its log holds beyond a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    pub conversation: Conversation,
    /// Nothing where the number is none of this log's.
    pub entries: Option<Vec<Entry>>,
}

/// The first question as typed, and what is known with it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Question {
    pub body: String,
    pub topic: String,
    pub name: String,
    pub email: String,
    /// Where in the shop.
    pub page: String,
    /// The number of the order it is about, and the token of its link.
    pub order: String,
    pub t: String,
}

/// Who is there, and this browser's last conversation.
#[server(endpoint = "chat/hello", input = GetUrl)]
pub async fn hello() -> Result<Greeting, AppError<Never>> {
    use crate::request;
    let (shop, language, now) = (request::shop(), request::language(), request::now());
    let conversation = shop::chat::mine(&shop, answer::who()).await?.into_iter().next();
    let (name, email) = conversation.as_ref().map(|known| (known.name.clone(), known.email.clone())).unwrap_or_default();
    let words = ChatWords::of(language);
    let blocked = shop::chat::blocked(&shop, answer::who(), now).await?;
    Ok(Greeting {
        blocked: blocked.map(|until| words.closed_to_you(until.map(|at| shop.settings.local(at)), language)),
        words,
        reception: answer::local(&shop, shop::chat::reception(&shop, now).await?),
        today: shop.settings.local(now).date(),
        conversation,
        name,
        email,
        has_account: request::actor().customer().is_some(),
    })
}

/// How many messages wait to be read.
#[server(endpoint = "chat/unread", input = GetUrl)]
pub async fn unread() -> Result<u32, AppError<Never>> {
    Ok(answer::unread().await?)
}

/// Begins a conversation. `client_id` and `message_client_id` are made at random once for each form: sent twice, it begins once.
#[server(endpoint = "chat/open", client = Lasting)]
pub async fn open(
    client_id: Uuid,
    message_client_id: Uuid,
    #[server(flatten)] question: Question,
) -> Result<Conversation, AppError<ChatRefusal>> {
    answer::open(client_id, message_client_id, question).await
}

/// Says something; the number it has in the log. `attachments` are ids with commas between them.
#[server(endpoint = "chat/say", client = Lasting)]
pub async fn say(
    conversation: ConversationId,
    client_id: Uuid,
    body: String,
    #[server(default)] attachments: String,
) -> Result<u64, AppError<ChatRefusal>> {
    use crate::request;
    use shop::chat::Post;
    let attachments = attachments.split(',').filter_map(|id| id.parse().ok()).collect();
    let post = Post { client_id, body: body.clone(), attachments, note: false };
    match shop::chat::post(&request::shop(), answer::who(), conversation, post, request::now()).await {
        Ok(seq) => {
            crate::forms::go(&answer::page(&[], "#last"));
            Ok(seq)
        }
        Err(failure) => Err(answer::failed(failure.into(), "say", &[("typed", &body)])),
    }
}

/// What was said after a number, and how the conversation stands.
#[server(endpoint = "chat/hear", input = GetUrl)]
pub async fn hear(conversation: ConversationId, after: u64) -> Result<Heard, AppError<ChatRefusal>> {
    use crate::request;
    let (shop, who) = (request::shop(), answer::who());
    let entries = shop::chat::entries(&shop, who, conversation, after, answer::MOST_AT_ONCE).await?;
    Ok(Heard { conversation: shop::chat::conversation(&shop, who, conversation).await?, entries: entries.map(|entries| entries.entries) })
}

/// Everything up to `seq` was seen.
#[server(endpoint = "chat/read", client = Lasting)]
pub async fn read(conversation: ConversationId, seq: u64) -> Result<(), AppError<ChatRefusal>> {
    use crate::request;
    Ok(shop::chat::read(&request::shop(), answer::who(), conversation, seq, request::now()).await?)
}

#[server(endpoint = "chat/leave-address", client = Lasting)]
pub async fn leave_address(conversation: ConversationId, email: String) -> Result<(), AppError<ChatRefusal>> {
    use crate::request;
    let done = shop::chat::leave_address(&request::shop(), answer::who(), conversation, &email, request::now()).await;
    answer::done(done, "address", &[("left", "1")], &[("typed", &email)])
}

#[server(endpoint = "chat/end", client = Lasting)]
pub async fn end(conversation: ConversationId) -> Result<(), AppError<ChatRefusal>> {
    use crate::request;
    let done = shop::chat::close_by_shopper(&request::shop(), answer::who(), conversation, request::now()).await;
    answer::done(done, "end", &[], &[])
}

/// `rating` from one to five; nothing chosen is refused.
#[server(endpoint = "chat/rate", client = Lasting)]
pub async fn rate(
    conversation: ConversationId,
    #[server(default)] rating: Option<u8>,
    #[server(default)] comment: String,
) -> Result<(), AppError<ChatRefusal>> {
    use crate::request;
    let typed: [(&str, &str); 1] = [("typed", &comment)];
    let Some(rating) = rating.filter(|rating| (1..=5).contains(rating)) else {
        return answer::done(Err(shop::Failure::Refused(ChatRefusal::Empty)), "rate", &[], &typed);
    };
    let done = shop::chat::rate(&request::shop(), answer::who(), conversation, rating, &comment, request::now()).await;
    answer::done(done, "rate", &[("rated", "1")], &typed)
}

/// Sends everything that was said to `email`, which the conversation has from now on; to its address where none is given.
#[server(endpoint = "chat/transcript", client = Lasting)]
pub async fn transcript(conversation: ConversationId, #[server(default)] email: String) -> Result<(), AppError<ChatRefusal>> {
    use crate::request;
    let (shop, who, now) = (request::shop(), answer::who(), request::now());
    let given = match email.trim() {
        "" => Ok(()),
        email => shop::chat::leave_address(&shop, who, conversation, email, now).await,
    };
    let done = match given {
        Ok(()) => shop::chat::transcript(&shop, who, conversation, now).await,
        refused => refused,
    };
    answer::done(done, "copy", &[("copied", "1")], &[("typed", &email)])
}

/// Dates on the wire, as days since the beginning of our era.
mod domain_date {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use time::Date;

    pub(super) fn serialize<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i32(date.to_julian_day())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        Date::from_julian_day(i32::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
