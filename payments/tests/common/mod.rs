//! A client with a sandbox of its own behind it, on a port of its own.

#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]
#![allow(dead_code, reason = "every test binary uses another part")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use payments::{OpenSession, Payments, PaymentsConfig, Session, SessionLine};
use sandbox::{PaymentMethod, Sandbox, SandboxConfig};
use sqlx::PgPool;
use tokio::net::TcpListener;

pub const KEY: &str = "sk_test_payments";
pub const SECRET: &str = "whsec_payments";
/// One attempt's time-out: long enough for a busy machine, short enough for three in a row.
pub const TIMEOUT: Duration = Duration::from_millis(700);

pub struct Bench {
    pub payments: Payments,
    pub sandbox: Arc<Sandbox>,
    pub pool: PgPool,
}

pub fn client(base_url: &str, secret_key: &str) -> Payments {
    Payments::new(PaymentsConfig {
        secret_key: secret_key.into(),
        base_url: Some(base_url.into()),
        webhook_secrets: vec!["whsec_retired".into(), SECRET.into()],
        timeout: TIMEOUT,
    })
    .unwrap()
}

impl Bench {
    pub async fn open(pool: PgPool) -> Self {
        Self::with_hook(pool, "http://127.0.0.1:9/nobody").await
    }

    pub async fn with_hook(pool: PgPool, hook: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let mut config = SandboxConfig::new(KEY, SECRET, hook, &*origin);
        config.delayed_payment_after = Duration::ZERO;
        let sandbox = Sandbox::open(pool.clone(), config).await.unwrap();
        let router = sandbox::api_router(&sandbox);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { payments: client(&origin, KEY), sandbox, pool }
    }

    /// The banks do what takes days.
    pub async fn banks_work(&self) {
        sandbox::run_webhooks(Arc::clone(&self.sandbox), tokio::time::sleep(Duration::from_millis(5))).await;
    }

    /// How many objects of a kind the sandbox has made.
    pub async fn count(&self, kind: &str) -> i64 {
        sqlx::query_scalar("select count(*) from sandbox.object where kind = $1").bind(kind).fetch_one(&self.pool).await.unwrap()
    }

    /// A session that was paid with this card.
    pub async fn paid(&self, number: &str) -> Session {
        let session = self.payments.open_session(&request("paid")).await.unwrap();
        let method = PaymentMethod::Card { number, name: None };
        self.sandbox.pay(&session.id, method).await.unwrap();
        self.payments.retrieve_session(&session.id).await.unwrap()
    }
}

/// A request for 19.90 €.
pub fn request(key: &str) -> OpenSession {
    let line = |name: &str, amount_minor| SessionLine { name: name.into(), amount_minor };
    OpenSession {
        idempotency_key: format!("order:1:attempt:1:{key}"),
        order_reference: "order-1".into(),
        customer_email: Some("ana@example.com".into()),
        currency: "EUR".into(),
        lines: vec![line("Cup & saucer", 1490), line("Envío", 500)],
        success_url: "http://shop.test/thanks?session={CHECKOUT_SESSION_ID}".into(),
        cancel_url: "http://shop.test/cart".into(),
        locale: "es".into(),
        expires_at: time::OffsetDateTime::now_utc().unix_timestamp() + 45 * 60,
        metadata: BTreeMap::from([("order".into(), "1".into()), ("attempt".into(), "1".into()), ("shop".into(), "vitrina".into())]),
    }
}
