//! Keeping somebody from writing, and letting them again.

use crate::boundary::AppError;
use domain::{
    desk::DeskRefusal,
    ids::{BlockId, ConversationId},
};
use leptos::prelude::*;

/// `days` is empty for as long as nobody lifts it.
#[server(endpoint = "desk/block")]
pub async fn block_shopper(
    conversation: ConversationId,
    #[server(default)] reason: String,
    #[server(default)] days: String,
    #[server(default)] back: String,
) -> Result<(), AppError<DeskRefusal>> {
    use super::talk::typed;
    use crate::{
        console::way::{Way, answer},
        request,
    };
    let done = shop::chat::block(&request::shop(), &request::actor(), conversation, &reason, days.parse().ok(), request::now()).await;
    typed::keep("block", conversation, &reason, done.is_ok()).await;
    answer("block", &Way::of_form(&back).at(conversation), done)
}

/// From beside a conversation, or from the list of everybody who is blocked.
#[server(endpoint = "desk/unblock")]
pub async fn unblock_shopper(block: BlockId, #[server(default)] back: String) -> Result<(), AppError<DeskRefusal>> {
    use crate::{
        console::way::{Way, answer, answer_at},
        forms, request,
    };
    let done = shop::chat::unblock(&request::shop(), &request::actor(), block, request::now()).await;
    if back.is_empty() {
        return answer_at("unblock", |more| format!("/{}/desk/blocked{}", request::language(), forms::query(more)), done);
    }
    answer("unblock", &Way::of_form(&back), done)
}
