//! What surrounds every page: head, header, footer, and the pages for what is not there.

mod icon;
pub mod islands;
mod photograph;

#[cfg(feature = "ssr")]
mod answer;
#[cfg(feature = "ssr")]
mod delivery_terms;
#[cfg(feature = "ssr")]
mod footer;
#[cfg(feature = "ssr")]
mod frame;
#[cfg(feature = "ssr")]
pub mod head;
#[cfg(feature = "ssr")]
mod header;
#[cfg(feature = "ssr")]
pub mod info;
#[cfg(feature = "ssr")]
mod missing;
#[cfg(feature = "ssr")]
mod navigation;

pub use icon::{Icon, Shape};
pub use photograph::Photograph;

#[cfg(feature = "ssr")]
pub use answer::{found, move_to, or_fault};
#[cfg(feature = "ssr")]
pub use frame::{Layout, Lost};
#[cfg(feature = "ssr")]
pub use head::Head;
#[cfg(feature = "ssr")]
pub use header::LanguageSwitch;
#[cfg(feature = "ssr")]
pub use missing::{Fault, NotFound};

/// Stands in the cached page where the number of things in the reader's cart goes; the server puts it in.
pub const CART_COUNT_MARK: &str = "<!--cart-count-->";
