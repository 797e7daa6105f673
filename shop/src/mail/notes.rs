//! Mail that is written in the transaction that gives cause to it, word for word, and sent by a job of the same key.

use super::letters::{Part, html, text};
use crate::{Fault, Settings, jobs, new_id};
use domain::{Language, ids::OrderId};
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;

pub(crate) struct Note<'a> {
    /// Written once a key.
    pub(crate) key: &'a str,
    pub(crate) to: &'a str,
    pub(crate) language: Language,
    pub(crate) order: Option<OrderId>,
    pub(crate) subject: String,
    pub(crate) parts: Vec<Part>,
}

pub(crate) async fn write_down(db: &mut PgConnection, settings: &Settings, note: Note<'_>, now: OffsetDateTime) -> Result<(), Fault> {
    sqlx::query!(
        "insert into mail (id, key, recipient, language, subject, text_body, html_body, order_id, queued_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (key) do nothing",
        new_id(now),
        note.key,
        note.to,
        note.language.code(),
        note.subject,
        text(&note.parts, settings),
        html(&note.parts, &note.subject, settings, note.language),
        note.order.map(|id| id.0),
        now
    )
    .execute(&mut *db)
    .await?;
    jobs::enqueue(db, "mail.post", note.key, json!({ "key": note.key }), now).await
}
