//! The API as clients see it: Stripe's paths, their keys, their errors. Every change goes through
//! `idempotency`, every answer through `guard`.

mod error;
mod guard;
mod idempotency;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

pub(crate) use error::ApiError;
pub(crate) use idempotency::Operation;

use crate::form::Params;
use crate::store::{self, Kind, Page};
use crate::{Sandbox, clock, control, expand, sessions};

/// Stripe's API under `/v1`, and the control endpoints under `/control`. Serve it on loopback only.
pub fn api_router(sandbox: &Arc<Sandbox>) -> Router {
    let stripe = Router::new()
        .route("/v1/checkout/sessions", get(list_sessions).post(create_session))
        .route("/v1/checkout/sessions/{id}", get(retrieve_session))
        .route("/v1/checkout/sessions/{id}/line_items", get(list_line_items))
        .route("/v1/checkout/sessions/{id}/expire", post(expire_session))
        .route("/v1/payment_intents", get(list_payment_intents))
        .route("/v1/payment_intents/{id}", get(retrieve_payment_intent))
        .route("/v1/charges", get(list_charges))
        .route("/v1/charges/{id}", get(retrieve_charge))
        .route("/v1/refunds", get(list_refunds).post(create_refund))
        .route("/v1/refunds/{id}", get(retrieve_refund))
        .route("/v1/disputes", get(list_disputes))
        .route("/v1/disputes/{id}", get(retrieve_dispute))
        .route("/v1/events", get(list_events))
        .route("/v1/events/{id}", get(retrieve_event))
        .fallback(unknown_url)
        .layer(axum::middleware::from_fn_with_state(Arc::clone(sandbox), guard::guard));
    let by_clock = axum::middleware::from_fn_with_state(Arc::clone(sandbox), clock::of_the_sandbox);
    control::router().merge(stripe).layer(by_clock).with_state(Arc::clone(sandbox))
}

async fn unknown_url(method: Method, uri: Uri) -> ApiError {
    ApiError::unknown_url(&method, uri.path())
}

async fn create_session(State(sandbox): State<Arc<Sandbox>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    idempotency::change(&sandbox, &headers, uri.path(), &body, Operation::CreateSession).await
}

async fn expire_session(
    State(sandbox): State<Arc<Sandbox>>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    idempotency::change(&sandbox, &headers, uri.path(), &body, Operation::ExpireSession(id)).await
}

async fn create_refund(State(sandbox): State<Arc<Sandbox>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    idempotency::change(&sandbox, &headers, uri.path(), &body, Operation::CreateRefund).await
}

type Query = RawQuery;

/// An object by its id, with what `expand[]` asks for.
async fn retrieve(sandbox: &Sandbox, kind: Kind, id: &str, query: Query) -> Result<Response, ApiError> {
    let params = Params::parse(query.0.unwrap_or_default().as_bytes())?;
    params.only(&["expand"])?;
    let mut connection = sandbox.pool.acquire().await?;
    let object = store::get(&mut connection, kind, id).await?;
    let body = expand::expand(&mut connection, object, &params.texts("expand")).await?;
    Ok(axum::Json(body).into_response())
}

/// A page of a list, newest first.
async fn list(sandbox: &Sandbox, kind: Kind, url: &str, query: Query) -> Result<Response, ApiError> {
    let params = Params::parse(query.0.unwrap_or_default().as_bytes())?;
    match kind {
        Kind::Event | Kind::PaymentIntent => params.only(&["limit", "starting_after"])?,
        _ => params.only(&["limit", "starting_after", "payment_intent"])?,
    }
    let limit = params.integer("limit")?.unwrap_or(10);
    if !(1..=100).contains(&limit) {
        let message = "This value must be between 1 and 100.";
        return Err(ApiError::parameter("parameter_invalid_integer", message, "limit"));
    }
    let mut connection = sandbox.pool.acquire().await?;
    let page = Page { parent: params.text("payment_intent"), limit, starting_after: params.text("starting_after") };
    let mut data = store::list(&mut connection, kind, page).await?;
    let wanted = usize::try_from(limit).unwrap_or_default();
    let has_more = data.len() > wanted;
    data.truncate(wanted);
    Ok(axum::Json(list_object(url, data, has_more)).into_response())
}

fn list_object(url: &str, data: Vec<Value>, has_more: bool) -> Value {
    json!({ "object": "list", "url": url, "has_more": has_more, "data": data })
}

async fn list_line_items(State(sandbox): State<Arc<Sandbox>>, Path(id): Path<String>) -> Result<Response, ApiError> {
    let mut connection = sandbox.pool.acquire().await?;
    let session = store::get(&mut connection, Kind::Session, &id).await?;
    Ok(axum::Json(sessions::line_items(&session)).into_response())
}

/// A handler that retrieves, and one that lists, for a kind of object.
macro_rules! lookups {
    ($($retrieve:ident, $list:ident: $kind:expr, $url:literal;)*) => {$(
        async fn $retrieve(
            State(sandbox): State<Arc<Sandbox>>,
            Path(id): Path<String>,
            query: Query,
        ) -> Result<Response, ApiError> {
            retrieve(&sandbox, $kind, &id, query).await
        }

        async fn $list(
            State(sandbox): State<Arc<Sandbox>>,
            query: Query,
        ) -> Result<Response, ApiError> {
            list(&sandbox, $kind, $url, query).await
        }
    )*};
}

lookups! {
    retrieve_session, list_sessions: Kind::Session, "/v1/checkout/sessions";
    retrieve_payment_intent, list_payment_intents: Kind::PaymentIntent, "/v1/payment_intents";
    retrieve_charge, list_charges: Kind::Charge, "/v1/charges";
    retrieve_refund, list_refunds: Kind::Refund, "/v1/refunds";
    retrieve_dispute, list_disputes: Kind::Dispute, "/v1/disputes";
    retrieve_event, list_events: Kind::Event, "/v1/events";
}
