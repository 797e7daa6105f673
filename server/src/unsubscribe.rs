//! Where mail programs tell us that their reader wants no more mail of a kind (RFC 8058): they post to an address that
//! the mail names. Whoever opens it gets the page with the button.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::{Language, token::Token};
use http::StatusCode;
use shop::{Failure, Shop, surveys};
use time::OffsetDateTime;

pub async fn page(State(shop): State<Shop>, Path((language, token)): Path<(String, String)>) -> Redirect {
    let language = language.parse::<Language>().unwrap_or(shop.settings.base_language);
    // What is no part of a token has no place in an address.
    let token: String = token.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')).collect();
    Redirect::to(&format!("/{language}/survey/stop?t={token}"))
}

pub async fn one_click(State(shop): State<Shop>, Path((_, token)): Path<(String, String)>) -> Response {
    match surveys::stop(&shop, &Token(token), OffsetDateTime::now_utc()).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(Failure::Refused(_)) => StatusCode::NOT_FOUND.into_response(),
        Err(Failure::Fault(fault)) => {
            tracing::error!(error = %fault, "somebody could not be taken off the list");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
