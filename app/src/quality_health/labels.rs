//! Numbers as people read them, and why there is none.

use crate::words;
use domain::{Language, format};
use shop::survey_health::{Interval, Stated, Unsaid};

pub(super) fn decimal(value: f64, places: usize, language: Language) -> String {
    let text = format!("{value:.places$}");
    if language == Language::Es { text.replace('.', ",") } else { text }
}

/// In a cell: what is not known is a dash.
pub(super) fn cell(value: Option<f64>, places: usize, language: Language) -> String {
    value.map_or_else(|| words!(language, health.none), |value| decimal(value, places, language))
}

/// In whole tenths of a percent.
pub(super) fn percent(share: f64, language: Language) -> String {
    format::percent((share.max(0.0) * 1000.0).round() as u32 * 10, language)
}

pub(super) fn percent_cell(share: Option<f64>, language: Language) -> String {
    share.map_or_else(|| words!(language, health.none), |share| percent(share, language))
}

pub(super) fn between(interval: Option<Interval>, places: usize, language: Language) -> String {
    interval.map_or_else(String::new, |(low, high)| {
        words!(language, health.between, low = decimal(low, places, language), high = decimal(high, places, language))
    })
}

pub(super) fn count(number: usize, language: Language) -> String {
    format::count(u64::try_from(number).unwrap_or(0), language)
}

/// A figure, or the reason that there is none; `needed` answers make one.
pub(super) fn stated(figure: &Stated<f64>, needed: usize, language: Language) -> String {
    match figure {
        Stated::Said(value) => decimal(*value, 3, language),
        Stated::Few => words!(language, health.needs, n = needed),
        Stated::Unsaid(why) => unsaid(*why, language),
    }
}

pub(super) fn unsaid(why: Unsaid, language: Language) -> String {
    match why {
        Unsaid::OneItem => words!(language, health.unsaid.one_item),
        Unsaid::Constant => words!(language, health.unsaid.constant),
        Unsaid::ConstantItem => words!(language, health.unsaid.constant_item),
        Unsaid::Singular => words!(language, health.unsaid.singular),
        Unsaid::NeverTogether => words!(language, health.unsaid.never_together),
        Unsaid::NotIdentified => words!(language, health.unsaid.not_identified),
        Unsaid::NoConvergence => words!(language, health.unsaid.no_convergence),
        Unsaid::Heywood | Unsaid::Improper => words!(language, health.unsaid.heywood),
        Unsaid::TooFew | Unsaid::FewGroups | Unsaid::ManyPredictors | Unsaid::NoRepeats => words!(language, health.unsaid.too_few),
    }
}
