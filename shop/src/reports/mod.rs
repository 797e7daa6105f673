//! How good the service was, from the logs of the conversations and nothing else. [`cases`] reads them once, one case
//! a cycle of a conversation; cards, tables and the export are all made of these cases by [`figures`], so that no two
//! of them can disagree.

mod cases;
pub mod figures;

pub use cases::{Case, Target};
pub use figures::{Figures, Interval, Report, Share, Spread};

use crate::{Actor, Failure, NotAllowed, Outcome, Shop, calendar, spreadsheet};
use domain::staff::Permission;
use time::{Duration, OffsetDateTime};

/// The figures of the conversations that began in the last `days` days.
///
/// # Errors
/// The person's roles do not reach so far.
pub async fn report(shop: &Shop, actor: &Actor, days: u32, now: OffsetDateTime) -> Outcome<Report, NotAllowed> {
    Ok(figures::report(&read(shop, actor, days, now).await?))
}

/// The same cases as a table for a spreadsheet, one a row.
///
/// # Errors
/// The person's roles do not reach so far.
pub async fn csv(shop: &Shop, actor: &Actor, days: u32, now: OffsetDateTime) -> Outcome<String, NotAllowed> {
    let cases = read(shop, actor, days, now).await?;
    Ok(spreadsheet::write(&figures::HEADER, cases.iter().map(figures::row))?)
}

async fn read(shop: &Shop, actor: &Actor, days: u32, now: OffsetDateTime) -> Outcome<Vec<Case>, NotAllowed> {
    actor.needs(Permission::SeeReports).map_err(Failure::Refused)?;
    let calendar = calendar::load(shop).await?;
    Ok(cases::read(shop, &calendar, now - Duration::days(i64::from(days)), now).await?)
}
