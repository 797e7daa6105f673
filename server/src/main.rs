//! `server` serves the shop; `server help` lists what else it does.

// The types of whole pages are deep.
#![recursion_limit = "512"]

use clap::Parser;
use server::cli::{self, Arguments};
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let receives = arguments.receives_mail();
    let result = cli::run(arguments).await;
    if let Err(error) = &result {
        eprintln!("Error: {error:?}");
    }
    cli::exit_code(receives, &result)
}
