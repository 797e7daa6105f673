//! What stands out: weeks and months in which something moved by more than chance, said or measured. Everything that is
//! looked at counts against every single one of them (Holm), so that a year without trouble has nothing to report. Pure.

use super::{
    beside::{Parcels, Vitals},
    read::{Sum, Sums},
};
use domain::{
    measured::{Measure, Rating, rating, three_quarters},
    scores::{ALL, Segment, group},
    surveys::Part,
};
use quality::{charts, compare::holm, sample::Moments, suppression::SCORE};
use std::collections::BTreeMap;
use time::Date;

/// A course needs so many weeks or months before one of them can stand out.
const FEWEST_SLOTS: usize = 4;
/// Parcels of a month that say something about a carrier.
const FEWEST_PARCELS: u64 = 8;
/// Page views of a week.
const FEWEST_VIEWS: u64 = 50;
/// So improbable must all that is looked at make a week before it is told: one quiet year in a hundred has a false alarm.
const SURE: f64 = 0.01;
/// By these groups faults of one place show.
const LOOKED_AT: [Segment; 4] = [Segment::Carrier, Segment::Device, Segment::Language, Segment::Category];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    Week,
    Month,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// What people said of this dimension.
    Score(String),
    /// The share of deliveries that came as promised.
    Kept,
    /// The p75 of the time until the largest thing was painted, in milliseconds.
    Paint,
}

/// From the first week or month to the last, without a break.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub what: What,
    pub group: Option<(Segment, String)>,
    pub scale: Scale,
    pub first: Date,
    pub last: Date,
    pub value: f64,
    pub usual: f64,
    /// Of the least probable week or month in it, corrected; 0 where thresholds decide.
    pub p: f64,
}

/// A week or month of a course.
#[derive(Debug, Clone, Copy)]
struct Slot {
    at: Date,
    value: f64,
    weight: f64,
    usual: f64,
    p: f64,
}

struct Series {
    what: What,
    group: Option<(Segment, String)>,
    scale: Scale,
    slots: Vec<Slot>,
}

/// Everything that stands out, what is least like chance first.
pub(super) fn find(sums: &Sums, vitals: &Vitals, parcels: &Parcels) -> Vec<Finding> {
    let mut series: Vec<Series> = said_by_week(sums).chain(said_by_month(sums)).chain(kept_by_month(parcels)).collect();
    let all: Vec<f64> = series.iter().flat_map(|series| series.slots.iter().map(|slot| slot.p)).collect();
    let mut corrected = holm(&all).into_iter();
    for slot in series.iter_mut().flat_map(|series| &mut series.slots) {
        slot.p = corrected.next().unwrap_or(1.0);
    }
    let mut findings: Vec<Finding> = series.iter().flat_map(episodes).collect();
    findings.extend(slow_weeks(vitals));
    findings.sort_by(|a, b| a.p.total_cmp(&b.p));
    findings
}

fn said_by_week(sums: &Sums) -> impl Iterator<Item = Series> {
    let codes = sums.version.dimensions.iter().filter(|dimension| matches!(dimension.part, Part::Main | Part::Recovery));
    let codes = codes.map(|dimension| dimension.code.clone()).chain([ALL.to_owned()]);
    codes.filter_map(|code| {
        let course = sums.course("all", &code).by_slot;
        Some(Series { slots: slots_of_means(&course)?, what: What::Score(code), group: None, scale: Scale::Week })
    })
}

fn said_by_month(sums: &Sums) -> impl Iterator<Item = Series> {
    sums.courses.iter().filter_map(|((cell, measure), course)| {
        let (segment, value) = group(cell).filter(|(segment, _)| LOOKED_AT.contains(segment))?;
        sums.version.dimensions.iter().find(|dimension| dimension.code == *measure && dimension.part == Part::Main)?;
        let mut months: BTreeMap<Date, Sum> = BTreeMap::new();
        for (slot, sum) in &course.by_slot {
            let month = months.entry(slot.replace_day(1).unwrap_or(*slot)).or_default();
            *month = month.plus(*sum);
        }
        let slots = slots_of_means(&months)?;
        Some(Series { what: What::Score(measure.clone()), group: Some((segment, value.to_owned())), scale: Scale::Month, slots })
    })
}

fn slots_of_means(course: &BTreeMap<Date, Sum>) -> Option<Vec<Slot>> {
    let enough: Vec<(Date, Moments)> = course.iter().filter(|(_, sum)| sum.people >= SCORE).map(|(at, sum)| (*at, sum.moments())).collect();
    if enough.len() < FEWEST_SLOTS {
        return None;
    }
    let points = charts::means_against_the_usual(&enough.iter().map(|(_, moments)| *moments).collect::<Vec<_>>());
    let slots = enough.iter().zip(points).filter_map(|((at, moments), point)| {
        let point = point?;
        Some(Slot {
            at: *at,
            value: point.value,
            weight: moments.n as f64,
            usual: point.centre,
            p: charts::chance_of_mean(&point, moments),
        })
    });
    Some(slots.collect())
}

/// Each carrier against its own other months.
fn kept_by_month(parcels: &Parcels) -> impl Iterator<Item = Series> {
    parcels.iter().filter_map(|(carrier, months)| {
        let enough: Vec<(Date, u64, u64)> =
            months.iter().filter(|(_, kept)| kept.of >= FEWEST_PARCELS).map(|(at, kept)| (*at, kept.kept, kept.of)).collect();
        if enough.len() < FEWEST_SLOTS {
            return None;
        }
        let usual = charts::usual_share(&enough.iter().map(|(_, kept, of)| (*kept, *of)).collect::<Vec<_>>());
        let slot = |(at, kept, of): &(Date, u64, u64)| Slot {
            at: *at,
            value: *kept as f64 / *of as f64,
            weight: *of as f64,
            usual,
            p: charts::chance_of_share(*kept, *of, usual),
        };
        let slots = enough.iter().map(slot).collect();
        Some(Series { what: What::Kept, group: Some((Segment::Carrier, carrier.clone())), scale: Scale::Month, slots })
    })
}

/// Neighbours that are out on the same side are one episode.
fn episodes(series: &Series) -> Vec<Finding> {
    let mut found: Vec<(Finding, f64)> = Vec::new();
    let mut goes_on = false;
    for slot in &series.slots {
        if slot.p >= SURE {
            goes_on = false;
            continue;
        }
        match found.last_mut().filter(|(finding, _)| goes_on && (finding.value < finding.usual) == (slot.value < slot.usual)) {
            Some((finding, weight)) => {
                finding.value = (finding.value * *weight + slot.value * slot.weight) / (*weight + slot.weight);
                *weight += slot.weight;
                (finding.last, finding.p) = (slot.at, finding.p.min(slot.p));
            }
            None => found.push((
                Finding {
                    what: series.what.clone(),
                    group: series.group.clone(),
                    scale: series.scale,
                    first: slot.at,
                    last: slot.at,
                    value: slot.value,
                    usual: slot.usual,
                    p: slot.p,
                },
                slot.weight,
            )),
        }
        goes_on = true;
    }
    found.into_iter().map(|(finding, _)| finding).collect()
}

/// Views are so many that every week differs by more than chance: what counts is a week on the wrong side of a published
/// threshold on whose right side the usual week is.
fn slow_weeks(vitals: &Vitals) -> Vec<Finding> {
    let paint = |sizes: &BTreeMap<(Measure, i16), u64>| {
        let counts: Vec<(i16, u64)> =
            sizes.iter().filter(|((measure, _), _)| *measure == Measure::Paint).map(|((_, size), n)| (*size, *n)).collect();
        let views: u64 = counts.iter().map(|(_, n)| n).sum();
        three_quarters(&counts).filter(|_| views >= FEWEST_VIEWS)
    };
    let weeks: Vec<(Date, f64)> = vitals.iter().filter_map(|(week, sizes)| Some((*week, paint(sizes)?))).collect();
    let mut sorted: Vec<f64> = weeks.iter().map(|(_, value)| *value).collect();
    sorted.sort_by(f64::total_cmp);
    let Some(usual) = sorted.get(sorted.len() / 2).copied().filter(|_| sorted.len() >= FEWEST_SLOTS) else { return Vec::new() };
    let is_worse = |value: f64| value > usual && rating(Measure::Paint, value) != rating(Measure::Paint, usual);
    let slots = weeks.iter().filter(|_| rating(Measure::Paint, usual) != Some(Rating::Poor)).map(|(at, value)| Slot {
        at: *at,
        value: *value,
        weight: 1.0,
        usual,
        p: if is_worse(*value) { 0.0 } else { 1.0 },
    });
    episodes(&Series { what: What::Paint, group: None, scale: Scale::Week, slots: slots.collect() })
}
