//! Accounts of customers, and what their forms share with those of staff: fields, cookies, refusals as sentences.

pub mod address_api;
pub mod api;
pub mod deletion_api;
pub mod email_api;

#[cfg(feature = "ssr")]
pub(crate) mod answer;
#[cfg(feature = "ssr")]
pub(crate) mod cookies;
#[cfg(feature = "ssr")]
pub(crate) mod field;
#[cfg(feature = "ssr")]
pub mod pages;
