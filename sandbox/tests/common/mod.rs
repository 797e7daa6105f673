//! A sandbox on a port of its own, with a client that speaks plain HTTP and a shop that only receives
//! webhooks.

#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]
#![allow(dead_code, reason = "every test binary uses another part")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use reqwest::{Client, Response};
use sandbox::{Sandbox, SandboxConfig};
use serde_json::{Value, json};
use sqlx::PgPool;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub const KEY: &str = "sk_test_sandbox";
pub const SECRET: &str = "whsec_sandbox";

/// A webhook as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    pub signature: String,
    pub body: String,
}

impl Received {
    pub fn event(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn kind(&self) -> String {
        self.event()["type"].as_str().unwrap().to_owned()
    }
}

/// The receiving shop: what came in, and how many more to refuse.
#[derive(Default)]
pub struct Inbox {
    pub received: Mutex<Vec<Received>>,
    pub refuse: Mutex<u32>,
}

pub struct Bench {
    pub sandbox: Arc<Sandbox>,
    pub origin: String,
    pub inbox: Arc<Inbox>,
    pub http: Client,
    stop: Vec<oneshot::Sender<()>>,
}

impl Drop for Bench {
    fn drop(&mut self) {
        for stop in self.stop.drain(..) {
            let _ = stop.send(());
        }
    }
}

async fn receive(State(inbox): State<Arc<Inbox>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let mut refuse = inbox.refuse.lock().unwrap();
    if *refuse > 0 {
        *refuse -= 1;
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    let signature = headers["stripe-signature"].to_str().unwrap().to_owned();
    let body = String::from_utf8(body.to_vec()).unwrap();
    inbox.received.lock().unwrap().push(Received { signature, body });
    StatusCode::OK
}

impl Bench {
    pub async fn open(pool: PgPool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let mut config = SandboxConfig::new(KEY, SECRET, format!("{origin}/hook"), &*origin);
        config.delayed_payment_after = Duration::from_millis(300);
        config.refund_outcome_after = Duration::from_millis(300);
        config.webhook_retry_after = Duration::from_millis(100);
        let sandbox = Sandbox::open(pool, config).await.unwrap();
        let inbox = Arc::new(Inbox::default());
        let hook = Router::new().route("/hook", post(receive)).with_state(Arc::clone(&inbox));
        let router = sandbox::api_router(&sandbox).merge(sandbox::pay_router(&sandbox)).merge(hook);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let http =
            Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(Duration::from_secs(5)).no_proxy().build().unwrap();
        let mut bench = Self { sandbox, origin, inbox, http, stop: Vec::new() };
        bench.start_worker();
        bench
    }

    fn start_worker(&mut self) {
        let (stop, stopped) = oneshot::channel::<()>();
        let sandbox = Arc::clone(&self.sandbox);
        tokio::spawn(async move {
            sandbox::run_webhooks(sandbox, async {
                let _ = stopped.await;
            })
            .await;
        });
        self.stop.push(stop);
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)], key: Option<&str>) -> Response {
        self.try_post(path, form, key).await.unwrap()
    }

    pub async fn try_post(&self, path: &str, form: &[(&str, &str)], key: Option<&str>) -> reqwest::Result<Response> {
        let mut request = self.http.post(format!("{}{path}", self.origin)).bearer_auth(KEY).form(form);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        request.send().await
    }

    pub async fn get(&self, path: &str) -> Value {
        let request = self.http.get(format!("{}{path}", self.origin)).bearer_auth(KEY);
        request.send().await.unwrap().json().await.unwrap()
    }

    pub async fn control(&self, path: &str, body: Value) -> Value {
        let request = self.http.post(format!("{}/control{path}", self.origin)).json(&body);
        let response = request.send().await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.text().await.unwrap());
        response.json().await.unwrap()
    }

    /// An open session over 19.90 €, in English.
    pub async fn session(&self) -> Value {
        self.post("/v1/checkout/sessions", &session_form(), None).await.json().await.unwrap()
    }

    pub async fn paid(&self, card: &str) -> Value {
        let session = self.session().await;
        let id = session["id"].as_str().unwrap();
        let outcome = self.control(&format!("/sessions/{id}/pay"), json!({ "card": card })).await;
        assert_eq!(outcome["outcome"], "paid");
        self.get(&format!("/v1/checkout/sessions/{id}")).await
    }

    /// Waits until a webhook of this kind came, and gives every webhook so far.
    pub async fn webhooks_until(&self, kind: &str) -> Vec<Received> {
        for _ in 0..100 {
            let received = self.inbox.received.lock().unwrap().clone();
            if received.iter().any(|webhook| webhook.kind() == kind) {
                return received;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no {kind} came, only {:?}", self.kinds());
    }

    pub fn kinds(&self) -> Vec<String> {
        self.inbox.received.lock().unwrap().iter().map(Received::kind).collect()
    }
}

pub fn session_form() -> Vec<(&'static str, &'static str)> {
    vec![
        ("mode", "payment"),
        ("line_items[0][price_data][currency]", "eur"),
        ("line_items[0][price_data][unit_amount]", "1490"),
        ("line_items[0][price_data][product_data][name]", "Cup <Luna>"),
        ("line_items[0][quantity]", "1"),
        ("line_items[1][price_data][currency]", "eur"),
        ("line_items[1][price_data][unit_amount]", "500"),
        ("line_items[1][price_data][product_data][name]", "Delivery"),
        ("line_items[1][quantity]", "1"),
        ("success_url", "http://shop.test/thanks?session={CHECKOUT_SESSION_ID}"),
        ("cancel_url", "http://shop.test/cart"),
        ("client_reference_id", "order-1"),
        ("customer_email", "ana@example.com"),
        ("locale", "en"),
        ("metadata[order]", "1"),
        ("payment_intent_data[metadata][order]", "1"),
    ]
}
