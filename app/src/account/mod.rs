//! Accounts of customers, and what their forms share with those of staff: fields, cookies, refusals as sentences.

#[cfg(feature = "ssr")]
pub(crate) mod answer;
#[cfg(feature = "ssr")]
pub(crate) mod cookies;
#[cfg(feature = "ssr")]
pub(crate) mod field;
