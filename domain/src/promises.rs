//! Promises: what the shop told somebody it would do by a time. An open one may be put off before it is due, with a
//! reason; what was due and not done is broken, whatever is said afterwards.

use crate::states::states;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

states! {
    PromiseKind {
        Delivery = "delivery",
        /// A person answers.
        Reply = "reply",
        /// A conversation comes to its end.
        Resolution = "resolution",
        /// What a complaint asks for is done.
        Solution = "solution",
        Refund = "refund",
    }
}

/// Four fifths of its time: then whoever keeps a promise is warned.
pub const WARN_AT_PERCENT: i32 = 80;

/// When four fifths of the time between two moments have passed, by the clock.
#[must_use]
pub fn warn_at(from: OffsetDateTime, due: OffsetDateTime) -> OffsetDateTime {
    from + (due - from) * WARN_AT_PERCENT / 100
}

/// Business minutes after which a promise of so many is warned of.
#[must_use]
pub const fn warn_after(minutes: u32) -> u32 {
    // At least one: a warning at once warns of nothing.
    let after = minutes as u64 * WARN_AT_PERCENT as u64 / 100;
    if after == 0 { 1 } else { after as u32 }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromiseRefusal {
    #[error("nothing of that kind is promised")]
    NoSuchPromise,
    #[error("it is due already: what was promised is not put off afterwards")]
    TooLate,
    #[error("nothing is put off without a reason")]
    ReasonMissing,
    #[error("that time has passed")]
    InThePast,
    #[error("this needs another role")]
    NotAllowed,
    #[error("a number is out of its bounds")]
    OutOfBounds,
}

/// Kept, of those that are decided. Open and withdrawn ones say nothing yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    pub kept: u32,
    pub broken: u32,
    pub open: u32,
    pub withdrawn: u32,
}

impl Tally {
    /// In hundredths of a percent; `None` where nothing is decided yet.
    #[must_use]
    pub fn kept_basis_points(self) -> Option<u32> {
        let decided = u64::from(self.kept) + u64::from(self.broken);
        (decided > 0).then(|| u32::try_from(u64::from(self.kept) * 10_000 / decided).unwrap_or(10_000))
    }

    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            kept: self.kept + other.kept,
            broken: self.broken + other.broken,
            open: self.open + other.open,
            withdrawn: self.withdrawn + other.withdrawn,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_warning_comes_before_the_end_and_not_at_once() {
        let (from, due) = (datetime!(2026-11-27 9:00 UTC), datetime!(2026-11-27 19:00 UTC));
        assert_eq!(warn_at(from, due), datetime!(2026-11-27 17:00 UTC));
        assert_eq!((warn_after(15), warn_after(1), warn_after(480)), (12, 1, 384));
    }

    #[test]
    fn what_is_open_is_neither_kept_nor_broken() {
        assert_eq!(Tally { open: 3, withdrawn: 1, ..Tally::default() }.kept_basis_points(), None);
        assert_eq!(Tally { kept: 2, broken: 1, open: 9, withdrawn: 9 }.kept_basis_points(), Some(6666));
    }
}
