//! x
use crate::{Actor, Outcome, Shop};
use super::{Who, Visitor};
use domain::{Language, chat::*, ids::*, token::Token};
use time::OffsetDateTime;
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct Post {
    /// Random, made by the client: the same again gets the first answer again.
    pub client_id: Uuid,
    pub body: String,
    pub attachments: Vec<AttachmentId>,
    /// Among staff.
    pub note: bool,
}
/// Says something; the number it has in the log.
pub async fn post(shop: &Shop, who: Who, conversation: ConversationId, post: Post, now: OffsetDateTime) -> Outcome<u64, ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
/// Everything up to `seq` reached this side.
pub async fn delivered(shop: &Shop, who: Who, conversation: ConversationId, seq: u64, now: OffsetDateTime) -> Outcome<(), ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
/// Everything up to `seq` was seen on this side.
pub async fn read(shop: &Shop, who: Who, conversation: ConversationId, seq: u64, now: OffsetDateTime) -> Outcome<(), ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
