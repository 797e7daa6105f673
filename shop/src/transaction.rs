//! Beginning a transaction in a way that may be given up at any moment, as a request is whose browser hung up.

use crate::Fault;
use sqlx::{PgPool, Postgres, Transaction};

/// Begins in a task of its own, which nobody drops halfway. When the future of sqlx's `begin` (0.9.0) is dropped
/// before the answer came, the connection goes back to the pool inside the transaction, and what the next person
/// writes on it is never committed.
pub(crate) async fn begin(db: &PgPool) -> Result<Transaction<'static, Postgres>, Fault> {
    let db = db.clone();
    let begun = tokio::spawn(async move { db.begin().await }).await;
    Ok(begun.map_err(Fault::new)??)
}
