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

/// The same for reading much: the shop's connections keep one plan for whatever values, which for a year would look up
/// each row of it alone. These statements are planned for their values.
pub(crate) async fn begin_reading(db: &PgPool) -> Result<Transaction<'static, Postgres>, Fault> {
    let mut reading = begin(db).await?;
    sqlx::query!("set local plan_cache_mode = force_custom_plan").execute(&mut *reading).await?;
    Ok(reading)
}
