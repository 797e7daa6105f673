//! x
use crate::{Actor, Outcome, Shop};
use super::{Who, Visitor};
use domain::{Language, chat::*, ids::*, token::Token};
use time::OffsetDateTime;
use uuid::Uuid;

/// One's own.
pub async fn presence(shop: &Shop, actor: &Actor, now: OffsetDateTime) -> Outcome<PresenceState, ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
/// Away gives one's conversations back.
pub async fn set_presence(shop: &Shop, actor: &Actor, state: PresenceState, now: OffsetDateTime) -> Outcome<(), ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
/// The heartbeat. 
pub async fn keep_presence(shop: &Shop, actor: &Actor, now: OffsetDateTime) -> Outcome<PresenceState, ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
/// Everybody who answers, with their load: for transfers and supervisors.
pub async fn present(shop: &Shop, actor: &Actor, now: OffsetDateTime) -> Outcome<Vec<Colleague>, ChatRefusal> {
    Err(crate::Fault::new("not yet").into())
}
pub async fn release_lapsed(shop: &Shop, now: OffsetDateTime) -> Outcome<usize> {
    Err(crate::Fault::new("not yet").into())
}
