//! `POST /mail/inbound`: one mail as it came, from a mail provider's webhook or a program that fetches mail. Whoever posts
//! shows the secret; without one in the settings the door does not exist.

use crate::router::Server;
use axum::{
    body::{Body, to_bytes},
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use shop::{
    Failure, chat,
    mail::{InboundRefusal, MOST_MAIL},
    settings::Secret,
};
use subtle::ConstantTimeEq;
use time::OffsetDateTime;

pub async fn receive(State(server): State<Server>, headers: HeaderMap, body: Body) -> Response {
    let Some(secret) = &server.inbound_secret else { return StatusCode::NOT_FOUND.into_response() };
    if !knows(&headers, secret) {
        return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Basic realm=\"mail\"")]).into_response();
    }
    let Ok(raw) = to_bytes(body, MOST_MAIL).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, InboundRefusal::TooLarge.to_string()).into_response();
    };
    match chat::receive_mail(&server.shop, &raw, OffsetDateTime::now_utc()).await {
        Ok(received) => {
            server.wake.now();
            (StatusCode::OK, sentence(received)).into_response()
        }
        Err(Failure::Refused(refusal)) => {
            tracing::warn!(reason = %refusal, "a mail was turned away");
            (StatusCode::UNPROCESSABLE_ENTITY, refusal.to_string()).into_response()
        }
        Err(Failure::Fault(fault)) => {
            // Not 200: it will be sent again.
            tracing::error!(error = %fault, "a mail could not be taken");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// What became of a mail, for who reads the log of a mail server.
#[must_use]
pub fn sentence(received: chat::Received) -> String {
    match received {
        chat::Received::Said(number) => format!("in conversation {number}"),
        chat::Received::Noted(number) => format!("in conversation {number}, as a note: it came from another address"),
        chat::Received::Known(number) => format!("in conversation {number} already"),
        chat::Received::Ignored(why) => format!("nothing is made of it: {why}"),
    }
}

/// As a bearer, or as the password of Basic with any name: what providers let one write into an address.
fn knows(headers: &HeaderMap, secret: &Secret) -> bool {
    let said = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let password = match said.split_once(' ') {
        Some(("Bearer", token)) => token.to_owned(),
        Some(("Basic", pair)) => {
            let pair = STANDARD.decode(pair).ok().and_then(|pair| String::from_utf8(pair).ok()).unwrap_or_default();
            pair.split_once(':').map(|(_, password)| password.to_owned()).unwrap_or_default()
        }
        _ => String::new(),
    };
    password.as_bytes().ct_eq(secret.0.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_door_opens_to_the_secret_only() {
        let secret = Secret("a secret of the tests".to_owned());
        let opens = |said: &str| knows(&HeaderMap::from_iter([(header::AUTHORIZATION, said.parse().unwrap())]), &secret);
        assert!(opens("Bearer a secret of the tests") && opens(&format!("Basic {}", STANDARD.encode("mail:a secret of the tests"))));
        assert!(!opens("Bearer a secret of the test") && !opens("Bearer ") && !opens("Basic x") && !knows(&HeaderMap::new(), &secret));
    }
}
