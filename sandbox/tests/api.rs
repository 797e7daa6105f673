//! The API over HTTP: sessions, idempotency, errors, refunds, disputes.

#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

mod common;

use std::sync::Arc;

use common::{Bench, session_form};
use serde_json::{Value, json};
use sqlx::PgPool;

const SESSIONS: &str = "/v1/checkout/sessions";

#[sqlx::test(migrations = false)]
async fn a_session_opens_with_what_was_asked(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let session = bench.session().await;
    assert_eq!(session["amount_total"], 1990);
    assert_eq!(session["currency"], "eur");
    assert_eq!(session["status"], "open");
    assert_eq!(session["payment_status"], "unpaid");
    assert_eq!(session["client_reference_id"], "order-1");
    assert_eq!(session["metadata"]["order"], "1");
    assert_eq!(session["livemode"], false);
    let id = session["id"].as_str().unwrap();
    assert_eq!(session["url"], format!("{}/sandbox/pay/{id}", bench.origin));
    assert_eq!(bench.get(&format!("{SESSIONS}/{id}")).await, session);
    let expanded = bench.get(&format!("{SESSIONS}/{id}?expand[]=line_items")).await;
    assert_eq!(expanded["line_items"]["data"][1]["description"], "Delivery");
}

#[sqlx::test(migrations = false)]
async fn state_survives_a_restart(pool: PgPool) {
    let first = Bench::open(pool.clone()).await;
    let session = first.session().await;
    drop(first);
    let second = Bench::open(pool).await;
    let id = session["id"].as_str().unwrap();
    assert_eq!(second.get(&format!("{SESSIONS}/{id}")).await["id"], session["id"]);
}

#[sqlx::test(migrations = false)]
async fn lists_are_paged_newest_first(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let (one, two) = (bench.session().await, bench.session().await);
    let page = bench.get(&format!("{SESSIONS}?limit=1")).await;
    assert_eq!((&page["data"][0]["id"], &page["has_more"]), (&two["id"], &json!(true)));
    let after = two["id"].as_str().unwrap();
    let page = bench.get(&format!("{SESSIONS}?limit=1&starting_after={after}")).await;
    assert_eq!((&page["data"][0]["id"], &page["has_more"]), (&one["id"], &json!(false)));
}

#[sqlx::test(migrations = false)]
async fn keys_are_checked(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let url = format!("{}{SESSIONS}", bench.origin);
    let without = bench.http.get(&url).send().await.unwrap();
    assert_eq!(without.status(), 401);
    assert!(without.headers()["request-id"].to_str().unwrap().starts_with("req_"));
    let wrong = bench.http.get(&url).bearer_auth("sk_test_wrong").send().await.unwrap();
    assert_eq!(wrong.status(), 401);
    let body: Value = wrong.json().await.unwrap();
    assert_eq!(body["error"]["type"], "invalid_request_error");
    assert!(!body.to_string().contains("sk_test_wrong"));
    let basic = bench.http.get(&url).basic_auth(common::KEY, None::<&str>).send().await.unwrap();
    assert_eq!(basic.status(), 200);
}

#[sqlx::test(migrations = false)]
async fn what_is_wrong_is_said_in_stripes_shape(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let cases: [(&str, Option<&str>, &str, &str); 6] = [
        ("success_url", None, "parameter_missing", "success_url"),
        ("line_items[0][quantity]", Some("x"), "parameter_invalid_integer", "line_items[0][quantity]"),
        ("line_items[0][price_data][unit_amount]", None, "parameter_missing", "line_items[0][price_data][unit_amount]"),
        ("cancel_url", Some("cart"), "url_invalid", "cancel_url"),
        ("customer_email", Some("ana"), "email_invalid", "customer_email"),
        ("sucess_url", Some("http://x"), "parameter_unknown", "sucess_url"),
    ];
    for (name, value, code, param) in cases {
        let mut form: Vec<_> = session_form().into_iter().filter(|(key, _)| *key != name).collect();
        form.extend(value.map(|value| (name, value)));
        let response = bench.post(SESSIONS, &form, None).await;
        assert_eq!(response.status(), 400, "{name}");
        let error = &response.json::<Value>().await.unwrap()["error"];
        assert_eq!((&error["code"], &error["param"]), (&json!(code), &json!(param)), "{error}");
    }
    let missing = bench.get("/v1/checkout/sessions/cs_none").await;
    assert_eq!(missing["error"]["code"], "resource_missing");
    let unknown = bench.get("/v1/customers").await;
    assert!(unknown["error"]["message"].as_str().unwrap().contains("/v1/customers"));
}

#[sqlx::test(migrations = false)]
async fn expiry_is_half_an_hour_to_a_day_away(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    for (minutes, accepted) in [(20, false), (31, true), (1439, true), (1500, false)] {
        let at = (now + minutes * 60).to_string();
        let mut form = session_form();
        form.push(("expires_at", at.as_str()));
        let response = bench.post(SESSIONS, &form, None).await;
        assert_eq!(response.status().is_success(), accepted, "{minutes} minutes");
    }
}

#[sqlx::test(migrations = false)]
async fn an_idempotency_key_replays_its_answer(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let first = bench.post(SESSIONS, &session_form(), Some("k1")).await;
    assert!(first.headers().get("idempotent-replayed").is_none());
    let first: Value = first.json().await.unwrap();
    let mut turned = session_form();
    turned.reverse();
    let again = bench.post(SESSIONS, &turned, Some("k1")).await;
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    assert_eq!(again.json::<Value>().await.unwrap(), first);
    let mut other = session_form();
    other.retain(|(key, _)| *key != "customer_email");
    let refused = bench.post(SESSIONS, &other, Some("k1")).await;
    assert_eq!(refused.status(), 400);
    let error = &refused.json::<Value>().await.unwrap()["error"];
    assert_eq!(error["type"], "idempotency_error");
}

#[sqlx::test(migrations = false)]
async fn errors_of_state_are_replayed_and_errors_of_form_are_not(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let session = bench.session().await;
    let path = format!("{SESSIONS}/{}/expire", session["id"].as_str().unwrap());
    assert_eq!(bench.post(&path, &[], None).await.status(), 200);
    assert_eq!(bench.post(&path, &[], Some("k")).await.status(), 400);
    let again = bench.post(&path, &[], Some("k")).await;
    assert_eq!((again.status().as_u16(), again.headers().contains_key("idempotent-replayed")), (400, true));
    assert_eq!(bench.post(SESSIONS, &[("mode", "payment")], Some("form")).await.status(), 400);
    assert_eq!(bench.post(SESSIONS, &session_form(), Some("form")).await.status(), 200);
}

#[sqlx::test(migrations = false)]
async fn the_same_key_at_the_same_time_works_once(pool: PgPool) {
    let bench = Arc::new(Bench::open(pool.clone()).await);
    let tries = (0..6).map(|_| {
        let bench = Arc::clone(&bench);
        tokio::spawn(async move { bench.post(SESSIONS, &session_form(), Some("k")).await.status() })
    });
    for status in futures::future::join_all(tries).await {
        assert!([200, 409].contains(&status.unwrap().as_u16()));
    }
    let sessions: i64 =
        sqlx::query_scalar("select count(*) from sandbox.object where kind = 'checkout.session'").fetch_one(&pool).await.unwrap();
    assert_eq!(sessions, 1);
}

#[sqlx::test(migrations = false)]
async fn a_key_in_use_is_a_conflict(pool: PgPool) {
    let bench = Bench::open(pool.clone()).await;
    let mut busy = pool.begin().await.unwrap();
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('sandbox.key:k', 0))").execute(&mut *busy).await.unwrap();
    let response = bench.post(SESSIONS, &session_form(), Some("k")).await;
    assert_eq!(response.status(), 409);
    assert_eq!(response.headers()["stripe-should-retry"], "true");
    let error = &response.json::<Value>().await.unwrap()["error"];
    assert_eq!(error["code"], "idempotency_key_in_use");
    busy.rollback().await.unwrap();
    assert_eq!(bench.post(SESSIONS, &session_form(), Some("k")).await.status(), 200);
}

async fn refund(bench: &Bench, session: &Value, amount: &str) -> Value {
    let form = [("payment_intent", session["payment_intent"].as_str().unwrap()), ("amount", amount)];
    bench.post("/v1/refunds", &form, None).await.json().await.unwrap()
}

#[sqlx::test(migrations = false)]
async fn refunds_never_exceed_what_was_taken(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let session = bench.paid("4242424242424242").await;
    let first = refund(&bench, &session, "1000").await;
    assert_eq!((&first["status"], &first["amount"]), (&json!("succeeded"), &json!(1000)));
    let too_much = refund(&bench, &session, "991").await;
    assert_eq!(too_much["error"]["param"], "amount");
    refund(&bench, &session, "990").await;
    let nothing_left = refund(&bench, &session, "1").await;
    assert_eq!(nothing_left["error"]["code"], "charge_already_refunded");
    let intent = session["payment_intent"].as_str().unwrap();
    let path = format!("/v1/payment_intents/{intent}?expand[]=latest_charge");
    let charge = &bench.get(&path).await["latest_charge"];
    assert_eq!((&charge["amount_refunded"], &charge["refunded"]), (&json!(1990), &json!(true)));
    let of_payment = bench.get(&format!("{SESSIONS}?payment_intent={intent}")).await;
    assert_eq!(of_payment["data"][0]["id"], session["id"]);
    let listed = bench.get(&format!("/v1/refunds?payment_intent={intent}")).await;
    assert_eq!(listed["data"].as_array().unwrap().len(), 2);
}

#[sqlx::test(migrations = false)]
async fn an_unpaid_session_has_nothing_to_refund(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let missing = bench.post("/v1/refunds", &[("payment_intent", "pi_none")], None).await;
    assert_eq!(missing.status(), 404);
    let session = bench.session().await;
    let id = session["id"].as_str().unwrap();
    bench.control(&format!("/sessions/{id}/pay"), json!({ "card": "4000000000000002" })).await;
    let session = bench.get(&format!("{SESSIONS}/{id}")).await;
    let refused = refund(&bench, &session, "100").await;
    assert_eq!(refused["error"]["code"], "payment_intent_unexpected_state");
}

#[sqlx::test(migrations = false)]
async fn slow_refunds_succeed_later_and_doomed_ones_fail_later(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let slow = bench.paid("4000000000007726").await;
    let pending = refund(&bench, &slow, "500").await;
    assert_eq!(pending["status"], "pending");
    bench.webhooks_until("refund.updated").await;
    let path = format!("/v1/refunds/{}", pending["id"].as_str().unwrap());
    assert_eq!(bench.get(&path).await["status"], "succeeded");

    let doomed = bench.paid("4000000000005126").await;
    let seeming = refund(&bench, &doomed, "500").await;
    assert_eq!(seeming["status"], "succeeded");
    bench.webhooks_until("refund.failed").await;
    let path = format!("/v1/refunds/{}", seeming["id"].as_str().unwrap());
    assert_eq!(bench.get(&path).await["status"], "failed");
    refund(&bench, &doomed, "1990").await;
}

#[sqlx::test(migrations = false)]
async fn a_refund_can_be_told_its_outcome(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let session = bench.paid("4242424242424242").await;
    let given = refund(&bench, &session, "500").await;
    let path = format!("/refunds/{}", given["id"].as_str().unwrap());
    let failed = bench.control(&path, json!({ "outcome": "failed" })).await;
    assert_eq!(failed["status"], "failed");
    let again = bench.control(&path, json!({ "outcome": "succeeded" })).await;
    assert_eq!(again["status"], "failed", "a failed refund stays failed");
}

#[sqlx::test(migrations = false)]
async fn a_dispute_takes_the_money_and_blocks_refunds(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let session = bench.paid("4000000000000259").await;
    let webhooks = bench.webhooks_until("charge.dispute.funds_withdrawn").await;
    let created = webhooks.iter().find(|webhook| webhook.kind() == "charge.dispute.created");
    let dispute = created.unwrap().event()["data"]["object"].clone();
    assert_eq!((&dispute["reason"], &dispute["amount"]), (&json!("fraudulent"), &json!(1990)));
    let refused = refund(&bench, &session, "100").await;
    assert_eq!(refused["error"]["code"], "charge_disputed");
    let path = format!("/disputes/{}", dispute["id"].as_str().unwrap());
    assert_eq!(bench.control(&path, json!({ "won": true })).await["status"], "won");
    bench.webhooks_until("charge.dispute.funds_reinstated").await;

    let other = bench.paid("4242424242424242").await;
    let path = format!("/payment_intents/{}/dispute", other["payment_intent"].as_str().unwrap());
    let opened = bench.control(&path, json!({ "reason": "product_not_received" })).await;
    assert_eq!(opened["status"], "needs_response");
}

#[sqlx::test(migrations = false)]
async fn a_delayed_payment_tells_pending_from_failed(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let session = bench.session().await;
    let path = format!("{SESSIONS}/{}?expand[]=payment_intent", session["id"].as_str().unwrap());
    bench.control(&format!("/sessions/{}/pay", session["id"].as_str().unwrap()), json!({ "debit_succeeds": false })).await;
    let pending = bench.get(&path).await;
    assert_eq!((&pending["status"], &pending["payment_status"]), (&json!("complete"), &json!("unpaid")));
    assert_eq!(
        (&pending["payment_intent"]["status"], &pending["payment_intent"]["last_payment_error"]),
        (&json!("processing"), &Value::Null)
    );
    bench.webhooks_until("checkout.session.async_payment_failed").await;
    let failed = bench.get(&path).await;
    assert_eq!((&failed["status"], &failed["payment_status"]), (&json!("complete"), &json!("unpaid")));
    assert_eq!(failed["payment_intent"]["status"], "requires_payment_method");
    assert_eq!(failed["payment_intent"]["last_payment_error"]["code"], "payment_intent_payment_attempt_failed");
}
