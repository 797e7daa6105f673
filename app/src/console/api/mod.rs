//! What the console's forms and its island call. Every change is a form that leads back to where it was.

mod contact;
mod lists;
mod order;
mod rules;
mod score;
mod talk;

pub use contact::{NoteContact, note_contact};
pub use lists::{Lists, fetch_lists};
pub use order::{CancelOrder, ChangeAddress, GiveBack, ResendMail, cancel_order, change_address, give_back, resend_mail};
pub use rules::{
    AddRule, DeleteTemplate, RaiseRule, RemoveRule, SaveTemplate, add_rule, delete_template, raise_rule, remove_rule, save_template,
};
pub use score::{SaveScore, save_score};
pub use talk::{
    CloseConversation, PostByForm, ReleaseConversation, SetDetails, SetPresence, TakeConversation, TransferConversation,
    close_conversation, post_by_form, release_conversation, set_details, set_presence, take_conversation, transfer_conversation,
};

#[cfg(feature = "ssr")]
pub(super) use lists::load;
