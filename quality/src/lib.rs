//! The statistics of surveys and customers: pure functions with their formulas and where those come from. No database,
//! no clock, no async. Every rule is checked against other people's programs (`oracle/` makes the expected numbers).
//!
//! A column of answers is a slice of [`Cell`]s: `None` is an answer that was not given, asked or applicable. What
//! cannot be said is an [`Unsaid`] with the reason, never a number that is not one.

// The notation of the sources: x, n, p and the like are what a reader of them looks for.
#![allow(clippy::many_single_char_names)]

pub mod analysis;
pub mod baskets;
pub mod bootstrap;
pub mod careless;
pub mod charts;
pub mod compare;
pub mod customers;
pub mod distributions;
pub mod drivers;
pub mod factor;
pub mod factor_fit;
pub mod forms;
pub mod intervals;
pub mod matrix;
pub mod missing;
pub mod nonresponse;
pub mod optimize;
pub mod reliability;
pub mod sample;
pub mod studentized;
pub mod suppression;
mod unsaid;

pub use unsaid::Unsaid;

/// One answer of one person to one item.
pub type Cell = Option<f64>;
