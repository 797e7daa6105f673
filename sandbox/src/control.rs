//! The control endpoints: what a test, or somebody at this machine, may do to the sandbox that no client
//! of Stripe can. They ask for no key, so the API port must be on loopback; they take JSON only, which a
//! web page elsewhere cannot send here, and only under a loopback name, which a page cannot borrow.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::ApiError;
use crate::faults::{ApiFault, WebhookSwitches};
use crate::payment::{PayOutcome, PaymentMethod};
use crate::store::{self, Kind};
use crate::{Sandbox, refunds, sessions};

pub(crate) fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/control/faults", post(add_faults))
        .route("/control/faults/clear", post(clear_faults))
        .route("/control/webhooks", post(switch_webhooks))
        .route("/control/webhooks/release", post(release_webhooks))
        .route("/control/sessions/{id}/pay", post(pay))
        .route("/control/sessions/{id}/lapse", post(lapse))
        .route("/control/challenges/{id}", post(answer_challenge))
        .route("/control/refunds/{id}", post(settle_refund))
        .route("/control/payment_intents/{id}/dispute", post(open_dispute))
        .route("/control/disputes/{id}", post(close_dispute))
        .layer(axum::middleware::from_fn(only_loopback))
}

/// A web page may point its own name at this machine (DNS rebinding); then the name gives it away.
async fn only_loopback(headers: HeaderMap, request: Request, next: Next) -> Response {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if ["127.0.0.1", "localhost", "[::1]"].contains(&name) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "The control endpoints answer under a loopback name only.").into_response()
    }
}

type Answer = Result<Json<Value>, ApiError>;
type Opened = State<Arc<Sandbox>>;

/// One fault, or a list of them.
#[derive(Deserialize)]
#[serde(untagged)]
enum Faults {
    One(ApiFault),
    Many(Vec<ApiFault>),
}

async fn add_faults(State(sandbox): Opened, Json(faults): Json<Faults>) -> Json<Value> {
    let faults = match faults {
        Faults::One(fault) => vec![fault],
        Faults::Many(faults) => faults,
    };
    let added = faults.len();
    faults.into_iter().for_each(|fault| sandbox.add_fault(fault));
    Json(json!({ "added": added }))
}

async fn clear_faults(State(sandbox): Opened) -> Json<Value> {
    sandbox.clear_faults();
    Json(json!({ "cleared": true }))
}

async fn switch_webhooks(State(sandbox): Opened, Json(switches): Json<WebhookSwitches>) -> Answer {
    sandbox.switch_webhooks(switches).await?;
    Ok(Json(json!(switches)))
}

async fn release_webhooks(State(sandbox): Opened) -> Answer {
    let released = sandbox.release_webhooks().await?;
    Ok(Json(json!({ "released": released })))
}

/// A card number, or `debit_succeeds` for the delayed method.
#[derive(Deserialize)]
struct Pay {
    card: Option<String>,
    name: Option<String>,
    debit_succeeds: Option<bool>,
}

async fn pay(State(sandbox): Opened, Path(id): Path<String>, Json(pay): Json<Pay>) -> Answer {
    let method = match (&pay.card, pay.debit_succeeds) {
        (Some(number), None) => PaymentMethod::Card { number, name: pay.name.as_deref() },
        (None, Some(succeeds)) => PaymentMethod::BankDebit { succeeds },
        _ => return Err(ApiError::invalid("Say either card or debit_succeeds.", "card")),
    };
    Ok(told(sandbox.pay(&id, method).await?))
}

#[derive(Deserialize)]
struct ChallengeAnswer {
    authorise: bool,
}

async fn answer_challenge(State(sandbox): Opened, Path(id): Path<String>, Json(answer): Json<ChallengeAnswer>) -> Answer {
    Ok(told(sandbox.answer_challenge(&id, answer.authorise).await?))
}

fn told(outcome: PayOutcome) -> Json<Value> {
    Json(match outcome {
        PayOutcome::Paid => json!({ "outcome": "paid" }),
        PayOutcome::Processing => json!({ "outcome": "processing" }),
        PayOutcome::Declined(code) => json!({ "outcome": "declined", "code": code }),
        PayOutcome::ChallengeRequired(id) => json!({ "outcome": "challenge_required", "challenge": id }),
        PayOutcome::AlreadyComplete => json!({ "outcome": "already_complete" }),
        PayOutcome::Expired => json!({ "outcome": "expired" }),
    })
}

/// Lets a session's time run out at once, instead of in half an hour.
async fn lapse(State(sandbox): Opened, Path(id): Path<String>, Json(_): Json<Value>) -> Answer {
    let mut transaction = sandbox.pool.begin().await?;
    let mut session = store::take(&mut transaction, Kind::Session, &id).await?;
    session.body["expires_at"] = json!(crate::clock::now());
    if sessions::lapsed(&session) {
        sessions::close(&mut transaction, &mut session).await?;
    }
    sandbox.commit(transaction).await?;
    Ok(Json(session.body))
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RefundOutcome {
    Succeeded,
    Failed,
}

#[derive(Deserialize)]
struct SettleRefund {
    outcome: RefundOutcome,
}

async fn settle_refund(State(sandbox): Opened, Path(id): Path<String>, Json(settle): Json<SettleRefund>) -> Answer {
    let outcome = match settle.outcome {
        RefundOutcome::Succeeded => "succeeded",
        RefundOutcome::Failed => "failed",
    };
    let mut transaction = sandbox.pool.begin().await?;
    let refund = refunds::settle(&mut transaction, &id, outcome).await?;
    sandbox.commit(transaction).await?;
    Ok(Json(refund))
}

#[derive(Deserialize)]
struct OpenDispute {
    reason: String,
}

async fn open_dispute(State(sandbox): Opened, Path(id): Path<String>, Json(open): Json<OpenDispute>) -> Answer {
    Ok(Json(sandbox.open_dispute(&id, &open.reason).await?))
}

#[derive(Deserialize)]
struct CloseDispute {
    won: bool,
}

async fn close_dispute(State(sandbox): Opened, Path(id): Path<String>, Json(close): Json<CloseDispute>) -> Answer {
    Ok(Json(sandbox.close_dispute(&id, close.won).await?))
}
