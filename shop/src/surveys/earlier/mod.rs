//! Answers of earlier surveys, from another tool or from paper, brought in by a CSV file: in the layout of the table of
//! answers that the quality desk gives, or with a column an item and one of when it was finished. They count as what people
//! said; nobody was asked, so that there is no order, no invitation, no case and no mail.

mod back;
mod identity;
mod moment;
mod report;
mod row;
mod table;
mod write;

pub use back::{Import, forget_import, imports};
pub use report::{EarlierRefusal, Report};

use super::instrument;
use crate::{Actor, Failure, Fault, Outcome, Shop, catalog::import::Finding, scores, transaction};
use domain::{staff::Permission, surveys::Version};
use identity::Seen;
use row::{Reading, understand};
use sqlx::PgConnection;
use std::io::BufRead;
use table::{Header, Table};
use time::OffsetDateTime;
use uuid::Uuid;
use write::{Batch, Row};

/// Rows that are written in one transaction, and the most that are in memory.
const PIECE: usize = 500;
/// Names the lock that two imports meet at.
const LOCK: i64 = 0x7375_7276_6579;

type Refusable<T = ()> = Outcome<T, EarlierRefusal>;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The code of the instrument that was answered.
    pub instrument: String,
    /// Of all rows; `None`: what each row says, else the newest.
    pub version: Option<i32>,
    /// What the file is called.
    pub file: String,
    /// Say everything, but keep nothing.
    pub dry_run: bool,
}

/// Brings in every row that can be understood and is not in yet, and counts it in the sums. `progress` hears how many
/// bytes were read.
///
/// # Errors
/// Refused when the file as a whole cannot be one of answers, or another import runs. What is wrong with single rows is in
/// the report instead, and does not keep the others out.
pub async fn import(
    shop: &Shop,
    actor: &Actor,
    source: impl BufRead,
    options: &Options,
    mut progress: impl FnMut(u64),
    now: OffsetDateTime,
) -> Refusable<Report> {
    may_import(actor)?;
    let versions = versions(shop, options).await?;
    let of_rows: Vec<&Version> = versions.iter().map(|(_, version)| version).collect();
    let mut table = Table::open(source).map_err(Fault::new)?;
    let names = table.names().map_err(Fault::new)?.ok_or(Failure::Refused(EarlierRefusal::Empty))?;
    let header = Header::read(names, &of_rows).map_err(Failure::Refused)?;
    // Holds the lock until the end.
    let mut outer = transaction::begin(&shop.db).await?;
    lock(&mut outer).await?;
    let oldest = oldest(&mut outer, now).await?;
    let reading = Reading { settings: &shop.settings, header: &header, versions: &versions, version: options.version, oldest, now };
    let mut run = Run { shop, actor, options, now, batch: None, report: Report::default() };
    run.report.unknown_columns = header.unknown();
    let (mut seen, mut rows) = (Seen::default(), Vec::with_capacity(PIECE));
    while let Some((line, record)) = table.next().map_err(Fault::new)? {
        let understood = understand(&record, line, &reading).and_then(|(respondent, earlier)| {
            let identity = seen.identify(&shop.settings, respondent.as_deref(), &earlier);
            let identity = identity.map_err(|reason| vec![about_respondent(line, reason)])?;
            Ok(Row { line, identity, earlier })
        });
        match understood {
            Ok(row) => rows.push(row),
            Err(findings) => run.report.reject(findings),
        }
        if rows.len() == PIECE {
            run.settle(&mut rows).await?;
            progress(table.bytes());
        }
    }
    run.settle(&mut rows).await?;
    outer.rollback().await?;
    let mut report = run.report;
    report.rejections.sort_by_key(|finding| finding.line);
    Ok(report)
}

fn may_import(actor: &Actor) -> Refusable {
    actor.needs(Permission::SetRules).map_err(|_| Failure::Refused(EarlierRefusal::NotAllowed))
}

async fn lock(db: &mut PgConnection) -> Refusable {
    let locked = sqlx::query_scalar!(r#"select pg_try_advisory_xact_lock($1) as "locked!""#, LOCK).fetch_one(db).await?;
    if locked { Ok(()) } else { Err(Failure::Refused(EarlierRefusal::AnotherIsRunning)) }
}

/// What began earlier is swept.
async fn oldest(db: &mut PgConnection, now: OffsetDateTime) -> Result<OffsetDateTime, Fault> {
    let oldest = sqlx::query_scalar!(r#"select $1::timestamptz - answer_months * interval '1 month' as "oldest!" from survey_rule"#, now);
    Ok(oldest.fetch_one(db).await?)
}

/// All versions of the instrument, the newest first.
async fn versions(shop: &Shop, options: &Options) -> Refusable<Vec<(Uuid, Version)>> {
    let code = options.instrument.replace('\0', "");
    let ids = sqlx::query_scalar!(
        "select v.id from survey_version v join survey_instrument n on n.id = v.instrument_id where n.code = $1 order by v.number desc",
        code
    )
    .fetch_all(&shop.db)
    .await?;
    let mut versions = Vec::with_capacity(ids.len());
    for id in ids {
        versions.push((id, instrument::load(&mut *shop.db.acquire().await?, id).await?));
    }
    if versions.is_empty() {
        return Err(Failure::Refused(EarlierRefusal::NoSuchInstrument(code)));
    }
    match options.version {
        Some(number) if !versions.iter().any(|(_, version)| version.number == number) => {
            Err(Failure::Refused(EarlierRefusal::NoSuchVersion(number)))
        }
        _ => Ok(versions),
    }
}

fn about_respondent(line: u64, reason: String) -> Finding {
    Finding { line, column: Some("respondent".to_owned()), handle: String::new(), reason }
}

struct Run<'a> {
    shop: &'a Shop,
    actor: &'a Actor,
    options: &'a Options,
    now: OffsetDateTime,
    /// Begun with the first row that comes in.
    batch: Option<Batch>,
    report: Report,
}

impl Run<'_> {
    /// Writes what is new of these rows, and counts it in the sums.
    async fn settle(&mut self, rows: &mut Vec<Row>) -> Result<(), Fault> {
        let mut db = transaction::begin(&self.shop.db).await?;
        let known = write::known(&mut db, rows).await?;
        let mut new = Vec::new();
        for row in &*rows {
            match known.get(&row.identity.key) {
                None => new.push(row),
                Some(digest) if *digest == row.identity.digest => self.report.unchanged += 1,
                Some(_) => {
                    let reason = "is in already with other answers of this moment: take those back first".to_owned();
                    self.report.reject(vec![about_respondent(row.line, reason)]);
                }
            }
        }
        self.report.imported += new.len() as u64;
        if !new.is_empty() && !self.options.dry_run {
            let batch = match self.batch {
                Some(batch) => batch,
                None => write::begin(&mut db, self.actor, (&self.options.instrument, &self.options.file), self.now).await?,
            };
            write::write(&mut db, batch, &new).await?;
            db.commit().await?;
            self.batch = Some(batch);
            self.report.number = Some(batch.number);
            scores::fold(self.shop).await.map_err(Fault::new)?;
        }
        rows.clear();
        Ok(())
    }
}
