//! `script/bench`: what the shop takes in time and bytes, measured on the shipped server with shipped settings.
//! Each measure is a module; all they find goes into one table and `target/bench.json`.

mod chat;
mod client;
mod console;
mod customers;
mod flows;
mod orders;
mod pages;
mod processor;
mod quality;
mod report;
mod scores;
mod search;
mod served;
mod spread;
mod start;
mod still;
mod visit;
mod wrk;

use anyhow::Result;
use clap::{Parser, ValueEnum};
use report::Report;
use served::Served;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Debug, Parser)]
struct Arguments {
    /// Only these measures.
    #[arg(value_enum)]
    only: Vec<Measure>,
    /// The shipped server with one route more; the measure of pages starts it.
    #[arg(long, hide = true)]
    still: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Measure {
    Start,
    Pages,
    Search,
    Flows,
    Orders,
    Chat,
    Console,
    Customers,
    Quality,
    Scores,
    Visit,
    Lighthouse,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if arguments.still {
        return still::serve().await;
    }
    let wanted = |measure| arguments.only.is_empty() || arguments.only.contains(&measure);
    let mut report = Report::begin();
    if wanted(Measure::Quality) {
        quality::measure(&mut report)?;
    }
    if arguments.only == [Measure::Quality] {
        return report.finish();
    }
    served::prepare().await?;
    if wanted(Measure::Start) {
        start::measure(&mut report).await?;
    }
    if wanted(Measure::Pages) {
        pages::measure(&mut report).await?;
    }
    if wanted(Measure::Visit) || wanted(Measure::Lighthouse) {
        let shop = Served::shipped().await?;
        if wanted(Measure::Visit) {
            visit::bytes(&mut report, &shop).await?;
        }
        if wanted(Measure::Lighthouse) {
            visit::lighthouse(&mut report, &shop).await?;
        }
        shop.stop().await?;
    }
    if wanted(Measure::Flows) {
        flows::measure(&mut report).await?;
    }
    if wanted(Measure::Orders) {
        orders::measure(&mut report).await?;
    }
    if wanted(Measure::Chat) {
        chat::measure(&mut report).await?;
    }
    if wanted(Measure::Console) {
        console::measure(&mut report).await?;
    }
    if wanted(Measure::Scores) {
        scores::measure(&mut report).await?;
    }
    if wanted(Measure::Customers) {
        customers::measure(&mut report).await?;
    }
    if wanted(Measure::Search) {
        search::measure(&mut report).await?;
    }
    report.finish()
}
