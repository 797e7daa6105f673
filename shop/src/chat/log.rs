//! x
use crate::{Actor, Outcome, Shop};
use super::{Who, Visitor};
use domain::{Language, chat::*, ids::*, token::Token};
use time::OffsetDateTime;
use uuid::Uuid;

/// At most `limit` entries after a number. `Ok(None)`: the number is beyond the log.
pub async fn entries(shop: &Shop, who: Who, conversation: ConversationId, after: u64, limit: u32) -> Outcome<Option<Entries>, ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
pub async fn last_numbers(shop: &Shop, conversations: &[ConversationId]) -> Outcome<Vec<Hint>> {
    Err(crate::Fault::new("not yet").into())
}
use super::Hint;
