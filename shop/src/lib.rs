//! What the shop can do. One `pub async fn` is one intent of one person; it takes the shop, who is asking
//! where that matters, and `now`, and opens its own transaction. The SQL lives here and nowhere else.

pub mod account;
pub mod actor;
pub mod audit;
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
pub mod events;
pub mod failure;
pub mod help;
pub mod jobs;
pub mod mail;
pub mod measured;
pub mod orders;
pub mod promises;
pub mod reports;
pub mod scores;
pub mod settings;
pub mod signing;
mod spreadsheet;
pub mod stock;
pub mod survey_health;
pub mod surveys;
mod transaction;

pub use actor::{Actor, NotAllowed};
pub use failure::{Failure, Fault, Outcome};
pub use settings::Settings;

use sqlx::PgPool;
use std::sync::Arc;
use time::OffsetDateTime;
use uuid::Uuid;

/// Everything an intent needs: the database, the payment service and the merchant's settings.
#[derive(Clone)]
pub struct Shop {
    pub db: PgPool,
    pub payments: Arc<payments::Payments>,
    pub settings: Arc<Settings>,
    /// How a node hears of what happened in conversations on another.
    pub hints: chat::Hints,
    /// What this node measured and has not written yet.
    pub counts: Arc<measured::Counts>,
    /// Answers to surveys that this node was sent and has not kept yet.
    pub answers: Arc<surveys::Gathering>,
}

/// The forward-only migrations, run at start.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();

/// A new time-ordered id (UUIDv7) for something that happens at `now`.
#[must_use]
pub fn new_id(now: OffsetDateTime) -> Uuid {
    let seconds = u64::try_from(now.unix_timestamp()).unwrap_or(0);
    Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, now.nanosecond()))
}

/// Tells the shops apart that one process serves.
fn database(db: &PgPool) -> String {
    let options = db.connect_options();
    format!("{}:{}/{}", options.get_host(), options.get_port(), options.get_database().unwrap_or_default())
}
