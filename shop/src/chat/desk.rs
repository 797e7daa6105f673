//! x
use crate::{Actor, Outcome, Shop};
use super::{Who, Visitor};
use domain::{Language, chat::*, ids::*, token::Token};
use time::OffsetDateTime;
use uuid::Uuid;

/// Takes a conversation for oneself.
pub async fn take(shop: &Shop, actor: &Actor, conversation: ConversationId, now: OffsetDateTime) -> Outcome<(), ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
/// Supervisors: gives it to somebody.
pub async fn assign(shop: &Shop, actor: &Actor, conversation: ConversationId, to: StaffId, now: OffsetDateTime) -> Outcome<(), ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
pub async fn transfer(shop: &Shop, actor: &Actor, conversation: ConversationId, to: StaffId, summary: &str, now: OffsetDateTime) -> Outcome<(), ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
/// Back to the queue.
pub async fn release(shop: &Shop, actor: &Actor, conversation: ConversationId, now: OffsetDateTime) -> Outcome<(), ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
pub async fn close(shop: &Shop, actor: &Actor, conversation: ConversationId, reason: &str, now: OffsetDateTime) -> Outcome<(), ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
pub async fn set_details(shop: &Shop, actor: &Actor, conversation: ConversationId, change: DetailsChange, now: OffsetDateTime) -> Outcome<(), ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
