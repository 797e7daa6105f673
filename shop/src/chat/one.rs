//! x
use crate::{Actor, Outcome, Shop};
use super::{Who, Visitor};
use domain::{Language, chat::*, ids::*, token::Token};
use time::OffsetDateTime;
use uuid::Uuid;

/// One conversation with its transcript, notes included, the customer, their orders and earlier conversations.
pub async fn open_one(shop: &Shop, actor: &Actor, conversation: ConversationId) -> Outcome<StaffConversation, ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
