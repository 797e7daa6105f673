//! What wakes up on the catalogue's pages. Before that, and without scripts, all of it is links and
//! forms. What only the product's page needs is loaded with that page.

mod auto_submit;
mod buy_box;
mod choice;
mod gallery;
mod mine;
mod shown;
mod zoom;

pub use auto_submit::AutoSubmit;
pub use buy_box::{BuyBox, BuyWords, LeftWords};
pub use choice::{Choice, ChoiceValue, Offer};
pub use gallery::{Gallery, GalleryWords, Shot};
