//! When somebody finished, as files write it.

use crate::{Settings, delivery::local_moment};
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time, Weekday, format_description::well_known::Iso8601};

/// A day, or a day and a time; at the workshop, where no zone is said.
pub(super) fn moment(text: &str, settings: &Settings) -> Result<OffsetDateTime, String> {
    let joined = text.replacen(' ', "T", 1);
    let reason = |_| "is no moment: one looks like 2026-03-31 or 2026-03-31T10:00:00+02:00".to_owned();
    // The parser leaves out what a type does not hold: it is asked only for what is there.
    let local = match joined.split_once('T') {
        None => Date::parse(&joined, &Iso8601::DATE).map(|day| PrimitiveDateTime::new(day, Time::MIDNIGHT)),
        Some((_, time)) if time.contains(['+', '-', 'Z', 'z']) => return OffsetDateTime::parse(&joined, &Iso8601::PARSING).map_err(reason),
        Some(_) => PrimitiveDateTime::parse(&joined, &Iso8601::PARSING),
    };
    let local = local.map_err(reason)?;
    at_workshop(settings, local.date(), local.time())
}

/// The Monday that a week begins with.
pub(super) fn week(text: &str, settings: &Settings) -> Result<OffsetDateTime, String> {
    let parts = text.split_once("-W").or_else(|| text.split_once("-w"));
    let monday = parts.and_then(|(year, week)| Date::from_iso_week_date(year.parse().ok()?, week.parse().ok()?, Weekday::Monday).ok());
    let monday = monday.ok_or_else(|| "is no week: one looks like 2026-W14".to_owned())?;
    at_workshop(settings, monday, Time::MIDNIGHT)
}

/// Zones are not known of all years.
fn at_workshop(settings: &Settings, day: Date, time: Time) -> Result<OffsetDateTime, String> {
    match day.year() {
        1970..=2999 => Ok(local_moment(settings, day, time)),
        year => Err(format!("is of the year {year}")),
    }
}
