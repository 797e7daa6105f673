//! The build's own commands, behind `cargo xtask`: the front end, the test cluster of Postgres,
//! the committed descriptions of SQL queries, and the limits on what a visitor downloads.

mod budget;
#[allow(dead_code, reason = "the server uses more of it")]
#[path = "../../server/src/embedded_postgres/cluster/mod.rs"]
mod cluster;
mod front;
mod postgres;
mod process;
mod sqlx;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask front [--release]    build the browser's half into target/site
cargo xtask budget               measure target/site against the limits
cargo xtask sqlx prepare         write .sqlx anew from the queries and the migrations
cargo xtask sqlx check           compare .sqlx with the queries and the migrations
cargo xtask postgres start       start the development and test cluster in target/pg
cargo xtask postgres stop        stop it
cargo xtask postgres status      say whether it is running
cargo xtask postgres url [NAME]  print the address of a database in it (vitrina_dev)
cargo xtask postgres fresh NAME  make that database anew, empty, and print its address
cargo xtask postgres migrate     make vitrina_dev anew from shop/migrations";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["front"] => front::build(false),
        ["front", "--release"] => front::build(true),
        ["budget"] => budget::check(),
        ["sqlx", "prepare"] => sqlx::prepare(),
        ["sqlx", "check"] => sqlx::check(),
        ["postgres", rest @ ..] if postgres::knows(rest) => postgres::run(rest),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
