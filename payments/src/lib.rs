//! The one place that speaks Stripe. Plain functions on [`Payments`] take and return small types of
//! our own, so that the generated Stripe types are compiled here and nowhere else. The rules kept here
//! (whose key, when to try again, what an answer proves) are those of the design's payment rules.
//!
//! ```no_run
//! # async fn example(order: payments::OpenSession) -> Result<(), Box<dyn std::error::Error>> {
//! let payments = payments::Payments::new(payments::PaymentsConfig {
//!     secret_key: "sk_test_123".into(),
//!     base_url: None,
//!     webhook_secrets: vec!["whsec_123".into()],
//!     timeout: std::time::Duration::from_secs(20),
//! })?;
//! let session = payments.open_session(&order).await?;
//! # Ok(()) }
//! ```

mod client;
pub mod currency;
mod error;
mod refund;
mod retry;
mod session;
mod webhook;

pub use client::{ConfigError, Mode, Payments, PaymentsConfig};
pub use error::PaymentError;
pub use refund::{Refund, RefundReason, RefundRequest, RefundStatus};
pub use session::{OpenSession, PaymentStatus, Session, SessionLine, SessionStatus};
pub use webhook::{DisputeNotice, EventError, EventKind, SignatureError, WebhookEvent, parse_event};
