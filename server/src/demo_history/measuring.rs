//! What browsers and the server would have measured: how quick pages were, what failed, what was searched for in vain.

use super::{chance::Chance, world::World};
use anyhow::Result;
use domain::measured::{Device, Visit};
use shop::measured;
use time::OffsetDateTime;

/// What three quarters of the visits stay below, usually and in the weeks of the slow release; by the first paint's end,
/// the longest touch and the first byte, in milliseconds.
const USUAL: [f64; 3] = [1600.0, 120.0, 260.0];
const SLOW: [f64; 3] = [4500.0, 420.0, 900.0];
/// How many visits come to an order, and how many requests to a visit.
const VISITS: usize = 73;
const REQUESTS: usize = 14;

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
