//! `server` serves the shop; `server help` lists what else it does.

// The types of whole pages are deep.
#![recursion_limit = "512"]

use clap::Parser;
use server::cli::{self, Arguments};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    cli::run(Arguments::parse()).await
}
