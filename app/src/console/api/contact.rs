//! Noting a contact that came in by phone, at the counter, by letter or fax.

#![allow(clippy::too_many_arguments, reason = "the fields of a form")]

use crate::boundary::AppError;
use domain::chat::ChatRefusal;
use leptos::prelude::*;
use uuid::Uuid;

/// Leads to the conversation it became, or back to the form, which keeps what was typed.
#[server(endpoint = "desk/contact")]
#[allow(clippy::too_many_arguments, reason = "the fields of the form")]
pub async fn note_contact(
    key: Uuid,
    #[server(default)] channel: String,
    #[server(default)] language: String,
    #[server(default)] name: String,
    #[server(default)] email: String,
    #[server(default)] topic: String,
    #[server(default)] order: String,
    #[server(default)] said: String,
    #[server(default)] answered: String,
    #[server(default)] done: bool,
) -> Result<(), AppError<ChatRefusal>> {
    use crate::{console::words::CloseWords, forms, request};
    use domain::chat::{Channel, Topic};
    use shop::chat::Contact;
    let (shop, actor, now, reader) = (request::shop(), request::actor(), request::now(), request::language());
    let contact = Contact {
        key,
        channel: Channel::from_code(&channel).unwrap_or(Channel::Phone),
        language: language.parse().unwrap_or(reader),
        name,
        email,
        topic: Topic::from_code(&topic).unwrap_or(Topic::Other),
        order,
        said,
        answered,
    };
    let noted = match shop::chat::note_contact(&shop, &actor, &contact, now).await {
        Ok(id) if done => shop::chat::close(&shop, &actor, id, &CloseWords::of(reader).solved, now).await.map(|()| id),
        noted => noted,
    };
    match noted {
        Ok(id) => {
            forms::go(&format!("/{reader}/desk{}", forms::query(&[("list", "own"), ("c", &id.to_string()), ("done", "contact")])));
            Ok(())
        }
        Err(failure) => {
            let why = match &failure {
                shop::Failure::Refused(refusal) => serde_json::to_string(refusal).unwrap_or_default(),
                shop::Failure::Fault(_) => String::new(),
            };
            let kept = shop::desk::keep_contact(&shop, &actor, &contact, now).await;
            if let Err(shop::Failure::Fault(fault)) = kept {
                crate::boundary::report(&fault);
            }
            let back = format!("/{reader}/desk/contact{}#contact", forms::query(&[("refused", "contact"), ("why", &why)]));
            Err(forms::fail(failure.into(), &back))
        }
    }
}
