//! The payment page as a browser without scripts sees it.

#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

mod common;

use common::Bench;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use sqlx::PgPool;

async fn open(bench: &Bench, path: &str) -> (StatusCode, String) {
    let response = bench.http.get(format!("{}{path}", bench.origin)).send().await.unwrap();
    (response.status(), response.text().await.unwrap())
}

async fn submit(bench: &Bench, path: &str, form: &[(&str, &str)]) -> Response {
    bench.http.post(format!("{}{path}", bench.origin)).form(form).send().await.unwrap()
}

fn card(number: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![("method", "card"), ("number", number), ("expiry", "12/40"), ("cvc", "123"), ("name", "Ana Ñ")]
}

fn location(response: &Response) -> String {
    assert_eq!(response.status(), 303);
    response.headers()["location"].to_str().unwrap().to_owned()
}

async fn opened(bench: &Bench) -> (String, String) {
    let session = bench.session().await;
    let id = session["id"].as_str().unwrap().to_owned();
    (format!("/sandbox/pay/{id}"), id)
}

async fn state(bench: &Bench, id: &str) -> Value {
    bench.get(&format!("/v1/checkout/sessions/{id}")).await
}

#[sqlx::test(migrations = false)]
async fn the_page_shows_what_is_paid_for_and_runs_no_script(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let (page, _) = opened(&bench).await;
    let (status, html) = open(&bench, &page).await;
    assert_eq!(status, 200);
    for part in ["TEST", "Cup &lt;Luna&gt;", "€14.90", "€19.90", "http://shop.test/cart", "lang=\"en\""] {
        assert!(html.contains(part), "{part}");
    }
    assert!(!html.contains("<script") && !html.contains("style=") && !html.contains("<style"));
    let (status, css) = open(&bench, "/sandbox/style.css").await;
    assert!(status == 200 && css.contains(".banner"));
    assert_eq!(open(&bench, "/sandbox/pay/cs_none").await.0, 404);
}

#[sqlx::test(migrations = false)]
async fn spanish_sessions_have_a_spanish_page(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let mut form = common::session_form();
    form.retain(|(key, _)| *key != "locale");
    form.push(("locale", "es"));
    let response = bench.post("/v1/checkout/sessions", &form, None).await;
    let session: Value = response.json().await.unwrap();
    let path = format!("/sandbox/pay/{}", session["id"].as_str().unwrap());
    let (_, html) = open(&bench, &path).await;
    assert!(html.contains("lang=\"es\"") && html.contains("19,90\u{a0}€") && html.contains("Pagar"));
}

#[sqlx::test(migrations = false)]
async fn paying_leads_back_to_the_shop_and_a_second_submit_pays_nothing(pool: PgPool) {
    let bench = Bench::open(pool.clone()).await;
    let (page, id) = opened(&bench).await;
    let form = card("4242 4242 4242 4242");
    let (one, other) = tokio::join!(submit(&bench, &page, &form), submit(&bench, &page, &form));
    let thanks = format!("http://shop.test/thanks?session={id}");
    assert_eq!((location(&one), location(&other)), (thanks.clone(), thanks));
    let charges: i64 = sqlx::query_scalar("select count(*) from sandbox.object where kind = 'charge'").fetch_one(&pool).await.unwrap();
    assert_eq!(charges, 1);
    let session = state(&bench, &id).await;
    assert_eq!((&session["status"], &session["payment_status"]), (&json!("complete"), &json!("paid")));
    let (_, html) = open(&bench, &page).await;
    assert!(html.contains("already done") && html.contains(&id));
    let stored: String =
        sqlx::query_scalar("select string_agg(body::text || hidden::text, '') from sandbox.object").fetch_one(&pool).await.unwrap();
    assert!(!stored.contains("4242424242424242") && stored.contains("\"4242\""));
}

#[sqlx::test(migrations = false)]
async fn a_decline_says_why_and_keeps_what_was_typed(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let cases = [
        ("4000000000000002", "The bank declined this card", "number-error"),
        ("4000000000009995", "insufficient funds", "number-error"),
        ("4000000000009987", "declined", "number-error"),
        ("4000000000009979", "declined", "number-error"),
        ("4000000000000069", "has expired", "expiry-error"),
        ("4000000000000127", "The CVC is wrong", "cvc-error"),
        ("4000000000000119", "could not process", "number-error"),
        ("4242424242424241", "card number is wrong", "number-error"),
    ];
    let (page, id) = opened(&bench).await;
    for (number, sentence, place) in cases {
        let response = submit(&bench, &page, &card(number)).await;
        assert_eq!(response.status(), 422);
        let html = response.text().await.unwrap();
        for part in [sentence, place, "value=\"Ana Ñ\"", "value=\"12/40\"", "Nothing was charged"] {
            assert!(html.contains(part), "{number}: {part}");
        }
        assert!(html.contains(&format!("ended in {}", &number[12..])) && !html.contains(&format!("value=\"{number}")));
    }
    let session = state(&bench, &id).await;
    assert_eq!(session["status"], "open");
    assert_eq!(location(&submit(&bench, &page, &card("5555555555554444")).await), format!("http://shop.test/thanks?session={id}"));
}

#[sqlx::test(migrations = false)]
async fn a_number_that_is_no_test_card_is_refused_and_not_kept(pool: PgPool) {
    let bench = Bench::open(pool.clone()).await;
    let (page, id) = opened(&bench).await;
    let response = submit(&bench, &page, &card("4111 1111 1111 1111")).await;
    assert_eq!(response.status(), 422);
    let html = response.text().await.unwrap();
    assert!(html.contains("Only the test cards") && !html.contains("1111"));
    assert_eq!(state(&bench, &id).await["payment_intent"], Value::Null);
}

#[sqlx::test(migrations = false)]
async fn three_d_secure(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let (page, id) = opened(&bench).await;
    for (number, answer, paid, sentence) in [
        ("4000002760003184", "fail", false, "not confirmed with your bank"),
        ("4000008400001629", "authorise", false, "declined"),
        ("4000008260003178", "authorise", false, "insufficient funds"),
        ("4000002760003184", "authorise", true, ""),
    ] {
        let challenge = location(&submit(&bench, &page, &card(number)).await);
        assert!(challenge.starts_with("/sandbox/3ds/"));
        let intent = state(&bench, &id).await["payment_intent"].as_str().unwrap().to_owned();
        let intent = bench.get(&format!("/v1/payment_intents/{intent}")).await;
        assert_eq!(intent["status"], "requires_action");
        assert_eq!(intent["next_action"]["redirect_to_url"]["url"], format!("{}{challenge}", bench.origin));
        assert!(open(&bench, &challenge).await.1.contains("confirm"));
        let answered = submit(&bench, &challenge, &[("answer", answer)]).await;
        if paid {
            assert!(location(&answered).contains(&id));
        } else {
            assert_eq!(answered.status(), 422);
            assert!(answered.text().await.unwrap().contains(sentence), "{number}");
            assert!(open(&bench, &challenge).await.1.contains("name=\"number\""), "the form again");
        }
    }
    assert_eq!(state(&bench, &id).await["payment_status"], "paid");
}

#[sqlx::test(migrations = false)]
async fn an_answered_challenge_charges_nothing_again(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let (page, id) = opened(&bench).await;
    let challenge = location(&submit(&bench, &page, &card("4000000000003220")).await);
    submit(&bench, &challenge, &[("answer", "fail")]).await;
    let late = submit(&bench, &challenge, &[("answer", "authorise")]).await;
    assert_eq!(late.status(), 422);
    assert_eq!(state(&bench, &id).await["status"], "open");
}

#[sqlx::test(migrations = false)]
async fn delayed_debits(pool: PgPool) {
    let bench = Bench::open(pool).await;
    for (method, event, status) in [
        ("debit_succeeds", "checkout.session.async_payment_succeeded", "paid"),
        ("debit_fails", "checkout.session.async_payment_failed", "unpaid"),
    ] {
        let (page, id) = opened(&bench).await;
        location(&submit(&bench, &page, &[("method", method)]).await);
        let session = state(&bench, &id).await;
        assert_eq!((&session["status"], &session["payment_status"]), (&json!("complete"), &json!("unpaid")));
        bench.webhooks_until(event).await;
        let session = state(&bench, &id).await;
        assert_eq!((&session["status"], &session["payment_status"]), (&json!("complete"), &json!(status)));
    }
}

#[sqlx::test(migrations = false)]
async fn an_expired_session_says_so(pool: PgPool) {
    let bench = Bench::open(pool).await;
    let (page, id) = opened(&bench).await;
    bench.control(&format!("/sessions/{id}/lapse"), json!({})).await;
    let (status, html) = open(&bench, &page).await;
    assert!(status == 410 && html.contains("expired") && html.contains("http://shop.test/cart"));
    let late = submit(&bench, &page, &card("4242424242424242")).await;
    assert_eq!(late.status(), 410);
    assert_eq!(state(&bench, &id).await["payment_status"], "unpaid");
}
