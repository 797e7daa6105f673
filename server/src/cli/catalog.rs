//! Products in and out of the shop as a file, and what the person at the terminal is told about it.

use anyhow::{Context, Result, bail, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use shop::{
    Shop,
    catalog::{
        export,
        import::{self, Finding, ImportOptions, Report},
    },
};
use std::{
    fs::{self, File},
    io::{self, BufReader, BufWriter, Write},
    path::Path,
};
use time::OffsetDateTime;

const DRY: &str = " (dry run: nothing was changed)";
/// Warnings that are printed one by one; of the rest only the number is.
const WARNINGS: usize = 50;

/// Imports a file and prints a report.
///
/// # Errors
/// The file cannot be read, or some of it was rejected (the rest is imported nevertheless).
pub async fn import(shop: &Shop, file: &Path, images: Option<&Path>, dry_run: bool) -> Result<()> {
    let source = File::open(file).with_context(|| format!("{} cannot be opened", file.display()))?;
    let options = ImportOptions { images: images.map(Path::to_owned), base_language: shop.settings.base_language, dry_run };
    let bar = progress_bar();
    let show = |progress: import::Progress| {
        bar.set_length(progress.total);
        bar.set_position(progress.done);
    };
    let report = import::import(shop, BufReader::new(source), &options, show, OffsetDateTime::now_utc()).await;
    bar.finish_and_clear();
    let report = report.with_context(|| format!("{} was not imported", file.display()))?;
    print(&report, dry_run)?;
    if !report.rejections.is_empty() {
        let products = report.rejected + report.created + report.updated + report.unchanged;
        bail!("{} mistakes in {}: {} of {products} products were rejected", report.rejections.len(), file.display(), report.rejected);
    }
    Ok(())
}

/// Hangs the pictures of places and prints what came of it.
///
/// # Errors
/// The file cannot be read, or some of it was rejected (the rest is done nevertheless).
pub async fn import_scenes(shop: &Shop, file: &Path, images: Option<&Path>, dry_run: bool) -> Result<()> {
    let source = File::open(file).with_context(|| format!("{} cannot be opened", file.display()))?;
    let options = ImportOptions { images: images.map(Path::to_owned), base_language: shop.settings.base_language, dry_run };
    let report = import::import_scenes(shop, BufReader::new(source), &options, OffsetDateTime::now_utc()).await;
    let report = report.with_context(|| format!("{} was not imported", file.display()))?;
    for finding in &report.rejections {
        println!("rejected: {finding}");
    }
    println!("{} scenes changed, {} unchanged{}", report.changed, report.unchanged, if dry_run { DRY } else { "" });
    ensure!(report.rejections.is_empty(), "{} places in {} were rejected", report.rejections.len(), file.display());
    Ok(())
}

/// Exports all products, to standard output when there is no file.
///
/// # Errors
/// The file cannot be written.
pub async fn export(shop: &Shop, file: Option<&Path>) -> Result<()> {
    let Some(file) = file else {
        export::export(shop, BufWriter::new(io::stdout().lock())).await?;
        return Ok(());
    };
    // Beside it and then in its place: an export that fails does not cost the one before.
    let unfinished = file.with_added_extension("unfinished");
    let out = File::create(&unfinished).with_context(|| format!("{} cannot be written", unfinished.display()))?;
    let count = export::export(shop, BufWriter::new(out)).await?;
    fs::rename(&unfinished, file).with_context(|| format!("{} cannot be written", file.display()))?;
    eprintln!("{count} products were written to {}", file.display());
    Ok(())
}

/// On the terminal's error stream, so that the report can be piped; hidden where there is no terminal.
fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} products, {eta} left") {
        bar.set_style(style);
    }
    bar
}

fn print(report: &Report, dry_run: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for finding in &report.rejections {
        writeln!(out, "rejected: {finding}")?;
    }
    print_warnings(&mut out, &report.warnings)?;
    if !report.unknown_columns.is_empty() {
        writeln!(out, "kept for exports, otherwise of no use: {}", report.unknown_columns.join(", "))?;
    }
    let Report { created, updated, unchanged, rejected, .. } = report;
    let would = if dry_run { DRY } else { "" };
    writeln!(out, "{created} products created, {updated} updated, {unchanged} unchanged, {rejected} rejected{would}")
}

fn print_warnings(out: &mut impl Write, warnings: &[Finding]) -> io::Result<()> {
    for finding in warnings.iter().take(WARNINGS) {
        writeln!(out, "warning: {finding}")?;
    }
    match warnings.len().saturating_sub(WARNINGS) {
        0 => Ok(()),
        more => writeln!(out, "and {more} more warnings"),
    }
}
