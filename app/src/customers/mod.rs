//! Customers at the desk: who they are by what they bought, why each is in which class, and who may be leaving.

pub mod api;
#[cfg(feature = "ssr")]
pub mod labels;
#[cfg(feature = "ssr")]
pub mod pages;
