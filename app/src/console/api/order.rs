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
    use super::talk::typed;
    use crate::{
        console::way::{Way, answer},
        request,
    };
    let done = shop::desk::cancel_order(&request::shop(), &request::actor(), key, &number, &reason, request::now()).await;
    if let Some(conversation) = conversation {
        typed::keep("cancel", conversation, &reason, done.is_ok()).await;
    }
    answer("cancel", &Way::of_form(&back), done)
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
    use super::talk::typed;
    use crate::{
        console::way::{Way, answer},
        request,
    };
    let done = shop::desk::give_credit(&request::shop(), &request::actor(), key, &number, &amount, &reason, request::now()).await;
    if let Some(conversation) = conversation {
        let body = serde_json::json!({ "amount": amount, "reason": reason }).to_string();
        typed::keep("credit", conversation, &body, done.is_ok()).await;
    }
    answer("credit", &Way::of_form(&back), done)
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
    use super::talk::typed;
    use crate::{
        console::way::{Way, answer},
        request,
    };
    let done = shop::desk::give_back(&request::shop(), &request::actor(), key, &number, &amount, &reason, request::now()).await;
    if let Some(conversation) = conversation {
        let typed = serde_json::json!({ "amount": amount, "reason": reason }).to_string();
        typed::keep("refund", conversation, &typed, done.is_ok()).await;
    }
    answer("refund", &Way::of_form(&back), done)
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
    use super::talk::typed;
    use crate::{
        console::way::{Way, answer},
        request,
    };
    use shop::desk::AddressForm;
    let typed = serde_json::json!({
        "name": name, "line1": line1, "line2": line2, "postcode": postcode, "city": city, "region": region,
    });
    let form = AddressForm { name, line1, line2, postcode, city, region };
    let done = shop::desk::change_address(&request::shop(), &request::actor(), key, &number, form, request::now()).await;
    if let Some(conversation) = conversation {
        typed::keep("address", conversation, &typed.to_string(), done.is_ok()).await;
    }
    answer("address", &Way::of_form(&back), done)
}
