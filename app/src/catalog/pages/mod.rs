//! The catalogue's pages, a file each. None of them shows anything personal: the page cache may keep them all.

mod category;
mod home;
mod product;
mod search;

pub use category::Category;
pub use home::Home;
pub use product::Product;
pub use search::Search;
