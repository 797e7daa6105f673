//! What the shop measures of itself. Everything is counted in memory ([`Counts`]) and written by the hour, one statement a
//! minute, however much is going on; [`report()`] is what managers read.

mod counts;
mod report;

pub use counts::Counts;
pub use report::{Day, Measured, Quick, Times, report};

use crate::{Fault, Outcome, Shop, chat};
use domain::measured::Measure;
use time::{Duration, OffsetDateTime};

/// Older hours are forgotten.
const KEPT: Duration = Duration::days(400);

/// Writes down what was counted since the last time, under the hour of `now`; nothing is lost when the database does not
/// take it.
///
/// # Errors
/// The database refused it.
pub async fn keep(shop: &Shop, now: OffsetDateTime) -> Result<(), Fault> {
    let counted = shop.counts.take();
    let kept = write(shop, &counted, now).await;
    if kept.is_err() {
        shop.counts.give_back(counted);
    }
    kept
}

/// Minutes of one hour, a bit each: those in which a node ran, in which the shop's people should have been there, and in
/// which one of them was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minutes {
    /// Any time within the hour.
    pub hour: OffsetDateTime,
    pub alive: u64,
    pub open: u64,
    pub staffed: u64,
}

/// A minute in which this node ran; forgets what is too old.
///
/// # Errors
/// The database refused it.
pub async fn minute(shop: &Shop, now: OffsetDateTime) -> Outcome<()> {
    let reception = chat::reception(shop, now).await?;
    let when = |is| u64::from(is) << now.minute();
    let staffed = reception.open && reception.agents > 0;
    minutes(shop, &[Minutes { hour: now, alive: when(true), open: when(reception.open), staffed: when(staffed) }]).await?;
    sqlx::query!("delete from measure where hour < $1", now - KEPT).execute(&shop.db).await?;
    sqlx::query!("delete from measure_week where week < $1", (now - KEPT).date()).execute(&shop.db).await?;
    Ok(())
}

/// Adds to what is known of these hours, no two of them the same: nodes say the same minutes.
///
/// # Errors
/// The database refused it.
pub async fn minutes(shop: &Shop, hours: &[Minutes]) -> Outcome<()> {
    let of = |hour: &Minutes| [(Measure::Alive, hour.alive), (Measure::Open, hour.open), (Measure::Staffed, hour.staffed)];
    let rows = hours.iter().flat_map(|hour| of(hour).map(|(measure, bits)| (hour.hour, measure.code().to_owned(), bits.cast_signed())));
    let (at, rest): (Vec<_>, Vec<_>) = rows.filter(|(.., bits)| *bits != 0).map(|(hour, measure, bits)| (hour, (measure, bits))).unzip();
    let (measures, bits): (Vec<String>, Vec<i64>) = rest.into_iter().unzip();
    sqlx::query!(
        "insert into measure (hour, measure, device, size, count)
         select date_trunc('hour', h, 'UTC'), m, '', 0, c from unnest($1::timestamptz[], $2::text[], $3::bigint[]) given (h, m, c)
         on conflict (hour, measure, device, size) do update set count = measure.count | excluded.count",
        &at,
        &measures,
        &bits
    )
    .execute(&shop.db)
    .await?;
    Ok(())
}

async fn write(shop: &Shop, counted: &[counts::Count], now: OffsetDateTime) -> Result<(), Fault> {
    if counted.is_empty() {
        return Ok(());
    }
    let measures: Vec<String> = counted.iter().map(|count| count.measure.code().to_owned()).collect();
    let devices: Vec<String> = counted.iter().map(|count| count.device.map_or("", domain::measured::Device::code).to_owned()).collect();
    let sizes: Vec<i16> = counted.iter().map(|count| count.size).collect();
    let counts: Vec<i64> = counted.iter().map(|count| i64::try_from(count.count).unwrap_or(i64::MAX)).collect();
    sqlx::query!(
        "with given as (select * from unnest($2::text[], $3::text[], $4::smallint[], $5::bigint[]) as given (m, d, s, c)),
         by_week as (
             insert into measure_week (week, measure, device, size, count)
             select date_trunc('week', $1::timestamptz at time zone $6)::date, m, d, s, c from given
             on conflict (week, measure, device, size) do update set count = measure_week.count + excluded.count
         )
         insert into measure (hour, measure, device, size, count)
         select date_trunc('hour', $1::timestamptz, 'UTC'), m, d, s, c from given
         on conflict (hour, measure, device, size) do update set count = measure.count + excluded.count",
        now,
        &measures,
        &devices,
        &sizes,
        &counts,
        shop.settings.time_zone
    )
    .execute(&shop.db)
    .await?;
    Ok(())
}
