//! x
use crate::{Actor, Outcome, Shop};
use super::{Who, Visitor};
use domain::{Language, chat::*, ids::*, token::Token};
use time::OffsetDateTime;
use uuid::Uuid;

/// A file as it was stored.
pub struct File { pub attachment: Attachment, pub bytes: Vec<u8> }

pub async fn attach(shop: &Shop, who: Who, conversation: ConversationId, name: &str, bytes: Vec<u8>, now: OffsetDateTime) -> Outcome<Attachment, ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
pub async fn file(shop: &Shop, who: Who, id: AttachmentId) -> Outcome<File, ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
