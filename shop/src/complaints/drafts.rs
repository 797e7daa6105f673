//! What somebody typed into a form that was refused. It is kept for a day under an id that nobody guesses, for with
//! scripts off the page comes back empty, and no address holds what people write.

use crate::{Outcome, Shop};
use serde_json::Value;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

const KEPT: Duration = Duration::DAY;
/// Of all fields together, in bytes.
const MOST: usize = 40_000;

/// Keeps the fields of a form; answers where. `None` when it is too much.
///
/// # Errors
/// A fault only.
pub async fn keep(shop: &Shop, fields: &Value, now: OffsetDateTime) -> Outcome<Option<Uuid>> {
    let text = fields.to_string();
    if text.len() > MOST || text.contains("\\u0000") {
        return Ok(None);
    }
    // At random: an id by time could be guessed.
    let id = Uuid::from_u128(rand::random());
    sqlx::query!("delete from complaint_draft where created_at < $1", now - KEPT).execute(&shop.db).await?;
    sqlx::query!("insert into complaint_draft (id, fields, created_at) values ($1, $2, $3)", id, fields, now).execute(&shop.db).await?;
    Ok(Some(id))
}

/// The fields that were kept there; nothing where they are gone.
///
/// # Errors
/// A fault only.
pub async fn recall(shop: &Shop, id: Uuid, now: OffsetDateTime) -> Outcome<Option<Value>> {
    let fields = sqlx::query_scalar!("select fields from complaint_draft where id = $1 and created_at >= $2", id, now - KEPT);
    Ok(fields.fetch_optional(&shop.db).await?)
}
