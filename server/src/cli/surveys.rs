//! `server surveys`: asking without waiting for the day, and answers of earlier surveys in and out again.

use anyhow::{Context, Result, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use shop::{
    Actor, Shop, surveys,
    surveys::earlier::{self, Options, Report},
};
use std::{
    fs::File,
    io::{self, BufReader, Write},
    path::{Path, PathBuf},
};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Ask the buyer of a delivered order how it was, now. Who was asked not long ago is not asked.
    Ask { number: String },
    /// Bring in answers of earlier surveys from a CSV file.
    ///
    /// The file is an answers.csv of the quality desk, or has a row a person, a column an item (EFF1, EFF2, ...) and one of when
    /// it was finished: `finished` (2026-03-31, or with a time) or `week` (2026-W14). The codebook of the quality desk says what
    /// stands in each. An item's value is as it was answered; NA: it does not apply; empty: not asked or not answered.
    /// It may have `respondent`, `version`, `form` (else full), `language` (else the shop's), `device`, `returning`, `category`,
    /// `carrier`, `trouble_known` and `trouble_said`. Seconds and scores are left out, and columns of other names are named.
    ///
    /// A row comes in once, however often the file does: known by its `respondent` and when it was finished, else by what it
    /// says and how many rows say just the same. Nobody is asked or answered, no case is opened, and the rates of those asked
    /// do not change.
    Import {
        file: PathBuf,
        /// Code of the instrument that was answered, such as service-quality.
        #[arg(long)]
        instrument: String,
        /// Of all rows, whatever they say; without it each row's own, else the newest.
        #[arg(long)]
        version: Option<i32>,
        /// Say what would happen and change nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// What came in by files, with the numbers to take it back by.
    Imports,
    /// Take back what came in by a file.
    ForgetImport { number: i64 },
}

const DRY: &str = " (dry run: nothing was changed)";

pub async fn run(shop: &Shop, command: Command) -> Result<()> {
    let (operator, now) = (Actor::Operator, OffsetDateTime::now_utc());
    match command {
        Command::Ask { number } => {
            surveys::ask_about(shop, &operator, &number, now).await?;
            println!("asked about order {number}");
        }
        Command::Import { file, instrument, version, dry_run } => {
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            import(shop, &file, &Options { instrument, version, file: name, dry_run }, now).await?;
        }
        Command::Imports => {
            for import in earlier::imports(shop, &operator).await? {
                let (at, by) = (shop.settings.local(import.at).format(&Rfc3339)?, import.by.as_deref().unwrap_or("command line"));
                println!("{}  {at}  {by}  {}  {}  {} answered surveys", import.number, import.instrument, import.file, import.responses);
            }
        }
        Command::ForgetImport { number } => {
            let forgotten = earlier::forget_import(shop, &operator, number, now).await?;
            println!("import {number} was taken back: {forgotten} answered surveys");
        }
    }
    Ok(())
}

/// Imports a file and prints a report.
///
/// # Errors
/// The file cannot be read, or some of it was rejected (the rest is imported nevertheless).
async fn import(shop: &Shop, file: &Path, options: &Options, now: OffsetDateTime) -> Result<()> {
    let source = File::open(file).with_context(|| format!("{} cannot be opened", file.display()))?;
    let bar = ProgressBar::new(source.metadata().map_or(0, |metadata| metadata.len()));
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes}, {eta} left") {
        bar.set_style(style);
    }
    let report = earlier::import(shop, &Actor::Operator, BufReader::new(source), options, |bytes| bar.set_position(bytes), now).await;
    bar.finish_and_clear();
    let report = report.with_context(|| format!("{} was not imported", file.display()))?;
    print(&report, options.dry_run)?;
    let rows = report.imported + report.unchanged + report.rejected;
    ensure!(report.rejected == 0, "{} of {rows} rows of {} were rejected", report.rejected, file.display());
    Ok(())
}

fn print(report: &Report, dry_run: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for finding in &report.rejections {
        writeln!(out, "rejected: {finding}")?;
    }
    if report.more > 0 {
        writeln!(out, "and {} more mistakes", report.more)?;
    }
    if !report.unknown_columns.is_empty() {
        writeln!(out, "left out, for they mean nothing here: {}", report.unknown_columns.join(", "))?;
    }
    let Report { imported, unchanged, rejected, .. } = report;
    writeln!(out, "{imported} rows imported, {unchanged} unchanged, {rejected} rejected{}", if dry_run { DRY } else { "" })?;
    match report.number {
        Some(number) => writeln!(out, "to take it back: server surveys forget-import {number}"),
        None => Ok(()),
    }
}
