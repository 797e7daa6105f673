//! What wakes up in the header: the search field and the number on the cart.

mod badge;
mod search;

pub use badge::CartBadge;
pub use search::{SearchBox, SearchWords};
