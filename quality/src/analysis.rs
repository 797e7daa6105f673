//! All that can be said of one table of answers, ready to be shown or written as JSON.

use crate::{
    Cell, Unsaid, compare, drivers,
    factor::{self, Model},
    intervals::{self, Interval},
    reliability, sample,
};
use serde::{Serialize, Serializer};

#[derive(Debug, Clone)]
pub struct Item {
    pub name: String,
    /// Already turned round where the item is.
    pub answers: Vec<Cell>,
}

#[derive(Debug, Clone)]
pub struct Scale {
    pub name: String,
    pub items: Vec<Item>,
}

/// Scales, an outcome to explain and a grouping to compare, all over the same people.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    pub scales: Vec<Scale>,
    pub outcome: Option<Vec<Cell>>,
    pub groups: Option<Vec<Option<String>>>,
}

/// Values by name, in the order of the question.
#[derive(Debug, Clone)]
pub struct Named<T>(pub Vec<(String, T)>);

impl<T: Serialize> Serialize for Named<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// Why something is `null`, by its key.
pub type Notes = Named<String>;

impl Notes {
    fn keep<T>(&mut self, key: &str, result: Result<T, Unsaid>) -> Option<T> {
        result.map_err(|unsaid| self.0.push((key.to_owned(), unsaid.to_string()))).ok()
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct Analysis {
    pub scales: Named<ScaleResult>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factor_model: Option<FactorModel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drivers: Option<DriversResult>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<Named<GroupsResult>>,
    /// Of the factor model, the drivers and the groups; scales have their own.
    pub notes: Notes,
}

#[derive(Debug, Clone, Serialize)]
pub struct ScaleResult {
    /// People who answered every item, and any of them.
    pub n: usize,
    pub rows: usize,
    pub alpha: Option<f64>,
    pub alpha_interval: Option<Interval>,
    pub alpha_pairwise: Option<f64>,
    pub alpha_fiml: Option<f64>,
    pub omega: Option<f64>,
    /// Of the people's scores, each the mean of what they answered.
    pub mean: Option<f64>,
    pub mean_interval: Option<Interval>,
    pub items: Named<ItemResult>,
    pub notes: Notes,
}

#[derive(Debug, Clone, Serialize)]
pub struct ItemResult {
    pub n: usize,
    pub mean: Option<f64>,
    pub sd: Option<f64>,
    pub rest_correlation: Option<f64>,
    pub alpha_if_dropped: Option<f64>,
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct FactorModel {
    pub n: usize,
    pub chi2: Option<f64>,
    pub df: Option<usize>,
    pub p: Option<f64>,
    pub cfi: Option<f64>,
    pub tli: Option<f64>,
    pub rmsea: Option<f64>,
    pub rmsea_interval: Option<Interval>,
    pub srmr: Option<f64>,
    pub loadings: Named<Option<f64>>,
    pub correlations: Named<Named<Option<f64>>>,
}

#[derive(Debug, Clone, Serialize)]
pub struct DriversResult {
    pub n: usize,
    pub r2: Option<f64>,
    pub lmg: Named<Option<f64>>,
    pub johnson: Named<Option<f64>>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum GroupsResult {
    Two {
        groups: [String; 2],
        n: [usize; 2],
        difference: Option<f64>,
        t: Option<f64>,
        df: Option<f64>,
        p: Option<f64>,
        p_holm: Option<f64>,
    },
    More {
        pairs: Vec<PairResult>,
    },
}

#[derive(Debug, Clone, Serialize)]
pub struct PairResult {
    pub groups: [String; 2],
    pub difference: Option<f64>,
    pub se: Option<f64>,
    pub t: Option<f64>,
    pub df: Option<f64>,
    pub p: Option<f64>,
    pub interval: Option<Interval>,
}

/// Everything at once.
#[must_use]
pub fn analyse(survey: &Survey) -> Analysis {
    let mut notes = Notes::default();
    let scores: Vec<Vec<Cell>> = survey.scales.iter().map(|scale| sample::person_scores(&columns(scale))).collect();
    let scales = survey.scales.iter().zip(&scores).map(|(scale, scores)| (scale.name.clone(), of_scale(scale, scores)));
    let scales = Named(scales.collect());
    let factor_model = survey.scales.iter().any(|scale| scale.items.len() > 1).then(|| of_factors(survey, &mut notes));
    let drivers = survey.outcome.as_ref().map(|outcome| of_drivers(survey, &scores, outcome, &mut notes));
    let groups = survey.groups.as_ref().map(|groups| of_groups(survey, &scores, groups, &mut notes));
    Analysis { scales, factor_model, drivers, groups, notes }
}

fn columns(scale: &Scale) -> Vec<&[Cell]> {
    scale.items.iter().map(|item| item.answers.as_slice()).collect()
}

fn of_scale(scale: &Scale, scores: &[Cell]) -> ScaleResult {
    let columns = columns(scale);
    let answered: Vec<f64> = scores.iter().flatten().copied().collect();
    let mut notes = Notes::default();
    let alpha = notes.keep("alpha", reliability::alpha_listwise(&columns));
    let alpha_interval = notes.keep("alpha_interval", reliability::alpha_interval(&columns));
    let alpha_pairwise = notes.keep("alpha_pairwise", reliability::alpha_pairwise(&columns));
    let alpha_fiml = notes.keep("alpha_fiml", reliability::alpha_full_information(&columns));
    let omega = notes.keep("omega", reliability::omega(&columns));
    let mean_interval = notes.keep("mean_interval", intervals::of_mean(&answered));
    let items = of_items(scale, &columns, &mut notes);
    ScaleResult {
        n: sample::complete_rows(&columns).nrows(),
        rows: answered.len(),
        alpha,
        alpha_interval,
        alpha_pairwise,
        alpha_fiml,
        omega,
        mean: answered.iter().copied().collect::<sample::Moments>().mean(),
        mean_interval,
        items,
        notes,
    }
}

fn of_items(scale: &Scale, columns: &[&[Cell]], notes: &mut Notes) -> Named<ItemResult> {
    let covariances = notes.keep("items", reliability::item_covariances(columns));
    let rest = covariances.as_ref().and_then(|covariances| reliability::rest_correlations(covariances).ok());
    let dropped = covariances.as_ref().map(reliability::alpha_if_dropped);
    let mut item_of = |(place, item): (usize, &Item)| {
        let moments: sample::Moments = item.answers.iter().flatten().copied().collect();
        let mut of = |what: &str, all: &Option<Vec<Result<f64, Unsaid>>>| {
            all.as_ref().and_then(|all| notes.keep(&format!("items.{}.{what}", item.name), all[place]))
        };
        let (rest_correlation, alpha_if_dropped) = (of("rest_correlation", &rest), of("alpha_if_dropped", &dropped));
        (item.name.clone(), ItemResult { n: moments.n, mean: moments.mean(), sd: moments.deviation(), rest_correlation, alpha_if_dropped })
    };
    Named(scale.items.iter().enumerate().map(&mut item_of).collect())
}

fn of_factors(survey: &Survey, notes: &mut Notes) -> FactorModel {
    let all: Vec<&[Cell]> = survey.scales.iter().flat_map(columns).collect();
    let names: Vec<&String> = survey.scales.iter().flat_map(|scale| scale.items.iter().map(|item| &item.name)).collect();
    let rows = sample::complete_rows(&all);
    let model = Model::of_sizes(&survey.scales.iter().map(|scale| scale.items.len()).collect::<Vec<_>>());
    let nothing = || Named(names.iter().map(|name| ((*name).clone(), None)).collect());
    let Some(solution) = notes.keep("factor_model", factor::fit(&rows, &model)) else {
        return FactorModel { n: rows.nrows(), loadings: nothing(), ..FactorModel::default() };
    };
    let heywood = solution.heywood();
    let mut loading = |(place, name): (usize, &&String)| {
        let proper = solution.standardized[place].ok_or(Unsaid::Improper);
        let sound = if heywood.contains(&place) { Err(Unsaid::Heywood) } else { proper };
        ((*name).clone(), notes.keep(&format!("factor_model.loadings.{name}"), sound))
    };
    let loadings = Named(names.iter().enumerate().map(&mut loading).collect());
    let by_scale =
        |values: &Vec<Option<f64>>| Named(survey.scales.iter().map(|scale| scale.name.clone()).zip(values.iter().copied()).collect());
    let correlations = survey.scales.iter().zip(&solution.correlations).map(|(scale, row)| (scale.name.clone(), by_scale(row)));
    let fit = solution.fit;
    FactorModel {
        n: fit.n,
        chi2: Some(fit.chi2),
        df: Some(fit.df),
        p: fit.p,
        cfi: Some(fit.cfi),
        tli: Some(fit.tli),
        rmsea: Some(fit.rmsea),
        rmsea_interval: Some(fit.rmsea_interval),
        srmr: Some(fit.srmr),
        loadings,
        correlations: Named(correlations.collect()),
    }
}

fn of_drivers(survey: &Survey, scores: &[Vec<Cell>], outcome: &[Cell], notes: &mut Notes) -> DriversResult {
    let all: Vec<&[Cell]> = scores.iter().map(Vec::as_slice).chain([outcome]).collect();
    let rows = sample::complete_rows(&all);
    let found = notes.keep("drivers", drivers::of_rows(&rows));
    let shares = |of: fn(&drivers::Drivers) -> &Vec<f64>| {
        let share = |place: usize| found.as_ref().map(|found| of(found)[place]);
        Named(survey.scales.iter().enumerate().map(|(place, scale)| (scale.name.clone(), share(place))).collect())
    };
    DriversResult {
        n: rows.nrows(),
        r2: found.as_ref().map(|found| found.r2),
        lmg: shares(|found| &found.lmg),
        johnson: shares(|found| &found.johnson),
    }
}

fn of_groups(survey: &Survey, scores: &[Vec<Cell>], groups: &[Option<String>], notes: &mut Notes) -> Named<GroupsResult> {
    let names = in_order(groups);
    if names.len() < 2 {
        notes.keep::<()>("groups", Err(Unsaid::FewGroups));
        return Named::default();
    }
    let split = |scores: &Vec<Cell>| -> Vec<Vec<f64>> {
        let members = |name: &String| {
            scores.iter().zip(groups).filter(|(_, group)| group.as_ref() == Some(name)).filter_map(|(score, _)| *score).collect()
        };
        names.iter().map(members).collect()
    };
    let names_of_scales = survey.scales.iter().map(|scale| &scale.name);
    let scales: Vec<(&String, Vec<Vec<f64>>)> = names_of_scales.zip(scores.iter().map(split)).collect();
    if let [first, second] = names.as_slice() {
        return of_two([first, second], &scales, notes);
    }
    let mut pairs_of = |(scale, split): &(&String, Vec<Vec<f64>>)| {
        let places = (0..names.len()).flat_map(|first| (first + 1..names.len()).map(move |second| [first, second]));
        let pairs = places.zip(compare::games_howell(split)).map(|(places, pair)| {
            let groups = places.map(|place| names[place].clone());
            let pair = notes.keep(&format!("groups.{scale}.{}-{}", groups[0], groups[1]), pair);
            of_pair(groups, pair)
        });
        ((*scale).clone(), GroupsResult::More { pairs: pairs.collect() })
    };
    Named(scales.iter().map(&mut pairs_of).collect())
}

fn of_pair(groups: [String; 2], pair: Option<compare::Pair>) -> PairResult {
    PairResult {
        groups,
        difference: pair.map(|pair| pair.difference),
        se: pair.map(|pair| pair.error),
        t: pair.map(|pair| pair.t),
        df: pair.map(|pair| pair.df),
        p: pair.map(|pair| pair.p),
        interval: pair.map(|pair| pair.interval),
    }
}

fn of_two(names: [&String; 2], scales: &[(&String, Vec<Vec<f64>>)], notes: &mut Notes) -> Named<GroupsResult> {
    let mut test = |(scale, split): &(&String, Vec<Vec<f64>>)| notes.keep(&format!("groups.{scale}"), compare::welch(&split[0], &split[1]));
    let tests: Vec<Option<compare::Welch>> = scales.iter().map(&mut test).collect();
    let mut corrected = compare::holm(&tests.iter().flatten().map(|test| test.p).collect::<Vec<_>>()).into_iter();
    let results = scales.iter().zip(tests).map(|((scale, split), test)| {
        let result = GroupsResult::Two {
            groups: names.map(Clone::clone),
            n: [split[0].len(), split[1].len()],
            difference: test.map(|test| test.difference),
            t: test.map(|test| test.t),
            df: test.map(|test| test.df),
            p: test.map(|test| test.p),
            p_holm: test.and_then(|_| corrected.next()),
        };
        ((*scale).clone(), result)
    });
    Named(results.collect())
}

/// Groups by number where all are numbers, else by letter.
fn in_order(groups: &[Option<String>]) -> Vec<String> {
    let mut names: Vec<String> = groups.iter().flatten().cloned().collect();
    names.sort_by_key(|name| (name.to_lowercase(), name.clone()));
    names.dedup();
    let numbers: Option<Vec<f64>> = names.iter().map(|name| name.parse().ok().filter(|number: &f64| number.is_finite())).collect();
    if let Some(numbers) = numbers {
        let mut together: Vec<(f64, String)> = numbers.into_iter().zip(names).collect();
        together.sort_by(|a, b| a.0.total_cmp(&b.0));
        return together.into_iter().map(|(_, name)| name).collect();
    }
    names
}
