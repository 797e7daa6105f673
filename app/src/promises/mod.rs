//! The promise ledger at the desk: what was promised, what was kept, by kind and by week.

pub mod api;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod rules;
