//! The shipped server with one route more: a handler that answers the same bytes always, to compare a page with.

use crate::served;
use anyhow::Result;
use axum::{Router, body::Bytes, http::header, routing::get};
use clap::Parser;
use server::{cli::serve, config::Config};
use std::fs;

pub const PATH: &str = "/bench/still";

#[derive(Parser)]
struct FromEnvironment {
    #[command(flatten)]
    config: Config,
}

/// Serves until it is asked to stop; settings come from the environment.
pub async fn serve() -> Result<()> {
    let page = Bytes::from(fs::read(file()?)?);
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_ENCODING, "br")];
    let route = Router::new().route(PATH, get(async move || (headers, page)));
    serve::run(FromEnvironment::parse_from(["bench"]).config, None, route).await
}

/// Where the page's bytes are laid before the server starts.
pub fn file() -> Result<std::path::PathBuf> {
    Ok(served::folder()?.join("still.br"))
}
