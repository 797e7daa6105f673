//! The answers as a table for other programs, a row a person who finished, and the book that says what each column means.
//! Nothing in it tells who somebody was, and no moment by which it could be told.

mod layout;
mod rows;

use super::{
    FEWEST_SHOWN, Refusable,
    apart::{self, Hidden},
    may_see,
    scope::{Filter, scope},
};
use crate::{Actor, Fault, Shop, audit, spreadsheet, transaction};
use futures::stream::{self, Stream};
use layout::Layout;
use rows::Reader;
use serde_json::json;
use time::OffsetDateTime;

/// The answers, piece by piece as they are read. Of fewer than eight people there is the header alone.
///
/// # Errors
/// The person's roles do not reach so far, or there is no such instrument or version.
pub async fn export(
    shop: &Shop,
    actor: &Actor,
    filter: &Filter,
    now: OffsetDateTime,
) -> Refusable<impl Stream<Item = Result<String, Fault>> + Send + use<>> {
    may_see(actor)?;
    let scope = scope(shop, filter, now).await?;
    let (people, hidden) = apart::of_everybody(shop, &scope, FEWEST_SHOWN).await?;
    write_down(shop, actor, &scope.filter, "survey.exported", people, now).await?;
    let layout = Layout::of(&scope);
    let header = spreadsheet::begin(&layout.columns().into_iter().map(|column| column.name).collect::<Vec<_>>())?;
    let reader = match hidden {
        // One may have every row of those beside it as well.
        None | Some(Hidden::RestFew) => Some(Reader::open(shop, scope, layout).await?),
        Some(Hidden::Few) => None,
    };
    let rows = stream::try_unfold(reader, |reader| async move {
        let Some(mut reader) = reader else { return Ok(None) };
        Ok(reader.read().await?.map(|piece| (piece, Some(reader))))
    });
    Ok(stream::StreamExt::chain(stream::once(async { Ok(header) }), rows))
}

/// What each column of the answers means, in both languages.
///
/// # Errors
/// As [`export`].
pub async fn codebook(shop: &Shop, actor: &Actor, filter: &Filter, now: OffsetDateTime) -> Refusable<String> {
    may_see(actor)?;
    let scope = scope(shop, filter, now).await?;
    let columns = Layout::of(&scope).columns();
    write_down(shop, actor, &scope.filter, "survey.codebook", columns.len(), now).await?;
    let header = ["column", "meaning_en", "meaning_es", "values", "reversed", "missing", "versions"];
    let rows = columns.into_iter().map(|column| {
        let versions = column.versions.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        [column.name, column.en, column.es, column.values, column.reversed, column.missing, versions]
    });
    Ok(spreadsheet::write(&header, rows)?)
}

async fn write_down(shop: &Shop, actor: &Actor, filter: &Filter, action: &str, rows: usize, now: OffsetDateTime) -> Result<(), Fault> {
    let mut db = transaction::begin(&shop.db).await?;
    let detail = json!({ "instrument": filter.instrument, "version": filter.version, "days": filter.days, "form": filter.form,
        "language": filter.language, "rows": rows });
    audit::record(&mut db, actor, action, None, detail, now).await?;
    db.commit().await?;
    Ok(())
}
