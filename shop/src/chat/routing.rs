//! x
use crate::{Actor, Outcome, Shop};
use super::{Who, Visitor};
use domain::{Language, chat::*, ids::*, token::Token};
use time::OffsetDateTime;
use uuid::Uuid;

pub async fn assign_waiting(shop: &Shop, now: OffsetDateTime) -> Outcome<usize> {
    Err(crate::Fault::new("not yet").into())
}
