//! Webhooks as the sandbox sends them, and as a forger would.

#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

mod common;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use common::{Bench, client};
use payments::{EventKind, SignatureError, parse_event};
use sqlx::PgPool;
use stripe_webhook::Webhook;
use tokio::net::TcpListener;

type Inbox = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

async fn receive(State(inbox): State<Inbox>, headers: HeaderMap, body: Bytes) {
    let signature = headers["stripe-signature"].to_str().unwrap().to_owned();
    inbox.lock().unwrap().push((signature, body.to_vec()));
}

#[sqlx::test(migrations = false)]
async fn what_the_sandbox_sends_is_verified_and_understood(pool: PgPool) {
    let inbox = Inbox::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hook = format!("http://{}/hook", listener.local_addr().unwrap());
    let router = Router::new().route("/hook", post(receive)).with_state(Arc::clone(&inbox));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let bench = Bench::with_hook(pool, &hook).await;
    let session = bench.paid("4000000000000259").await;
    let worker = sandbox::run_webhooks(Arc::clone(&bench.sandbox), std::future::pending());
    let _ = tokio::time::timeout(Duration::from_millis(1500), worker).await;

    let received = inbox.lock().unwrap().clone();
    let events: Vec<_> = received
        .iter()
        .map(|(signature, body)| {
            bench.payments.verify_webhook(body, signature).unwrap();
            parse_event(body).unwrap()
        })
        .collect();
    let of = |kind| events.iter().find(|event| event.kind == kind).unwrap();
    let completed = of(EventKind::CheckoutCompleted);
    assert_eq!(completed.session.as_deref(), Some(session.id.as_str()));
    assert_eq!(completed.client_reference.as_deref(), Some("order-1"));
    assert_eq!(completed.payment_intent, session.payment_intent);
    assert!(bench.payments.accepts(completed.livemode));
    let paid = of(EventKind::PaymentSucceeded);
    assert_eq!((&paid.object_id, &paid.session), (&session.payment_intent, &None));
    let disputed = of(EventKind::DisputeCreated);
    assert_eq!(disputed.payment_intent, session.payment_intent);
    let dispute = disputed.dispute.as_ref().unwrap();
    assert_eq!((dispute.amount_minor, dispute.reason.as_str()), (1990, "fraudulent"));
}

const BODY: &str = r#"{"id":"evt_1","object":"event","type":"something.new","livemode":true,
    "created":1,"data":{"object":{"id":"x_1","object":"x","payment_intent":{"id":"pi_1"}}}}"#;

#[tokio::test]
async fn forged_old_and_broken_signatures_are_refused() {
    let payments = client("http://127.0.0.1:9", "sk_test_1");
    let sign = |secret, at| Webhook::generate_test_header(BODY, secret, at);
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    let verify = |signature: &str| payments.verify_webhook(BODY.as_bytes(), signature);
    for secret in ["whsec_retired", common::SECRET] {
        assert_eq!(verify(&sign(secret, None)), Ok(()), "{secret}");
    }
    let both = format!("{},v1={}", sign("whsec_other", None), "00".repeat(32));
    assert_eq!(verify(&both), Err(SignatureError::Mismatch));
    assert_eq!(verify(&sign("whsec_other", None)), Err(SignatureError::Mismatch));
    let outside = Err(SignatureError::OutsideTolerance);
    assert_eq!(verify(&sign(common::SECRET, Some(now - 400))), outside);
    assert_eq!(verify(&sign(common::SECRET, Some(now + 400))), outside);
    assert_eq!(verify("t=soon,v1=00"), Err(SignatureError::Malformed));
    assert!(verify("").is_err());
    let changed = BODY.replace("evt_1", "evt_2");
    let signature = sign(common::SECRET, None);
    let forged = payments.verify_webhook(changed.as_bytes(), &signature);
    assert_eq!(forged, Err(SignatureError::Mismatch));
    assert!(payments.verify_webhook(b"\xff\xfe", &signature).is_err());
}

#[test]
fn an_event_of_a_kind_unknown_to_us_is_read_all_the_same() {
    let event = parse_event(BODY.as_bytes()).unwrap();
    assert_eq!(event.kind, EventKind::Other("something.new".into()));
    assert_eq!(event.object_id.as_deref(), Some("x_1"));
    assert_eq!(event.payment_intent.as_deref(), Some("pi_1"));
    assert!(event.livemode && event.session.is_none() && event.dispute.is_none());
    assert!(parse_event(b"<html>").is_err());
}
