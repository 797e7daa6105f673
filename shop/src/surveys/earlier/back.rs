//! What came in by files, and taking it back: out of the sums to the last, as if it had never come.

use super::{EarlierRefusal, Refusable, lock, may_import};
use crate::{Actor, Failure, Shop, audit, scores, transaction};
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

/// Answers that leave in one transaction.
const PIECE: i64 = 1000;

/// What came in by one file at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    pub number: i64,
    /// Its code.
    pub instrument: String,
    pub file: String,
    pub at: OffsetDateTime,
    /// Nobody: at the command line.
    pub by: Option<String>,
    /// What is left of it: answers that are too old are swept.
    pub responses: i64,
}

/// All that was not taken back, the latest first.
///
/// # Errors
/// The person's roles do not reach so far.
pub async fn imports(shop: &Shop, actor: &Actor) -> Refusable<Vec<Import>> {
    may_import(actor)?;
    let imports = sqlx::query_as!(
        Import,
        r#"select i.number, n.code as instrument, i.file, i.imported_at as at, s.name as "by?",
                  (select count(*) from survey_response r where r.import_id = i.id) as "responses!"
           from survey_import i join survey_instrument n on n.id = i.instrument_id left join staff s on s.id = i.imported_by
           order by i.number desc"#
    )
    .fetch_all(&shop.db)
    .await?;
    Ok(imports)
}

/// Takes an import back; says how many answered surveys that were. Where it was interrupted it goes on when asked again.
///
/// # Errors
/// No such import, or one is running; the person's roles do not reach so far.
pub async fn forget_import(shop: &Shop, actor: &Actor, number: i64, now: OffsetDateTime) -> Refusable<usize> {
    may_import(actor)?;
    let mut outer = transaction::begin(&shop.db).await?;
    lock(&mut outer).await?;
    let import = sqlx::query!(
        "select i.id, i.file, n.code from survey_import i join survey_instrument n on n.id = i.instrument_id where i.number = $1",
        number
    )
    .fetch_optional(&mut *outer)
    .await?
    .ok_or(Failure::Refused(EarlierRefusal::NoSuchImport(number)))?;
    let mut forgotten = 0;
    while let count @ 1.. = forget_piece(shop, import.id).await? {
        forgotten += count;
    }
    sqlx::query!("delete from survey_import where id = $1", import.id).execute(&mut *outer).await?;
    let detail = json!({ "number": number, "instrument": import.code, "file": import.file, "responses": forgotten });
    audit::record(&mut outer, actor, "survey.import_forgotten", Some(import.id), detail, now).await?;
    outer.commit().await?;
    Ok(forgotten)
}

async fn forget_piece(shop: &Shop, import: Uuid) -> Refusable<usize> {
    let mut db = transaction::begin(&shop.db).await?;
    scores::queue(&mut db).await?;
    let people: Vec<Uuid> =
        sqlx::query_scalar!("select id from survey_response where import_id = $1 limit $2", import, PIECE).fetch_all(&mut *db).await?;
    scores::take_out(&mut db, &people).await?;
    sqlx::query!("delete from survey_response where id = any($1)", &people).execute(&mut *db).await?;
    db.commit().await?;
    Ok(people.len())
}
