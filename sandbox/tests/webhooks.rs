//! Webhooks: signed, repeated until answered, and misbehaving on demand; and the API's faults.

#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

mod common;

use std::time::{Duration, Instant};

use common::{Bench, SECRET, session_form};
use hmac::{Hmac, Mac};
use sandbox::{ApiFault, FaultKind, WebhookSwitches, When};
use serde_json::{Value, json};
use sha2::Sha256;
use sqlx::PgPool;

const SESSIONS: &str = "/v1/checkout/sessions";
const VISA: &str = "4242424242424242";

#[sqlx::test(migrations = false)]
async fn webhooks_are_signed(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let session = bench.paid(VISA).await;
    let webhooks = bench.webhooks_until("checkout.session.completed").await;
    let webhook = webhooks.iter().find(|webhook| webhook.kind() == "checkout.session.completed").unwrap();
    let object = &webhook.event()["data"]["object"];
    assert_eq!(object["id"], session["id"]);
    assert_eq!(object["payment_status"], "paid");
    let (timestamp, v1) = webhook.signature.split_once(",v1=").unwrap();
    let timestamp = timestamp.strip_prefix("t=").unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{timestamp}.{}", webhook.body).as_bytes());
    mac.verify_slice(&hex::decode(v1).unwrap()).unwrap();
    let id = webhook.event()["id"].as_str().unwrap().to_owned();
    assert_eq!(bench.get(&format!("/v1/events/{id}")).await, webhook.event());
}

#[sqlx::test(migrations = false)]
async fn a_webhook_is_repeated_until_it_is_answered(pool: PgPool) {
    let bench = Bench::open(pool.clone()).await;
    *bench.inbox.refuse.lock().unwrap() = 3;
    bench.paid(VISA).await;
    bench.webhooks_until("checkout.session.completed").await;
    bench.webhooks_until("payment_intent.succeeded").await;
    let attempts: i64 = sqlx::query_scalar("select sum(attempts) from sandbox.delivery").fetch_one(&pool).await.unwrap();
    assert_eq!(attempts, 5, "two deliveries and three refusals");
}

#[sqlx::test(migrations = false)]
async fn at_a_set_clock_payments_are_of_that_day_and_nobody_hears_of_them_later(pool: PgPool) {
    let bench = Bench::open(pool.clone()).await;
    let then = time::OffsetDateTime::now_utc() + time::Duration::days(40);
    bench.sandbox.set_clock(Some(then));
    let expires_at = (then.unix_timestamp() + 3600).to_string();
    let mut form = session_form();
    form.push(("expires_at", expires_at.as_str()));
    let response = bench.post(SESSIONS, &form, None).await;
    assert_eq!(response.status(), 200, "an hour from then");
    assert_eq!(bench.paid(VISA).await["created"], then.unix_timestamp());
    bench.sandbox.set_clock(None);
    assert_ne!(bench.paid(VISA).await["created"], then.unix_timestamp());
    bench.webhooks_until("checkout.session.completed").await;
    let states: Vec<String> = sqlx::query_scalar("select distinct state from sandbox.delivery order by 1").fetch_all(&pool).await.unwrap();
    assert!(states.contains(&"abandoned".to_owned()), "{states:?}");
    let told = bench.inbox.received.lock().unwrap().iter().filter(|webhook| webhook.event()["created"] == then.unix_timestamp()).count();
    assert_eq!(told, 0);
}

#[sqlx::test(migrations = false)]
async fn a_session_whose_time_is_over_expires_by_itself(pool: PgPool) {
    let bench = Bench::open(pool.clone()).await;
    let session = bench.session().await;
    sqlx::query("update sandbox.object set body = jsonb_set(body, '{expires_at}', '1') where id = $1")
        .bind(session["id"].as_str())
        .execute(&pool)
        .await
        .unwrap();
    let webhooks = bench.webhooks_until("checkout.session.expired").await;
    assert_eq!(webhooks.last().unwrap().event()["data"]["object"]["status"], "expired");
}

#[sqlx::test(migrations = false)]
async fn webhooks_come_twice_or_in_reverse_or_late(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let switch = |switches| bench.sandbox.switch_webhooks(switches);

    switch(WebhookSwitches { duplicate: 2, ..Default::default() }).await.unwrap();
    bench.paid(VISA).await;
    bench.webhooks_until("checkout.session.completed").await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(bench.kinds().len(), 4, "{:?}", bench.kinds());

    bench.inbox.received.lock().unwrap().clear();
    switch(WebhookSwitches { reorder: 2, ..Default::default() }).await.unwrap();
    bench.paid(VISA).await;
    bench.webhooks_until("payment_intent.succeeded").await;
    assert_eq!(bench.kinds(), ["checkout.session.completed", "payment_intent.succeeded"]);

    bench.inbox.received.lock().unwrap().clear();
    bench.control("/webhooks", json!({ "withhold": true })).await;
    bench.paid(VISA).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert!(bench.kinds().is_empty());
    assert_eq!(bench.control("/webhooks/release", json!({})).await["released"], 2);
    bench.webhooks_until("checkout.session.completed").await;
}

async fn sessions(pool: &PgPool) -> i64 {
    sqlx::query_scalar("select count(*) from sandbox.object where kind = 'checkout.session'").fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrations = false)]
async fn errors_on_demand(pool: PgPool) {
    let bench = Bench::open(pool.clone()).await;
    bench
        .control(
            "/faults",
            json!([
                { "kind": "conflict" }, { "kind": "rate_limit" }, { "kind": "server_error" },
                { "kind": "bad_gateway" },
            ]),
        )
        .await;
    for status in [409, 429, 500, 502] {
        let response = bench.post(SESSIONS, &session_form(), Some("k")).await;
        assert_eq!(response.status(), status);
        let html = response.headers()["content-type"].to_str().unwrap().starts_with("text/html");
        assert_eq!(html, status == 502);
        assert_eq!(response.headers().contains_key("retry-after"), status == 429);
    }
    assert_eq!(sessions(&pool).await, 0);
    assert_eq!(bench.post(SESSIONS, &session_form(), Some("k")).await.status(), 200);
}

#[sqlx::test(migrations = false)]
async fn a_fault_may_strike_after_the_work_is_done(pool: PgPool) {
    let bench = Bench::open(pool.clone()).await;
    let fault = ApiFault { when: Some(When::After), ..ApiFault::once(FaultKind::ServerError) };
    bench.sandbox.add_fault(fault);
    assert_eq!(bench.post(SESSIONS, &session_form(), Some("k")).await.status(), 500);
    bench.sandbox.add_fault(ApiFault::once(FaultKind::Close));
    let cut = bench.try_post(SESSIONS, &session_form(), Some("k")).await;
    assert!(match cut {
        Ok(response) => response.bytes().await.is_err(),
        Err(_) => true,
    });
    let replayed = bench.post(SESSIONS, &session_form(), Some("k")).await;
    assert_eq!(replayed.headers()["idempotent-replayed"], "true");
    assert_eq!(sessions(&pool).await, 1);
}

#[sqlx::test(migrations = false)]
async fn silence_and_delay(pool: PgPool) {
    let bench = Bench::open(pool.clone()).await;
    bench.sandbox.add_fault(ApiFault { path_prefix: "/v1/checkout".into(), ..ApiFault::once(FaultKind::Hang) });
    let request = bench.http.post(format!("{}{SESSIONS}", bench.origin));
    let request = request.bearer_auth(common::KEY).form(&session_form());
    let silent = request.timeout(Duration::from_millis(400)).send().await;
    assert!(silent.unwrap_err().is_timeout());
    assert_eq!(sessions(&pool).await, 1);
    bench.sandbox.add_fault(ApiFault { delay_ms: 300, ..ApiFault::once(FaultKind::Delay) });
    let started = Instant::now();
    assert_eq!(bench.get(&format!("{SESSIONS}?limit=1")).await["data"][0]["status"], "open");
    assert!(started.elapsed() >= Duration::from_millis(300));
    let listed: Value = bench.get("/v1/events").await;
    assert_eq!(listed["object"], "list");
}

#[sqlx::test(migrations = false)]
async fn the_control_endpoints_answer_loopback_names_only(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let request = bench.http.post(format!("{}/control/faults/clear", bench.origin));
    let response = request.header("host", "rebound.example:80").send().await.unwrap();
    assert_eq!(response.status(), 403);
    bench.control("/faults/clear", json!({})).await;
}
