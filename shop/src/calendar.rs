//! The business calendar as the database has it: `business_hours`, and the holidays of the workshop.

use crate::{Fault, Settings, Shop};
use domain::calendar::{Calendar, Hours};
use sqlx::PgConnection;
use time::{UtcOffset, Weekday};

/// # Errors
/// The database cannot be read.
pub async fn load(shop: &Shop) -> Result<Calendar, Fault> {
    read(&mut *shop.db.acquire().await?, &shop.settings).await
}

/// The same within a transaction.
pub(crate) async fn read(db: &mut PgConnection, settings: &Settings) -> Result<Calendar, Fault> {
    // A row of each kind: what waits for an answer asks this with every question.
    let rows = sqlx::query!(
        r#"select weekday as "weekday?", opens as "opens?", closes as "closes?", null::date as day from business_hours
           union all select null, null, null, day from holiday where carrier_code is null"#
    )
    .fetch_all(db)
    .await?;
    let holidays = rows.iter().filter_map(|row| row.day).collect();
    let hours = rows.iter().filter_map(|row| Some(Hours { weekday: weekday(row.weekday?)?, opens: row.opens?, closes: row.closes? }));
    let zone = time_tz::timezones::get_by_name(&settings.time_zone);
    Ok(Calendar::new(hours.collect(), holidays, move |at| {
        use time_tz::OffsetDateTimeExt;
        zone.map_or(UtcOffset::UTC, |zone| at.to_timezone(zone).offset())
    }))
}

/// From the ISO number, 1 = Monday.
fn weekday(number: i32) -> Option<Weekday> {
    let index = u8::try_from(number).ok().filter(|n| (1..=7).contains(n))?;
    Some(Weekday::Monday.nth_next(index - 1))
}
