//! The command line. Without a command the shop is served.

mod baskets;
mod catalog;
mod catalog_command;
mod customers;
mod demo;
mod demonstration;
mod mail;
mod orders;
mod quality;
mod quality_table;
pub mod serve;
mod sheet;
mod staff;
mod surveys;

use crate::{
    config::{Config, LogFormat},
    start::{self, Role, Started},
};
use anyhow::Result;
use axum::Router;
use clap::{Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};
use tracing_subscriber::EnvFilter;

#[derive(Debug, Parser)]
#[command(name = "server", version, about = "Vitrina: a shop that keeps its promises")]
pub struct Arguments {
    #[command(flatten)]
    config: Config,
    #[command(subcommand)]
    command: Option<Command>,
    /// Load the demonstration catalogue from this folder when the database has no products.
    #[arg(long, value_name = "FOLDER", num_args = 0..=1, default_missing_value = "demo")]
    demo: Option<PathBuf>,
}

impl Arguments {
    /// A mail server is waiting to hear what became of a mail.
    #[must_use]
    pub fn receives_mail(&self) -> bool {
        matches!(self.command, Some(Command::Mail(mail::Command::Receive)))
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the shop (what happens without a command).
    Serve,
    /// Bring the database up to date and stop.
    Migrate,
    /// Import and export products, in Shopify's CSV format.
    #[command(subcommand)]
    Catalog(catalog_command::Command),
    /// See orders and move them along.
    #[command(subcommand)]
    Orders(orders::Command),
    /// Read the mails the shop has written, and take in answers to them.
    #[command(subcommand)]
    Mail(mail::Command),
    /// Who works in the shop.
    #[command(subcommand)]
    Staff(staff::Command),
    /// What a file of answers says; needs no database.
    #[command(subcommand)]
    Quality(quality::Command),
    /// What orders say of customers.
    #[command(subcommand)]
    Customers(customers::Command),
    /// What is bought together in a file of baskets; needs no database.
    #[command(subcommand)]
    Baskets(baskets::Command),
    /// Ask buyers how it was.
    #[command(subcommand)]
    Surveys(surveys::Command),
    /// Fill a shop for showing it.
    #[command(subcommand)]
    Demo(demo::Command),
}

/// Runs what the command line asks for.
///
/// # Errors
/// A sentence for the person at the terminal.
pub async fn run(arguments: Arguments) -> Result<()> {
    let Arguments { config, command, demo } = arguments;
    log(config.log_format);
    match command {
        None | Some(Command::Serve) => serve::run(config, demo, Router::new()).await,
        Some(Command::Migrate) => with_shop(&config, async |_| Ok(())).await,
        Some(Command::Catalog(command)) => with_shop(&config, async |started| catalog_command::run(&started.shop, command).await).await,
        Some(Command::Orders(command)) => with_shop(&config, async |started| orders::run(&started.shop, command).await).await,
        Some(Command::Mail(command)) => with_shop(&config, async |started| mail::run(&started.shop, command).await).await,
        Some(Command::Staff(command)) => with_shop(&config, async |started| staff::run(&started.shop, command).await).await,
        Some(Command::Quality(command)) => quality::run(&command),
        Some(Command::Customers(customers::Command::Analyse(analysis))) => customers::run(&analysis),
        Some(Command::Customers(customers::Command::Classify)) => {
            with_shop(&config, async |started| customers::classify(&started.shop).await).await
        }
        Some(Command::Baskets(command)) => baskets::run(&command),
        Some(Command::Surveys(command)) => with_shop(&config, async |started| surveys::run(&started.shop, command).await).await,
        Some(Command::Demo(command)) => demo::run(&config, command).await,
    }
}

/// What the program says of its end to whoever started it. A mail server tries again what failed for now only.
#[must_use]
pub fn exit_code(receives_mail: bool, result: &Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<mail::TurnedAway>() => mail::FOR_GOOD.into(),
        Err(_) if receives_mail => mail::FOR_NOW.into(),
        Err(_) => ExitCode::FAILURE,
    }
}

/// Opens the shop for one command and closes it again, also after an error.
async fn with_shop<F>(config: &Config, work: F) -> Result<()>
where
    F: AsyncFnOnce(&Started) -> Result<()>,
{
    let started = start::start(config, Role::Command).await?;
    let result = work(&started).await;
    started.stop().await?;
    result
}

pub fn log(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,hyper=warn"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
}
