//! The checkout: one page with three steps, one form that keeps everything typed, and the page one comes back to
//! after paying.

pub mod api;
mod delivery;
mod desk;
mod details;
mod field;
pub mod islands;
#[cfg(feature = "ssr")]
mod notice;
#[cfg(feature = "ssr")]
pub mod pages;
mod review;
mod summary;
pub mod words;
