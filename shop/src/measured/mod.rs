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

/// A minute in which this node ran, whether the shop's people should have been there then, and whether one was.
///
/// # Errors
/// The database refused it.
pub async fn minute(shop: &Shop, now: OffsetDateTime) -> Outcome<()> {
    let reception = chat::reception(shop, now).await?;
    let is = [(Measure::Alive, true), (Measure::Open, reception.open), (Measure::Staffed, reception.open && reception.agents > 0)];
    let measures: Vec<String> = is.into_iter().filter(|(_, is)| *is).map(|(measure, _)| measure.code().to_owned()).collect();
    sqlx::query!(
        "insert into measure (hour, measure, device, size, count)
         select date_trunc('hour', $1::timestamptz, 'UTC'), m, '', 0, $3 from unnest($2::text[]) m
         on conflict (hour, measure, device, size) do update set count = measure.count | excluded.count",
        now,
        &measures,
        1_i64 << now.minute()
    )
    .execute(&shop.db)
    .await?;
    sqlx::query!("delete from measure where hour < $1", now - KEPT).execute(&shop.db).await?;
    sqlx::query!("delete from measure_week where week < $1", (now - KEPT).date()).execute(&shop.db).await?;
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
