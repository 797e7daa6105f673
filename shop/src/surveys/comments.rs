//! What people wrote, as staff may read it: cleaned, and only when there are enough that nobody is picked out.

use super::{Refusable, instrument::may_manage};
use crate::{Actor, Shop};
use domain::surveys::cleaned;
use time::OffsetDateTime;

/// With fewer than this nothing is shown.
pub const FEWEST_COMMENTS: i64 = 8;
const MOST: i64 = 50;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comments {
    TooFew(i64),
    /// The latest first.
    Shown(Vec<Said>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub text: String,
    pub language: String,
    pub at: OffsetDateTime,
}

/// The latest comments on an instrument, of surveys that were finished.
///
/// # Errors
/// The person's roles do not reach so far.
pub async fn comments(shop: &Shop, actor: &Actor, code: &str) -> Refusable<Comments> {
    may_manage(actor)?;
    let rows = sqlx::query!(
        r#"select c.body, r.language, c.answered_at, count(*) over () as "all!"
           from survey_comment c join survey_response r on r.id = c.response_id
           join survey_version v on v.id = r.version_id join survey_instrument n on n.id = v.instrument_id
           where n.code = $1 and r.completed_at is not null order by c.answered_at desc limit $2"#,
        code.replace('\0', ""),
        MOST
    )
    .fetch_all(&shop.db)
    .await?;
    let all = rows.first().map_or(0, |row| row.all);
    if all < FEWEST_COMMENTS {
        return Ok(Comments::TooFew(all));
    }
    let said = |row: (String, String, OffsetDateTime)| Said { text: cleaned(&row.0), language: row.1, at: shop.settings.local(row.2) };
    Ok(Comments::Shown(rows.into_iter().map(|row| said((row.body, row.language, row.answered_at))).collect()))
}
