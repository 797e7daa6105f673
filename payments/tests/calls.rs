//! The calls themselves, against a sandbox that behaves.

#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

mod common;

use common::{Bench, KEY, client, request};
use payments::{PaymentError, PaymentStatus, RefundReason, RefundRequest, RefundStatus, Session, SessionStatus};
use sandbox::PaymentMethod;
use sqlx::PgPool;

#[sqlx::test(migrations = false)]
async fn a_session_is_opened_paid_and_retrieved(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let request = request("open");
    let opened = bench.payments.open_session(&request).await.unwrap();
    assert!(opened.id.starts_with("cs_test_"));
    assert!(opened.url.as_deref().unwrap().ends_with(&opened.id));
    assert_eq!(opened.status, SessionStatus::Open);
    assert_eq!(opened.payment_status, PaymentStatus::Unpaid);
    assert_eq!((opened.amount_total, opened.currency.as_str()), (1990, "eur"));
    assert_eq!(opened.client_reference.as_deref(), Some("order-1"));
    assert_eq!((opened.expires_at, opened.livemode), (request.expires_at, false));

    let method = PaymentMethod::Card { number: "4242424242424242", name: None };
    bench.sandbox.pay(&opened.id, method).await.unwrap();
    let paid = bench.payments.retrieve_session(&opened.id).await.unwrap();
    assert_eq!((paid.status, paid.payment_status), (SessionStatus::Complete, PaymentStatus::Paid));
    assert!(paid.payment_intent.unwrap().starts_with("pi_"));
}

#[sqlx::test(migrations = false)]
async fn a_delayed_payment_is_complete_but_unpaid(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let session = bench.payments.open_session(&request("delayed")).await.unwrap();
    bench.sandbox.pay(&session.id, PaymentMethod::BankDebit { succeeds: true }).await.unwrap();
    let session = bench.payments.retrieve_session(&session.id).await.unwrap();
    assert_eq!((session.status, session.payment_status), (SessionStatus::Complete, PaymentStatus::Unpaid));
    assert!(session.payment_intent.unwrap().starts_with("pi_"));
}

#[sqlx::test(migrations = false)]
async fn a_delayed_payment_that_failed_is_told_from_one_that_takes_its_time(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let session = bench.payments.open_session(&request("fails")).await.unwrap();
    bench.sandbox.pay(&session.id, PaymentMethod::BankDebit { succeeds: false }).await.unwrap();
    bench.banks_work().await;
    let session = bench.payments.retrieve_session(&session.id).await.unwrap();
    assert_eq!((session.status, session.payment_status), (SessionStatus::Complete, PaymentStatus::Failed));
}

#[sqlx::test(migrations = false)]
async fn a_declined_card_has_not_failed_for_good(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let session = bench.payments.open_session(&request("declined")).await.unwrap();
    let method = PaymentMethod::Card { number: "4000000000000002", name: None };
    bench.sandbox.pay(&session.id, method).await.unwrap();
    let session = bench.payments.retrieve_session(&session.id).await.unwrap();
    assert_eq!((session.status, session.payment_status), (SessionStatus::Open, PaymentStatus::Unpaid));
}

#[sqlx::test(migrations = false)]
async fn the_same_key_gives_the_same_session_and_never_another(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let request = request("same");
    let first = bench.payments.open_session(&request).await.unwrap();
    assert_eq!(bench.payments.open_session(&request).await.unwrap(), first);
    let mut changed = request.clone();
    changed.lines[0].amount_minor += 1;
    let refused = bench.payments.open_session(&changed).await.unwrap_err();
    assert!(matches!(refused, PaymentError::Misconfigured { .. }), "{refused}");
    assert_eq!(bench.count("checkout.session").await, 1);
}

#[sqlx::test(migrations = false)]
async fn an_open_session_expires_once_and_a_paid_one_never(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let session = bench.payments.open_session(&request("expire")).await.unwrap();
    let expired = bench.payments.expire_session(&session.id).await.unwrap();
    assert_eq!((expired.status, expired.url), (SessionStatus::Expired, None));
    let again = bench.payments.expire_session(&session.id).await.unwrap_err();
    assert!(matches!(again, PaymentError::Refused { .. }), "{again}");
    let paid = bench.paid("4242424242424242").await;
    let refused = bench.payments.expire_session(&paid.id).await.unwrap_err();
    assert!(matches!(refused, PaymentError::Refused { .. }), "{refused}");
}

#[sqlx::test(migrations = false)]
async fn refusals_say_what_and_why(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let missing = bench.payments.retrieve_session("cs_test_none").await.unwrap_err();
    assert!(matches!(missing, PaymentError::Refused { code, .. } if code == "resource_missing"));
    let mut soon = request("soon");
    soon.expires_at -= 40 * 60;
    let refused = bench.payments.open_session(&soon).await.unwrap_err();
    assert!(matches!(refused, PaymentError::Refused { message, .. } if message.contains("expires_at")));
    let mut fine = request("fine");
    fine.currency = "kwd".into();
    fine.lines[0].amount_minor = 1_234;
    let refused = bench.payments.open_session(&fine).await.unwrap_err();
    assert!(matches!(refused, PaymentError::Misconfigured { .. }));
}

#[sqlx::test(migrations = false)]
async fn minor_units_are_converted_there_and_back(pool: PgPool) {
    let bench = Bench::open(pool).await;
    for (currency, sent) in [("isk", 199_000), ("jpy", 1990), ("kwd", 1990)] {
        let mut request = request(currency);
        request.currency = currency.into();
        let session = bench.payments.open_session(&request).await.unwrap();
        assert_eq!((session.amount_total, session.currency.as_str()), (1990, currency));
        let stored: i64 = sqlx::query_scalar("select (body ->> 'amount_total')::bigint from sandbox.object where id = $1")
            .bind(&session.id)
            .fetch_one(&bench.pool)
            .await
            .unwrap();
        assert_eq!(stored, sent, "{currency}");
    }
}

fn refund_of(session: &Session, number: u32, amount_minor: i64) -> RefundRequest {
    RefundRequest {
        idempotency_key: format!("order:1:refund:{number}"),
        payment_intent: session.payment_intent.clone().unwrap(),
        amount_minor,
        currency: session.currency.clone(),
        reason: Some(RefundReason::RequestedByCustomer),
        reference: format!("refund-{number}"),
    }
}

#[sqlx::test(migrations = false)]
async fn money_is_given_back_once_a_key_and_never_too_much(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let session = bench.paid("4242424242424242").await;
    let first = bench.payments.refund(&refund_of(&session, 1, 1_000)).await.unwrap();
    assert_eq!((first.status, first.amount_minor), (RefundStatus::Succeeded, 1_000));
    assert_eq!(first.payment_intent, session.payment_intent);
    assert_eq!(bench.payments.refund(&refund_of(&session, 1, 1_000)).await.unwrap(), first);
    let too_much = bench.payments.refund(&refund_of(&session, 2, 991)).await.unwrap_err();
    assert!(matches!(too_much, PaymentError::Refused { .. }), "{too_much}");
    let second = bench.payments.refund(&refund_of(&session, 3, 990)).await.unwrap();
    assert_eq!(bench.payments.retrieve_refund(&second.id).await.unwrap(), second);
    let of_payment = bench.payments.refunds_of(&session.payment_intent.unwrap()).await.unwrap();
    assert_eq!(of_payment, [second, first]);
    assert_eq!(of_payment[0].reference.as_deref(), Some("refund-3"));
}

#[sqlx::test(migrations = false)]
async fn slow_refunds_are_pending(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let session = bench.paid("4000000000007726").await;
    let refund = bench.payments.refund(&refund_of(&session, 1, 500)).await.unwrap();
    assert_eq!(refund.status, RefundStatus::Pending);
}

#[sqlx::test(migrations = false)]
async fn a_wrong_key_and_a_wrong_address_are_told_apart(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let origin = bench.payments.open_session(&request("origin")).await.unwrap().url.unwrap();
    let origin = origin.split("/sandbox/").next().unwrap().to_owned();
    let wrong_key = client(&origin, "sk_test_wrong").open_session(&request("key")).await;
    assert!(matches!(wrong_key.unwrap_err(), PaymentError::Misconfigured { .. }));
    let nobody = client("http://127.0.0.1:9", KEY).open_session(&request("nobody")).await;
    assert!(matches!(nobody.unwrap_err(), PaymentError::Unreachable { .. }));
}
