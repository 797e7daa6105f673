//! Hints that a conversation's log grew: the fan-out's sending half. Losing every one delays a message and loses none.

use domain::ids::ConversationId;
use std::sync::Arc;

/// A log reached this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    pub conversation: ConversationId,
    pub seq: u64,
}

/// Sends hints some other way than through the database.
pub trait Publish: Send + Sync {
    fn publish(&self, hint: Hint);
}

/// How hints go out.
#[derive(Clone, Default)]
pub enum Hints {
    /// `NOTIFY`, in the transaction.
    #[default]
    Notify,
    /// After the commit.
    Through(Arc<dyn Publish>),
}
