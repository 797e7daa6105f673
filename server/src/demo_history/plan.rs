//! What happens in the year, decided beforehand and without a shop: who buys when and how much, what becomes of it, who
//! speaks up. The same seed plans the same. What the shop itself decides (numbers, promised days) comes in when it is done.

use super::{chance::Chance, faults::Faults, people::Person};
use time::{Date, Duration, Month, OffsetDateTime, Time, Weekday};

const DAYS: i64 = 365;
/// So long before the end of the year the survey of what matters to people is sent as well.
const WHAT_MATTERS: Duration = Duration::days(60);

pub struct Plan {
    pub seed: u64,
    pub from: OffsetDateTime,
    pub until: OffsetDateTime,
    pub faults: Faults,
    pub people: Vec<Person>,
    /// Oldest first.
    pub orders: Vec<Order>,
    pub questions: Vec<Question>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// Index of their buyer.
    pub person: usize,
    pub at: OffsetDateTime,
    pub wants: Vec<Want>,
    pub quickly: bool,
    pub ending: Ending,
    /// Where in the promised days it arrives, from 0 to 1, if nothing comes between.
    pub arrives: f64,
    /// The throws that say whether it is late.
    pub slip: f64,
    pub delay: f64,
    pub spoiled: Option<Spoiled>,
    /// The lower, the sooner they write; and the sooner they complain.
    pub talks: f64,
    pub complains: f64,
    /// Whether whoever takes care of it does so well.
    pub well: bool,
}

/// Something from a place on the shelves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Want {
    pub place: f64,
    pub quantity: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    LeftUnpaid,
    Cancelled,
    Sent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spoiled {
    Broken,
    Wrong,
}

/// Somebody asks before buying, or instead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Question {
    pub person: usize,
    pub at: OffsetDateTime,
}

impl Plan {
    pub fn new(seed: u64, orders: usize, until: OffsetDateTime) -> Self {
        let until = until.replace_nanosecond(0).unwrap_or(until);
        let from = until - Duration::days(DAYS);
        let calendar = Calendar::new(from);
        let (mut people, mut times) = (Vec::new(), Vec::new());
        while times.len() < orders {
            let person = Person::new(seed, people.len() as u64);
            let left = orders - times.len();
            times.extend(calendar.times(seed, people.len(), &person).into_iter().take(left).map(|at| (at, people.len())));
            people.push(person);
        }
        times.sort();
        let orders: Vec<Order> = (0..).zip(&times).map(|(index, (at, who))| order(seed, index, *who, &people[*who], *at)).collect();
        let questions = (0..orders.len() as u64 / 7).map(|index| {
            let mut chance = Chance::of(seed, "question", index);
            let person = chance.between(0, people.len() as i64 - 1).unsigned_abs() as usize;
            Question { person, at: calendar.at(chance.share(), &mut chance) }
        });
        Self { seed, from, until, faults: Faults::of_year_until(until.date()), questions: questions.collect(), people, orders }
    }

    pub fn asks_what_matters(&self) -> OffsetDateTime {
        self.until - WHAT_MATTERS
    }
}

fn order(seed: u64, index: u64, person: usize, buyer: &Person, at: OffsetDateTime) -> Order {
    let mut chance = Chance::of(seed, "order", index);
    let lines = 1 + chance.weighted(&[0.55, 0.29, 0.11, 0.05]);
    let want = |chance: &mut Chance| {
        let near = (buyer.taste + 0.1 * chance.normal()).rem_euclid(1.0);
        let place = if chance.yes(0.7) { near } else { chance.share() };
        Want { place, quantity: [1, 2, 3, 4][chance.weighted(&[0.72, 0.2, 0.05, 0.03])] }
    };
    Order {
        person,
        at,
        wants: (0..lines).map(|_| want(&mut chance)).collect(),
        quickly: chance.yes(buyer.hurry),
        ending: [Ending::LeftUnpaid, Ending::Cancelled, Ending::Sent][chance.weighted(&[0.03, 0.025, 0.945])],
        arrives: chance.share(),
        slip: chance.share(),
        delay: chance.share(),
        spoiled: [None, Some(Spoiled::Broken), Some(Spoiled::Wrong)][chance.weighted(&[0.965, 0.022, 0.013])],
        talks: chance.share(),
        complains: chance.share(),
        well: chance.yes(0.72),
    }
}

/// When people buy: a little more from month to month, before presents are given and in the evening.
struct Calendar {
    from: OffsetDateTime,
    days: Vec<f64>,
}

impl Calendar {
    fn new(from: OffsetDateTime) -> Self {
        let weight = |days: i64| {
            let day = (from + Duration::days(days)).date();
            let season = match (day.month(), day.day()) {
                (Month::December, 1..=18) => 1.5,
                (Month::December, _) | (Month::August, _) => 0.75,
                (Month::March | Month::June, _) => 1.25,
                _ => 1.0,
            };
            let week = if matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) { 1.2 } else { 1.0 };
            (0.85 + 0.3 * days as f64 / DAYS as f64) * season * week
        };
        Self { from, days: (0..DAYS).map(weight).collect() }
    }

    /// The times at which somebody buys, in order.
    fn times(&self, seed: u64, index: usize, person: &Person) -> Vec<OffsetDateTime> {
        let mut chance = Chance::of(seed, "habit", index as u64);
        let begins = 0.3 * chance.share();
        let even = (1.0 - begins) / person.orders as f64;
        let shares: Vec<f64> = (0..person.orders)
            .map(|n| if person.regular && person.orders > 1 { begins + even * (n as f64 + 0.25 * chance.share()) } else { chance.share() })
            .collect();
        let mut times: Vec<_> = shares.into_iter().map(|share| self.at(share, &mut chance)).collect();
        times.sort();
        times
    }

    /// The moment before which this share of all buying lies.
    fn at(&self, share: f64, chance: &mut Chance) -> OffsetDateTime {
        let mut left = share * self.days.iter().sum::<f64>();
        let day = self.days.iter().position(|weight| {
            left -= weight;
            left < 0.0
        });
        let day = day.unwrap_or(self.days.len() - 1);
        let hour = [7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21];
        let hour = hour[chance.weighted(&[1., 2., 3., 4., 4., 3., 3., 3., 3., 4., 4., 5., 6., 6., 4.])];
        let time = Time::from_hms(hour, chance.between(0, 59).unsigned_abs() as u8, chance.between(0, 59).unsigned_abs() as u8);
        let at = (self.from + Duration::days(day as i64)).replace_time(time.unwrap_or(Time::MIDNIGHT));
        // What is ordered last is still paid.
        at.clamp(self.from, self.from + Duration::days(DAYS) - Duration::hours(2))
    }
}

/// How a parcel goes, once its carrier and the promised days are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course {
    pub packed: OffsetDateTime,
    pub handed_over: OffsetDateTime,
    pub arrives: OffsetDateTime,
    /// Days after the last one that was promised.
    pub late: i64,
}

/// What the shop promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promised<'a> {
    pub carrier: &'a str,
    pub earliest: Date,
    pub latest: Date,
    /// The first day on which the workshop hands over what was ordered, and the working days it takes.
    pub counts_from: Date,
    pub handling: u32,
}

impl Order {
    pub fn course(&self, faults: &Faults, promised: &Promised<'_>) -> Course {
        let packed = (0..promised.handling).fold(working(promised.counts_from, ""), |day, _| working(day + Duration::DAY, ""));
        let handed_over = working(packed, promised.carrier);
        let usual = match promised.carrier {
            "seur" => 0.02,
            "dhl" => 0.04,
            _ => 0.03,
        };
        let late = if faults.slips(promised.carrier, promised.latest) && self.slip < super::faults::SLIPS {
            super::faults::SLIPS_BY
        } else if self.delay < usual {
            1 + i64::from(self.delay < usual / 3.0)
        } else {
            0
        };
        let day = if late > 0 {
            promised.latest + Duration::days(late)
        } else {
            let days = (promised.latest - promised.earliest).whole_days();
            #[allow(clippy::cast_possible_truncation, reason = "a few days")]
            let after = (self.arrives * (days + 1) as f64) as i64;
            (promised.earliest + Duration::days(after.min(days))).max(handed_over + Duration::DAY)
        };
        let at = |day: Date, hour: u8, minute: f64| {
            day.midnight().assume_utc() + Duration::hours(i64::from(hour)) + Duration::minutes((minute * 59.0) as i64)
        };
        let arrives = working(day, promised.carrier);
        let late = (arrives - promised.latest).whole_days().max(0);
        Course {
            packed: at(packed, 11, self.slip),
            handed_over: at(handed_over, 14, self.delay),
            arrives: at(arrives, 8 + (self.arrives * 8.0) as u8, self.slip),
            late,
        }
    }
}

/// The day, or the next on which a carrier drives; without one, on which the workshop works.
fn working(day: Date, carrier: &str) -> Date {
    let drives = |day: &Date| match day.weekday() {
        Weekday::Sunday => false,
        Weekday::Saturday => carrier == "seur",
        _ => true,
    };
    (0..3).map(|days| day + Duration::days(days)).find(drives).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    const UNTIL: OffsetDateTime = datetime!(2026-11-28 12:00 UTC);

    #[test]
    fn the_same_seed_plans_the_same_year_of_so_many_orders() {
        let (plan, again) = (Plan::new(3, 200, UNTIL), Plan::new(3, 200, UNTIL));
        assert_eq!((plan.orders.len(), &plan.orders, &plan.people), (200, &again.orders, &again.people));
        assert_ne!(plan.orders, Plan::new(4, 200, UNTIL).orders);
        assert!(plan.orders.is_sorted_by_key(|order| order.at), "in the order of time");
        assert!(plan.orders.iter().all(|order| order.at >= plan.from && order.at < UNTIL));
        assert!(plan.people.len() > 90 && plan.people.len() < 180, "some come again: {}", plan.people.len());
    }

    fn promised(carrier: &str, latest: Date) -> Promised<'_> {
        Promised { carrier, earliest: latest - Duration::DAY, latest, counts_from: latest - Duration::days(3), handling: 1 }
    }

    #[test]
    fn in_march_more_than_half_of_one_carriers_parcels_come_three_days_late_and_few_others() {
        let plan = Plan::new(5, 2000, UNTIL);
        let late = |carrier, latest| {
            let late = plan.orders.iter().filter(|order| order.course(&plan.faults, &promised(carrier, latest)).late >= 3);
            late.count() as f64 / 2000.0
        };
        // Both are Tuesdays.
        assert!((0.56..0.64).contains(&late("correos", date!(2026 - 03 - 10))), "{}", late("correos", date!(2026 - 03 - 10)));
        assert!(late("correos", date!(2026 - 04 - 14)) < 0.01 && late("seur", date!(2026 - 03 - 10)) < 0.01);
    }

    #[test]
    fn a_parcel_is_packed_handed_over_and_delivered_in_this_order_and_on_days_that_are_worked() {
        let plan = Plan::new(6, 500, UNTIL);
        for (order, days) in plan.orders.iter().zip((0..300).cycle()) {
            let latest = working(date!(2026 - 01 - 07) + Duration::days(days), "correos");
            let course = order.course(&plan.faults, &promised("correos", latest));
            assert!(course.packed < course.handed_over && course.handed_over < course.arrives, "{course:?}");
            assert!(!matches!(course.arrives.weekday(), Weekday::Saturday | Weekday::Sunday));
            assert_eq!(course.late > 0, course.arrives.date() > latest);
        }
    }
}
