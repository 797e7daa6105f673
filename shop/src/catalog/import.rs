//! Products from a file in Shopify's CSV. A first pass finds the rows of every product, wherever they stand;
//! then each product is read, its pictures are made, and it is written in a transaction of its own: whole or not at all.

mod categories;
mod cells;
mod parse;
mod pictures;
mod report;
mod scenes;
mod stock;
mod variant_rows;
mod variants;
mod write;

pub use report::{Finding, ImportRefusal, Progress, Report};
pub use scenes::{SceneReport, import_scenes};

use super::csv::index::{Group, Table, Unreadable};
use crate::{Failure, Fault, Outcome, Shop};
use domain::Language;
use futures::{StreamExt, stream};
use parse::Reading;
use pictures::{Prepared, Studio};
use sqlx::{Acquire, PgConnection, Postgres, Transaction};
use std::{
    io::{Read, Seek},
    path::PathBuf,
};
use time::{Duration, OffsetDateTime};
use write::{Change, Unwritten, Writing};

/// Products that are read and get their pictures while the ones before them are written.
const AHEAD: usize = 8;
/// Names the lock that two imports meet at.
const LOCK: i64 = 0x7669_7472_696d;

#[derive(Debug, Clone)]
pub struct ImportOptions {
    /// The folder that `Image Src` is relative to; without it products come without pictures.
    pub images: Option<PathBuf>,
    /// Of the columns without a language, such as `Title`.
    pub base_language: Language,
    /// Do everything and say everything, but keep nothing.
    pub dry_run: bool,
}

/// Creates and updates products; a product that is not in the file stays as it is. Doing it twice changes nothing more.
/// `progress` is called after each product.
///
/// # Errors
/// Refused when the file as a whole cannot be an import, or another import runs. What is wrong with single rows is in
/// the report instead, and does not keep the other products from being imported.
pub async fn import(
    shop: &Shop,
    source: impl Read + Seek,
    options: &ImportOptions,
    mut progress: impl FnMut(Progress),
    now: OffsetDateTime,
) -> Outcome<Report, ImportRefusal> {
    // A file that is no catalogue is refused before the lock is taken, so that the right one can follow at once.
    let (mut table, header) = Table::open(source, options.base_language)?;
    // Holds the lock until the end and, in a dry run, everything that is written and then taken back.
    let mut outer = crate::transaction::begin(&shop.db).await?;
    if !lock(&mut outer).await? {
        return Err(Failure::Refused(ImportRefusal::AnotherIsRunning));
    }
    let (groups, rejections) = table.index(&header).map_err(Fault::new)?;
    let mut report = Report { rejections, unknown_columns: header.unknown.clone(), ..Report::default() };
    let total = groups.len() as u64;

    let studio = Studio::new(shop.settings.clone(), options.images.clone(), options.dry_run);
    let reading = Reading {
        header: &header,
        base: options.base_language,
        export_base: shop.settings.base_language,
        currency: shop.settings.currency,
    };
    let products = stream::iter(groups).map(|group| {
        let parsed = read(&mut table, &group, reading);
        let studio = &studio;
        async move {
            Ok::<_, Fault>(match parsed? {
                Ok(parsed) => Ok(studio.prepare(parsed).await?),
                Err(findings) => Err(findings),
            })
        }
    });
    let mut products = products.buffered(AHEAD);
    let mut done = 0;
    while let Some(prepared) = products.next().await {
        // A microsecond apart, so that the order of the products is that of the file.
        let at = now + Duration::microseconds(i64::try_from(done).unwrap_or(i64::MAX));
        let writing = Writing { settings: &shop.settings, base: options.base_language, dry_run: options.dry_run, now: at };
        match prepared? {
            Ok(prepared) => settle(shop, &mut outer, &prepared, &writing, &mut report).await?,
            Err(findings) => report.reject(findings),
        }
        done += 1;
        progress(Progress { done, total });
    }
    outer.rollback().await?;
    report.rejections.sort_by_key(|finding| finding.line);
    Ok(report)
}

async fn lock(db: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"select pg_try_advisory_xact_lock($1) as "locked!""#, LOCK).fetch_one(db).await
}

type Understood = Result<parse::Parsed, Vec<Finding>>;

fn read<R: Read + Seek>(table: &mut Table<R>, group: &Group, reading: Reading<'_>) -> Result<Understood, Fault> {
    if group.is_spoiled {
        // Its findings are in the report already.
        return Ok(Err(Vec::new()));
    }
    let rows = table.rows(group, reading.header).map_err(Fault::new)?;
    Ok(rows.and_then(|rows| parse::parse(&group.handle, rows, reading)))
}

/// Writes one product in its transaction and notes in the report what came of it.
async fn settle(
    shop: &Shop,
    outer: &mut Transaction<'_, Postgres>,
    prepared: &Prepared,
    writing: &Writing<'_>,
    report: &mut Report,
) -> Result<(), Fault> {
    let mut transaction = if writing.dry_run { outer.begin().await? } else { crate::transaction::begin(&shop.db).await? };
    let change = match write::write(&mut transaction, prepared, writing).await {
        Ok(change) => transaction.commit().await.map(|()| change).map_err(Unwritten::from),
        Err(unwritten) => {
            transaction.rollback().await?;
            Err(unwritten)
        }
    };
    match change {
        Ok(Change::Created) => report.created += 1,
        Ok(Change::Updated) => report.updated += 1,
        Ok(Change::Unchanged) => report.unchanged += 1,
        Err(unwritten) => {
            report.reject(vec![unwritten.finding(&prepared.parsed)?]);
            return Ok(());
        }
    }
    report.warnings.extend_from_slice(&prepared.warnings);
    Ok(())
}

impl Report {
    /// One product, for these reasons.
    fn reject(&mut self, findings: Vec<Finding>) {
        self.rejected += 1;
        self.rejections.extend(findings);
    }
}

impl From<Unreadable> for Failure<ImportRefusal> {
    fn from(error: Unreadable) -> Self {
        match error {
            Unreadable::Refused(refusal) => Self::Refused(refusal),
            Unreadable::Io(error) => Self::Fault(Fault::new(error)),
        }
    }
}
