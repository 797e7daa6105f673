//! An embedded payment sandbox that speaks Stripe's wire protocol: what the shop uses while it has no
//! Stripe key, and what its tests use always. It shares no code with the client that talks to it.
//!
//! Three parts, all over one Postgres schema named `sandbox`:
//!
//! - [`api_router`]: Stripe's API plus `/control`, to be served on a loopback port of its own. Nobody
//!   but this machine may reach that port: `/control` asks for no key.
//! - [`pay_router`]: the hosted payment page, mounted under `/sandbox` on the shop's public origin.
//! - [`run_webhooks`]: the worker that delivers webhooks, expires sessions and finishes what takes time.

mod api;
mod cards;
mod challenge;
mod clock;
mod config;
mod control;
mod disputes;
mod events;
mod expand;
mod faults;
mod form;
mod ids;
mod intents;
mod money;
mod pages;
mod payment;
mod refunds;
mod session_params;
mod sessions;
mod store;
mod webhooks;

pub use api::api_router;
pub use config::{NotAllowed, OpenError, Sandbox, SandboxConfig, check_allowed};
pub use faults::{ApiFault, FaultKind, WebhookSwitches, When};
pub use pages::pay_router;
pub use payment::{PayError, PayOutcome, PaymentMethod};
pub use webhooks::run_webhooks;
