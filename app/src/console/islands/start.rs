//! What the server hands the console's island over with.

use crate::console::api::Lists;
use domain::{
    Language,
    chat::{Colleague, Entries, Listed, PresenceState},
    ids::{ConversationId, StaffId},
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Start {
    pub language: Language,
    pub me: StaffId,
    pub my_name: String,
    /// Supervisors move everybody's conversations.
    pub supervises: bool,
    pub tabs: Vec<Tab>,
    pub search: String,
    /// The place in the console, as forms carry it.
    pub back: String,
    /// The address of a conversation in this list, without its id.
    pub row: String,
    /// The address of the lists, without a search.
    pub cleared: String,
    /// The address of older ones.
    pub older: Option<String>,
    pub lists: Lists,
    pub presence: PresenceState,
    pub load: u32,
    pub cap: u32,
    pub colleagues: Vec<Colleague>,
    pub open: Option<Open>,
    pub texts: Vec<Text>,
    pub typed: Typed,
    /// Of the plain form's message.
    pub key: Uuid,
    pub notice: Option<Notice>,
    #[serde(with = "time::serde::rfc3339")]
    pub now: OffsetDateTime,
    /// Of the workshop's clock from UTC, in seconds.
    pub offset: i32,
}

/// One of the lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tab {
    /// `own`, `queue` or `all`.
    pub code: String,
    pub address: String,
    pub current: bool,
}

/// The conversation that is open.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Open {
    pub conversation: Listed,
    pub page: String,
    pub shopper_delivered: u64,
    pub shopper_read: u64,
    pub entries: Entries,
}

/// A template, its places taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    pub shortcut: String,
    pub title: String,
    pub body: String,
    pub calm: bool,
    /// The page with this text in the field, for who has no scripts.
    pub address: String,
}

/// What was typed and is not sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Typed {
    pub post: String,
    pub transfer_to: Option<StaffId>,
    pub summary: String,
    pub close: String,
}

/// What became of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub form: String,
    pub sentence: String,
    pub refused: bool,
}

impl Start {
    pub(super) fn conversation(&self) -> Option<ConversationId> {
        self.open.as_ref().map(|open| open.conversation.id)
    }
}
