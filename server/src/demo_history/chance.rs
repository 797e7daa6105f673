//! Dice that fall the same way for the same seed. Each thing that is decided has dice of its own, so that one more throw
//! here changes nothing there.

use rand::{Rng, SeedableRng, rngs::StdRng};
use std::f64::consts::TAU;

/// Where three quarters of a normal distribution lie below.
const THREE_QUARTERS: f64 = 0.674_489_75;

pub struct Chance(StdRng);

impl Chance {
    /// The dice of the `index`th thing of a kind.
    pub fn of(seed: u64, kind: &str, index: u64) -> Self {
        // FNV-1a: only to tell the kinds apart.
        let kind = kind.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(StdRng::seed_from_u64(seed.rotate_left(17) ^ kind ^ index.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// From 0 to just below 1.
    pub fn share(&mut self) -> f64 {
        self.0.random()
    }

    pub fn yes(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// Both included.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        self.0.random_range(least..=most.max(least))
    }

    pub fn id(&mut self) -> u128 {
        self.0.random()
    }

    pub fn normal(&mut self) -> f64 {
        let (radius, angle) = ((-2.0 * (1.0 - self.share()).ln()).sqrt(), TAU * self.share());
        radius * angle.cos()
    }

    /// Log-normal: three quarters are below `three_quarters`, and the logarithms deviate by `spread`.
    pub fn time(&mut self, three_quarters: f64, spread: f64) -> f64 {
        three_quarters * (spread * (self.normal() - THREE_QUARTERS)).exp()
    }

    /// One of them; nothing of nothing.
    pub fn one<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        if all.is_empty() { None } else { all.get(self.0.random_range(0..all.len())) }
    }

    /// The place of one of these weights.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.share() * weights.iter().sum::<f64>();
        let place = weights.iter().position(|weight| {
            left -= weight;
            left < 0.0
        });
        place.unwrap_or(weights.len().saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_throws_the_same_and_another_thing_throws_other() {
        let throws = |seed, kind, index| {
            let mut chance = Chance::of(seed, kind, index);
            (0..8).map(|_| chance.between(0, 1000)).collect::<Vec<_>>()
        };
        assert_eq!(throws(1, "order", 7), throws(1, "order", 7));
        for other in [throws(2, "order", 7), throws(1, "person", 7), throws(1, "order", 8)] {
            assert_ne!(throws(1, "order", 7), other);
        }
    }

    #[test]
    fn three_quarters_of_the_times_are_below_what_was_said() {
        let mut chance = Chance::of(1, "time", 0);
        let below = (0..4000).filter(|_| chance.time(1600.0, 0.45) < 1600.0).count();
        assert!((2900..3100).contains(&below), "{below}");
    }
}
