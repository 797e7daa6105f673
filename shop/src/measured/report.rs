//! What was measured in some days, whole and day by day, from the same rows.

use super::keep;
use crate::{Actor, Failure, NotAllowed, Outcome, Shop, reports::Share};
use domain::{
    measured::{Device, Measure, three_quarters},
    staff::Permission,
};
use std::collections::BTreeMap;
use time::{Date, Duration, OffsetDateTime};

#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    pub total: Times,
    pub phone: Times,
    pub desktop: Times,
    /// Oldest first, without gaps.
    pub by_day: Vec<(Date, Day)>,
    pub whole: Day,
}

/// How quick pages were for people.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Times {
    pub paint: Quick,
    pub touch: Quick,
    pub shift: Quick,
    pub first_byte: Quick,
}

/// Of so many values the one below which three quarters are: in milliseconds, or thousandths of a shift.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Quick {
    pub visits: u64,
    pub three_quarters: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Day {
    pub paint: Quick,
    pub touch: Quick,
    pub scripts_failed: u64,
    /// That found something, of all by words.
    pub searches: Share,
    /// Without a fault, of all.
    pub answers: Share,
    /// Minutes in which a node ran, of those that passed in hours after the first.
    pub minutes: Share,
}

struct Row {
    day: Date,
    measure: Measure,
    device: Option<Device>,
    size: i16,
    count: u64,
    /// Minutes of the hours they are of, where minutes are counted.
    of: u64,
}

/// What was measured in the last `days` days, today among them, up to this moment.
///
/// # Errors
/// The person's roles do not reach so far.
pub async fn report(shop: &Shop, actor: &Actor, days: u32, now: OffsetDateTime) -> Outcome<Measured, NotAllowed> {
    actor.needs(Permission::SeeReports).map_err(Failure::Refused)?;
    keep(shop, now).await?;
    let today = shop.settings.local(now).date();
    let first = today - Duration::days(i64::from(days.saturating_sub(1)));
    let rows = read(shop, first, now).await?;
    let times = |device: Option<Device>| Times::of(rows.iter().filter(|row| device.is_none() || row.device == device));
    let by_day = (0..days).map(|n| first + Duration::days(i64::from(n)));
    let by_day = by_day.map(|day| (day, Day::of(rows.iter().filter(|row| row.day == day))));
    Ok(Measured {
        total: times(None),
        phone: times(Some(Device::Phone)),
        desktop: times(Some(Device::Desktop)),
        by_day: by_day.collect(),
        whole: Day::of(rows.iter()),
    })
}

async fn read(shop: &Shop, first: Date, now: OffsetDateTime) -> Outcome<Vec<Row>, NotAllowed> {
    // The hour that goes on and the shop's very first are not whole: minutes are counted in those between. An hour without
    // a row is one without a minute.
    let rows = sqlx::query!(
        r#"with hours as (
               select h as hour from generate_series(
                   (select date_trunc('hour', min(hour), 'UTC') + interval '1 hour' from measure where measure = 'alive'),
                   date_trunc('hour', $2::timestamptz, 'UTC') - interval '1 hour', interval '1 hour') h
               where (h at time zone $3)::date >= $1
           )
           select (hour at time zone $3)::date as "day!", measure as "measure!", device as "device!", size as "size!",
                  sum(count)::bigint as "count!", 0::bigint as "of!"
           from measure where hour >= ($1::date::timestamp at time zone $3) and measure not in ('alive', 'open', 'staffed')
           group by 1, 2, 3, 4
           union all
           select (h.hour at time zone $3)::date, 'alive', '', 0::smallint, coalesce(sum(bit_count(m.count::bit(64))), 0)::bigint,
                  60 * count(*)
           from hours h left join measure m on m.hour = h.hour and m.measure = 'alive'
           group by 1
           order by 1, 2, 3, 4"#,
        first,
        now,
        shop.settings.time_zone
    )
    .fetch_all(&shop.db)
    .await?;
    // What a later version measures means nothing to this one.
    let rows = rows.into_iter().filter_map(|row| {
        Some(Row {
            day: row.day,
            measure: Measure::from_code(&row.measure)?,
            device: Device::from_code(&row.device),
            size: row.size,
            count: row.count.unsigned_abs(),
            of: row.of.unsigned_abs(),
        })
    });
    Ok(rows.collect())
}

impl Times {
    fn of<'a>(rows: impl Iterator<Item = &'a Row> + Clone) -> Self {
        let quick = |measure| Quick::of(rows.clone(), measure);
        Self {
            paint: quick(Measure::Paint),
            touch: quick(Measure::Touch),
            shift: quick(Measure::Shift),
            first_byte: quick(Measure::FirstByte),
        }
    }
}

impl Quick {
    fn of<'a>(rows: impl Iterator<Item = &'a Row>, measure: Measure) -> Self {
        let mut counts: BTreeMap<i16, u64> = BTreeMap::new();
        for row in rows.filter(|row| row.measure == measure) {
            *counts.entry(row.size).or_default() += row.count;
        }
        let counts: Vec<(i16, u64)> = counts.into_iter().collect();
        Self { visits: counts.iter().map(|(_, count)| count).sum(), three_quarters: three_quarters(&counts) }
    }
}

impl Day {
    fn of<'a>(rows: impl Iterator<Item = &'a Row> + Clone) -> Self {
        let sum = |measure, value: fn(&Row) -> u64| rows.clone().filter(|row| row.measure == measure).map(value).sum::<u64>();
        let count = |measure| sum(measure, |row| row.count);
        let (found, empty) = (count(Measure::SearchFound), count(Measure::SearchEmpty));
        let (answered, faulty) = (count(Measure::Answered), count(Measure::Faulty));
        Self {
            paint: Quick::of(rows.clone(), Measure::Paint),
            touch: Quick::of(rows.clone(), Measure::Touch),
            scripts_failed: count(Measure::ScriptFailed),
            searches: share(found, found + empty),
            answers: share(answered.saturating_sub(faulty), answered),
            minutes: share(count(Measure::Alive), sum(Measure::Alive, |row| row.of)),
        }
    }
}

fn share(yes: u64, of: u64) -> Share {
    let number = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    Share { yes: number(yes), of: number(of) }
}
