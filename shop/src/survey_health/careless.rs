//! Signs of answers given without care, and what the scores would be without those who show them. Nobody's are deleted.

use super::{
    FEWEST, FEWEST_SHOWN, apart,
    table::{Person, Table},
};
use domain::{Translated, surveys::Dimension};
use quality::{
    Cell,
    careless::{self, Care},
    sample, suppression,
};

#[derive(Debug, Clone, PartialEq)]
pub struct Carelessness {
    pub people: usize,
    /// Whose pace is known.
    pub timed: usize,
    /// By a long run of the same answer; by a median below two seconds an item; of those, below one.
    pub by_run: usize,
    pub fast: usize,
    pub severe: usize,
    /// By any of these.
    pub flagged: usize,
    pub runs: Vec<Runs>,
    /// Of the main dimensions.
    pub scores: Vec<Compared>,
}

/// How many people's longest run of the same answer was so long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runs {
    pub from: usize,
    /// The longest of them; none where there is no end.
    pub to: Option<usize>,
    /// None where they are so few that they, or others, could be told.
    pub people: Option<usize>,
}

/// A dimension's mean of people's means with everybody, and without those who show a sign.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    pub code: String,
    pub name: Translated,
    pub n: usize,
    pub all: Option<f64>,
    /// None where those left out, or those left, are so few that their score could be worked out.
    pub careful: Option<(usize, f64)>,
}

const RUNS: [(usize, Option<usize>); 5] = [(0, Some(2)), (3, Some(5)), (6, Some(9)), (10, Some(15)), (16, None)];

struct Judged {
    run: usize,
    by_run: bool,
    timed: bool,
    pace: Care,
    care: Care,
}

pub(super) fn of(table: &Table, main: &[&Dimension], people: &[&Person]) -> Carelessness {
    // Answers on another scale are neither alike nor different.
    let scale = main.first().and_then(|dimension| table.places(&dimension.code).first().map(|place| table.items[*place].scale.clone()));
    let judged: Vec<Judged> = people.iter().map(|person| judge(table, scale.as_deref(), person)).collect();
    let count = |sign: fn(&Judged) -> bool| judged.iter().filter(|judged| sign(judged)).count();
    let care: Vec<Care> = judged.iter().map(|judged| judged.care).collect();
    Carelessness {
        people: people.len(),
        timed: count(|judged| judged.timed),
        by_run: count(|judged| judged.by_run),
        fast: count(|judged| judged.pace >= Care::Flagged),
        severe: count(|judged| judged.pace == Care::Severe),
        flagged: count(|judged| judged.care >= Care::Flagged),
        runs: runs(&judged),
        scores: main.iter().map(|dimension| compared(table, dimension, people, &care)).collect(),
    }
}

fn judge(table: &Table, scale: Option<&str>, person: &Person) -> Judged {
    let alike = person.given.iter().filter(|given| scale == Some(table.items[given.item].scale.as_str()));
    // As they were pressed: whoever presses the same does not turn items round.
    let answers: Vec<Cell> = alike.map(|given| given.value.map(f64::from)).collect();
    let seconds: Vec<f64> = person.given.iter().filter_map(|given| given.milliseconds).map(|time| f64::from(time) / 1000.0).collect();
    let pace = careless::pace(&seconds);
    Judged {
        run: careless::longest_run(&answers),
        by_run: careless::judge(&answers, &[]) >= Care::Flagged,
        timed: !seconds.is_empty(),
        pace,
        care: careless::judge(&answers, &seconds),
    }
}

fn runs(judged: &[Judged]) -> Vec<Runs> {
    let within = |(from, to): &(usize, Option<usize>)| {
        judged.iter().filter(|judged| judged.run >= *from && to.is_none_or(|to| judged.run <= to)).count()
    };
    let counts: Vec<usize> = RUNS.iter().map(within).collect();
    let hidden = suppression::row(&counts.iter().map(|count| u64::try_from(*count).unwrap_or(0)).collect::<Vec<_>>(), FEWEST_SHOWN);
    let runs = RUNS.iter().zip(counts).zip(hidden);
    runs.map(|(((from, to), people), hidden)| Runs { from: *from, to: *to, people: (!hidden).then_some(people) }).collect()
}

fn compared(table: &Table, dimension: &Dimension, people: &[&Person], care: &[Care]) -> Compared {
    let places = table.places(&dimension.code);
    let columns = table.columns(&places, people);
    let scores = sample::person_scores(&columns.iter().map(Vec::as_slice).collect::<Vec<&[Cell]>>());
    let (all, careful) = careless::with_and_without(&scores, care);
    let has_score = |person: &&Person| person.given.iter().any(|given| given.value.is_some() && places.contains(&given.item));
    let everywhere = table.people.iter().filter(has_score).count();
    let shown = apart::hidden(all.n, [everywhere], FEWEST).is_none();
    let told = shown && apart::hidden(careful.n, [all.n, everywhere], FEWEST).is_none();
    Compared {
        code: dimension.code.clone(),
        name: dimension.name.clone(),
        n: all.n,
        all: all.mean().filter(|_| shown),
        careful: careful.mean().filter(|_| told).map(|mean| (careful.n, mean)),
    }
}
