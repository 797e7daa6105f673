//! The catalogue: what is for sale, how it is found, and how it comes in and goes out as a file.

pub mod browse;
mod csv;
pub mod export;
pub mod import;
pub mod media;
pub mod menu;
pub mod product;
pub mod search;
