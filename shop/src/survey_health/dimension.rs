//! One dimension and its items: whether the items hang together, and which of them do not.

use super::{
    BY_DESIGN, FEWEST, FEWEST_SHOWN, apart,
    table::{Person, Table},
};
use domain::{
    Translated,
    surveys::{Dimension, Form, Part},
};
use quality::{Cell, Unsaid, intervals::Interval, reliability, sample, sample::Moments};

/// People the interval of alpha with gaps is resampled from at the most: an even choice of all. Its resamples cost by the
/// person, and beyond this many it hardly narrows.
const MOST_RESAMPLED: usize = 10_000;

/// A figure, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub enum Stated<T> {
    Said(T),
    /// Of fewer answers than are needed.
    Few,
    Unsaid(Unsaid),
}

impl<T> Stated<T> {
    pub(super) fn of(enough: bool, figure: impl FnOnce() -> Result<T, Unsaid>) -> Self {
        if enough { figure().map_or_else(Self::Unsaid, Self::Said) } else { Self::Few }
    }

    #[must_use]
    pub const fn said(&self) -> Option<&T> {
        match self {
            Self::Said(figure) => Some(figure),
            _ => None,
        }
    }
}

#[derive(Debug, Clone)]
pub struct DimensionHealth {
    pub code: String,
    pub name: Translated,
    pub part: Part,
    /// Who answered any of its items, and who all of them.
    pub answered: usize,
    pub complete: usize,
    /// Some were asked only a part of it.
    pub by_design: bool,
    /// Of those who answered all, with Feldt's interval.
    pub alpha: Stated<f64>,
    pub alpha_interval: Option<Interval>,
    /// Each pair of items by those who answered both; its interval by resampling people, where there are gaps.
    pub pairwise: Stated<f64>,
    pub pairwise_interval: Option<Interval>,
    /// How many of the people it was resampled from, where not from all.
    pub resampled: Option<usize>,
    /// By expectation and maximization.
    pub full_information: Stated<f64>,
    pub omega: Stated<f64>,
    pub items: Vec<ItemHealth>,
}

#[derive(Debug, Clone)]
pub struct ItemHealth {
    pub code: String,
    pub text: Translated,
    pub n: usize,
    /// The figures below are empty: too few answered it, or too few others did.
    pub hidden: bool,
    pub mean: Option<f64>,
    pub deviation: Option<f64>,
    /// Shares of the worst and of the best answer, and of those to whom it does not apply.
    pub floor: Option<f64>,
    pub ceiling: Option<f64>,
    pub does_not_apply: Option<f64>,
    pub rest_correlation: Option<f64>,
    pub alpha_if_dropped: Option<f64>,
    /// Median seconds an answer took.
    pub seconds: Option<f64>,
}

pub(super) fn of(table: &Table, dimension: &Dimension, people: &[&Person]) -> DimensionHealth {
    let places = table.places(&dimension.code);
    let columns = table.columns(&places, people);
    let columns: Vec<&[Cell]> = columns.iter().map(Vec::as_slice).collect();
    let answered = sample::person_scores(&columns).iter().flatten().count();
    let complete = sample::complete_rows(&columns).nrows();
    let fewer = dimension.short_items.is_some_and(|count| count < places.len());
    let by_design = fewer && people.iter().any(|person| person.form == Some(Form::Short));
    let few = usize::try_from(FEWEST).unwrap_or(usize::MAX);
    let (all, any) = (complete >= few, answered >= if by_design { BY_DESIGN } else { few });
    let alpha = Stated::of(all, || reliability::alpha_listwise(&columns));
    let pairwise = Stated::of(any, || reliability::alpha_pairwise(&columns));
    let resampled = evenly(&columns, MOST_RESAMPLED);
    let has_interval = pairwise.said().is_some() && reliability::has_gaps(&columns);
    let pairwise_interval = has_interval.then(|| match &resampled {
        Some(some) => reliability::alpha_interval(&some.iter().map(Vec::as_slice).collect::<Vec<_>>()),
        None => reliability::alpha_interval(&columns),
    });
    DimensionHealth {
        code: dimension.code.clone(),
        name: dimension.name.clone(),
        part: dimension.part,
        answered,
        complete,
        by_design,
        alpha_interval: alpha.said().and_then(|alpha| reliability::feldt(*alpha, complete, places.len()).ok()),
        alpha,
        pairwise,
        pairwise_interval: pairwise_interval.and_then(Result::ok),
        resampled: resampled.filter(|_| has_interval).and_then(|some| some.first().map(Vec::len)),
        full_information: Stated::of(any, || reliability::alpha_full_information(&columns)),
        omega: Stated::of(all, || reliability::omega(&columns)),
        items: items(table, &places, &columns, people, all || any),
    }
}

/// Every so-manyth of those who answered, where they are more than `most`.
fn evenly(columns: &[&[Cell]], most: usize) -> Option<Vec<Vec<Cell>>> {
    let rows: Vec<usize> = (0..columns.first()?.len()).filter(|row| columns.iter().any(|column| column[*row].is_some())).collect();
    let chosen: Vec<usize> = (0..most).map(|place| rows.get(place * rows.len() / most).copied()).collect::<Option<_>>()?;
    (rows.len() > most).then(|| columns.iter().map(|column| chosen.iter().map(|row| column[*row]).collect()).collect())
}

fn items(table: &Table, places: &[usize], columns: &[&[Cell]], people: &[&Person], enough: bool) -> Vec<ItemHealth> {
    let covariances = if enough { reliability::item_covariances(columns).ok() } else { None };
    let rest = covariances.as_ref().and_then(|covariances| reliability::rest_correlations(covariances).ok());
    let dropped = covariances.as_ref().map(reliability::alpha_if_dropped);
    let of_all = counts(table, &table.people.iter().collect::<Vec<_>>());
    let of_these = counts(table, people);
    let item = |(column, place): (usize, &usize)| {
        let asked = &table.items[*place];
        let (here, everywhere) = (&of_these[*place], of_all[*place].values);
        let of = |figures: &Option<Vec<Result<f64, Unsaid>>>| figures.as_ref().and_then(|figures| figures[column].ok());
        let bare = ItemHealth {
            code: asked.code.clone(),
            text: asked.text.clone(),
            n: here.values,
            hidden: true,
            mean: None,
            deviation: None,
            floor: None,
            ceiling: None,
            does_not_apply: None,
            rest_correlation: None,
            alpha_if_dropped: None,
            seconds: None,
        };
        if apart::hidden(here.values, [everywhere], FEWEST).is_some() {
            return bare;
        }
        let moments: Moments = columns[column].iter().flatten().copied().collect();
        let share = |count: usize, n: usize| count as f64 / n as f64;
        let at = |end: i16| columns[column].iter().flatten().filter(|value| (*value - f64::from(end)).abs() < 0.5).count();
        let distributed = apart::hidden(here.values, [everywhere], FEWEST_SHOWN).is_none();
        ItemHealth {
            hidden: false,
            mean: moments.mean(),
            deviation: moments.deviation(),
            floor: distributed.then(|| share(at(asked.lowest), here.values)),
            ceiling: distributed.then(|| share(at(asked.highest), here.values)),
            does_not_apply: distributed.then(|| share(here.inapplicable, here.values + here.inapplicable)),
            rest_correlation: of(&rest),
            alpha_if_dropped: of(&dropped),
            seconds: median(&here.seconds),
            ..bare
        }
    };
    places.iter().enumerate().map(item).collect()
}

/// What was answered to one item.
#[derive(Debug, Clone, Default)]
struct Count {
    values: usize,
    inapplicable: usize,
    seconds: Vec<f64>,
}

fn counts(table: &Table, people: &[&Person]) -> Vec<Count> {
    let mut counts = vec![Count::default(); table.items.len()];
    for given in people.iter().flat_map(|person| &person.given) {
        let count = &mut counts[given.item];
        match given.value {
            Some(_) => count.values += 1,
            None => count.inapplicable += 1,
        }
        count.seconds.extend(given.milliseconds.map(|milliseconds| f64::from(milliseconds) / 1000.0));
    }
    counts
}

fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (low, high) = (sorted.get(sorted.len().checked_sub(1)? / 2)?, sorted.get(sorted.len() / 2)?);
    Some(f64::midpoint(*low, *high))
}
