//! State in Postgres: every Stripe object is one row with its JSON as the API shows it, plus what only
//! the sandbox knows. Functions take a connection, so that one transaction can change several objects.

use serde_json::Value;
use sqlx::{PgConnection, PgPool, Row};

use crate::api::ApiError;

const SCHEMA: &str = include_str!("schema.sql");

/// The kinds of objects, named as in their `object` field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Session,
    PaymentIntent,
    Charge,
    Refund,
    Dispute,
    Event,
    /// A 3-D Secure challenge: ours, not Stripe's.
    Challenge,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Session => "checkout.session",
            Self::PaymentIntent => "payment_intent",
            Self::Charge => "charge",
            Self::Refund => "refund",
            Self::Dispute => "dispute",
            Self::Event => "event",
            Self::Challenge => "challenge",
        }
    }
}

/// One object.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) id: String,
    /// The object as the API shows it.
    pub(crate) body: Value,
    /// What only the sandbox knows.
    pub(crate) hidden: Value,
}

impl Stored {
    /// A text field of the body, empty when absent.
    pub(crate) fn text(&self, field: &str) -> &str {
        self.body[field].as_str().unwrap_or_default()
    }

    /// A number of the body, 0 when absent.
    pub(crate) fn number(&self, field: &str) -> i64 {
        self.body[field].as_i64().unwrap_or_default()
    }
}

/// Creates what is missing; safe when several servers start at once.
pub(crate) async fn prepare(pool: &PgPool) -> sqlx::Result<()> {
    let mut transaction = pool.begin().await?;
    sqlx::query("select pg_advisory_xact_lock(hashtext('sandbox.schema'))").execute(&mut *transaction).await?;
    sqlx::raw_sql(SCHEMA).execute(&mut *transaction).await?;
    transaction.commit().await
}

/// Adds an object whose id is in its body. `parent` is the payment it belongs to.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    kind: Kind,
    parent: Option<&str>,
    body: &Value,
    hidden: &Value,
) -> sqlx::Result<()> {
    sqlx::query("insert into sandbox.object (id, kind, parent, body, hidden) values ($1, $2, $3, $4, $5)")
        .bind(body["id"].as_str())
        .bind(kind.name())
        .bind(parent)
        .bind(body)
        .bind(hidden)
        .execute(connection)
        .await?;
    Ok(())
}

/// Reads an object.
pub(crate) async fn find(connection: &mut PgConnection, kind: Kind, id: &str) -> sqlx::Result<Option<Stored>> {
    sqlx::query("select id, body, hidden from sandbox.object where id = $1 and kind = $2")
        .bind(id)
        .bind(kind.name())
        .try_map(stored)
        .fetch_optional(connection)
        .await
}

/// Reads an object and keeps others from changing it until the transaction ends. Lock a session before
/// its payment, a payment before its charge.
pub(crate) async fn lock(connection: &mut PgConnection, kind: Kind, id: &str) -> sqlx::Result<Option<Stored>> {
    sqlx::query("select id, body, hidden from sandbox.object where id = $1 and kind = $2 for update")
        .bind(id)
        .bind(kind.name())
        .try_map(stored)
        .fetch_optional(connection)
        .await
}

/// As [`find`], for an object that a client named: Stripe's error when there is none.
pub(crate) async fn get(connection: &mut PgConnection, kind: Kind, id: &str) -> Result<Stored, ApiError> {
    find(connection, kind, id).await?.ok_or_else(|| ApiError::not_found(kind, id))
}

/// As [`lock`], for an object that a client named.
pub(crate) async fn take(connection: &mut PgConnection, kind: Kind, id: &str) -> Result<Stored, ApiError> {
    lock(connection, kind, id).await?.ok_or_else(|| ApiError::not_found(kind, id))
}

/// Writes a locked object back.
pub(crate) async fn save(connection: &mut PgConnection, object: &Stored) -> sqlx::Result<()> {
    sqlx::query("update sandbox.object set body = $2, hidden = $3 where id = $1")
        .bind(&object.id)
        .bind(&object.body)
        .bind(&object.hidden)
        .execute(connection)
        .await?;
    Ok(())
}

/// Notes which payment an object belongs to.
pub(crate) async fn set_parent(connection: &mut PgConnection, id: &str, parent: &str) -> sqlx::Result<()> {
    sqlx::query("update sandbox.object set parent = $2 where id = $1").bind(id).bind(parent).execute(connection).await?;
    Ok(())
}

/// One page of a list, newest first.
pub(crate) struct Page<'a> {
    pub(crate) parent: Option<&'a str>,
    pub(crate) limit: i64,
    pub(crate) starting_after: Option<&'a str>,
}

/// Objects of a kind, one more than the limit when there are more.
pub(crate) async fn list(connection: &mut PgConnection, kind: Kind, page: Page<'_>) -> sqlx::Result<Vec<Value>> {
    sqlx::query(
        "select body from sandbox.object
         where kind = $1 and ($2::text is null or parent = $2)
           and ($3::text is null or position < (select position from sandbox.object where id = $3))
         order by position desc limit $4",
    )
    .bind(kind.name())
    .bind(page.parent)
    .bind(page.starting_after)
    .bind(page.limit + 1)
    .try_map(|row: sqlx::postgres::PgRow| row.try_get("body"))
    .fetch_all(connection)
    .await
}

fn stored(row: sqlx::postgres::PgRow) -> sqlx::Result<Stored> {
    Ok(Stored { id: row.try_get("id")?, body: row.try_get("body")?, hidden: row.try_get("hidden")? })
}
