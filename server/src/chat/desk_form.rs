//! What the console's plain form gets back: its page again, which says why a message was refused. What was typed is kept
//! with the desk's drafts.

use super::files::{Form, failed};
use axum::response::{IntoResponse, Redirect, Response};
use domain::{chat::ChatRefusal, ids::ConversationId};
use shop::{
    Failure, Outcome, Shop,
    chat::{self, Who},
    desk,
};
use time::OffsetDateTime;

/// The form's name among the drafts, and in the address.
const FORM: &str = "post";

pub(super) async fn answer(
    shop: &Shop,
    who: Option<&Who>,
    conversation: ConversationId,
    form: &Form,
    next: &str,
    kept: Outcome<(), ChatRefusal>,
) -> Response {
    let (pairs, anchor) = match &kept {
        Ok(()) => (vec![("done", FORM.to_owned())], ""),
        Err(Failure::Refused(why)) => {
            (vec![("refused", FORM.to_owned()), ("why", serde_json::to_string(why).unwrap_or_default())], "#post")
        }
        Err(failure) => return failed(failure),
    };
    if let Some(&Who::Staff(actor)) = who {
        let now = OffsetDateTime::now_utc();
        let drafted = if kept.is_ok() {
            desk::forget_draft(shop, &actor, conversation, FORM).await
        } else {
            desk::keep_draft(shop, &actor, conversation, FORM, &form.body, now).await
        };
        if let Err(fault) = drafted {
            tracing::error!(%fault, "a draft was not kept");
        }
        // Whoever answers has read what they answer to; with scripts the island says so while they read.
        if kept.is_ok()
            && let Err(failure) = chat::read(shop, Who::Staff(actor), conversation, u64::MAX, now).await
        {
            tracing::error!(%failure, "it was not kept that somebody read what they answered");
        }
    }
    let page = next.split('#').next().unwrap_or_default();
    let sign = if page.contains('?') { '&' } else { '?' };
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(key, value)| (*key, value.as_str())).collect();
    Redirect::to(&format!("{page}{sign}{}{anchor}", app::forms::query(&pairs).trim_start_matches('?'))).into_response()
}
