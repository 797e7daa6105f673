//! Conversations. Each has one numbered log; a transaction takes the next number under the row's lock, so that number
//! order is commit order, and whoever has the last number has everything.

mod after;
mod answer;
mod blocks;
mod by_mail;
mod contact;
mod desk;
mod files;
mod forget;
mod hints;
mod lists;
mod log;
mod mentions;
mod one;
mod open;
mod presence;
mod routing;
mod scripts;
mod talk;
mod waiting;

pub use after::{close_by_shopper, close_idle, leave_address, rate, transcript};
pub use answer::is_here;
pub(crate) use answer::mail_answers;
pub use blocks::{block, block_of, blocked, blocks, unblock};
pub use by_mail::{Received, receive_mail};
pub use contact::{Contact, note_contact};
pub use desk::{assign, close, release, set_details, take, transfer};
pub(crate) use files::remove_file;
pub use files::{File, attach, check_storage, file, sweep_files};
pub(crate) use forget::{end_for, forget};
pub use hints::{Hint, Hints, News, Publish, Writing, is_writing, notify};
pub use lists::{Filter, all, own, queue, search};
pub use log::{entries, last_numbers, new_entries};
pub use mentions::{mentions, see_mentions};
pub use one::open_one;
pub use open::{OpenConversation, conversation, mine, open, reception};
pub use presence::{keep_presence, presence, present, release_lapsed, set_presence};
pub use routing::assign_waiting;
pub use scripts::{Going, Run, follow_script, script_runs, start_script};
pub use talk::{Post, delivered, post, read};

use crate::Actor;
use domain::ids::{CustomerId, StaffId};
use uuid::Uuid;

/// A shopper's browser, by its signed cookie ([`crate::signing::VISITOR_COOKIE`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Visitor(pub Uuid);

/// On which side of a conversation somebody stands. Staff who look at the shop are shoppers there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Shopper { visitor: Option<Visitor>, customer: Option<CustomerId> },
    Staff(Actor),
}

impl Who {
    #[must_use]
    pub fn shopper(actor: &Actor, visitor: impl Into<Option<Visitor>>) -> Self {
        Self::Shopper { visitor: visitor.into(), customer: actor.customer() }
    }

    #[must_use]
    pub fn staff(actor: &Actor) -> Self {
        Self::Staff(*actor)
    }

    fn staff_id(self) -> Option<StaffId> {
        match self {
            Self::Staff(actor) => actor.staff(),
            Self::Shopper { .. } => None,
        }
    }
}
