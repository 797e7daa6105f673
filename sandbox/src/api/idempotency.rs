//! Idempotency keys: the work and its remembered answer are one transaction, so that neither a crash nor
//! a lost answer can part them. While a key's transaction is open, others with that key get a 409.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::{Acquire, PgConnection, Row};

use super::ApiError;
use crate::form::Params;
use crate::{Sandbox, refunds, sessions};

/// A change that a client may ask for.
pub(crate) enum Operation {
    CreateSession,
    ExpireSession(String),
    CreateRefund,
}

impl Operation {
    async fn run(&self, sandbox: &Sandbox, connection: &mut PgConnection, params: &Params) -> Result<Value, ApiError> {
        match self {
            Self::CreateSession => sessions::create(sandbox, connection, params).await,
            Self::ExpireSession(id) => sessions::expire(connection, id, params).await,
            Self::CreateRefund => refunds::create(sandbox, connection, params).await,
        }
    }
}

/// Runs a change, or replays its answer.
pub(super) async fn change(sandbox: &Sandbox, headers: &HeaderMap, path: &str, body: &[u8], operation: Operation) -> Response {
    let outcome = match Params::parse(body) {
        Ok(params) => answer(sandbox, headers, path, &params, operation).await,
        Err(error) => Err(error),
    };
    sandbox.work.notify_one();
    outcome.unwrap_or_else(IntoResponse::into_response)
}

async fn answer(sandbox: &Sandbox, headers: &HeaderMap, path: &str, params: &Params, operation: Operation) -> Result<Response, ApiError> {
    let mut transaction = sandbox.pool.begin().await?;
    let Some(key) = key(headers)? else {
        let value = operation.run(sandbox, &mut transaction, params).await?;
        transaction.commit().await?;
        return Ok(Json(value).into_response());
    };
    claim(&mut transaction, key).await?;
    let fingerprint = fingerprint(path, params);
    let answered = match replay(&mut transaction, key, &fingerprint).await {
        Ok(None) => None,
        Ok(Some(response)) => Some(Ok(response)),
        Err(error) => Some(Err(error)),
    };
    if let Some(answered) = answered {
        // Dropped, it would hold the key for a while yet, and who asks next would be told that it is in use.
        transaction.rollback().await?;
        return answered;
    }
    let mut attempt = transaction.begin().await?;
    let outcome = operation.run(sandbox, &mut attempt, params).await;
    let (status, body) = match &outcome {
        Ok(value) => {
            attempt.commit().await?;
            (200, value.clone())
        }
        // Validation failed before any work: the key stays unused, as at Stripe.
        Err(error) if !error.remembered => {
            attempt.rollback().await?;
            transaction.rollback().await?;
            return Err(error.clone());
        }
        Err(error) => {
            attempt.rollback().await?;
            error.answer()
        }
    };
    remember(&mut transaction, key, &fingerprint, status, &body).await?;
    transaction.commit().await?;
    outcome.map(|value| Json(value).into_response())
}

fn key(headers: &HeaderMap) -> Result<Option<&str>, ApiError> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    match value.to_str() {
        Ok(key) if !key.is_empty() && key.len() <= 255 => Ok(Some(key)),
        _ => Err(ApiError::invalid("Idempotency keys have 1 to 255 visible characters.", "")),
    }
}

fn fingerprint(path: &str, params: &Params) -> String {
    let digest = Sha256::digest(format!("POST {path}\n{}", params.canonical()));
    hex::encode(digest)
}

async fn claim(connection: &mut PgConnection, key: &str) -> Result<(), ApiError> {
    let claimed: bool = sqlx::query("select pg_try_advisory_xact_lock(hashtextextended('sandbox.key:' || $1, 0))")
        .bind(key)
        .try_map(|row: sqlx::postgres::PgRow| row.try_get(0))
        .fetch_one(connection)
        .await?;
    if claimed { Ok(()) } else { Err(ApiError::key_in_use()) }
}

async fn replay(connection: &mut PgConnection, key: &str, fingerprint: &str) -> Result<Option<Response>, ApiError> {
    let row = sqlx::query("select fingerprint, status, body from sandbox.idempotency where key = $1")
        .bind(key)
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    if row.try_get::<String, _>("fingerprint")? != fingerprint {
        return Err(ApiError::key_reused(key));
    }
    let status = u16::try_from(row.try_get::<i16, _>("status")?).unwrap_or(500);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Json(row.try_get::<Value, _>("body")?)).into_response();
    response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    Ok(Some(response))
}

async fn remember(connection: &mut PgConnection, key: &str, fingerprint: &str, status: u16, body: &Value) -> Result<(), ApiError> {
    sqlx::query("insert into sandbox.idempotency (key, fingerprint, status, body) values ($1, $2, $3, $4)")
        .bind(key)
        .bind(fingerprint)
        .bind(i16::try_from(status).unwrap_or(500))
        .bind(body)
        .execute(connection)
        .await?;
    Ok(())
}
