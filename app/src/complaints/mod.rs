//! Complaints and suggestions: the form, the page on which a customer follows one, and the desk's register. Plain
//! forms and pages all of them: nothing here needs scripts.

pub mod api;
pub mod desk_api;

#[cfg(feature = "ssr")]
mod answer;
#[cfg(feature = "ssr")]
pub(crate) mod labels;
#[cfg(feature = "ssr")]
pub mod pages;
