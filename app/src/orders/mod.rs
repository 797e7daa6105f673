//! After the order: the page one comes back to from paying, the tracking page, and looking an order up.

pub mod api;
pub mod islands;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod promise;
#[cfg(feature = "ssr")]
mod receipt;
#[cfg(feature = "ssr")]
mod standing;
#[cfg(feature = "ssr")]
mod thanks;
#[cfg(feature = "ssr")]
mod trouble;
#[cfg(feature = "ssr")]
mod way;
