//! `server catalog`: products in and out, in Shopify's CSV format.

use super::catalog;
use anyhow::Result;
use shop::Shop;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Create and update products from a CSV file.
    Import {
        file: PathBuf,
        /// Folder that the pictures' names are relative to; without it, the file's own.
        #[arg(long)]
        images: Option<PathBuf>,
        /// Say what would happen and change nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Hang pictures on the home page and the categories, from a CSV file with a row a place.
    Scenes {
        file: PathBuf,
        /// As for `import`.
        #[arg(long)]
        images: Option<PathBuf>,
        #[arg(long)]
        dry_run: bool,
    },
    /// Write all products to a CSV file, or to standard output.
    Export { file: Option<PathBuf> },
}

pub async fn run(shop: &Shop, command: Command) -> Result<()> {
    match command {
        Command::Import { file, images, dry_run } => {
            let images = images.or_else(|| file.parent().map(Path::to_owned));
            catalog::import(shop, &file, images.as_deref(), dry_run).await
        }
        Command::Scenes { file, images, dry_run } => {
            let images = images.or_else(|| file.parent().map(Path::to_owned));
            catalog::import_scenes(shop, &file, images.as_deref(), dry_run).await
        }
        Command::Export { file } => catalog::export(shop, file.as_deref()).await,
    }
}
