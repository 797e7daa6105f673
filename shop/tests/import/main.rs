//! Products from files and back into files, on a real database.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "what cannot be set up fails the test")]

mod fixture;

mod catalogs;
mod findings;
mod pictures;
mod products;
mod scenes;
mod stock;
