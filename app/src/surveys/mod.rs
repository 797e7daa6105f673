//! Surveys: the pages behind the link in a mail, on which one answers, and the managers' pages about instruments. Plain
//! forms; an island saves what is chosen before the form is sent.

pub mod api;
pub mod case_api;
pub mod desk_api;
pub mod islands;

#[cfg(feature = "ssr")]
mod answer;
#[cfg(feature = "ssr")]
pub mod pages;
