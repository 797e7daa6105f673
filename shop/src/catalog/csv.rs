//! Shopify's product CSV: its columns and ours, where each product's rows are, and a product as rows.
//! Import and export share all of it, so that what comes in can go out again.

pub(super) mod columns;
pub(super) mod given;
pub(super) mod index;
pub(super) mod model;
pub(super) mod rows;
pub(super) mod slug;
