//! Conversations and what is said on the wire about them. A conversation is one numbered log: messages, marks,
//! assignments and changes of state share the numbers, so that whoever has the last number has everything.

mod desk;
mod mention;

pub use desk::{Colleague, CustomerCard, DetailsChange, Listed, OrderCard, Page, Place, PresenceState, StaffConversation, Whose};
pub use mention::{Mention, begins_name, called};

use crate::{
    Language,
    ids::{AttachmentId, ConversationId},
    states::states,
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

/// The longest message, in characters.
pub const MOST_CHARACTERS: usize = 4000;
/// The largest file, in bytes.
pub const MOST_BYTES: usize = 8 * 1024 * 1024;
/// The most files of one message.
pub const MOST_ATTACHMENTS: usize = 5;
/// The longest name, address, reason or summary, in characters.
pub const MOST_OF_A_LINE: usize = 500;
/// How often a browser sends its heartbeat, in seconds; the first one comes at random within this time.
pub const HEARTBEAT: u32 = 25;
/// How long the answer to a heartbeat may take, in seconds: after that the link is dead.
pub const PATIENCE: u32 = 10;

/// Codes with which the server closes a socket, of RFC 6455 where it has one.
pub mod close {
    /// The server restarts: come again, after a random moment.
    pub const RESTART: u16 = 1012;
    /// Something went wrong here, or you read too slowly: come again and resume.
    pub const AGAIN: u16 = 1013;
    /// Nothing was heard for too long.
    pub const SILENT: u16 = 4000;
    /// Who you are holds no more: load the page anew.
    pub const STRANGER: u16 = 4001;
}

states! {
    /// Where a conversation stands.
    ConversationState {
        /// Nobody of the staff has it.
        Queued = "queued",
        Assigned = "assigned",
        Closed = "closed",
    }
}

states! {
    Priority {
        Low = "low",
        Normal = "normal",
        High = "high",
        Urgent = "urgent",
    }
}

states! {
    /// How a contact came in.
    Channel {
        Chat = "chat",
        Mail = "mail",
        Phone = "phone",
        Counter = "counter",
        Letter = "letter",
        Fax = "fax",
    }
}

states! {
    /// What a conversation is about: chosen by the shopper, put right by the agent.
    Topic {
        Order = "order",
        Delivery = "delivery",
        Product = "product",
        Payment = "payment",
        Returns = "returns",
        Complaint = "complaint",
        Other = "other",
    }
}

states! {
    Author {
        Shopper = "shopper",
        Staff = "staff",
        System = "system",
    }
}

states! {
    EntryKind {
        Message = "message",
        /// Among staff: shoppers never receive it.
        Note = "note",
        Opened = "opened",
        Assigned = "assigned",
        /// Given back to the queue.
        Released = "released",
        Transferred = "transferred",
        /// Name, address, order or topic became known.
        Details = "details",
        Closed = "closed",
        Reopened = "reopened",
        Rated = "rated",
        /// Everything up to `upto` reached the author's side.
        Delivered = "delivered",
        /// Everything up to `upto` was seen on the author's side.
        Read = "read",
    }
}

impl EntryKind {
    /// What only staff receive. Its number stays in the shopper's log, so that the log has no gaps to fetch.
    #[must_use]
    pub const fn is_internal(self) -> bool {
        matches!(self, Self::Note)
    }
}

/// One entry of a conversation's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub seq: u64,
    pub kind: EntryKind,
    pub author: Author,
    /// The author's name as it was then; empty where the shopper gave none.
    #[serde(default)]
    pub name: String,
    /// What was said; empty for an internal entry that a shopper receives.
    #[serde(default)]
    pub body: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// Of a message: the random id its client gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<Uuid>,
    /// Of a rating: one to five. What was said with it is the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<u8>,
    /// Of an assignment or a transfer: who has it now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Of a mark: up to which number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upto: Option<u64>,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

impl Entry {
    /// As the shopper receives it: what is said among staff is left out, its number is not.
    #[must_use]
    pub fn for_shopper(mut self) -> Self {
        let among_staff = matches!(self.kind, EntryKind::Transferred | EntryKind::Closed | EntryKind::Released | EntryKind::Details)
            && self.author != Author::Shopper;
        if self.kind.is_internal() || among_staff {
            self.body.clear();
            self.attachments.clear();
        }
        if self.kind.is_internal() {
            self.name.clear();
            self.client_id = None;
        }
        self
    }
}

/// A stretch of a conversation's log, in order and without a gap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entries {
    pub entries: Vec<Entry>,
    /// The log's last number: where it is beyond the last entry, more follow.
    pub last: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub id: AttachmentId,
    pub name: String,
    pub media_type: String,
    /// Bytes.
    pub size: u32,
}

impl Attachment {
    /// Where who belongs to the conversation can fetch it.
    #[must_use]
    pub fn address(&self) -> String {
        format!("/chat/files/{}", self.id)
    }

    #[must_use]
    pub fn is_picture(&self) -> bool {
        self.media_type.starts_with("image/")
    }
}

/// What a browser says on the socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Ask {
    /// After connecting, and whenever a number is missing: everything after `after`, and what comes from now on.
    Resume {
        conversation: ConversationId,
        after: u64,
    },
    /// No more of this conversation.
    Leave {
        conversation: ConversationId,
    },
    Post {
        conversation: ConversationId,
        /// Made at random by the client; the same again gets the first answer again.
        client_id: Uuid,
        body: String,
        #[serde(default)]
        attachments: Vec<AttachmentId>,
        /// A note among staff. Shoppers cannot write any.
        #[serde(default)]
        note: bool,
    },
    Typing {
        conversation: ConversationId,
    },
    Delivered {
        conversation: ConversationId,
        seq: u64,
    },
    Read {
        conversation: ConversationId,
        seq: u64,
    },
    /// The heartbeat: a dead link gives no `Pong`.
    Ping,
}

/// What the server says on the socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Tell {
    /// In order, without gaps from the number that was asked for. `last` is the log's last number: where it is beyond
    /// the last entry, more follow.
    Entries {
        conversation: ConversationId,
        entries: Vec<Entry>,
        last: u64,
    },
    /// Your message is kept, for ever, under this number.
    Posted {
        conversation: ConversationId,
        client_id: Uuid,
        seq: u64,
    },
    Refused {
        conversation: ConversationId,
        #[serde(default)]
        client_id: Option<Uuid>,
        why: ChatRefusal,
    },
    /// The number you have is none of this log's: forget it and resume from 0.
    Reset {
        conversation: ConversationId,
    },
    /// The other side is writing. Never kept.
    Typing {
        conversation: ConversationId,
        name: String,
    },
    /// Something in the lists of conversations changed: staff only.
    Lists,
    Pong,
}

/// Why something about a conversation was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatRefusal {
    #[error("no such conversation, or not yours")]
    NoSuchConversation,
    #[error("nothing was written")]
    Empty,
    #[error("too long: at most {MOST_CHARACTERS} characters")]
    TooLong,
    #[error("that is no mail address")]
    NotAnAddress,
    #[error("files of this type are not taken: pictures and PDF are")]
    WrongType,
    #[error("the file is too large")]
    TooLarge,
    #[error("too many files in one message")]
    TooManyFiles,
    #[error("too fast: wait a moment")]
    TooFast,
    #[error("it was closed meanwhile")]
    Closed,
    #[error("somebody else took it")]
    TakenByAnother,
    #[error("whoever takes over needs a summary")]
    SummaryMissing,
    #[error("it cannot be closed without a reason")]
    ReasonMissing,
    #[error("they have as many conversations as they can take")]
    AtCap,
    #[error("it is not yours to rate, or the shop closed it by itself")]
    NotToBeRated,
    #[error("this needs another role")]
    NotAllowed,
    #[error("no such person, or they are not at work")]
    NoSuchPerson,
    #[error("no such file, or sent already")]
    NoSuchFile,
    #[error("no such order, or not yours")]
    NoSuchOrder,
    #[error("the chat is closed to this person")]
    Blocked,
}

/// A conversation as its shopper sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    pub id: ConversationId,
    /// What people say aloud.
    pub number: i64,
    pub state: ConversationState,
    pub language: Language,
    pub topic: Topic,
    pub name: String,
    pub email: String,
    /// The order it is about.
    pub order: Option<String>,
    /// Who of the staff has it.
    pub agent: Option<String>,
    pub last_seq: u64,
    /// Up to where the staff's side has received it, and seen it.
    pub staff_delivered: u64,
    pub staff_read: u64,
    pub shopper_read: u64,
    /// The shopper may say how it was: it was closed by a person and not rated yet.
    pub may_be_rated: bool,
    pub rating: Option<u8>,
}

/// Whether somebody is there, said honestly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reception {
    /// People who take conversations now.
    pub agents: u32,
    pub open: bool,
    /// When they are back, where nobody is there now.
    #[serde(with = "time::serde::rfc3339::option")]
    pub opens_at: Option<OffsetDateTime>,
    /// Conversations that wait before a new one.
    pub waiting: u32,
    /// The median of today's and yesterday's first replies, in seconds; none where there were too few to say.
    pub usual_wait: Option<u32>,
}
