//! The promise ledger at the desk: what was promised, what was kept, by kind and by week.

#[cfg(feature = "ssr")]
pub mod pages;
