//! Classes by name, and each with its figures as a sentence.

use crate::words;
use domain::{
    Language,
    customers::{CustomerClass, Reason},
    format,
};

#[must_use]
pub fn class(class: CustomerClass, language: Language) -> String {
    match class {
        CustomerClass::Frequent => words!(language, customers.class.frequent),
        CustomerClass::Habitual => words!(language, customers.class.habitual),
        CustomerClass::Occasional => words!(language, customers.class.occasional),
        CustomerClass::Active => words!(language, customers.class.active),
        CustomerClass::Inactive => words!(language, customers.class.inactive),
        CustomerClass::Prospect => words!(language, customers.class.prospect),
        CustomerClass::HighVolume => words!(language, customers.class.high_volume),
        CustomerClass::AverageVolume => words!(language, customers.class.average_volume),
        CustomerClass::PleasedButFragile => words!(language, customers.class.pleased_but_fragile),
        CustomerClass::Dissatisfied => words!(language, customers.class.dissatisfied),
    }
}

/// "frequent: 4 orders in 12 months, mean gap 21 days"
#[must_use]
pub fn sentence(reason: &Reason, language: Language) -> String {
    format!("{}: {}", class(reason.class(), language), why(reason, language))
}

fn why(reason: &Reason, language: Language) -> String {
    match *reason {
        Reason::Frequent { orders, mean_gap } => {
            words!(language, customers.why.frequent, orders = orders, gap = decimal(mean_gap, 1, language))
        }
        Reason::Habitual { orders, variation } => {
            words!(language, customers.why.habitual, orders = orders, variation = decimal(variation, 2, language))
        }
        Reason::Occasional { orders: 1 } => words!(language, customers.why.occasional_once),
        Reason::Occasional { orders } => words!(language, customers.why.occasional, orders = orders),
        Reason::Active { last } | Reason::Inactive { last } => words!(language, customers.why.last, day = format::date(last, language)),
        Reason::HighVolume { .. } => words!(language, customers.why.high_volume),
        Reason::AverageVolume { money } => words!(language, customers.why.average_volume, money = money),
        Reason::PleasedButFragile { satisfaction, alive } => {
            words!(language, customers.why.fragile, rating = satisfaction, chance = chance(alive, language))
        }
        Reason::Dissatisfied { satisfaction: Some(rating), complaint: true } if rating <= 2 => {
            words!(language, customers.why.rating_and_complaint, rating = rating)
        }
        Reason::Dissatisfied { complaint: true, .. } => words!(language, customers.why.complaint),
        Reason::Dissatisfied { satisfaction, .. } => words!(language, customers.why.rating, rating = satisfaction.unwrap_or_default()),
    }
}

/// Whole percents.
#[must_use]
pub fn chance(share: f64, language: Language) -> String {
    format::percent((share.clamp(0.0, 1.0) * 100.0).round() as u32 * 100, language)
}

/// Without a fraction where there is none.
#[must_use]
pub fn decimal(value: f64, places: usize, language: Language) -> String {
    let written = format!("{value:.places$}");
    let short = if written.contains('.') { written.trim_end_matches('0').trim_end_matches('.') } else { &written };
    if language == Language::Es { short.replace('.', ",") } else { short.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Language::{En, Es};
    use time::macros::date;

    #[test]
    fn each_class_is_explained_with_its_figures_in_both_languages() {
        let frequent = Reason::Frequent { orders: 4, mean_gap: 21.0 };
        assert_eq!(sentence(&frequent, En), "frequent: 4 orders in 12 months, mean gap 21 days");
        assert_eq!(sentence(&frequent, Es), "frecuente: 4 pedidos en 12 meses, cada 21 días de media");
        let uneven = Reason::Frequent { orders: 4, mean_gap: 21.3 };
        assert!(sentence(&uneven, En).ends_with("mean gap 21.3 days") && sentence(&uneven, Es).contains("cada 21,3 días"));
        assert_eq!(sentence(&Reason::Occasional { orders: 1 }, En), "occasional: 1 order in 12 months");
        let active = Reason::Active { last: date!(2026 - 11 - 12) };
        assert_eq!(sentence(&active, Es), "activo: último pedido el 12 de noviembre de 2026");
        let fragile = Reason::PleasedButFragile { satisfaction: 5, alive: 0.31 };
        assert_eq!(sentence(&fragile, En), "pleased but fragile: last rating 5 of 5, chance of ordering again 31%");
        let both = Reason::Dissatisfied { satisfaction: Some(2), complaint: true };
        assert_eq!(sentence(&both, En), "dissatisfied: last rating 2 of 5, and a complaint that is open or was closed without their word");
        let complains = Reason::Dissatisfied { satisfaction: Some(5), complaint: true };
        assert_eq!(sentence(&complains, En), "dissatisfied: a complaint that is open or was closed without their word");
    }

    #[test]
    fn numbers_are_as_short_as_they_are_exact() {
        assert_eq!(decimal(20.0, 1, En), "20");
        assert_eq!(decimal(0.5, 2, Es), "0,5");
        assert_eq!(decimal(100.0, 0, En), "100");
    }
}
