//! What happens around every API request: its number, the key check, and the faults switched on for it.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use subtle::ConstantTimeEq;

use super::ApiError;
use crate::Sandbox;
use crate::events::API_VERSION;
use crate::faults::{ApiFault, FaultKind};
use crate::ids::new_id;

pub(super) async fn guard(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    let fault = sandbox.take_fault(request.uri().path());
    let mut response = match fault {
        None => check_and_run(&sandbox, request, next).await,
        Some(fault) => misbehave(&sandbox, fault, request, next).await,
    };
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&new_id("req")) {
        headers.insert("request-id", id);
    }
    headers.insert("stripe-version", HeaderValue::from_static(API_VERSION));
    response
}

async fn check_and_run(sandbox: &Sandbox, request: Request, next: Next) -> Response {
    match check_key(sandbox, request.headers()) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

fn check_key(sandbox: &Sandbox, headers: &HeaderMap) -> Result<(), ApiError> {
    let presented = presented_key(headers).ok_or_else(ApiError::no_key)?;
    let same = presented.as_bytes().ct_eq(sandbox.config.secret_key.as_bytes());
    if bool::from(same) { Ok(()) } else { Err(ApiError::wrong_key(&presented)) }
}

/// A bearer token, or the user name of Basic authentication.
fn presented_key(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = value.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64_STANDARD.decode(rest.trim()).ok()?).ok()?;
    Some(decoded.split(':').next().unwrap_or_default().to_owned())
}

async fn misbehave(sandbox: &Sandbox, fault: ApiFault, request: Request, next: Next) -> Response {
    if fault.kind == FaultKind::Delay && !fault.takes_effect() {
        tokio::time::sleep(fault.delay()).await;
        return check_and_run(sandbox, request, next).await;
    }
    let answer = if fault.takes_effect() { check_and_run(sandbox, request, next).await } else { ApiError::server_error().into_response() };
    tokio::time::sleep(fault.delay()).await;
    match fault.kind {
        FaultKind::Delay => answer,
        FaultKind::Conflict => ApiError::key_in_use().into_response(),
        FaultKind::RateLimit => ApiError::rate_limit().into_response(),
        FaultKind::ServerError => ApiError::server_error().into_response(),
        FaultKind::BadGateway => bad_gateway(),
        FaultKind::Hang => silence().await,
        FaultKind::Close => broken_off(),
    }
}

fn bad_gateway() -> Response {
    let page = "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>";
    (StatusCode::BAD_GATEWAY, Html(page)).into_response()
}

/// Longer than any client waits; when the client leaves, the server drops this.
async fn silence() -> Response {
    tokio::time::sleep(Duration::from_secs(600)).await;
    broken_off()
}

/// The server cuts the connection when a body ends in an error.
fn broken_off() -> Response {
    let cut = std::io::Error::other("the sandbox was told to break off");
    let body = futures::stream::iter([Err::<&str, _>(cut)]);
    Response::new(Body::from_stream(body))
}
