//! When a parcel will arrive: from the cut-off time, the handling days and two calendars (ours and the
//! carrier's) to two dates that the shop then has to keep.

use crate::Money;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use time::{Date, Duration, Time, Weekday};

/// The days on which somebody (our workshop, a carrier) works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    pub weekdays: Vec<Weekday>,
    pub holidays: BTreeSet<Date>,
}

impl Calendar {
    #[must_use]
    pub fn works_on(&self, day: Date) -> bool {
        self.weekdays.contains(&day.weekday()) && !self.holidays.contains(&day)
    }

    /// `day` itself when it is worked, else the next that is. A calendar without a working day in
    /// the coming year answers `day`: a wrong setting must not hang the shop.
    #[must_use]
    pub fn on_or_after(&self, day: Date) -> Date {
        (0..366).map(|n| day.saturating_add(Duration::days(n))).find(|&d| self.works_on(d)).unwrap_or(day)
    }

    /// The `days`-th working day after `day`; with 0, `day` or the next that is worked.
    #[must_use]
    pub fn after(&self, day: Date, days: u32) -> Date {
        (0..days).fold(self.on_or_after(day), |at, _| self.on_or_after(at.saturating_add(Duration::days(1))))
    }
}

/// How the workshop packs: settings of the merchant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handling {
    /// Orders until this local time leave counting from today.
    pub cut_off: Time,
    /// Working days from order to hand-over for what is in stock.
    pub days: u32,
    /// Working days for what is made to order.
    pub backorder_days: u32,
}

/// A promise: at the door between these two days, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryDates {
    pub earliest: Date,
    pub latest: Date,
}

/// The dates for an order placed at local `today` and `time`.
#[must_use]
pub fn promise(
    today: Date,
    time: Time,
    handling: &Handling,
    backordered: bool,
    ours: &Calendar,
    carrier: &Calendar,
    transit_days: (u32, u32),
) -> DeliveryDates {
    let first = if time <= handling.cut_off { today } else { today.saturating_add(Duration::days(1)) };
    let days = if backordered { handling.backorder_days } else { handling.days };
    let packed = ours.after(first, days);
    let handed_over = carrier.on_or_after(packed);
    DeliveryDates { earliest: carrier.after(handed_over, transit_days.0), latest: carrier.after(handed_over, transit_days.1) }
}

/// What a way of delivery costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tariff {
    /// Prices up to so many grams, ascending; what is heavier is not carried.
    pub rates: Vec<(u32, Money)>,
    /// Goods for at least so much are carried for nothing.
    pub free_from: Option<Money>,
}

impl Tariff {
    /// Nothing for what is too heavy, or sold in another currency.
    #[must_use]
    pub fn price(&self, goods: Money, grams: u32) -> Option<Money> {
        let rate = self.rate(goods, grams)?;
        Some(if self.free_from.is_some_and(|from| goods.minor >= from.minor) { Money::zero(rate.currency) } else { rate })
    }

    fn rate(&self, goods: Money, grams: u32) -> Option<Money> {
        self.rates.iter().find(|(up_to, _)| grams <= *up_to).map(|(_, rate)| *rate).filter(|rate| rate.currency == goods.currency)
    }
}

/// How far goods are from being delivered for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FreeDelivery {
    Reached,
    /// For so much more.
    Missing(Money),
}

/// What buying more would do for goods of that weight. Nothing where no tariff that carries them has a threshold, or
/// one of them costs nothing anyway.
#[must_use]
pub fn free_delivery(tariffs: &[Tariff], goods: Money, grams: u32) -> Option<FreeDelivery> {
    let carrying = || tariffs.iter().filter_map(|tariff| Some((tariff.rate(goods, grams)?, tariff.free_from)));
    if carrying().any(|(rate, _)| rate.minor == 0) {
        return None;
    }
    let from = carrying().filter_map(|(_, from)| from).min_by_key(|from| from.minor)?;
    Some(if goods.minor >= from.minor { FreeDelivery::Reached } else { FreeDelivery::Missing(from.minus(goods).ok()?) })
}

/// A way to have an order delivered, as the checkout offers it for an address and a cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryMethod {
    pub code: String,
    pub name: String,
    pub carrier: String,
    /// Zero when free.
    pub price: Money,
    pub dates: DeliveryDates,
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, time};

    fn weekdays() -> Vec<Weekday> {
        vec![Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday]
    }

    fn calendar(holidays: &[Date]) -> Calendar {
        Calendar { weekdays: weekdays(), holidays: holidays.iter().copied().collect() }
    }

    const HANDLING: Handling = Handling { cut_off: time!(13:00), days: 1, backorder_days: 10 };

    fn dates(today: Date, at: Time, holidays: &[Date]) -> DeliveryDates {
        promise(today, at, &HANDLING, false, &calendar(&[]), &calendar(holidays), (1, 2))
    }

    #[test]
    fn before_the_cut_off_today_counts() {
        // Monday 11:00: packed Tuesday, at the door Wednesday or Thursday.
        let d = dates(date!(2026 - 11 - 23), time!(11:00), &[]);
        assert_eq!((d.earliest, d.latest), (date!(2026 - 11 - 25), date!(2026 - 11 - 26)));
        let late = dates(date!(2026 - 11 - 23), time!(13:01), &[]);
        assert_eq!((late.earliest, late.latest), (date!(2026 - 11 - 26), date!(2026 - 11 - 27)));
    }

    #[test]
    fn weekends_and_holidays_move_nothing() {
        // Friday afternoon counts as Monday; Tuesday 8 December is a holiday of the carrier.
        let d = dates(date!(2026 - 12 - 04), time!(18:00), &[date!(2026 - 12 - 08)]);
        assert_eq!((d.earliest, d.latest), (date!(2026 - 12 - 10), date!(2026 - 12 - 11)));
    }

    #[test]
    fn the_hint_follows_what_carries_the_goods() {
        let euros = |major: i64| Money::new(major * 100, crate::Currency::EUR);
        let tariff = |up_to, price, from: Option<i64>| Tariff { rates: vec![(up_to, euros(price))], free_from: from.map(euros) };
        let (light, heavy, never) = (tariff(2_000, 5, Some(90)), tariff(30_000, 12, Some(150)), tariff(30_000, 20, None));
        let all = [light.clone(), heavy, never.clone()];
        assert_eq!(free_delivery(&all, euros(75), 1_000), Some(FreeDelivery::Missing(euros(15))));
        assert_eq!(free_delivery(&all, euros(90), 2_000), Some(FreeDelivery::Reached));
        assert_eq!(free_delivery(&all, euros(90), 2_001), Some(FreeDelivery::Missing(euros(60))));
        assert_eq!(free_delivery(&all, euros(200), 40_000), None);
        assert_eq!(free_delivery(&[never], euros(10), 1_000), None);
        assert_eq!(free_delivery(&[light.clone(), tariff(5_000, 0, None)], euros(10), 1_000), None);
        assert_eq!(
            (light.price(euros(89), 1), light.price(euros(90), 1), light.price(euros(90), 2_001)),
            (Some(euros(5)), Some(euros(0)), None)
        );
    }

    #[test]
    fn a_calendar_without_working_days_does_not_hang() {
        let never = Calendar { weekdays: vec![], holidays: BTreeSet::new() };
        assert_eq!(never.after(date!(2026 - 11 - 23), 3), date!(2026 - 11 - 26));
    }
}
