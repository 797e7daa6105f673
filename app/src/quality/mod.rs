//! The quality desk: what shoppers say of the shop, beside what the shop measured.

mod beside;
mod charts;
mod course;
mod drivers;
mod filter;
mod findings;
mod groups;
mod items;
mod names;
pub mod pages;
mod waves;
