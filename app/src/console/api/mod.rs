//! What the console's forms and its island call. Every change is a form that leads back to where it was.

mod block;
mod contact;
mod lists;
mod order;
mod rules;
mod score;
mod scripts;
mod talk;

pub use block::{BlockShopper, UnblockShopper, block_shopper, unblock_shopper};
pub use contact::{NoteContact, note_contact};
pub use lists::{Lists, fetch_lists};
pub use order::{CancelOrder, ChangeAddress, GiveBack, ResendMail, cancel_order, change_address, give_back, resend_mail};
pub use rules::{
    AddRule, DeleteTemplate, RaiseRule, RemoveRule, SaveTemplate, add_rule, delete_template, raise_rule, remove_rule, save_template,
};
pub use score::{SaveScore, save_score};
pub use scripts::{FollowScript, RetireScript, SaveScript, StartScript, follow_script, retire_script, save_script, start_script};
pub use talk::{
    CloseConversation, ReleaseConversation, SetDetails, SetPresence, TakeConversation, TransferConversation, close_conversation,
    release_conversation, set_details, set_presence, take_conversation, transfer_conversation,
};

#[cfg(feature = "ssr")]
pub(super) use lists::load;
