//! What orders say of customers: how recently, often and much they buy, who will come back, and the classes of that.

pub mod classes;
pub mod hypergeometric;
pub mod lifetime;
pub mod rfm;
