//! How fast and how long: what one link may ask, and when it is given up.

use domain::chat::HEARTBEAT;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use std::{num::NonZeroU32, time::Duration};

#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Messages a second, and at once.
    pub posts: (u32, u32),
    /// Everything that is asked, a second and at once. Who asks more is no page of ours.
    pub asks: (u32, u32),
    /// A link on which nothing was heard for so long is dead.
    pub silence: Duration,
    /// One that takes nothing for so long is given up; its browser resumes.
    pub stuck: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            posts: (5, 20),
            asks: (50, 300),
            // Two heartbeats may be missed.
            silence: Duration::from_secs(3 * HEARTBEAT as u64),
            stuck: Duration::from_secs(10),
        }
    }
}

impl Pace {
    pub(super) fn limit((per_second, burst): (u32, u32)) -> DefaultDirectRateLimiter {
        let number = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        RateLimiter::direct(Quota::per_second(number(per_second)).allow_burst(number(burst)))
    }
}
