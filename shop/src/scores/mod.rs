//! The quality desk: what finished surveys say, whole and by groups, with what is sure about it and what is not; and
//! beside it what the shop measured itself. Answers are folded into exact sums ([`fold()`]), pages are made of those sums.

mod beside;
mod figures;
mod findings;
mod fold;
mod groups;
mod names;
mod read;

pub use beside::{Facts, Kept};
pub use figures::{Change, DimensionScore, Drivers, GOOD, ItemScore, Recommended, Score, TrendPoint, Wave};
pub use findings::{Finding, Scale, What};
pub use fold::fold;
pub(crate) use fold::{queue, take_out};
pub use groups::{Difference, GroupScore, Groups};
pub use quality::{charts::Point, drivers::Quadrant};

use crate::{Actor, Failure, Fault, Outcome, Shop};
use domain::{
    Translated,
    scores::{Filter, ScoreRefusal},
    staff::Permission,
    surveys::Version,
};
use std::collections::BTreeMap;
use time::{Date, Duration, OffsetDateTime};

/// The main page of the quality desk.
#[derive(Debug, Clone, PartialEq)]
pub struct Desk {
    /// The newest of the versions that were asked for: the names and wordings of everything.
    pub version: Version,
    /// The first day of the time that is looked at, a Monday, and the first after it.
    pub first: Date,
    pub after: Date,
    /// Finished surveys in it, of the group that was asked for.
    pub people: u64,
    pub overall: Score,
    /// The same with each dimension weighted by what it adds to loyalty; only where that can be said.
    pub weighted: Option<f64>,
    pub recommended: Option<Recommended>,
    pub dimensions: Vec<DimensionScore>,
    pub items: Vec<ItemScore>,
    pub trend: Vec<TrendPoint>,
    pub findings: Vec<Finding>,
    pub drivers: Vec<Drivers>,
    pub groups: Vec<Groups>,
    /// Every version with its own figures, newest first.
    pub waves: Vec<Wave>,
    pub facts: Facts,
    /// Every group there is to choose, of each segment.
    pub choices: Vec<(domain::scores::Segment, Vec<String>)>,
    /// What carriers and categories are called, by cell, as `carrier=correos`.
    pub names: BTreeMap<String, Translated>,
    /// Every instrument with its newest title.
    pub instruments: Vec<(String, Translated)>,
    /// Numbers of the versions, newest first.
    pub versions: Vec<i32>,
}

/// What the filter asks for, as of `now`. Whatever is finished is in it.
///
/// # Errors
/// No such instrument or version; the person's roles do not reach so far.
pub async fn desk(shop: &Shop, actor: &Actor, filter: &Filter, now: OffsetDateTime) -> Outcome<Desk, ScoreRefusal> {
    actor.needs(Permission::SeeReports).map_err(|_| Failure::Refused(ScoreRefusal::NotAllowed))?;
    fold(shop).await.map_err(fault)?;
    let (first, after) = span(shop, filter, now);
    let names = async { Ok(names::read(shop).await?) };
    let beside = async { Ok(beside::read(shop, first, after, now).await?) };
    let (sums, names, (facts, vitals, parcels)) = tokio::try_join!(read::read(shop, filter, (first, after)), names, beside)?;
    // Resampling takes milliseconds of pure work.
    let filter = filter.clone();
    let desk = tokio::task::spawn_blocking(move || {
        let findings = findings::find(&sums, &vitals, &parcels);
        figures::desk(&filter, sums, findings, facts, names)
    });
    desk.await.map_err(|error| Failure::Fault(Fault::new(error)))
}

fn fault(failure: Failure<std::convert::Infallible>) -> Failure<ScoreRefusal> {
    match failure {
        Failure::Fault(fault) => Failure::Fault(fault),
        Failure::Refused(never) => match never {},
    }
}

/// From which Monday to which.
fn span(shop: &Shop, filter: &Filter, now: OffsetDateTime) -> (Date, Date) {
    let today = shop.settings.local(now).date();
    let monday = today - Duration::days(i64::from(today.weekday().number_days_from_monday()));
    let after = monday + Duration::WEEK;
    (after - Duration::weeks(i64::from(filter.weeks)), after)
}
