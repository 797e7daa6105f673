//! x
use crate::{Actor, Outcome, Shop};
use super::{Who, Visitor};
use domain::{Language, chat::*, ids::*, token::Token};
use time::OffsetDateTime;
use uuid::Uuid;

/// What a shopper begins with.
#[derive(Debug, Clone)]
pub struct OpenConversation {
    /// Random, made by the client: the same opening again finds the same conversation.
    pub client_id: Uuid,
    pub language: Language,
    pub name: String,
    /// Empty: none yet.
    pub email: String,
    pub topic: Topic,
    /// The first message, and its own random id.
    pub body: String,
    pub message_client_id: Uuid,
    /// Where in the shop.
    pub page: String,
    /// The number of the order it is about, and the token of its link.
    pub order: Option<(String, Token)>,
}
pub async fn reception(shop: &Shop, now: OffsetDateTime) -> Outcome<Reception> {
    Err(crate::Fault::new("not yet").into())
}
pub async fn open(shop: &Shop, actor: &Actor, visitor: Visitor, opening: OpenConversation, now: OffsetDateTime) -> Outcome<Conversation, ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
/// This browser's and this customer's, the one that changed last first.
pub async fn mine(shop: &Shop, who: Who) -> Outcome<Vec<Conversation>> {
    Err(crate::Fault::new("not yet").into())
}
pub async fn conversation(shop: &Shop, who: Who, id: ConversationId) -> Outcome<Conversation, ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
