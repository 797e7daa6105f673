//! Scores with what is sure about them, made of sums. Pure.

use super::{
    Desk, Facts, Finding, groups,
    read::{Sum, Sums},
};
use domain::{
    Translated,
    scores::{ALL, Filter},
    surveys::{Part, Version},
};
use nalgebra::{DMatrix, DVector};
use quality::{
    charts::{self, Point},
    compare,
    drivers::{self, Quadrant},
    intervals::{self, FEW, Interval},
    suppression::{self, DISTRIBUTION, SCORE},
};
use std::collections::BTreeMap;
use time::{Date, Duration};

/// Performance is good from here on.
pub const GOOD: f64 = 4.0;
/// The scale that recommendation is asked on.
const RECOMMEND: &str = "recommend";
/// What a weighted overall is weighted by.
const LOYALTY: &str = "LOY";

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Score {
    pub people: u64,
    /// Nothing where nobody answered or too few did.
    pub mean: Option<f64>,
    /// At 95 %.
    pub interval: Option<Interval>,
    /// There are answers, and showing them would tell whose they are.
    pub hidden: bool,
}

/// Against as long a time before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    pub difference: f64,
    /// Corrected by Holm for all that is compared with it.
    pub p: f64,
}

impl Change {
    /// More than chance.
    #[must_use]
    pub fn is_real(&self) -> bool {
        self.p < 1.0 - intervals::LEVEL
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct DimensionScore {
    pub code: String,
    pub part: Part,
    /// Means of the items' means, with the interval of people's own scores.
    pub score: Score,
    pub change: Option<Change>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recommended {
    pub people: u64,
    pub score: f64,
    pub interval: Interval,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ItemScore {
    pub code: String,
    pub people: u64,
    pub mean: Option<f64>,
    /// The two best answers: how many, and Wilson's interval of their share.
    pub top: Option<(u64, Interval)>,
    /// How many gave each value from the lowest on; nothing under 8 answers.
    pub distribution: Option<Vec<u64>>,
    pub does_not_apply: u64,
}

/// A week; nothing is said of one with too few answers.
#[derive(Debug, Clone, PartialEq)]
pub struct TrendPoint {
    pub week: Date,
    pub people: u64,
    /// With the limits between which chance alone moves it.
    pub point: Option<Point>,
    pub hidden: bool,
}

/// What an outcome depends on, of each main dimension its share of R², two ways.
#[derive(Debug, Clone, PartialEq)]
pub struct Drivers {
    pub outcome: String,
    pub people: usize,
    pub r2: f64,
    /// Dimension, LMG, Johnson, and where it stands between importance and performance.
    pub shares: Vec<(String, f64, f64, Option<Quadrant>)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Wave {
    pub version: i32,
    pub scores: Vec<(String, Score)>,
    /// Against the version before, of each measure that both have.
    pub changes: BTreeMap<String, Change>,
}

pub(super) fn desk(filter: &Filter, sums: Sums, findings: Vec<Finding>, facts: Facts, names: BTreeMap<String, Translated>) -> Desk {
    let overall = score(&sums, filter, ALL);
    let dimensions = dimensions(&sums, filter);
    let drivers = all_drivers(&sums, &dimensions);
    Desk {
        people: sums.course(&filter.cell(), ALL).whole().people,
        weighted: drivers.iter().find(|drivers| drivers.outcome == LOYALTY).and_then(|drivers| weighted(drivers, &dimensions)),
        recommended: recommended(&sums).filter(|_| !overall.hidden),
        overall,
        items: items(&sums, filter),
        trend: trend(&sums, filter),
        groups: groups::tables(&sums, &filter.measure),
        choices: groups::choices(&sums),
        waves: waves(&sums),
        drivers,
        dimensions,
        findings,
        facts,
        names,
        version: sums.version,
        first: sums.first,
        after: sums.after,
        instruments: sums.instruments,
        versions: sums.versions,
    }
}

/// A score of the group that was asked for, unless it or what it leaves of its segment is too few.
fn score(sums: &Sums, filter: &Filter, measure: &str) -> Score {
    let cell = filter.cell();
    let whole = sums.course(&cell, measure).whole();
    let hidden = match &filter.group {
        Some((segment, value)) => groups::is_hidden(sums, *segment, value, measure),
        None => (1..SCORE).contains(&whole.people),
    };
    said(whole, sums.few.get(&(cell, measure.to_owned())).map(Vec::as_slice), hidden)
}

/// Its t interval, resampled where people are few.
pub(super) fn said(sum: Sum, few: Option<&[f64]>, hidden: bool) -> Score {
    if hidden || sum.people == 0 {
        return Score { people: sum.people, hidden, ..Score::default() };
    }
    let moments = sum.moments();
    let interval = match few {
        Some(scores) if sum.people < FEW as u64 => intervals::of_mean(scores),
        _ => intervals::of_moments(&moments),
    };
    Score { people: sum.people, mean: moments.mean(), interval: interval.ok(), hidden: false }
}

fn dimensions(sums: &Sums, filter: &Filter) -> Vec<DimensionScore> {
    let cell = filter.cell();
    let asked: Vec<_> = sums.version.dimensions.iter().filter(|dimension| has_values(&sums.version, &dimension.code)).collect();
    let tests: Vec<Option<compare::Welch>> = asked
        .iter()
        .map(|dimension| {
            let course = sums.course(&cell, &dimension.code);
            let enough = course.before.people >= SCORE && course.whole().people >= SCORE;
            compare::welch_of(&course.whole().moments(), &course.before.moments()).ok().filter(|_| enough)
        })
        .collect();
    let corrected = compare::holm(&tests.iter().flatten().map(|test| test.p).collect::<Vec<_>>());
    let mut corrected = corrected.into_iter();
    let one = |(dimension, test): (&&domain::surveys::Dimension, &Option<compare::Welch>)| {
        let mut score = score(sums, filter, &dimension.code);
        if let (Some(by_people), Some(by_items)) = (score.mean, of_items(sums, &dimension.code)) {
            // The interval of people's scores around the mean of the items' means.
            score.mean = Some(by_items);
            score.interval = score.interval.map(|(low, high)| (low - by_people + by_items, high - by_people + by_items));
        }
        let change = test.as_ref().and_then(|test| Some(Change { difference: test.difference, p: corrected.next()? }));
        DimensionScore { code: dimension.code.clone(), part: dimension.part, change: change.filter(|_| !score.hidden), score }
    };
    asked.iter().zip(&tests).map(one).collect()
}

fn has_values(version: &Version, dimension: &str) -> bool {
    version.items.iter().any(|item| item.dimension == dimension && item.scale.is_some())
}

/// The mean of the means of a dimension's items, each over whoever answered it.
fn of_items(sums: &Sums, dimension: &str) -> Option<f64> {
    let items = sums.version.items.iter().filter(|item| item.dimension == dimension);
    let means: Vec<f64> = items.filter_map(|item| item_mean(sums, item)).collect();
    (!means.is_empty()).then(|| means.iter().sum::<f64>() / means.len() as f64)
}

fn item_mean(sums: &Sums, item: &domain::surveys::Item) -> Option<f64> {
    let scale = item.scale.as_ref()?;
    let (mut people, mut total) = (0.0, 0.0);
    for (value, count) in sums.answers.get(&item.code)? {
        let Some(value) = value else { continue };
        let turned = if item.reversed { scale.lowest + scale.highest - value } else { *value };
        people += *count as f64;
        total += f64::from(turned) * *count as f64;
    }
    (people > 0.0).then(|| total / people)
}

fn items(sums: &Sums, filter: &Filter) -> Vec<ItemScore> {
    let dimension = filter.measure.as_str();
    let group_is_hidden = score(sums, filter, dimension).hidden;
    let none = BTreeMap::new();
    let one = |item: &domain::surveys::Item| {
        let scale = item.scale.as_ref()?;
        let answers = sums.answers.get(&item.code).unwrap_or(&none);
        let of = |value: i16| answers.get(&Some(value)).copied().unwrap_or(0);
        let distribution: Vec<u64> = (scale.lowest..=scale.highest).map(of).collect();
        let people: u64 = distribution.iter().sum();
        let best: u64 = if item.reversed { distribution.iter().take(2).sum() } else { distribution.iter().rev().take(2).sum() };
        let is_shown = people >= SCORE && !group_is_hidden;
        let top = intervals::of_share(usize::try_from(best).ok()?, usize::try_from(people).ok()?).ok();
        Some(ItemScore {
            code: item.code.clone(),
            people,
            mean: item_mean(sums, item).filter(|_| is_shown),
            top: top.filter(|_| is_shown && people >= DISTRIBUTION).map(|interval| (best, interval)),
            distribution: (is_shown && people >= DISTRIBUTION).then_some(distribution),
            does_not_apply: answers.get(&None).copied().unwrap_or(0),
        })
    };
    sums.version.items.iter().filter(|item| item.dimension == dimension).filter_map(one).collect()
}

/// Promoters less detractors, of the item that asks for it.
fn recommended(sums: &Sums) -> Option<Recommended> {
    let item = sums.version.items.iter().find(|item| item.scale.as_ref().is_some_and(|scale| scale.code == RECOMMEND))?;
    let answers = sums.answers.get(&item.code)?;
    let count = |range: std::ops::RangeInclusive<i16>| {
        let within = answers.iter().filter(|(value, _)| value.is_some_and(|value| range.contains(&value)));
        usize::try_from(within.map(|(_, count)| count).sum::<u64>()).unwrap_or(usize::MAX)
    };
    let (promoters, passives, detractors) = (count(9..=10), count(7..=8), count(0..=6));
    let people = (promoters + passives + detractors) as u64;
    let found = intervals::recommendation(promoters, passives, detractors).ok().filter(|_| people >= DISTRIBUTION)?;
    Some(Recommended { people, score: found.score, interval: found.interval })
}

fn trend(sums: &Sums, filter: &Filter) -> Vec<TrendPoint> {
    let course = sums.course(&filter.cell(), &filter.measure);
    let weeks: Vec<Date> = (0..).map(|n| sums.first + Duration::weeks(n)).take_while(|week| *week < sums.after).collect();
    let by_week: Vec<Sum> = weeks.iter().map(|week| course.by_slot.get(week).copied().unwrap_or_default()).collect();
    let group_is_hidden = filter.group.as_ref().is_some_and(|(segment, value)| groups::is_hidden(sums, *segment, value, &filter.measure));
    let hidden = suppression::row(&by_week.iter().map(|sum| sum.people).collect::<Vec<_>>(), SCORE);
    let shown: Vec<_> =
        by_week.iter().zip(&hidden).map(|(sum, hidden)| if *hidden || group_is_hidden { Sum::default() } else { *sum }.moments()).collect();
    let points = charts::means_against_the_usual(&shown);
    let all = weeks.into_iter().zip(by_week).zip(points).zip(hidden);
    all.map(|(((week, sum), point), hidden)| TrendPoint { week, people: sum.people, point, hidden: hidden || group_is_hidden }).collect()
}

/// Each outcome's dependence on the main dimensions, from sums of products.
fn all_drivers(sums: &Sums, dimensions: &[DimensionScore]) -> Vec<Drivers> {
    let main: Vec<&str> =
        dimensions.iter().filter(|dimension| dimension.part == Part::Main).map(|dimension| dimension.code.as_str()).collect();
    let outcomes = dimensions.iter().filter(|dimension| dimension.part == Part::Companion);
    outcomes.filter_map(|outcome| drivers_of(sums.products.get(&outcome.code)?, &main, &outcome.code, dimensions)).collect()
}

fn drivers_of(products: &BTreeMap<(String, String), f64>, main: &[&str], outcome: &str, dimensions: &[DimensionScore]) -> Option<Drivers> {
    let product = |a: &str, b: &str| {
        let found = |x: &str, y: &str| products.get(&(x.to_owned(), y.to_owned())).copied();
        found(a, b).or_else(|| found(b, a)).unwrap_or(0.0)
    };
    let n = product("", "");
    let all: Vec<&str> = main.iter().copied().chain([outcome]).collect();
    let means = DVector::from_iterator(all.len(), all.iter().map(|measure| product("", measure) / n));
    let covariances = DMatrix::from_fn(all.len(), all.len(), |i, j| (product(all[i], all[j]) - n * means[i] * means[j]) / (n - 1.0));
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
    let people = n as usize;
    let found = drivers::of_covariances(people, &means, &covariances).ok().filter(|_| people >= FEW)?;
    let fair = found.r2 / main.len() as f64;
    let shares = main.iter().enumerate().map(|(place, code)| {
        let performance = dimensions.iter().find(|dimension| dimension.code == *code).and_then(|dimension| dimension.score.mean);
        let quadrant = performance.map(|performance| drivers::quadrant(found.lmg[place], performance, (fair, GOOD)));
        ((*code).to_owned(), found.lmg[place], found.johnson[place], quadrant)
    });
    Some(Drivers { outcome: outcome.to_owned(), people, r2: found.r2, shares: shares.collect() })
}

/// The main dimensions weighted by their shares.
fn weighted(drivers: &Drivers, dimensions: &[DimensionScore]) -> Option<f64> {
    let (mut sum, mut weights) = (0.0, 0.0);
    for (code, share, ..) in &drivers.shares {
        let dimension = dimensions.iter().find(|dimension| dimension.code == *code)?;
        sum += share * dimension.score.mean?;
        weights += share;
    }
    (weights > 0.0).then(|| sum / weights)
}

fn waves(sums: &Sums) -> Vec<Wave> {
    let numbers: Vec<i32> = sums.waves.keys().rev().copied().collect();
    let one = |(place, number): (usize, &i32)| {
        let of = &sums.waves[number];
        let shown = of.iter().map(|(measure, sum)| (measure.clone(), said(*sum, None, (1..SCORE).contains(&sum.people))));
        let before = numbers.get(place + 1).map(|number| &sums.waves[number]);
        Wave { version: *number, scores: shown.collect(), changes: before.map(|before| changes(of, before)).unwrap_or_default() }
    };
    numbers.iter().enumerate().map(one).collect()
}

fn changes(now: &BTreeMap<String, Sum>, before: &BTreeMap<String, Sum>) -> BTreeMap<String, Change> {
    let tested = now.iter().filter_map(|(measure, sum)| {
        let other = before.get(measure).filter(|other| other.people >= SCORE && sum.people >= SCORE)?;
        Some((measure.clone(), compare::welch_of(&sum.moments(), &other.moments()).ok()?))
    });
    let tested: Vec<_> = tested.collect();
    let corrected = compare::holm(&tested.iter().map(|(_, test)| test.p).collect::<Vec<_>>());
    tested.into_iter().zip(corrected).map(|((measure, test), p)| (measure, Change { difference: test.difference, p })).collect()
}
