//! For whoever watches the server: is it alive, is it ready, how is it doing.

use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};
use shop::Shop;
use std::time::Duration;

const NO_SUCH_TABLE: &str = "42P01";

/// The process answers.
pub async fn live() -> &'static str {
    "ok"
}

/// The database answers and every migration of this version is applied.
pub async fn ready(State(shop): State<Shop>) -> (StatusCode, Json<Value>) {
    let expected = shop::MIGRATOR.iter().filter(|migration| !migration.migration_type.is_down_migration()).count();
    let query = sqlx::query_scalar::<_, i64>("select count(*) from _sqlx_migrations where success").fetch_one(&shop.db);
    let (status, database, migrations) = match tokio::time::timeout(Duration::from_secs(2), query).await {
        Ok(Ok(applied)) if usize::try_from(applied).is_ok_and(|applied| applied >= expected) => (StatusCode::OK, "reachable", "applied"),
        Ok(Ok(_)) => (StatusCode::SERVICE_UNAVAILABLE, "reachable", "missing"),
        // It answers, but has no table of migrations: nobody ever brought it up to date.
        Ok(Err(sqlx::Error::Database(error))) if error.code().as_deref() == Some(NO_SUCH_TABLE) => {
            (StatusCode::SERVICE_UNAVAILABLE, "reachable", "missing")
        }
        _ => (StatusCode::SERVICE_UNAVAILABLE, "unreachable", "unknown"),
    };
    (status, Json(json!({ "database": database, "migrations": migrations })))
}
