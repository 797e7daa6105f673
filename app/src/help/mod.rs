//! Help articles: reading, searching and judging them, and the pages on which staff writes them.

pub mod api;
#[cfg(feature = "ssr")]
pub mod pages;
