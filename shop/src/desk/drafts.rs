//! What somebody at the desk typed and the shop did not take, kept so that nobody types it twice.

use crate::{Actor, Outcome, Shop, chat::Contact};
use domain::ids::ConversationId;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// The most that is kept of one field, in characters.
const MOST: usize = 8000;

/// What one person had typed about one conversation, by form.
///
/// # Errors
/// A fault only.
pub async fn drafts(shop: &Shop, actor: &Actor, conversation: ConversationId) -> Outcome<BTreeMap<String, String>> {
    let Some(staff) = actor.staff() else { return Ok(BTreeMap::new()) };
    let rows = sqlx::query!("select form, body from desk_draft where staff_id = $1 and conversation_id = $2", staff.0, conversation.0)
        .fetch_all(&shop.db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.form, row.body)).collect())
}

/// Keeps what was typed into `form`.
///
/// # Errors
/// A fault only.
pub async fn keep_draft(
    shop: &Shop,
    actor: &Actor,
    conversation: ConversationId,
    form: &str,
    body: &str,
    now: OffsetDateTime,
) -> Outcome<()> {
    let Some(staff) = actor.staff() else { return Ok(()) };
    let body: String = body.chars().filter(|c| *c != '\0').take(MOST).collect();
    sqlx::query!(
        "insert into desk_draft (staff_id, conversation_id, form, body, at)
         select $1, id, $3, $4, $5 from conversation where id = $2
         on conflict (staff_id, conversation_id, form) do update set body = excluded.body, at = excluded.at",
        staff.0,
        conversation.0,
        form,
        body,
        now
    )
    .execute(&shop.db)
    .await?;
    Ok(())
}

/// It was taken.
///
/// # Errors
/// A fault only.
pub async fn forget_draft(shop: &Shop, actor: &Actor, conversation: ConversationId, form: &str) -> Outcome<()> {
    let Some(staff) = actor.staff() else { return Ok(()) };
    sqlx::query!("delete from desk_draft where staff_id = $1 and conversation_id = $2 and form = $3", staff.0, conversation.0, form)
        .execute(&shop.db)
        .await?;
    Ok(())
}

/// Keeps a contact that was typed and not taken.
///
/// # Errors
/// A fault only.
pub async fn keep_contact(shop: &Shop, actor: &Actor, contact: &Contact, now: OffsetDateTime) -> Outcome<()> {
    let Some(staff) = actor.staff() else { return Ok(()) };
    let typed = json!({
        "channel": contact.channel,
        "language": contact.language,
        "name": contact.name,
        "email": contact.email,
        "topic": contact.topic,
        "order": contact.order,
        "said": contact.said,
        "answered": contact.answered,
    });
    sqlx::query!(
        "insert into desk_contact_draft (staff_id, typed, at) values ($1, $2, $3)
         on conflict (staff_id) do update set typed = excluded.typed, at = excluded.at",
        staff.0,
        typed,
        now
    )
    .execute(&shop.db)
    .await?;
    Ok(())
}

/// What was typed of a contact and not taken, by field; once: it is shown to be handed in again.
///
/// # Errors
/// A fault only.
pub async fn contact_draft(shop: &Shop, actor: &Actor) -> Outcome<BTreeMap<String, String>> {
    let Some(staff) = actor.staff() else { return Ok(BTreeMap::new()) };
    let typed =
        sqlx::query_scalar!("delete from desk_contact_draft where staff_id = $1 returning typed", staff.0).fetch_optional(&shop.db).await?;
    Ok(typed.map(|typed| BTreeMap::deserialize(typed).unwrap_or_default()).unwrap_or_default())
}
