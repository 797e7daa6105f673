//! Every way a call can go wrong: what is survived within one call, and what the caller is told when it
//! is not. However it went, one key makes one session.

#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

mod common;

use common::{Bench, request};
use payments::{PaymentError, RefundRequest};
use sandbox::{ApiFault, FaultKind, When};
use sqlx::PgPool;

const SESSION: &str = "checkout.session";

fn fault(kind: FaultKind, when: When, times: u32) -> ApiFault {
    ApiFault { when: Some(when), times, ..ApiFault::once(kind) }
}

#[sqlx::test(migrations = false)]
async fn one_fault_of_any_kind_is_survived(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let kinds =
        [FaultKind::Conflict, FaultKind::RateLimit, FaultKind::ServerError, FaultKind::BadGateway, FaultKind::Hang, FaultKind::Close];
    let mut sessions = 0;
    for when in [When::Before, When::After] {
        for kind in kinds {
            bench.sandbox.add_fault(fault(kind, when, 1));
            let request = request(&format!("{kind:?}:{when:?}"));
            let session = bench.payments.open_session(&request).await.unwrap();
            sessions += 1;
            assert_eq!(bench.count(SESSION).await, sessions, "{kind:?} {when:?}");
            assert_eq!(bench.payments.open_session(&request).await.unwrap(), session);
        }
    }
    let slow = ApiFault { delay_ms: 300, ..ApiFault::once(FaultKind::Delay) };
    bench.sandbox.add_fault(slow);
    bench.payments.open_session(&request("slow")).await.unwrap();
}

#[sqlx::test(migrations = false)]
async fn a_fault_that_lasts_is_told_for_what_it_is(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let unknown = [
        (FaultKind::Conflict, When::Before),
        (FaultKind::ServerError, When::Before),
        (FaultKind::ServerError, When::After),
        (FaultKind::BadGateway, When::Before),
        (FaultKind::BadGateway, When::After),
        (FaultKind::Hang, When::After),
        (FaultKind::Close, When::After),
    ];
    for (kind, when) in unknown {
        bench.sandbox.add_fault(fault(kind, when, 3));
        let request = request(&format!("{kind:?}:{when:?}"));
        let error = bench.payments.open_session(&request).await.unwrap_err();
        assert!(matches!(error, PaymentError::OutcomeUnknown { .. }), "{kind:?} {when:?}: {error}");
        let before = bench.count(SESSION).await;
        bench.payments.open_session(&request).await.unwrap();
        let made = bench.count(SESSION).await - before;
        assert_eq!(made, i64::from(when == When::Before), "{kind:?} {when:?}");
    }
    bench.sandbox.add_fault(fault(FaultKind::RateLimit, When::Before, 3));
    let busy = bench.payments.open_session(&request("busy")).await.unwrap_err();
    assert!(matches!(busy, PaymentError::Unreachable { .. }), "{busy}");
}

#[sqlx::test(migrations = false)]
async fn an_unknown_outcome_is_not_forgotten_over_later_failures(pool: PgPool) {
    let bench = Bench::open(pool).await;
    bench.sandbox.add_fault(fault(FaultKind::BadGateway, When::After, 1));
    bench.sandbox.add_fault(fault(FaultKind::RateLimit, When::Before, 2));
    let error = bench.payments.open_session(&request("mixed")).await.unwrap_err();
    assert!(matches!(error, PaymentError::OutcomeUnknown { .. }), "{error}");
    assert_eq!(bench.count(SESSION).await, 1);
}

#[sqlx::test(migrations = false)]
async fn a_refusal_settles_an_unknown_outcome(pool: PgPool) {
    let bench = Bench::open(pool).await;
    bench.sandbox.add_fault(fault(FaultKind::BadGateway, When::Before, 1));
    let mut wrong = request("wrong");
    wrong.lines.clear();
    let error = bench.payments.open_session(&wrong).await.unwrap_err();
    assert!(matches!(error, PaymentError::Refused { .. }), "{error}");
}

#[sqlx::test(migrations = false)]
async fn a_refund_whose_answer_is_lost_is_given_once(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let session = bench.paid("4242424242424242").await;
    let refund = RefundRequest {
        idempotency_key: "order:1:refund:1".into(),
        payment_intent: session.payment_intent.unwrap(),
        amount_minor: 500,
        currency: session.currency,
        reason: None,
        reference: "refund-1".into(),
    };
    bench.sandbox.add_fault(fault(FaultKind::BadGateway, When::After, 3));
    let error = bench.payments.refund(&refund).await.unwrap_err();
    assert!(matches!(error, PaymentError::OutcomeUnknown { .. }), "{error}");
    let found = bench.payments.refunds_of(&refund.payment_intent).await.unwrap();
    assert_eq!(found[0].reference.as_deref(), Some("refund-1"));
    assert_eq!(bench.payments.refund(&refund).await.unwrap(), found[0]);
    assert_eq!(bench.count("refund").await, 1);
}

#[sqlx::test(migrations = false)]
async fn reading_survives_and_has_no_unknown_outcome(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let session = bench.payments.open_session(&request("read")).await.unwrap();
    bench.sandbox.add_fault(fault(FaultKind::ServerError, When::Before, 2));
    assert_eq!(bench.payments.retrieve_session(&session.id).await.unwrap(), session);
    bench.sandbox.add_fault(fault(FaultKind::BadGateway, When::Before, 3));
    let error = bench.payments.retrieve_session(&session.id).await.unwrap_err();
    assert!(matches!(error, PaymentError::Unreachable { .. }), "{error}");
}

#[sqlx::test(migrations = false)]
async fn expiring_twice_over_a_lost_answer_is_a_refusal_to_look_into(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let session = bench.payments.open_session(&request("expire")).await.unwrap();
    bench.sandbox.add_fault(fault(FaultKind::Close, When::After, 1));
    let error = bench.payments.expire_session(&session.id).await.unwrap_err();
    assert!(matches!(error, PaymentError::Refused { .. }), "{error}");
    let session = bench.payments.retrieve_session(&session.id).await.unwrap();
    assert_eq!(session.status, payments::SessionStatus::Expired);
}

#[sqlx::test(migrations = false)]
async fn two_calls_at_once_make_one_session(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let request = request("twice");
    let (one, other) = tokio::join!(bench.payments.open_session(&request), bench.payments.open_session(&request),);
    assert_eq!(one.unwrap().id, other.unwrap().id);
    assert_eq!(bench.count(SESSION).await, 1);
}
