//! Scores by groups: who of a segment is how pleased, what of it may be shown, and whether the groups really differ.

use super::{
    figures::{Score, said},
    read::{Sum, Sums},
};
use domain::scores::{Segment, group};
use quality::{
    compare,
    intervals::{Interval, LEVEL},
    suppression::{self, SCORE},
};

/// A segment's groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Groups {
    pub segment: Segment,
    pub scores: Vec<GroupScore>,
    /// Pairs that really differ.
    pub differences: Vec<Difference>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct GroupScore {
    pub value: String,
    pub score: Score,
}

/// Two groups by their places, the better one first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    pub first: usize,
    pub second: usize,
    pub difference: f64,
    pub p: f64,
    /// Only of more than two groups.
    pub interval: Option<Interval>,
}

/// A table a segment that has more than one group.
pub(super) fn tables(sums: &Sums, measure: &str) -> Vec<Groups> {
    let tables = Segment::ALL.iter().map(|segment| {
        let of = of_segment(sums, *segment, measure);
        let hidden = suppression::row(&of.iter().map(|(_, sum)| sum.people).collect::<Vec<_>>(), SCORE);
        let scores = of.iter().zip(&hidden).map(|((value, sum), hidden)| {
            let few = sums.few.get(&(format!("{}={value}", segment.code()), measure.to_owned()));
            GroupScore { value: value.clone(), score: said(*sum, few.map(Vec::as_slice), *hidden) }
        });
        let scores: Vec<GroupScore> = scores.collect();
        let shown: Vec<(usize, Sum)> = of.iter().map(|(_, sum)| *sum).enumerate().filter(|(place, _)| !hidden[*place]).collect();
        Groups { segment: *segment, differences: differences(&shown), scores }
    });
    tables.filter(|table| table.scores.len() > 1).collect()
}

/// Welch's test of two groups, Games and Howell's of more.
fn differences(groups: &[(usize, Sum)]) -> Vec<Difference> {
    let moments: Vec<_> = groups.iter().map(|(_, sum)| sum.moments()).collect();
    let found: Vec<(usize, usize, f64, f64, Option<Interval>)> = match moments.as_slice() {
        [first, second] => compare::welch_of(first, second).map(|test| (0, 1, test.difference, test.p, None)).into_iter().collect(),
        more => {
            let pairs = compare::games_howell_of(more).into_iter().flatten();
            pairs.map(|pair| (pair.first, pair.second, pair.difference, pair.p, Some(pair.interval))).collect()
        }
    };
    let real = found.into_iter().filter(|(_, _, _, p, _)| *p < 1.0 - LEVEL);
    real.map(|(first, second, difference, p, interval)| {
        let (first, second) = (groups[first].0, groups[second].0);
        if difference >= 0.0 {
            Difference { first, second, difference, p, interval }
        } else {
            let interval = interval.map(|(low, high)| (-high, -low));
            Difference { first: second, second: first, difference: -difference, p, interval }
        }
    })
    .collect()
}

fn of_segment(sums: &Sums, segment: Segment, measure: &str) -> Vec<(String, Sum)> {
    let within = sums.courses.iter().filter(|((_, of), _)| of == measure).filter_map(|((cell, _), course)| {
        let (kind, value) = group(cell)?;
        (kind == segment && course.whole().people > 0).then(|| (value.to_owned(), course.whole()))
    });
    within.collect()
}

/// Whether a group must not be shown by itself, because it or what remains of its segment is too few.
pub(super) fn is_hidden(sums: &Sums, segment: Segment, value: &str, measure: &str) -> bool {
    let of = of_segment(sums, segment, measure);
    let hidden = suppression::row(&of.iter().map(|(_, sum)| sum.people).collect::<Vec<_>>(), SCORE);
    of.iter().zip(hidden).any(|((name, _), hidden)| name == value && hidden)
}

/// What one can choose.
pub(super) fn choices(sums: &Sums) -> Vec<(Segment, Vec<String>)> {
    let choices = Segment::ALL.iter().map(|segment| {
        let mut values: Vec<String> = sums
            .courses
            .keys()
            .filter_map(|(cell, _)| group(cell))
            .filter(|(kind, _)| kind == segment)
            .map(|(_, value)| value.to_owned())
            .collect();
        values.dedup();
        (*segment, values)
    });
    choices.filter(|(_, values)| values.len() > 1).collect()
}
