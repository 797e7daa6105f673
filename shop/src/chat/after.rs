//! x
use crate::{Actor, Outcome, Shop};
use super::{Who, Visitor};
use domain::{Language, chat::*, ids::*, token::Token};
use time::OffsetDateTime;
use uuid::Uuid;

/// The address to which answers go when the shopper has left.
pub async fn leave_address(shop: &Shop, who: Who, conversation: ConversationId, email: &str, now: OffsetDateTime) -> Outcome<(), ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
/// Once for each closing by a person.
pub async fn rate(shop: &Shop, who: Who, conversation: ConversationId, rating: u8, comment: &str, now: OffsetDateTime) -> Outcome<(), ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
pub async fn close_by_shopper(shop: &Shop, who: Who, conversation: ConversationId, now: OffsetDateTime) -> Outcome<(), ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
/// Has everything that was said sent to the conversation's address, or to this one.
pub async fn transcript(shop: &Shop, who: Who, conversation: ConversationId, email: Option<&str>, now: OffsetDateTime) -> Outcome<(), ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
