//! The business calendar: when people answer. Opening hours are local times of the workshop, so the zone's offset is
//! asked for every moment and days on which the clock changes have the length that they have.

use std::{collections::BTreeSet, fmt, sync::Arc};
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset, Weekday};

/// How many days ahead an opening is looked for.
const LOOKS_AHEAD: i64 = 400;

#[derive(Clone)]
pub struct Calendar {
    hours: Vec<Hours>,
    holidays: BTreeSet<Date>,
    zone: Arc<dyn Fn(OffsetDateTime) -> UtcOffset + Send + Sync>,
}

/// One stretch of open hours on every such weekday, local.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    pub weekday: Weekday,
    pub opens: Time,
    /// Later than it opens; open until just before.
    pub closes: Time,
}

impl fmt::Debug for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Calendar").field("hours", &self.hours).field("holidays", &self.holidays).finish_non_exhaustive()
    }
}

impl Calendar {
    /// `zone` says how far the workshop's clock is from UTC at a moment.
    pub fn new(
        mut hours: Vec<Hours>,
        holidays: BTreeSet<Date>,
        zone: impl Fn(OffsetDateTime) -> UtcOffset + Send + Sync + 'static,
    ) -> Self {
        hours.sort_by_key(|h| h.opens);
        Self { hours, holidays, zone: Arc::new(zone) }
    }

    /// When so many business minutes have passed since `from`: never outside of the hours, at the latest as they close.
    /// A calendar that never opens, or not that often in the next year, counts on by the clock.
    #[must_use]
    pub fn due(&self, from: OffsetDateTime, minutes: u32) -> OffsetDateTime {
        let mut left = Duration::minutes(i64::from(minutes));
        let mut passed = from;
        for (opens, closes) in self.stretches(from).filter(|&(_, closes)| closes > from) {
            let start = opens.max(from);
            if closes - start >= left {
                return self.local(start + left);
            }
            left -= closes - start;
            passed = closes;
        }
        self.local(passed.saturating_add(left))
    }

    /// Business seconds from one moment to another; negative backwards.
    #[must_use]
    pub fn seconds_between(&self, a: OffsetDateTime, b: OffsetDateTime) -> i64 {
        if b < a {
            return -self.seconds_between(b, a);
        }
        let (mut day, last) = (self.local(a).date(), self.local(b).date());
        let mut open = Duration::ZERO;
        loop {
            for (opens, closes) in self.stretches_of(day) {
                open += (closes.min(b) - opens.max(a)).max(Duration::ZERO);
            }
            match day.next_day() {
                Some(next) if day < last => day = next,
                _ => return open.whole_seconds(),
            }
        }
    }

    #[must_use]
    pub fn is_open(&self, at: OffsetDateTime) -> bool {
        self.stretches_of(self.local(at).date()).any(|(opens, closes)| opens <= at && at < closes)
    }

    /// The first opening after a moment.
    #[must_use]
    pub fn next_opening(&self, at: OffsetDateTime) -> Option<OffsetDateTime> {
        self.stretches(at).map(|(opens, _)| opens).find(|&opens| opens > at)
    }

    /// The workshop's clock.
    #[must_use]
    pub fn local(&self, at: OffsetDateTime) -> OffsetDateTime {
        at.to_offset((self.zone)(at))
    }

    /// From the day of a moment on.
    fn stretches(&self, from: OffsetDateTime) -> impl Iterator<Item = (OffsetDateTime, OffsetDateTime)> {
        let first = self.local(from).date();
        let days = (0..LOOKS_AHEAD).filter_map(move |n| first.checked_add(Duration::days(n)));
        days.flat_map(|day| self.stretches_of(day))
    }

    /// What is open on a local day. An hour that the clock leaves out is not open.
    fn stretches_of(&self, day: Date) -> impl Iterator<Item = (OffsetDateTime, OffsetDateTime)> {
        let works = !self.holidays.contains(&day);
        let of_day = self.hours.iter().filter(move |h| works && h.weekday == day.weekday());
        of_day.map(move |h| (self.moment(day, h.opens), self.moment(day, h.closes))).filter(|(opens, closes)| opens < closes)
    }

    /// A local time as a moment: the first of two where the clock is set back, and the moment that it is set forward
    /// where that time is left out.
    fn moment(&self, day: Date, time: Time) -> OffsetDateTime {
        let wanted = PrimitiveDateTime::new(day, time);
        let as_utc = wanted.assume_utc();
        let (before, after) = ((self.zone)(as_utc - Duration::DAY), (self.zone)(as_utc + Duration::DAY));
        let (early, late) = (wanted.assume_offset(before), wanted.assume_offset(after));
        if (self.zone)(early) == before {
            return early;
        }
        if (self.zone)(late) == after {
            return late;
        }
        let (mut earlier, mut later) = (late.to_offset(after), early.to_offset(after));
        while later - earlier > Duration::SECOND {
            let middle = earlier + (later - earlier) / 2;
            if (self.zone)(middle) == before { earlier = middle } else { later = middle }
        }
        later.replace_nanosecond(0).unwrap_or(later)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::{date, datetime, offset, time};

    /// Madrid's clock of 2026 and 2027.
    fn madrid(at: OffsetDateTime) -> UtcOffset {
        let summers = [
            (datetime!(2026-03-29 01:00 UTC), datetime!(2026-10-25 01:00 UTC)),
            (datetime!(2027-03-28 01:00 UTC), datetime!(2027-10-31 01:00 UTC)),
        ];
        if summers.iter().any(|&(from, to)| from <= at && at < to) { offset!(+2) } else { offset!(+1) }
    }

    fn on(weekday: Weekday, opens: Time, closes: Time) -> Hours {
        Hours { weekday, opens, closes }
    }

    fn office() -> Calendar {
        let days = [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];
        let mut hours: Vec<_> = days.iter().flat_map(|&d| [on(d, time!(16:00), time!(19:00)), on(d, time!(9:00), time!(14:00))]).collect();
        hours.push(on(Weekday::Saturday, time!(10:00), time!(14:00)));
        Calendar::new(hours, BTreeSet::from([date!(2026 - 12 - 08), date!(2026 - 12 - 25)]), madrid)
    }

    /// Open through both nights on which the clock changes.
    fn night() -> Calendar {
        Calendar::new(
            vec![on(Weekday::Sunday, time!(0:00), time!(6:00)), on(Weekday::Monday, time!(9:00), time!(10:00))],
            BTreeSet::new(),
            madrid,
        )
    }

    #[test]
    fn minutes_pass_only_while_somebody_is_there() {
        let office = office();
        // A Friday, ten minutes before lunch; the rest after it.
        assert_eq!(office.due(datetime!(2026-11-27 13:50 +1), 15), datetime!(2026-11-27 16:05 +1));
        // A Saturday after hours: Monday morning.
        assert_eq!(office.due(datetime!(2026-11-28 15:00 +1), 15), datetime!(2026-11-30 9:15 +1));
        // Monday evening before the holiday of the 8th: Wednesday.
        assert_eq!(office.due(datetime!(2026-12-07 18:55 +1), 10), datetime!(2026-12-09 9:05 +1));
        assert_eq!(office.due(datetime!(2026-11-27 13:50 +1), 10), datetime!(2026-11-27 14:00 +1), "as it closes, not after lunch");
        assert_eq!(office.next_opening(datetime!(2026-12-07 20:00 +1)), Some(datetime!(2026-12-09 9:00 +1)));
        assert!(office.is_open(datetime!(2026-11-27 13:59:59 +1)) && !office.is_open(datetime!(2026-11-27 14:00 +1)));
        assert!(!office.is_open(datetime!(2026-12-25 11:00 +1)), "a Friday, and Christmas");
        assert_eq!(office.seconds_between(datetime!(2026-11-27 0:00 +1), datetime!(2026-11-28 0:00 +1)), 8 * 3600);
    }

    #[test]
    fn the_nights_on_which_the_clock_changes_have_their_own_length() {
        let night = night();
        assert_eq!(night.seconds_between(datetime!(2026-03-29 0:00 +1), datetime!(2026-03-29 12:00 +2)), 5 * 3600);
        assert_eq!(night.seconds_between(datetime!(2026-10-25 0:00 +2), datetime!(2026-10-25 12:00 +1)), 7 * 3600);
        assert_eq!(night.due(datetime!(2026-03-29 1:30 +1), 60), datetime!(2026-03-29 3:30 +2));
        assert_eq!(night.due(datetime!(2026-10-25 1:30 +2), 120), datetime!(2026-10-25 2:30 +1));
        let left_out = Calendar::new(vec![on(Weekday::Sunday, time!(2:15), time!(2:45))], BTreeSet::new(), madrid);
        assert_eq!(left_out.seconds_between(datetime!(2026-03-29 0:00 +1), datetime!(2026-03-29 12:00 +2)), 0);
        // The same opening hours are the same local hours in summer and winter.
        assert_eq!(office().next_opening(datetime!(2026-03-28 20:00 +1)), Some(datetime!(2026-03-30 9:00 +2)));
    }

    #[test]
    fn a_calendar_that_never_opens_counts_by_the_clock() {
        let never = Calendar::new(Vec::new(), BTreeSet::new(), madrid);
        let from = datetime!(2026-11-27 13:50 +1);
        assert_eq!(never.due(from, 30), from + Duration::minutes(30));
        assert_eq!(never.next_opening(from), None);
        assert!(!never.is_open(from));
    }

    proptest! {
        #[test]
        fn what_is_due_after_some_minutes_is_those_minutes_away(
            second in 0_i64..60_000_000, nanosecond in 0_i64..1_000_000_000, minutes in 1_u32..20_000, nightly in any::<bool>(),
        ) {
            let calendar = if nightly { night() } else { office() };
            let from = datetime!(2026-01-01 0:00 UTC) + Duration::seconds(second) + Duration::nanoseconds(nanosecond);
            let due = calendar.due(from, minutes);
            prop_assert_eq!(calendar.seconds_between(from, due), i64::from(minutes) * 60);
            prop_assert_eq!(calendar.seconds_between(due, from), -i64::from(minutes) * 60);
            prop_assert!(calendar.is_open(due - Duration::NANOSECOND), "the moment before it is due is within the hours");
        }

        #[test]
        fn time_adds_up_and_closed_time_is_none(a in 0_i64..60_000_000, b in 0_i64..4_000_000, c in 0_i64..4_000_000) {
            let calendar = office();
            let at = |seconds| datetime!(2026-01-01 0:00 UTC) + Duration::seconds(seconds);
            let (first, second, third) = (at(a), at(a + b), at(a + b + c));
            let whole = calendar.seconds_between(first, third);
            prop_assert_eq!(whole, calendar.seconds_between(first, second) + calendar.seconds_between(second, third));
            prop_assert!((0..=b + c).contains(&whole));
            let opening = calendar.next_opening(first).unwrap();
            prop_assert!(opening > first && calendar.is_open(opening) && !calendar.is_open(opening - Duration::SECOND));
            if !calendar.is_open(first) {
                prop_assert_eq!(calendar.seconds_between(first, opening), 0);
            }
        }
    }
}
