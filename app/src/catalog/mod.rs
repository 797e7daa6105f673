//! Browsing: home, categories, search, the product page.

pub mod api;
pub mod islands;

#[cfg(feature = "ssr")]
mod card;
#[cfg(feature = "ssr")]
mod chips;
#[cfg(feature = "ssr")]
mod filters;
#[cfg(feature = "ssr")]
mod links;
#[cfg(feature = "ssr")]
mod listing;
#[cfg(feature = "ssr")]
mod offers;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod promise;
#[cfg(feature = "ssr")]
mod structured;

#[cfg(feature = "ssr")]
pub(crate) use offers::{stock as stock_words, value_names};
