//! Asking the shop: the button on every page, the panel behind it, and the same as a page that needs no scripts.

#[cfg(feature = "ssr")]
pub mod answer;
pub mod api;
mod blocked;
mod keep;
pub mod log;
#[cfg(feature = "ssr")]
pub mod pages;
mod panel;
pub(crate) mod upload;
pub mod widget;
pub mod words;
