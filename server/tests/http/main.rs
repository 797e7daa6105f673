//! The server as a browser meets it: the real router on a real socket, with a database of its own for every test.

#![allow(clippy::disallowed_methods, reason = "the server lives by the real clock")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests may fail loudly too")]

mod accounts;
mod cases;
mod chat;
mod chat_chaos;
mod chat_client;
mod chat_desk;
mod chat_nats;
mod chat_pages;
mod complaints;
mod console;
mod credit;
mod customers;
mod demonstration;
mod desk_blocked;
mod desk_notes;
mod desk_scripts;
mod faults;
mod guards;
mod health;
mod inbound;
mod limits;
mod mail;
mod measured;
mod metrics;
mod page_cache;
mod pages;
mod policy;
mod quality;
mod shutdown;
mod site;
mod support;
mod survey_health;
mod surveys;
