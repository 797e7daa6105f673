//! `server demo`: what makes a demonstration worth looking at.

use super::demonstration;
use crate::{
    config::Config,
    demo_history::{self, Wanted},
    start::{self, Role, Started},
};
use anyhow::{Result, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use shop::Shop;
use time::{Date, Duration, OffsetDateTime, format_description::well_known::Iso8601};

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Make up a year of orders, conversations, complaints and answers, in a shop without orders that is not open.
    History {
        #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        orders: u32,
        /// The same makes the same history.
        #[arg(long, default_value_t = 7)]
        seed: u64,
        /// Its last day, as 2026-03-31; today without it.
        #[arg(long, value_parser = day)]
        until: Option<Date>,
    },
}

fn day(text: &str) -> Result<Date, String> {
    Date::parse(text, &Iso8601::DATE).map_err(|_| format!("\"{text}\" is no date like 2026-03-31"))
}

pub async fn run(config: &Config, command: Command) -> Result<()> {
    let Command::History { orders, seed, until } = command;
    let now = OffsetDateTime::now_utc();
    let until = until.map_or(now, |day| (day + Duration::DAY).midnight().assume_utc() - Duration::SECOND);
    ensure!(until <= now + Duration::DAY, "a history ends today at the latest");
    // Nobody lives at the addresses of a history: its mails lie in the data folder, whatever sends the real ones.
    let config = Config { smtp_url: None, ..config.clone() };
    let mut started = start::start(&config, Role::Command).await?;
    let made = make(&mut started, &Wanted { orders: orders as usize, seed, until: until.min(now) }, now).await;
    started.stop().await?;
    made
}

async fn make(started: &mut Started, wanted: &Wanted, began: OffsetDateTime) -> Result<()> {
    ensure!(!is_open(&started.shop, began).await?, "the shop is open: stop it first, for a history has its own clock");
    let logins = demonstration::open_desk(&started.shop).await?;
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} day {pos} of {len}, {eta} left") {
        bar.set_style(style);
    }
    let show = |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    };
    let made = demo_history::make(started, wanted, show).await;
    bar.finish_and_clear();
    println!("{}\n{}", made?, logins.unwrap_or_default());
    Ok(())
}

/// A server of this shop was there before us.
async fn is_open(shop: &Shop, began: OffsetDateTime) -> Result<bool> {
    let open = "select exists (select from pg_stat_activity
                where application_name = 'vitrina' and datname = current_database() and backend_start < $1)";
    Ok(sqlx::query_scalar(open).bind(began).fetch_one(&shop.db).await?)
}
