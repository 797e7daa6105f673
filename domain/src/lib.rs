//! Words and pure rules of the shop: what money, a cart, an order, a promise is and what may happen to it.
//! No I/O, no async, no clock: it compiles to native code and to WASM alike.

pub mod account;
pub mod address;
pub mod calendar;
pub mod cart;
pub mod catalog;
pub mod chat;
pub mod checkout;
pub mod complaints;
pub mod credit;
pub mod customers;
pub mod delivery;
pub mod desk;
pub mod format;
pub mod help;
pub mod ids;
pub mod language;
pub mod measured;
pub mod money;
pub mod orders;
pub mod promises;
pub mod reply;
pub mod routing;
pub mod scores;
pub mod staff;
mod states;
pub mod surveys;
pub mod tax;
pub mod token;

pub use language::{Language, Translated};
pub use money::{Currency, Money, MoneyError};
