//! Taking, passing on and closing conversations, and saying whether one is there.

use crate::boundary::AppError;
use domain::{chat::ChatRefusal, ids::ConversationId};
use leptos::prelude::*;

#[server(endpoint = "desk/take")]
pub async fn take_conversation(conversation: ConversationId, #[server(default)] back: String) -> Result<(), AppError<ChatRefusal>> {
    use crate::{
        console::way::{ListKind, Way, answer},
        request,
    };
    let done = shop::chat::take(&request::shop(), &request::actor(), conversation, request::now()).await;
    let way = Way::of_form(&back).at(conversation);
    // Whoever took it finds it among their own.
    let way = if done.is_ok() { way.listing(ListKind::Own) } else { way };
    answer("take", &way, done)
}

#[server(endpoint = "desk/release")]
pub async fn release_conversation(conversation: ConversationId, #[server(default)] back: String) -> Result<(), AppError<ChatRefusal>> {
    use crate::{
        console::way::{Way, answer},
        request,
    };
    let done = shop::chat::release(&request::shop(), &request::actor(), conversation, request::now()).await;
    answer("release", &Way::of_form(&back).at(conversation), done)
}

#[server(endpoint = "desk/transfer")]
pub async fn transfer_conversation(
    conversation: ConversationId,
    #[server(default)] to: String,
    #[server(default)] summary: String,
    #[server(default)] back: String,
) -> Result<(), AppError<ChatRefusal>> {
    use crate::{
        console::way::{Way, answer},
        request,
    };
    use domain::ids::StaffId;
    let (shop, actor, now) = (request::shop(), request::actor(), request::now());
    let done = match to.parse::<StaffId>() {
        Ok(to) => shop::chat::transfer(&shop, &actor, conversation, to, &summary, now).await,
        // Who takes over is asked for first; what they need to know comes with it.
        Err(_) => Err(shop::Failure::Refused(ChatRefusal::NoSuchPerson)),
    };
    let typed = serde_json::json!({ "to": to, "summary": summary }).to_string();
    typed::keep("transfer", conversation, &typed, done.is_ok()).await;
    answer("transfer", &Way::of_form(&back).at(conversation), done)
}

/// `reason` is one of the usual ones, `more` is said with it or instead of it.
#[server(endpoint = "desk/close")]
pub async fn close_conversation(
    conversation: ConversationId,
    #[server(default)] reason: String,
    #[server(default)] more: String,
    #[server(default)] back: String,
) -> Result<(), AppError<ChatRefusal>> {
    use crate::{
        console::way::{Way, answer},
        request,
    };
    let said = [reason.trim(), more.trim()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ");
    let done = shop::chat::close(&request::shop(), &request::actor(), conversation, &said, request::now()).await;
    typed::keep("close", conversation, &more, done.is_ok()).await;
    answer("close", &Way::of_form(&back).at(conversation), done)
}

/// Codes of topic and priority; an order's number, where the form asks `with_order`: empty for none.
#[server(endpoint = "desk/details")]
pub async fn set_details(
    conversation: ConversationId,
    #[server(default)] topic: String,
    #[server(default)] priority: String,
    #[server(default)] order: String,
    #[server(default)] with_order: bool,
    #[server(default)] back: String,
) -> Result<(), AppError<ChatRefusal>> {
    use crate::{
        console::way::{Way, answer},
        request,
    };
    use domain::chat::{DetailsChange, Priority, Topic};
    let order = with_order.then_some(order);
    let change =
        DetailsChange { topic: Topic::from_code(&topic), priority: Priority::from_code(&priority), order, ..DetailsChange::default() };
    let done = shop::chat::set_details(&request::shop(), &request::actor(), conversation, change, request::now()).await;
    answer("details", &Way::of_form(&back).at(conversation), done)
}

#[server(endpoint = "desk/presence")]
pub async fn set_presence(state: String, #[server(default)] back: String) -> Result<(), AppError<ChatRefusal>> {
    use crate::{
        console::way::{Way, answer},
        request,
    };
    use domain::chat::PresenceState;
    let state = PresenceState::from_code(&state).unwrap_or(PresenceState::Paused);
    let done = shop::chat::set_presence(&request::shop(), &request::actor(), state, request::now()).await;
    answer("presence", &Way::of_form(&back), done)
}

#[cfg(feature = "ssr")]
pub(super) mod typed {
    use crate::{boundary, request};
    use domain::ids::ConversationId;
    use shop::Failure;

    /// Keeps what was typed where it was not taken; what was taken is forgotten. The form is answered either way.
    pub async fn keep(form: &str, conversation: ConversationId, body: &str, taken: bool) {
        let (shop, actor) = (request::shop(), request::actor());
        let kept = if taken {
            shop::desk::forget_draft(&shop, &actor, conversation, form).await
        } else {
            shop::desk::keep_draft(&shop, &actor, conversation, form, body, request::now()).await
        };
        if let Err(Failure::Fault(fault)) = kept {
            boundary::report(&fault);
        }
    }
}
