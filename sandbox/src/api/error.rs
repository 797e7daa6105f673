//! Errors in Stripe's JSON, and which of them an idempotency key remembers.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::PayError;
use crate::store::Kind;

/// Tells the official clients whether another attempt makes sense.
const SHOULD_RETRY: HeaderName = HeaderName::from_static("stripe-should-retry");

/// An error as a client sees it.
#[derive(Debug, Clone)]
pub(crate) struct ApiError {
    status: StatusCode,
    kind: &'static str,
    code: Option<&'static str>,
    message: String,
    param: Option<String>,
    /// Whether work had begun, so that the idempotency key replays this error.
    pub(crate) remembered: bool,
    should_retry: Option<bool>,
}

impl ApiError {
    fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        Self { status, kind, code: None, message: message.into(), param: None, remembered: false, should_retry: None }
    }

    /// A parameter that makes no sense, without a code of its own.
    pub(crate) fn invalid(message: impl Into<String>, param: &str) -> Self {
        let mut error = Self::new(StatusCode::BAD_REQUEST, "invalid_request_error", message);
        error.param = Some(param.to_owned()).filter(|param| !param.is_empty());
        error
    }

    /// A parameter that makes no sense, with Stripe's code for it.
    pub(crate) fn parameter(code: &'static str, message: impl Into<String>, param: &str) -> Self {
        Self { code: Some(code), ..Self::invalid(message, param) }
    }

    /// A parameter that is not there.
    pub(crate) fn missing(param: &str) -> Self {
        Self::parameter("parameter_missing", format!("Missing required param: {param}."), param)
    }

    /// The request was fine, but not in this state of things.
    pub(crate) fn state(code: Option<&'static str>, message: impl Into<String>, param: &str) -> Self {
        Self { code, remembered: true, ..Self::invalid(message, param) }
    }

    /// No object with this id.
    pub(crate) fn not_found(kind: Kind, id: &str) -> Self {
        let param = if kind == Kind::PaymentIntent { "payment_intent" } else { "id" };
        let message = format!("No such {}: '{id}'", kind.name());
        Self { status: StatusCode::NOT_FOUND, ..Self::parameter("resource_missing", message, param) }
    }

    pub(crate) fn unknown_url(method: &Method, path: &str) -> Self {
        let message = format!(
            "Unrecognized request URL ({method}: {path}). This is a sandbox, which knows Checkout \
             Sessions, PaymentIntents, Charges, Refunds, Disputes and Events."
        );
        Self::new(StatusCode::NOT_FOUND, "invalid_request_error", message)
    }

    pub(crate) fn no_key() -> Self {
        let message = "You did not provide an API key. Send it in the Authorization header, as \
                       'Authorization: Bearer YOUR_SECRET_KEY'.";
        Self::new(StatusCode::UNAUTHORIZED, "invalid_request_error", message)
    }

    pub(crate) fn wrong_key(key: &str) -> Self {
        let shown: String = key.chars().take(8).collect();
        let message = format!("Invalid API Key provided: {shown}***");
        Self::new(StatusCode::UNAUTHORIZED, "invalid_request_error", message)
    }

    pub(crate) fn key_reused(key: &str) -> Self {
        let message = format!(
            "Keys for idempotent requests can only be used with the same parameters they were first \
             used with. Try using a key other than '{key}' if you meant to execute a different request."
        );
        Self::new(StatusCode::BAD_REQUEST, "idempotency_error", message)
    }

    pub(crate) fn key_in_use() -> Self {
        let message = "There is currently another in-progress request using this Idempotent Key \
                       (that probably means you submitted twice, and the other request is still \
                       going through). Please try again later.";
        Self {
            code: Some("idempotency_key_in_use"),
            should_retry: Some(true),
            ..Self::new(StatusCode::CONFLICT, "idempotency_error", message)
        }
    }

    pub(crate) fn rate_limit() -> Self {
        let message = "Request rate limit exceeded. Please try again in a moment.";
        Self {
            code: Some("rate_limit"),
            should_retry: Some(true),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "invalid_request_error", message)
        }
    }

    pub(crate) fn server_error() -> Self {
        let message = "An unknown error occurred. The sandbox's log says more.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "api_error", message)
    }

    /// Status and body, as an idempotency key remembers them.
    pub(crate) fn answer(&self) -> (u16, Value) {
        let mut error = Map::new();
        error.insert("type".into(), json!(self.kind));
        error.insert("message".into(), json!(self.message));
        if let Some(code) = self.code {
            error.insert("code".into(), json!(code));
            error.insert("doc_url".into(), json!(format!("https://stripe.com/docs/error-codes/{code}")));
        }
        if let Some(param) = &self.param {
            error.insert("param".into(), json!(param));
        }
        (self.status.as_u16(), json!({ "error": error }))
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        tracing::error!(%error, "the sandbox's database failed");
        Self::server_error()
    }
}

/// What the payment page tells in words, the control endpoints tell in Stripe's shape.
impl From<PayError> for ApiError {
    fn from(error: PayError) -> Self {
        let said = error.to_string();
        match error {
            PayError::NotFound => Self { status: StatusCode::NOT_FOUND, ..Self::invalid(said, "id") },
            PayError::NotATestCard => Self::invalid(said, "card"),
            PayError::Over => Self::state(None, said, "id"),
            PayError::Database(error) => error.into(),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.answer().1)).into_response();
        if let Some(should_retry) = self.should_retry {
            let value = HeaderValue::from_static(if should_retry { "true" } else { "false" });
            response.headers_mut().insert(SHOULD_RETRY, value);
        }
        if self.status == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert("retry-after", HeaderValue::from_static("1"));
        }
        response
    }
}
