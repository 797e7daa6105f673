//! What the shop measures of itself: how quick its pages were in people's browsers, what failed, what was searched for
//! in vain, and when it was there. Values are kept as sizes, so that an hour of any number of visits is a few rows.

use crate::states::states;
use serde::{Deserialize, Serialize};

states! {
    Measure {
        /// Milliseconds until the largest thing on the first screen was painted (Largest Contentful Paint).
        Paint = "lcp",
        /// Milliseconds from a touch or key to what it changed (Interaction to Next Paint).
        Touch = "inp",
        /// By how much things moved by themselves, in thousandths (Cumulative Layout Shift).
        Shift = "cls",
        /// Milliseconds until the first byte of a page.
        FirstByte = "ttfb",
        /// Scripts that failed in a browser.
        ScriptFailed = "script_failed",
        SearchFound = "search_found",
        SearchEmpty = "search_empty",
        /// Requests that were answered, faults included.
        Answered = "answered",
        /// Answers that were faults of ours.
        Faulty = "faulty",
        /// Minutes in which a node ran.
        Alive = "alive",
        /// Those of them that lie within opening hours.
        Open = "open",
        /// Those of these in which somebody was there to answer.
        Staffed = "staffed",
    }
}

states! {
    Device {
        Phone = "phone",
        Desktop = "desktop",
    }
}

/// What a browser says when a page is left; what it has not measured is absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    pub device: Device,
    /// Milliseconds.
    pub lcp: Option<f64>,
    pub inp: Option<f64>,
    pub ttfb: Option<f64>,
    /// Without a unit.
    pub cls: Option<f64>,
    #[serde(default)]
    pub failed: u8,
}

/// Nobody waits longer than ten minutes for a page; whatever says so is no browser.
const MOST_MILLISECONDS: f64 = 600_000.0;
const MOST_SHIFT: f64 = 100.0;
/// A page whose script fails again and again is one page that fails.
const MOST_FAILED: u8 = 5;

impl Visit {
    /// Values with what they measure, in whole milliseconds or thousandths; nothing when one of them cannot be.
    #[must_use]
    pub fn values(&self) -> Option<Vec<(Measure, u32)>> {
        let all = [
            (Measure::Paint, self.lcp, 1.0, MOST_MILLISECONDS),
            (Measure::Touch, self.inp, 1.0, MOST_MILLISECONDS),
            (Measure::FirstByte, self.ttfb, 1.0, MOST_MILLISECONDS),
            (Measure::Shift, self.cls, 1000.0, MOST_SHIFT),
        ];
        let said = all.into_iter().filter_map(|(measure, value, unit, most)| Some((measure, value?, unit, most)));
        said.map(|(measure, value, unit, most)| (0.0..=most).contains(&value).then(|| (measure, whole(value * unit)))).collect()
    }

    #[must_use]
    pub fn failed(&self) -> u8 {
        self.failed.min(MOST_FAILED)
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the bounds that were checked")]
fn whole(value: f64) -> u32 {
    value.round() as u32
}

/// Sizes of a doubling: neighbours differ by 9 %.
const STEPS: f64 = 8.0;

/// The size of a value: 0 for nothing, then eight for every doubling.
#[must_use]
#[allow(clippy::cast_possible_truncation, reason = "at most 257")]
pub fn size_of(value: u32) -> i16 {
    if value == 0 { 0 } else { 1 + (f64::from(value).log2() * STEPS).floor() as i16 }
}

/// What a size stands for: its values are within 4.5 % of it.
#[must_use]
pub fn value_of(size: i16) -> f64 {
    if size <= 0 { 0.0 } else { f64::from(size - 1).mul_add(1.0 / STEPS, 0.5 / STEPS).exp2() }
}

/// The value below which three quarters are, of so many of each size in rising order. Nothing without any.
#[must_use]
pub fn three_quarters(counts: &[(i16, u64)]) -> Option<f64> {
    let all: u64 = counts.iter().map(|(_, count)| count).sum();
    let rank = (all * 3).div_ceil(4);
    let mut below = 0;
    counts
        .iter()
        .find(|(_, count)| {
            below += count;
            below >= rank && all > 0
        })
        .map(|&(size, _)| value_of(size))
}

/// How good a value is, by the thresholds that browsers' makers publish for it (web.dev/articles/vitals).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rating {
    Good,
    Middling,
    Poor,
}

/// Nothing for what has no thresholds.
#[must_use]
pub fn rating(measure: Measure, value: f64) -> Option<Rating> {
    let (good, poor) = match measure {
        Measure::Paint => (2500.0, 4000.0),
        Measure::Touch => (200.0, 500.0),
        Measure::Shift => (100.0, 250.0),
        Measure::FirstByte => (800.0, 1800.0),
        _ => return None,
    };
    Some(if value <= good {
        Rating::Good
    } else if value <= poor {
        Rating::Middling
    } else {
        Rating::Poor
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_says_its_values_within_four_and_a_half_percent() {
        for value in [1_u32, 2, 3, 7, 100, 199, 200, 2500, 4000, 599_999] {
            let said = value_of(size_of(value));
            assert!((said / f64::from(value) - 1.0).abs() < 0.045, "{value} became {said}");
        }
        assert!(value_of(size_of(0)).abs() < f64::EPSILON);
    }

    #[test]
    fn three_quarters_are_at_or_below_it() {
        let counts = |values: &[u32]| {
            let mut counts = std::collections::BTreeMap::new();
            for value in values {
                *counts.entry(size_of(*value)).or_insert(0) += 1;
            }
            counts.into_iter().collect::<Vec<_>>()
        };
        let near = |found: Option<f64>, wanted: f64| assert!((found.unwrap() / wanted - 1.0).abs() < 0.045, "{found:?}, not {wanted}");
        near(three_quarters(&counts(&[100, 200, 300, 400])), 300.0);
        near(three_quarters(&counts(&[100, 200, 300, 400, 5000])), 400.0);
        near(three_quarters(&counts(&[900])), 900.0);
        assert_eq!(three_quarters(&[]), None);
    }

    #[test]
    fn what_no_browser_would_say_is_not_believed() {
        let visit = |lcp, cls| Visit { device: Device::Phone, lcp: Some(lcp), inp: None, ttfb: None, cls: Some(cls), failed: 200 };
        assert_eq!(visit(1234.4, 0.05).values(), Some(vec![(Measure::Paint, 1234), (Measure::Shift, 50)]));
        assert_eq!(visit(1234.4, 0.05).failed(), 5);
        for strange in [visit(-1.0, 0.0), visit(600_001.0, 0.0), visit(f64::NAN, 0.0), visit(1.0, 101.0)] {
            assert_eq!(strange.values(), None, "{strange:?}");
        }
    }

    #[test]
    fn the_published_borders_are_still_good() {
        assert_eq!(rating(Measure::Paint, 2500.0), Some(Rating::Good));
        assert_eq!(rating(Measure::Touch, 201.0), Some(Rating::Middling));
        assert_eq!(rating(Measure::Shift, 251.0), Some(Rating::Poor));
        assert_eq!(rating(Measure::Alive, 1.0), None);
    }
}
