//! What browsers and the server would have measured: how quick pages were, what failed, what was searched for in vain, and
//! in which minutes the shop ran and somebody was there to answer.

use super::{chance::Chance, world::World};
use anyhow::Result;
use domain::measured::{Device, Visit};
use shop::measured::{self, Minutes};
use time::{Duration, OffsetDateTime};

/// What three quarters of the visits stay below, usually and in the weeks of the slow release; by the first paint's end,
/// the longest touch and the first byte, in milliseconds.
const USUAL: [f64; 3] = [1600.0, 120.0, 260.0];
const SLOW: [f64; 3] = [4500.0, 420.0, 900.0];
/// How many visits come to an order, and how many requests to a visit.
const VISITS: usize = 73;
const REQUESTS: usize = 14;
/// All minutes of an hour.
const WHOLE: u64 = (1 << 60) - 1;

impl World<'_> {
    /// The hours since the last time.
    pub(super) async fn measure(&mut self, at: OffsetDateTime) -> Result<()> {
        let hours = (at - self.plan.from).whole_hours().unsigned_abs();
        let mut chance = Chance::of(self.plan.seed, "measure", hours);
        let slow = self.plan.faults.is_slow(at);
        let counts = &self.shop.counts;
        let visits = (self.plan.orders.len() * VISITS / (365 * 5)).max(8) + usize::from(chance.yes(0.5));
        for _ in 0..visits {
            counts.visited(&visit(&mut chance, slow));
            if chance.yes(0.3) {
                counts.searched(chance.yes(0.9));
            }
        }
        for _ in 0..visits * REQUESTS {
            counts.answered(chance.yes(if slow { 0.012 } else { 0.0008 }));
        }
        Ok(measured::keep(self.shop, at).await?)
    }

    /// The hours until then that were not yet written down.
    pub(super) async fn stand(&mut self, until: OffsetDateTime) -> Result<()> {
        let mut hours = Vec::new();
        while self.stood_until + Duration::HOUR <= until {
            hours.push(self.hour(self.stood_until));
            self.stood_until += Duration::HOUR;
        }
        Ok(measured::minutes(self.shop, &hours).await?)
    }

    /// Now and then the shop is restarted; whoever is to be there goes for a coffee, or is ill; from October on there are more.
    fn hour(&self, hour: OffsetDateTime) -> Minutes {
        let mut chance = Chance::of(self.plan.seed, "stand", (hour - self.plan.from).whole_hours().unsigned_abs());
        let (restarts, leaves) =
            (if self.plan.faults.is_slow(hour) { 0.05 } else { 0.004 }, if self.plan.faults.answers_quicker(hour) { 0.08 } else { 0.3 });
        let open =
            (0..60).filter(|minute| self.hours.is_open(hour + Duration::minutes(*minute))).fold(0, |bits, minute| bits | (1 << minute));
        let alive = if chance.yes(restarts) { WHOLE & !some_minutes(&mut chance, 3) } else { WHOLE };
        let there = if chance.yes(leaves) { WHOLE & !some_minutes(&mut chance, 30) } else { WHOLE };
        Minutes { hour, alive, open: open & alive, staffed: open & alive & there }
    }
}

/// So many in a row at most.
fn some_minutes(chance: &mut Chance, most: i64) -> u64 {
    let (first, count) = (chance.between(0, 59), chance.between(1, most));
    WHOLE & (((1 << count) - 1) << first)
}

fn visit(chance: &mut Chance, slow: bool) -> Visit {
    let phone = chance.yes(0.6);
    let [paint, touch, first_byte] = if slow { SLOW } else { USUAL };
    // Telephones are slower; taken together the quarters stay where they are.
    let of_device = if phone { 1.06 } else { 0.9 };
    Visit {
        device: if phone { Device::Phone } else { Device::Desktop },
        lcp: Some(chance.time(paint * of_device, 0.4)),
        inp: chance.yes(0.8).then(|| chance.time(touch * of_device, 0.5)),
        ttfb: Some(chance.time(first_byte, 0.4)),
        cls: Some(chance.time(0.06, 0.7)),
        failed: u8::from(chance.yes(if slow { 0.07 } else { 0.004 })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::measured::{Measure, Rating, rating};

    #[test]
    fn pages_are_good_for_three_quarters_of_the_visits_and_poor_in_the_slow_weeks() {
        for (slow, wanted) in [(false, Rating::Good), (true, Rating::Poor)] {
            let mut chance = Chance::of(1, "visits", 0);
            let mut paints: Vec<f64> = (0..2000).filter_map(|_| visit(&mut chance, slow).lcp).collect();
            paints.sort_by(f64::total_cmp);
            assert_eq!(rating(Measure::Paint, paints[1500]), Some(wanted), "{}", paints[1500]);
        }
    }
}
