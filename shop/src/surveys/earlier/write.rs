//! Rows that were understood, written some hundreds at a time.

use super::{identity::Identity, row::Earlier};
use crate::{Actor, Fault, audit, new_id};
use serde::Serialize;
use serde_json::json;
use sqlx::PgConnection;
use std::collections::HashMap;
use time::OffsetDateTime;
use uuid::Uuid;

/// A row that can come in.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Row {
    #[serde(skip)]
    pub line: u64,
    #[serde(flatten)]
    pub identity: Identity,
    #[serde(flatten)]
    pub earlier: Earlier,
}

/// What came in by one file at one time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Batch {
    pub id: Uuid,
    pub number: i64,
}

/// Keys of rows that are in already, with what they said.
pub(super) async fn known(db: &mut PgConnection, rows: &[Row]) -> Result<HashMap<String, String>, Fault> {
    let keys: Vec<String> = rows.iter().map(|row| row.identity.key.clone()).collect();
    let known = sqlx::query!(
        r#"select encode(import_key, 'hex') as "key!", encode(import_digest, 'hex') as "digest!" from survey_response
           where import_key in (select decode(key, 'hex') from unnest($1::text[]) key)"#,
        &keys
    )
    .fetch_all(db)
    .await?;
    Ok(known.into_iter().map(|row| (row.key, row.digest)).collect())
}

/// Begins what one can take back.
pub(super) async fn begin(
    db: &mut PgConnection,
    actor: &Actor,
    (instrument, file): (&str, &str),
    now: OffsetDateTime,
) -> Result<Batch, Fault> {
    let id = new_id(now);
    let number = sqlx::query_scalar!(
        "insert into survey_import (id, instrument_id, file, imported_by, imported_at)
         select $1, id, $3, $4, $5 from survey_instrument where code = $2 returning number",
        id,
        instrument,
        file,
        actor.staff().map(|staff| staff.0),
        now
    )
    .fetch_one(&mut *db)
    .await?;
    let detail = json!({ "number": number, "instrument": instrument, "file": file });
    audit::record(db, actor, "survey.imported", Some(id), detail, now).await?;
    Ok(Batch { id, number })
}

pub(super) async fn write(db: &mut PgConnection, batch: Batch, rows: &[&Row]) -> Result<(), Fault> {
    let rows = serde_json::to_value(rows).map_err(Fault::new)?;
    sqlx::query!(
        r#"insert into survey_response (id, version_id, pseudonym, form, language, items, returning_customer, device, category, carrier,
             trouble_known, trouble_said, started_at, changed_at, completed_at, import_id, import_key, import_digest)
         select id, version, decode(pseudonym, 'hex'), form, language, items, "returning", device, category, carrier,
             trouble_known, trouble_said, at, at, at, $2, decode(key, 'hex'), decode(digest, 'hex')
         from jsonb_to_recordset($1::jsonb) r (id uuid, version uuid, pseudonym text, form text, language text, items uuid[],
             "returning" boolean, device text, category text, carrier text, trouble_known boolean, trouble_said boolean, at timestamptz,
             key text, digest text)"#,
        rows,
        batch.id
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into survey_answer (response_id, item_id, value, answered_at)
         select r.id, a.item, a.value, r.at from jsonb_to_recordset($1::jsonb) r (id uuid, at timestamptz, values jsonb),
             jsonb_to_recordset(r.values) a (item uuid, value smallint)",
        rows
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into survey_comment (response_id, item_id, body, answered_at)
         select r.id, c.item, c.body, r.at from jsonb_to_recordset($1::jsonb) r (id uuid, at timestamptz, words jsonb),
             jsonb_to_recordset(r.words) c (item uuid, body text)",
        rows
    )
    .execute(db)
    .await?;
    Ok(())
}
