//! Configuration and the connection to Stripe: which key, which address, test or live.
//! A wrong value stops the start with a sentence that says how to mend it.

use std::fmt;
use std::time::Duration;

use crate::PaymentError;

/// What the shop must know to take payments.
#[derive(Clone)]
pub struct PaymentsConfig {
    /// `sk_test_…`, `sk_live_…`, or a restricted key (`rk_test_…`, `rk_live_…`).
    pub secret_key: String,
    /// A bare origin such as `http://127.0.0.1:4242`; `None` means Stripe itself.
    pub base_url: Option<String>,
    /// Every secret whose webhook signatures are accepted; several during a rotation.
    pub webhook_secrets: Vec<String>,
    /// How long one attempt of one request may take.
    pub timeout: Duration,
}

/// Secrets stay out of logs.
impl fmt::Debug for PaymentsConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PaymentsConfig")
            .field("base_url", &self.base_url)
            .field("webhook_secrets", &self.webhook_secrets.len())
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// Whether money is real.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Test keys: no money moves.
    Test,
    /// Live keys: real money.
    Live,
}

/// A configuration that cannot work.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The key has none of Stripe's prefixes.
    #[error(
        "the Stripe secret key must begin with sk_test_, sk_live_, rk_test_ or rk_live_; \
         copy it from the dashboard under Developers, API keys"
    )]
    SecretKey,
    /// The address has a path, or is no address.
    #[error("the Stripe address must be a bare origin such as http://127.0.0.1:4242, without a path")]
    BaseUrl,
    /// A webhook secret without the prefix, or none at all.
    #[error(
        "every webhook secret must begin with whsec_ and there must be one at least; \
         copy it from the dashboard under Developers, Webhooks"
    )]
    WebhookSecret,
    /// A live key sent to an address that is not Stripe's.
    #[error("a live key may only be sent to Stripe: leave the Stripe address unset, or use a test key")]
    LiveKeyElsewhere,
    /// The Stripe library refused the values.
    #[error("the Stripe client does not accept this configuration: {0}")]
    Client(String),
}

/// The way to Stripe (or to the sandbox that speaks its protocol). Cheap to clone.
#[derive(Clone)]
pub struct Payments {
    pub(crate) client: stripe::Client,
    pub(crate) webhook_secrets: Vec<String>,
    mode: Mode,
}

impl fmt::Debug for Payments {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Payments").field("mode", &self.mode).finish_non_exhaustive()
    }
}

impl Payments {
    /// A client for this configuration; the mode comes from the key's prefix.
    ///
    /// # Errors
    /// A sentence that says which value is wrong.
    pub fn new(config: PaymentsConfig) -> Result<Self, ConfigError> {
        let mode = mode_of(&config.secret_key)?;
        let secrets_fit = config.webhook_secrets.iter().all(|secret| secret.starts_with("whsec_"));
        if config.webhook_secrets.is_empty() || !secrets_fit {
            return Err(ConfigError::WebhookSecret);
        }
        let mut builder = stripe::ClientBuilder::new(config.secret_key).timeout(config.timeout).app_info(
            "Vitrina",
            Some(env!("CARGO_PKG_VERSION").to_owned()),
            None,
        );
        if let Some(base_url) = config.base_url {
            if mode == Mode::Live {
                return Err(ConfigError::LiveKeyElsewhere);
            }
            builder = builder.url(bare_origin(&base_url)?);
        }
        let client = builder.build().map_err(|error| ConfigError::Client(error.to_string()))?;
        Ok(Self { client, webhook_secrets: config.webhook_secrets, mode })
    }

    /// Test or live, as the key's prefix says.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Whether an object with this `livemode` belongs to the configured mode.
    #[must_use]
    pub fn accepts(&self, livemode: bool) -> bool {
        livemode == (self.mode == Mode::Live)
    }

    pub(crate) fn check_mode(&self, livemode: bool) -> Result<(), PaymentError> {
        if self.accepts(livemode) {
            return Ok(());
        }
        let detail = format!("Stripe answered with livemode={livemode} to a key of the other mode");
        Err(PaymentError::Misconfigured { detail })
    }
}

fn mode_of(secret_key: &str) -> Result<Mode, ConfigError> {
    let kind = secret_key.strip_prefix("sk_").or_else(|| secret_key.strip_prefix("rk_"));
    match kind {
        Some(rest) if rest.starts_with("test_") => Ok(Mode::Test),
        Some(rest) if rest.starts_with("live_") => Ok(Mode::Live),
        _ => Err(ConfigError::SecretKey),
    }
}

/// The client appends paths to the address as it is, so it must end in exactly one slash.
fn bare_origin(base_url: &str) -> Result<String, ConfigError> {
    let origin = base_url.trim_end_matches('/');
    let host = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@']) => Ok(format!("{origin}/")),
        _ => Err(ConfigError::BaseUrl),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(secret_key: &str, base_url: Option<&str>) -> PaymentsConfig {
        PaymentsConfig {
            secret_key: secret_key.into(),
            base_url: base_url.map(Into::into),
            webhook_secrets: vec!["whsec_1".into()],
            timeout: Duration::from_secs(1),
        }
    }

    #[test]
    fn the_prefix_of_the_key_decides_the_mode() {
        let payments = Payments::new(config("sk_test_1", None)).unwrap();
        assert_eq!(payments.mode(), Mode::Test);
        assert!(payments.accepts(false) && !payments.accepts(true));
        let payments = Payments::new(config("rk_live_1", None)).unwrap();
        assert_eq!(payments.mode(), Mode::Live);
        assert!(matches!(Payments::new(config("pk_test_1", None)), Err(ConfigError::SecretKey)));
    }

    #[test]
    fn a_live_key_never_leaves_for_another_address() {
        let result = Payments::new(config("sk_live_1", Some("http://127.0.0.1:1")));
        assert!(matches!(result, Err(ConfigError::LiveKeyElsewhere)));
    }

    #[test]
    fn the_address_is_a_bare_origin() {
        assert!(Payments::new(config("sk_test_1", Some("http://127.0.0.1:1/"))).is_ok());
        for wrong in ["http://127.0.0.1/stripe", "127.0.0.1:1", "http://", "http://u@h"] {
            let result = Payments::new(config("sk_test_1", Some(wrong)));
            assert!(matches!(result, Err(ConfigError::BaseUrl)), "{wrong}");
        }
    }

    #[test]
    fn secrets_stay_out_of_debug_output() {
        let config = config("sk_test_secret", None);
        let printed = format!("{config:?} {:?}", Payments::new(config.clone()).unwrap());
        assert!(!printed.contains("sk_test_secret") && !printed.contains("whsec_1"), "{printed}");
    }
}
