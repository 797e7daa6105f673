//! What goes wrong in the year, and what gets better: planted, so that whoever looks can find it.

use time::{Date, Duration, Month, OffsetDateTime, Weekday};

/// The carrier that slips in March.
pub const SLIPPING_CARRIER: &str = "correos";
/// Of its parcels that are promised for that month, so many come so many days after the promise.
pub const SLIPS: f64 = 0.6;
pub const SLIPS_BY: i64 = 3;

/// The faults of the year that ends on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Faults {
    /// The first day of the March in which the carrier slips.
    pub march: Date,
    /// The Monday on which a slow release went out, and the one on which it was taken back.
    pub slow: (Date, Date),
    /// From the first of October on somebody more answers.
    pub quicker: Date,
}

impl Faults {
    pub fn of_year_until(until: Date) -> Self {
        let june = latest(until, Month::June);
        // Three weeks that lie within the month.
        let monday = (3..10).map(|days| june + Duration::days(days)).find(|day| day.weekday() == Weekday::Monday).unwrap_or(june);
        Self { march: latest(until, Month::March), slow: (monday, monday + Duration::weeks(3)), quicker: latest(until, Month::October) }
    }

    pub fn slips(&self, carrier: &str, promised: Date) -> bool {
        carrier == SLIPPING_CARRIER && (promised.year(), promised.month()) == (self.march.year(), Month::March)
    }

    pub fn is_slow(&self, at: OffsetDateTime) -> bool {
        (self.slow.0..self.slow.1).contains(&at.date())
    }

    pub fn answers_quicker(&self, at: OffsetDateTime) -> bool {
        at.date() >= self.quicker
    }
}

/// The first day of the last such month that began until then.
fn latest(until: Date, month: Month) -> Date {
    let first = |year| Date::from_calendar_date(year, month, 1).unwrap_or(Date::MIN);
    let this_year = first(until.year());
    if this_year <= until { this_year } else { first(until.year() - 1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn each_fault_lies_in_the_year_before_and_the_slow_weeks_lie_in_june() {
        let mut until = date!(2024 - 01 - 01);
        while until < date!(2028 - 01 - 01) {
            let faults = Faults::of_year_until(until);
            for first in [faults.march, faults.quicker] {
                assert!(first <= until && until - first < Duration::days(366), "{until}: {faults:?}");
            }
            let (from, to) = faults.slow;
            assert_eq!((from.weekday(), from.month(), (to - Duration::DAY).month()), (Weekday::Monday, Month::June, Month::June));
            until += Duration::days(17);
        }
        let faults = Faults::of_year_until(date!(2026 - 11 - 28));
        assert_eq!((faults.march, faults.slow.0, faults.quicker), (date!(2026 - 03 - 01), date!(2026 - 06 - 08), date!(2026 - 10 - 01)));
        assert!(faults.slips("correos", date!(2026 - 03 - 31)) && !faults.slips("seur", date!(2026 - 03 - 31)));
        assert!(!faults.slips("correos", date!(2026 - 04 - 01)) && !faults.slips("correos", date!(2025 - 03 - 10)));
    }
}
