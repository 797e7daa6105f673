//! What people see. A folder a feature: `pages` are rendered on the server only, `islands` wake up in the
//! browser, `api` holds the server functions that forms and islands call.

#![recursion_limit = "512"]

pub mod account;
pub mod backoffice;
pub mod boundary;
pub mod cart;
pub mod catalog;
pub mod chat;
pub mod checkout;
pub mod complaints;
pub mod console;
pub mod customers;
pub mod fill;
pub mod help;
pub mod lasting;
pub mod layout;
pub mod orders;
pub mod promises;
#[cfg(feature = "ssr")]
pub mod quality_health;
pub mod reports;
pub mod surveys;

#[cfg(feature = "ssr")]
mod chart;
#[cfg(feature = "ssr")]
pub mod facts;
#[cfg(feature = "ssr")]
pub mod forms;
#[cfg(feature = "ssr")]
pub mod quality;
#[cfg(feature = "ssr")]
pub mod request;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod turned_away;
#[cfg(feature = "ssr")]
pub mod words;

/// Made from `locales/` by the build script.
#[cfg(feature = "ssr")]
#[allow(clippy::expect_used, clippy::new_ret_no_self)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
}
#[cfg(feature = "ssr")]
pub use generated::i18n;
