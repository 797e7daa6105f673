//! What somebody at the desk typed and the shop did not take, kept so that nobody types it twice.

use crate::{Actor, Outcome, Shop};
use domain::ids::ConversationId;
use time::OffsetDateTime;

/// The most that is kept of one field, in characters.
const MOST: usize = 8000;

/// What one person had typed about one conversation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drafts {
    pub reply: String,
    pub note: String,
    pub summary: String,
    pub reason: String,
}

/// # Errors
/// A fault only.
pub async fn drafts(shop: &Shop, actor: &Actor, conversation: ConversationId) -> Outcome<Drafts> {
    let Some(staff) = actor.staff() else { return Ok(Drafts::default()) };
    let rows = sqlx::query!("select field, body from desk_draft where staff_id = $1 and conversation_id = $2", staff.0, conversation.0)
        .fetch_all(&shop.db)
        .await?;
    let mut drafts = Drafts::default();
    for row in rows {
        match row.field.as_str() {
            "reply" => drafts.reply = row.body,
            "note" => drafts.note = row.body,
            "summary" => drafts.summary = row.body,
            _ => drafts.reason = row.body,
        }
    }
    Ok(drafts)
}

/// Keeps what was typed into `field`: `reply`, `note`, `summary` or `reason`.
///
/// # Errors
/// A fault only.
pub async fn keep_draft(shop: &Shop, actor: &Actor, conversation: ConversationId, field: &str, body: &str, now: OffsetDateTime) -> Outcome<()> {
    let Some(staff) = actor.staff() else { return Ok(()) };
    let body: String = body.chars().filter(|c| *c != '\0').take(MOST).collect();
    sqlx::query!(
        "insert into desk_draft (staff_id, conversation_id, field, body, at)
         select $1, id, $3, $4, $5 from conversation where id = $2
         on conflict (staff_id, conversation_id, field) do update set body = excluded.body, at = excluded.at",
        staff.0,
        conversation.0,
        field,
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
pub async fn forget_draft(shop: &Shop, actor: &Actor, conversation: ConversationId, field: &str) -> Outcome<()> {
    let Some(staff) = actor.staff() else { return Ok(()) };
    sqlx::query!("delete from desk_draft where staff_id = $1 and conversation_id = $2 and field = $3", staff.0, conversation.0, field)
        .execute(&shop.db)
        .await?;
    Ok(())
}
