//! The console of whoever answers shoppers: lists, one conversation with its customer and order, and the pages where
//! templates and routing are kept. Its island is lazy, so that shoppers never download any of it.

pub mod api;
pub mod islands;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub(crate) mod refusal;
#[cfg(feature = "ssr")]
mod way;
pub mod words;
