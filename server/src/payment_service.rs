//! Where payments go: to Stripe with a key, else to the built-in sandbox, which this process serves on a
//! loopback port of its own.

use crate::config::{Config, derived};
use anyhow::{Context, Result};
use payments::{Payments, PaymentsConfig};
use sandbox::{Sandbox, SandboxConfig};
use shop::Settings;
use sqlx::PgPool;
use std::{sync::Arc, time::Duration};
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub struct PaymentService {
    pub client: Arc<Payments>,
    /// Where the shopper's browser is sent besides our own pages, for the content security policy.
    pub page_origin: Option<&'static str>,
    pub sandbox: Option<RunningSandbox>,
}

pub struct RunningSandbox {
    pub sandbox: Arc<Sandbox>,
    listener: TcpListener,
}

impl PaymentService {
    /// # Errors
    /// A key or secret of the wrong form, or a sandbox where there must be none.
    pub async fn open(config: &Config, settings: &Settings, db: &PgPool) -> Result<Self> {
        match &config.stripe_secret_key {
            Some(key) => Self::stripe(config, key),
            None => Self::embedded(config, settings, db).await,
        }
    }

    fn stripe(config: &Config, key: &str) -> Result<Self> {
        let client = Payments::new(PaymentsConfig {
            secret_key: key.to_owned(),
            base_url: None,
            webhook_secrets: config.stripe_webhook_secrets.clone(),
            timeout: Duration::from_secs(15),
        })?;
        Ok(Self { client: Arc::new(client), page_origin: Some("https://checkout.stripe.com"), sandbox: None })
    }

    async fn embedded(config: &Config, settings: &Settings, db: &PgPool) -> Result<Self> {
        sandbox::check_allowed(config.is_production(), config.allow_sandbox, None)
            .context("set STRIPE_SECRET_KEY to take payments, or ALLOW_SANDBOX=true for a public demonstration")?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let secret_key = format!("sk_test_{}", derived(&settings.secret, "sandbox key"));
        let webhook_secret = format!("whsec_{}", derived(&settings.secret, "sandbox webhook"));
        let webhook_url = format!("http://127.0.0.1:{}/webhooks/stripe", config.listen.port());
        let sandbox = Sandbox::open(
            db.clone(),
            SandboxConfig::new(secret_key.clone(), webhook_secret.clone(), webhook_url, settings.public_url.clone()),
        )
        .await?;
        let client = Payments::new(PaymentsConfig {
            secret_key,
            base_url: Some(format!("http://{}", listener.local_addr()?)),
            webhook_secrets: vec![webhook_secret],
            timeout: Duration::from_secs(15),
        })?;
        Ok(Self { client: Arc::new(client), page_origin: None, sandbox: Some(RunningSandbox { sandbox, listener }) })
    }

    /// Serves the sandbox's API and sends its webhooks until `stop`.
    pub fn run(&mut self, tasks: &TaskTracker, stop: &CancellationToken) -> Option<Arc<Sandbox>> {
        let sandbox = self.answer(tasks, stop)?;
        tasks.spawn(sandbox::run_webhooks(Arc::clone(&sandbox), stop.clone().cancelled_owned()));
        Some(sandbox)
    }

    /// Serves the sandbox's API alone until `stop`.
    pub fn answer(&mut self, tasks: &TaskTracker, stop: &CancellationToken) -> Option<Arc<Sandbox>> {
        let RunningSandbox { sandbox, listener } = self.sandbox.take()?;
        let api = sandbox::api_router(&sandbox);
        let stop = stop.clone();
        tasks.spawn(async move {
            if let Err(error) = axum::serve(listener, api).with_graceful_shutdown(stop.cancelled_owned()).await {
                tracing::error!(%error, "the payment sandbox stopped");
            }
        });
        Some(sandbox)
    }
}
