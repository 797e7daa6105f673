//! Payments as they arrive: early, late, twice, never; and money on its way back.

#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

mod arriving;
mod cart;
mod disputes;
mod free;
mod late;
mod refunds;
#[path = "../support/mod.rs"]
mod support;

use domain::Language;

const ES: Language = Language::Es;
