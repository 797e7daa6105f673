//! The hosted payment page, where Stripe would have its own: a form, a 3-D Secure challenge, and the way
//! back to the shop. Mounted under `/sandbox` on the shop's public origin.

mod card_form;
mod html;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

pub(crate) use words::Language;

use crate::cards::Decline;
use crate::payment::{PayError, PayOutcome, PaymentMethod};
use crate::store::{self, Kind, Stored};
use crate::{Sandbox, sessions};
use card_form::{CardForm, Posted, check};

const STYLE: &str = include_str!("style.css");

/// The payment page, its style sheet and the challenge page, with their whole paths.
pub fn pay_router(sandbox: &Arc<Sandbox>) -> Router {
    Router::new()
        .route("/sandbox/pay/{id}", get(show).post(pay))
        .route("/sandbox/3ds/{id}", get(show_challenge).post(answer_challenge))
        .route("/sandbox/style.css", get(style))
        .with_state(Arc::clone(sandbox))
}

async fn style() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, STYLE).into_response()
}

/// A page nobody stores: it shows what somebody buys.
fn fresh(status: StatusCode, html: String) -> Response {
    let mut response = (status, Html(html)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn accepted(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()
}

fn language_of(session: &Stored, headers: &HeaderMap) -> Language {
    Language::choose(session.body["locale"].as_str(), accepted(headers))
}

/// Everything that cannot be shown as asked.
fn trouble(error: PayError, headers: &HeaderMap) -> Response {
    let language = Language::choose(None, accepted(headers));
    let words = language.words();
    match error {
        PayError::NotFound | PayError::NotATestCard | PayError::Over => {
            let page = html::notice(language, words.missing_title, words.missing_text, None);
            fresh(StatusCode::NOT_FOUND, page)
        }
        PayError::Database(error) => {
            tracing::error!(%error, "the sandbox's payment page failed");
            let page = html::notice(language, words.fault_title, words.fault_text, None);
            fresh(StatusCode::INTERNAL_SERVER_ERROR, page)
        }
    }
}

async fn find(sandbox: &Sandbox, kind: Kind, id: &str) -> Result<Stored, PayError> {
    let mut connection = sandbox.pool.acquire().await?;
    store::find(&mut connection, kind, id).await?.ok_or(PayError::NotFound)
}

async fn show(State(sandbox): State<Arc<Sandbox>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    match find(&sandbox, Kind::Session, &id).await {
        Ok(session) => session_page(&session, &CardForm::empty(), &headers),
        Err(error) => trouble(error, &headers),
    }
}

/// The form while the session is open, else what became of it.
fn session_page(session: &Stored, form: &CardForm, headers: &HeaderMap) -> Response {
    let language = language_of(session, headers);
    let words = language.words();
    if session.text("status") == "complete" {
        let url = sessions::success_url(session);
        let link = Some((url.as_str(), words.complete_link));
        let page = html::notice(language, words.complete_title, words.complete_text, link);
        return fresh(StatusCode::OK, page);
    }
    if session.text("status") == "expired" || sessions::lapsed(session) {
        let link = session.body["cancel_url"].as_str().map(|url| (url, words.expired_link));
        let page = html::notice(language, words.expired_title, words.expired_text, link);
        return fresh(StatusCode::GONE, page);
    }
    let status = if form.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    fresh(status, html::pay(session, form, language))
}

async fn pay(State(sandbox): State<Arc<Sandbox>>, Path(id): Path<String>, headers: HeaderMap, Form(posted): Form<Posted>) -> Response {
    match try_to_pay(&sandbox, &id, &headers, &posted).await {
        Ok(response) => response,
        Err(error) => trouble(error, &headers),
    }
}

async fn try_to_pay(sandbox: &Sandbox, id: &str, headers: &HeaderMap, posted: &Posted) -> Result<Response, PayError> {
    let session = find(sandbox, Kind::Session, id).await?;
    let language = language_of(&session, headers);
    let outcome = match posted.method.as_str() {
        "debit_succeeds" => sandbox.pay(id, PaymentMethod::BankDebit { succeeds: true }).await?,
        "debit_fails" => sandbox.pay(id, PaymentMethod::BankDebit { succeeds: false }).await?,
        _ => match check(posted, language) {
            Ok(card) => {
                let name = Some(card.name.as_str());
                sandbox.pay(id, PaymentMethod::Card { number: card.number, name }).await?
            }
            Err(form) => return Ok(session_page(&session, &form, headers)),
        },
    };
    after(sandbox, &session, outcome, CardForm::typed(posted), headers).await
}

/// Where a try leads: back to the shop, to the challenge, or to the form again.
async fn after(
    sandbox: &Sandbox,
    session: &Stored,
    outcome: PayOutcome,
    mut form: CardForm,
    headers: &HeaderMap,
) -> Result<Response, PayError> {
    Ok(match outcome {
        PayOutcome::Paid | PayOutcome::Processing | PayOutcome::AlreadyComplete => {
            Redirect::to(&sessions::success_url(session)).into_response()
        }
        PayOutcome::ChallengeRequired(id) => Redirect::to(&format!("/sandbox/3ds/{id}")).into_response(),
        PayOutcome::Declined(name) => {
            let why = Decline::by_name(&name).unwrap_or(Decline::Generic);
            form.decline(why, language_of(session, headers));
            session_page(session, &form, headers)
        }
        PayOutcome::Expired => {
            let session = find(sandbox, Kind::Session, &session.id).await?;
            session_page(&session, &form, headers)
        }
    })
}

async fn show_challenge(State(sandbox): State<Arc<Sandbox>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    match challenge_and_session(&sandbox, &id).await {
        Ok((challenge, session)) if challenge.text("status") == "pending" && is_payable(&session) => {
            let language = language_of(&session, &headers);
            fresh(StatusCode::OK, html::challenge(&challenge, &session, language))
        }
        Ok((_, session)) => session_page(&session, &CardForm::empty(), &headers),
        Err(error) => trouble(error, &headers),
    }
}

fn is_payable(session: &Stored) -> bool {
    session.text("status") == "open" && !sessions::lapsed(session)
}

async fn challenge_and_session(sandbox: &Sandbox, id: &str) -> Result<(Stored, Stored), PayError> {
    let challenge = find(sandbox, Kind::Challenge, id).await?;
    let session = find(sandbox, Kind::Session, challenge.text("session")).await?;
    Ok((challenge, session))
}

#[derive(Deserialize)]
struct ChallengeAnswer {
    #[serde(default)]
    answer: String,
}

async fn answer_challenge(
    State(sandbox): State<Arc<Sandbox>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(posted): Form<ChallengeAnswer>,
) -> Response {
    match try_to_answer(&sandbox, &id, &headers, posted.answer == "authorise").await {
        Ok(response) => response,
        Err(error) => trouble(error, &headers),
    }
}

async fn try_to_answer(sandbox: &Sandbox, id: &str, headers: &HeaderMap, authorise: bool) -> Result<Response, PayError> {
    let (challenge, session) = challenge_and_session(sandbox, id).await?;
    let outcome = sandbox.answer_challenge(id, authorise).await?;
    let form = CardForm::after_challenge(challenge.text("last4"), challenge.text("name"));
    after(sandbox, &session, outcome, form, headers).await
}
