//! The first and the last of every request: an id, a line in the log, a figure, the headers that every answer has,
//! and an answer even where the code gave up. What can be answered without looking for a route is answered here.

use crate::{guards, limits, metrics, router::Server, serve, turned_away::Asker};
use app::{request::RequestId, turned_away::TurnedAway};
use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use futures::FutureExt;
use std::{any::Any, panic::AssertUnwindSafe, time::Instant};

/// Gives the request its id, which is in the answer and in every line of the log, and logs how it ended.
pub async fn observe(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    let (begun, id, asker) = (Instant::now(), new_id(), Asker::of(&request));
    let (method, address) = (request.method().clone(), request.uri().clone());
    request.extensions_mut().insert(RequestId(id.clone()));

    // Nothing of a request outlives its panic but what is meant to be shared, which is behind locks that know of it.
    let mut response = match AssertUnwindSafe(answer(&server, request, next)).catch_unwind().await {
        Ok(response) if says_nothing(&response) => asker.tell(&TurnedAway::Fault { reference: id.clone() }, &server),
        Ok(response) => response,
        Err(panic) => {
            tracing::error!(request.id = %id, panic = said(&*panic), "a request panicked");
            asker.tell(&TurnedAway::Fault { reference: id.clone() }, &server)
        }
    };
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    guards::secure(&server, response.headers_mut());
    metrics::count(&method, &response, begun.elapsed());
    let (status, milliseconds, path) = (response.status().as_u16(), begun.elapsed().as_millis(), address.path());
    if !limits::is_free(path) {
        server.shop.counts.answered(status >= 500);
    }
    if status >= 500 {
        tracing::error!(request.id = %id, %method, path, status, milliseconds, "answered with a fault");
    } else if method == "GET" {
        tracing::debug!(request.id = %id, %method, path, status, milliseconds, "answered");
    } else {
        tracing::info!(request.id = %id, %method, path, status, milliseconds, "answered");
    }
    response
}

async fn answer(server: &Server, request: Request, next: Next) -> Response {
    if let Some(refusal) = limits::refuse(server, &request) {
        return refusal;
    }
    if let Some(home) = guards::lead_home(server, request.method(), request.uri(), request.headers()) {
        return home;
    }
    match serve::kept(server, request.method(), request.uri(), request.headers()).await {
        Some(page) => page,
        None => next.run(request).await,
    }
}

/// A bare 500: whoever made it left it to us to say something.
fn says_nothing(response: &Response) -> bool {
    response.status() == StatusCode::INTERNAL_SERVER_ERROR && !response.headers().contains_key(header::CONTENT_TYPE)
}

fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a word")
}

fn new_id() -> String {
    format!("{:012x}", rand::random::<u64>() >> 16)
}
