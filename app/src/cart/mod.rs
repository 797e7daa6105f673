//! The cart: its page, the number on the badge, and the server functions that fill and change it.

pub mod api;
mod changes;
pub mod islands;
mod line;
#[cfg(feature = "ssr")]
pub mod pages;
mod shelf;
pub mod state;
pub mod words;
