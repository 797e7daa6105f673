//! Service reports at the desk: figures, tables and one chart, all of the same cases.

#[cfg(feature = "ssr")]
pub mod measured;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod tables;
