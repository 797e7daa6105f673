//! What is done to the order beside a conversation. Each form carries a key: its second click does nothing.

#![allow(clippy::too_many_arguments, reason = "the fields of a form")]

use crate::boundary::AppError;
use domain::{desk::DeskRefusal, ids::ConversationId};
use leptos::prelude::*;
use uuid::Uuid;

#[server(endpoint = "desk/order/mail")]
pub async fn resend_mail(
    key: Uuid,
    number: String,
    #[server(default)] mail: String,
    #[server(default)] back: String,
) -> Result<(), AppError<DeskRefusal>> {
    use crate::{
        console::way::{Way, answer},
        request,
    };
    use domain::desk::OrderMail;
    let done = match OrderMail::from_code(&mail) {
        Some(mail) => shop::desk::resend_mail(&request::shop(), &request::actor(), key, &number, mail, request::now()).await,
        None => Err(shop::Failure::Refused(DeskRefusal::NothingToSend)),
    };
    answer("mail", &Way::of_form(&back), done)
}

#[server(endpoint = "desk/order/cancel")]
pub async fn cancel_order(
    key: Uuid,
    number: String,
    #[server(default)] conversation: Option<ConversationId>,
    #[server(default)] reason: String,
    #[server(default)] back: String,
) -> Result<(), AppError<DeskRefusal>> {
    use crate::request;
    let done = shop::desk::cancel_order(&request::shop(), &request::actor(), key, &number, &reason, request::now()).await;
    answered("cancel", conversation, &reason, done, &back).await
}

/// `amount` as typed.
#[server(endpoint = "desk/order/credit")]
pub async fn give_credit(
    key: Uuid,
    number: String,
    #[server(default)] conversation: Option<ConversationId>,
    #[server(default)] amount: String,
    #[server(default)] reason: String,
    #[server(default)] back: String,
) -> Result<(), AppError<DeskRefusal>> {
    use crate::request;
    let done = shop::desk::give_credit(&request::shop(), &request::actor(), key, &number, &amount, &reason, request::now()).await;
    let typed = serde_json::json!({ "amount": amount, "reason": reason }).to_string();
    answered("credit", conversation, &typed, done, &back).await
}

/// `amount` as typed.
#[server(endpoint = "desk/order/refund")]
pub async fn give_back(
    key: Uuid,
    number: String,
    #[server(default)] conversation: Option<ConversationId>,
    #[server(default)] amount: String,
    #[server(default)] reason: String,
    #[server(default)] back: String,
) -> Result<(), AppError<DeskRefusal>> {
    use crate::request;
    let done = shop::desk::give_back(&request::shop(), &request::actor(), key, &number, &amount, &reason, request::now()).await;
    let typed = serde_json::json!({ "amount": amount, "reason": reason }).to_string();
    answered("refund", conversation, &typed, done, &back).await
}

#[server(endpoint = "desk/order/address")]
#[allow(clippy::too_many_arguments, reason = "the fields of the form")]
pub async fn change_address(
    key: Uuid,
    number: String,
    #[server(default)] conversation: Option<ConversationId>,
    #[server(default)] name: String,
    #[server(default)] line1: String,
    #[server(default)] line2: String,
    #[server(default)] postcode: String,
    #[server(default)] city: String,
    #[server(default)] region: String,
    #[server(default)] back: String,
) -> Result<(), AppError<DeskRefusal>> {
    use crate::request;
    use shop::desk::AddressForm;
    let typed = serde_json::json!({
        "name": name, "line1": line1, "line2": line2, "postcode": postcode, "city": city, "region": region,
    });
    let form = AddressForm { name, line1, line2, postcode, city, region };
    let done = shop::desk::change_address(&request::shop(), &request::actor(), key, &number, form, request::now()).await;
    answered("address", conversation, &typed.to_string(), done, &back).await
}

/// Leads back to the order; what was not taken stays typed in the form beside the conversation.
#[cfg(feature = "ssr")]
async fn answered(
    form: &'static str,
    conversation: Option<ConversationId>,
    typed: &str,
    done: shop::Outcome<(), DeskRefusal>,
    back: &str,
) -> Result<(), AppError<DeskRefusal>> {
    use crate::console::way::{Way, answer};
    if let Some(conversation) = conversation {
        super::talk::typed::keep(form, conversation, typed, done.is_ok()).await;
    }
    answer(form, &Way::of_form(back), done)
}
