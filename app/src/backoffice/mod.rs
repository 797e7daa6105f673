//! The desk: the pages of staff. Their frame, who may see which, logging in, and the staff's own accounts.

pub mod api;
#[cfg(feature = "ssr")]
mod frame;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod section;
pub mod staff_api;

#[cfg(feature = "ssr")]
pub use frame::{Desk, Room};
#[cfg(feature = "ssr")]
pub use section::Section;
