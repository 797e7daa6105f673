//! Many durations in a few numbers.

use std::time::Duration;

/// Durations of one kind of step.
#[derive(Debug, Clone, Default)]
pub struct Spread(Vec<Duration>);

impl Spread {
    pub fn add(&mut self, duration: Duration) {
        self.0.push(duration);
    }

    pub fn join(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The duration that `percent` of all stay below, in milliseconds: the nearest rank.
    pub fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted.get(rank - 1).map_or(f64::NAN, |duration| duration.as_secs_f64() * 1000.0)
    }
}
