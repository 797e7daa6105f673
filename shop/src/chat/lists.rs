//! x
use crate::{Actor, Outcome, Shop};
use super::{Who, Visitor};
use domain::{Language, chat::*, ids::*, token::Token};
use time::OffsetDateTime;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    pub state: Option<ConversationState>,
    pub whose: Whose,
    pub topic: Option<Topic>,
    pub priority: Option<Priority>,
    pub language: Option<Language>,
}
/// Waiting for somebody, the oldest first within priority.
pub async fn queue(shop: &Shop, actor: &Actor, now: OffsetDateTime) -> Outcome<Vec<Listed>, ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
/// One's own open ones: who waits longest first, then those that changed last.
pub async fn own(shop: &Shop, actor: &Actor, now: OffsetDateTime) -> Outcome<Vec<Listed>, ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
pub async fn all(shop: &Shop, actor: &Actor, filter: &Filter, after: Option<Place>) -> Outcome<Page, ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
/// By number, name, address, order or anything said in it.
pub async fn search(shop: &Shop, actor: &Actor, text: &str) -> Outcome<Vec<Listed>, ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
