//! Opening the sandbox: where its state lives, what it answers to, and when it must not run at all.

use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sqlx::{PgPool, Postgres, Transaction};
use tokio::sync::Notify;

use crate::faults::ApiFault;
use crate::{clock, store};

/// How the sandbox presents itself, and how fast its slow things happen.
#[derive(Clone)]
pub struct SandboxConfig {
    /// The key that clients must present; begins with `sk_test_`.
    pub secret_key: String,
    /// What webhooks are signed with; begins with `whsec_`.
    pub webhook_secret: String,
    /// Where webhooks are posted; plain HTTP, for it never leaves the machine.
    pub webhook_url: String,
    /// Where browsers reach [`crate::pay_router`], such as `http://127.0.0.1:3000`.
    pub public_origin: String,
    /// How long a delayed payment stays unpaid.
    pub delayed_payment_after: Duration,
    /// How long until a slow refund succeeds, or a doomed one fails.
    pub refund_outcome_after: Duration,
    /// The pause before a failed webhook is tried again; doubles up to an hour.
    pub webhook_retry_after: Duration,
}

impl SandboxConfig {
    /// The defaults for a development machine: half a minute for what takes days at a bank.
    #[must_use]
    pub fn new(
        secret_key: impl Into<String>,
        webhook_secret: impl Into<String>,
        webhook_url: impl Into<String>,
        public_origin: impl Into<String>,
    ) -> Self {
        Self {
            secret_key: secret_key.into(),
            webhook_secret: webhook_secret.into(),
            webhook_url: webhook_url.into(),
            public_origin: public_origin.into(),
            delayed_payment_after: Duration::from_secs(30),
            refund_outcome_after: Duration::from_secs(30),
            webhook_retry_after: Duration::from_secs(2),
        }
    }
}

/// Why the sandbox could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A key that could be mistaken for a real one.
    #[error("the sandbox's own key must begin with sk_test_")]
    SecretKey,
    /// A webhook secret that no client would accept.
    #[error("the sandbox's webhook secret must begin with whsec_")]
    WebhookSecret,
    /// Its schema could not be created.
    #[error("the sandbox could not prepare its schema")]
    Database(#[from] sqlx::Error),
    /// The client for webhooks could not be made.
    #[error("the sandbox could not prepare its webhook client")]
    WebhookClient(#[from] reqwest::Error),
}

/// Why the sandbox must not run here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAllowed {
    /// Somebody set a key with which real money moves.
    #[error(
        "a live Stripe key is set, so the payment sandbox refuses to start: unset the sandbox to take \
         real payments, or remove the live key to try things out"
    )]
    LiveKey,
    /// A shop in production that would give its goods away.
    #[error(
        "the payment sandbox takes no real money, so it refuses to start in production: set a Stripe \
         key, or allow the sandbox in production explicitly for a demonstration"
    )]
    Production,
}

/// Whether the sandbox may run beside this configuration.
///
/// # Errors
/// A sentence for whoever starts the shop.
pub fn check_allowed(production: bool, allow_in_production: bool, other_key: Option<&str>) -> Result<(), NotAllowed> {
    let live = |key: &str| ["sk_live_", "rk_live_"].iter().any(|prefix| key.trim().starts_with(prefix));
    if other_key.is_some_and(live) {
        return Err(NotAllowed::LiveKey);
    }
    if production && !allow_in_production {
        return Err(NotAllowed::Production);
    }
    Ok(())
}

/// The sandbox. All its state is in Postgres, but for the API faults that tests switch on.
pub struct Sandbox {
    pub(crate) pool: PgPool,
    pub(crate) config: SandboxConfig,
    pub(crate) http: reqwest::Client,
    pub(crate) api_faults: Mutex<Vec<ApiFault>>,
    /// Wakes the worker when there is something to deliver.
    pub(crate) work: Notify,
    /// Unix milliseconds, or [`clock::MACHINE`].
    pub(crate) clock: AtomicI64,
}

impl Sandbox {
    /// Creates the schema `sandbox` where it is missing and opens the sandbox over it.
    ///
    /// # Errors
    /// A wrong key or secret, or a database that does not answer.
    pub async fn open(pool: PgPool, mut config: SandboxConfig) -> Result<Arc<Self>, OpenError> {
        if !config.secret_key.starts_with("sk_test_") {
            return Err(OpenError::SecretKey);
        }
        if !config.webhook_secret.starts_with("whsec_") {
            return Err(OpenError::WebhookSecret);
        }
        config.public_origin.truncate(config.public_origin.trim_end_matches('/').len());
        store::prepare(&pool).await?;
        let http =
            reqwest::Client::builder().timeout(Duration::from_secs(10)).redirect(reqwest::redirect::Policy::none()).no_proxy().build()?;
        Ok(Arc::new(Self { pool, config, http, api_faults: Mutex::default(), work: Notify::new(), clock: AtomicI64::new(clock::MACHINE) }))
    }

    /// Makes a change true, and wakes the worker: there may be something to tell.
    pub(crate) async fn commit(&self, transaction: Transaction<'_, Postgres>) -> sqlx::Result<()> {
        transaction.commit().await?;
        self.work.notify_one();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_beside_a_live_key_and_in_production_only_when_told() {
        assert_eq!(check_allowed(false, false, None), Ok(()));
        assert_eq!(check_allowed(false, false, Some("sk_test_1")), Ok(()));
        assert_eq!(check_allowed(true, false, None), Err(NotAllowed::Production));
        assert_eq!(check_allowed(true, true, None), Ok(()));
        assert_eq!(check_allowed(false, true, Some("sk_live_1")), Err(NotAllowed::LiveKey));
        assert_eq!(check_allowed(true, true, Some(" rk_live_1")), Err(NotAllowed::LiveKey));
    }
}
