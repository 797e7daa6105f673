//! Names and numbers as the quality desk writes them.

use crate::{customers, words};
use domain::{
    Language, Translated,
    customers::CustomerClass,
    format,
    scores::{ALL, Segment},
    surveys::Version,
};
use shop::scores::Score;
use std::collections::BTreeMap;
use time::Date;

/// A dimension's name, or what all are called together.
pub(super) fn measure(version: &Version, code: &str, language: Language) -> String {
    if code == ALL {
        return words!(language, quality.overall);
    }
    let dimension = version.dimensions.iter().find(|dimension| dimension.code == code);
    dimension.map_or_else(|| code.to_owned(), |dimension| dimension.name.get(language).to_owned())
}

pub(super) fn segment(segment: Segment, language: Language) -> String {
    match segment {
        Segment::Form => words!(language, quality.segment.form),
        Segment::Language => words!(language, quality.segment.language),
        Segment::Device => words!(language, quality.segment.device),
        Segment::Buyer => words!(language, quality.segment.buyer),
        Segment::Category => words!(language, quality.segment.category),
        Segment::Carrier => words!(language, quality.segment.carrier),
        Segment::Arrival => words!(language, quality.segment.arrival),
        Segment::Class => words!(language, quality.segment.class),
    }
}

/// Carriers and categories have the names that the merchant gave them; one that is gone keeps its code.
pub(super) fn value(named: &BTreeMap<String, Translated>, segment: Segment, value: &str, language: Language) -> String {
    if let Some(name) = named.get(&format!("{}={value}", segment.code())) {
        return name.get(language).to_owned();
    }
    match value {
        "full" => words!(language, quality.value.full),
        "short" => words!(language, quality.value.short),
        "phone" => words!(language, quality.value.phone),
        "tablet" => words!(language, quality.value.tablet),
        "desktop" => words!(language, quality.value.desktop),
        "returning" => words!(language, quality.value.returning),
        "new" => words!(language, quality.value.new),
        "on_time" => words!(language, quality.value.on_time),
        "late" => words!(language, quality.value.late),
        "es" => Language::Es.endonym().to_owned(),
        "en" => Language::En.endonym().to_owned(),
        other => CustomerClass::from_code(other).map_or_else(|| other.to_owned(), |class| customers::labels::class(class, language)),
    }
}

pub(super) fn decimal(value: f64, places: usize, language: Language) -> String {
    let text = format!("{value:.places$}");
    // What rounds to nothing has no sign.
    let text = if text.trim_start_matches(['-', '0', '.']).is_empty() {
        text.trim_start_matches('-').to_owned()
    } else {
        text.replace('-', "−")
    };
    if language == Language::Es { text.replace('.', ",") } else { text }
}

pub(super) fn share(share: f64, language: Language) -> String {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share")]
    let points = (share.clamp(0.0, 1.0) * 1000.0).round() as u32 * 10;
    format::percent(points, language)
}

pub(super) fn between((low, high): (f64, f64), places: usize, language: Language) -> String {
    words!(language, quality.between, low = decimal(low, places, language), high = decimal(high, places, language))
}

/// `marzo de 2026`, `March 2026`.
pub(super) fn month(date: Date, language: Language) -> String {
    let whole = format::date(date, language);
    // After the day, and "de" in Spanish.
    whole.split_once(if language == Language::Es { " de " } else { " " }).map_or(whole.clone(), |(_, rest)| rest.to_owned())
}

/// The score of a cell, or why there is none.
pub(super) fn score(score: &Score, language: Language) -> String {
    match score.mean {
        Some(mean) => decimal(mean, 2, language),
        None if score.hidden => words!(language, quality.hidden),
        None => words!(language, quality.nothing),
    }
}

/// Milliseconds as people say them.
pub(super) fn quick(milliseconds: f64, language: Language) -> String {
    if milliseconds < 995.0 {
        words!(language, reports.measured.milliseconds, n = decimal(milliseconds, 0, language))
    } else {
        words!(language, reports.measured.seconds, n = decimal(milliseconds / 1000.0, 1, language))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn numbers_read_as_in_the_language() {
        assert_eq!(decimal(-0.004, 2, Language::En), "0.00");
        assert_eq!(decimal(-0.25, 2, Language::Es), "−0,25");
        assert_eq!(share(0.9543, Language::En), "95.4%");
        assert_eq!(month(date!(2026 - 03 - 01), Language::Es), "marzo de 2026");
        assert_eq!(month(date!(2026 - 03 - 01), Language::En), "March 2026");
    }
}
