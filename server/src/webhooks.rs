//! What the payment service tells us. It is stored before anything else, then a worker acts on it.

use crate::workers::Wake;
use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use shop::{Failure, Shop, checkout};
use time::OffsetDateTime;

pub async fn stripe(State(shop): State<Shop>, State(wake): State<Wake>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    match checkout::receive(&shop, &body, signature, OffsetDateTime::now_utc()).await {
        Ok(_) => {
            wake.now();
            StatusCode::OK
        }
        Err(Failure::Refused(refusal)) => {
            tracing::warn!(reason = %refusal, "a webhook was turned away");
            StatusCode::BAD_REQUEST
        }
        Err(Failure::Fault(fault)) => {
            // Not 200: it will be sent again.
            tracing::error!(error = %fault, "a webhook could not be stored");
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}
