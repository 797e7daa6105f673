//! `server surveys`: asking without waiting for the day.

use anyhow::Result;
use shop::{Actor, Shop, surveys};
use time::OffsetDateTime;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Ask the buyer of a delivered order how it was, now. Who was asked not long ago is not asked.
    Ask { number: String },
}

pub async fn run(shop: &Shop, command: Command) -> Result<()> {
    let Command::Ask { number } = command;
    surveys::ask_about(shop, &Actor::Operator, &number, OffsetDateTime::now_utc()).await?;
    println!("asked about order {number}");
    Ok(())
}
