//! The server: configuration, routes, guards, the page cache, webhooks, workers and the command line.
//! Begin with [`router`].

// The types of whole pages are deep.
#![recursion_limit = "512"]

pub mod beacon;
pub mod chat;
pub mod cli;
pub mod config;
pub mod demo_history;
pub mod embedded_postgres;
pub mod guards;
pub mod health;
pub mod inbound;
pub mod limits;
pub mod media;
pub mod metrics;
pub mod news;
pub mod observe;
pub mod page_cache;
pub mod payment_service;
pub mod router;
pub mod seo;
pub mod serve;
pub mod site;
pub mod start;
pub mod tables;
pub mod turned_away;
pub mod unhurried;
pub mod unsubscribe;
pub mod visitor;
pub mod webhooks;
pub mod workers;
