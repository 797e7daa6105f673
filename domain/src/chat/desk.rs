//! Conversations as staff sees them: lists, one of them with everything around it, and who is there.

use super::{Channel, ConversationState, Entries, Priority, Topic};
use crate::{
    Language, Money,
    ids::{ConversationId, CustomerId, StaffId},
    orders::{OrderState, PaymentState},
    states::states,
    token::Token,
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

states! {
    /// Whether somebody of the staff takes conversations. Whoever is not heard of is away.
    PresenceState {
        Available = "available",
        /// There, but nothing new is given to them.
        Paused = "paused",
        Away = "away",
    }
}

/// Somebody of the staff who answers shoppers, as colleagues see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    pub id: StaffId,
    pub name: String,
    pub state: PresenceState,
    pub languages: Vec<String>,
    pub skills: Vec<String>,
    /// Open conversations, and the most they take.
    pub load: u32,
    pub cap: u32,
}

/// A conversation in the lists of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    pub id: ConversationId,
    pub number: i64,
    pub channel: Channel,
    pub state: ConversationState,
    pub priority: Priority,
    pub topic: Topic,
    pub language: Language,
    /// As the shopper gave it; both may be empty.
    pub name: String,
    pub email: String,
    pub order: Option<String>,
    pub assigned_to: Option<StaffId>,
    /// The name of whoever has it.
    pub agent: Option<String>,
    /// Since when the shopper waits for an answer.
    #[serde(with = "time::serde::rfc3339::option")]
    pub waiting_since: Option<OffsetDateTime>,
    /// By when they were promised one.
    #[serde(with = "time::serde::rfc3339::option")]
    pub due_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339")]
    pub opened_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub changed_at: OffsetDateTime,
    pub last_seq: u64,
    /// Messages of the shopper that staff has not seen.
    pub unread: u32,
    /// The beginning of what was said last, by shopper or staff.
    pub said_last: String,
}

/// A page of a list, and where the next begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    pub conversations: Vec<Listed>,
    pub next: Option<Place>,
}

/// A place in the list of all conversations: after this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    #[serde(with = "time::serde::rfc3339")]
    pub changed_at: OffsetDateTime,
    pub id: ConversationId,
}

/// Whose conversations a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Whose {
    #[default]
    Everybodys,
    Nobodys,
    Of(StaffId),
}

/// What staff puts right about a conversation; what is `None` stays.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DetailsChange {
    pub topic: Option<Topic>,
    pub priority: Option<Priority>,
    pub name: Option<String>,
    pub email: Option<String>,
    /// The number of the order it is about; empty: of none.
    pub order: Option<String>,
}

/// One conversation with everything that whoever answers has to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffConversation {
    pub conversation: Listed,
    pub page: String,
    pub shopper_delivered: u64,
    pub shopper_read: u64,
    pub staff_read: u64,
    pub rating: Option<u8>,
    pub rating_comment: String,
    pub close_reason: Option<String>,
    /// The end of the log, notes included.
    pub entries: Entries,
    pub customer: Option<CustomerCard>,
    /// Of the same customer or mail address, newest first.
    pub orders: Vec<OrderCard>,
    pub earlier: Vec<Listed>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerCard {
    pub id: CustomerId,
    pub name: String,
    pub email: String,
    pub language: Language,
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderCard {
    pub number: String,
    pub state: OrderState,
    pub payment: PaymentState,
    pub total: Money,
    #[serde(with = "time::serde::rfc3339")]
    pub placed_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub promised_by: OffsetDateTime,
    /// Opens the order's page.
    pub token: Token,
}
