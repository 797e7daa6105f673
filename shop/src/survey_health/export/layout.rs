//! Which columns the table of answers has, in their order, and what each means.

use super::super::{
    scope::Scope,
    table::{self, Rated},
};
use domain::{Language, surveys::Dimension};
use uuid::Uuid;

/// Held by fewer people than this a segment is called so.
pub(super) const OTHER: &str = "other";

pub(super) struct Column {
    pub name: String,
    pub en: String,
    pub es: String,
    /// What may stand in it.
    pub values: String,
    pub reversed: String,
    /// What stands in it where there is no answer.
    pub missing: String,
    /// Versions of the instrument that have it.
    pub versions: Vec<i32>,
}

/// The items and dimensions of the versions that are asked for.
pub(super) struct Layout {
    pub items: Vec<Rated>,
    /// An item's id, its place, and whether it is turned round.
    pub meanings: Vec<(Uuid, usize, bool)>,
    pub dimensions: Vec<Dimension>,
    versions: Vec<i32>,
    /// By the item's place: versions that ask it, and whether they turn it round.
    asked_by: Vec<Vec<(i32, bool)>>,
}

/// Name, meaning in English and Spanish, values.
const FIXED: [(&str, &str, &str, &str); 11] = [
    (
        "id",
        "Number of the row in this file; it says nothing of whose it is",
        "Número de la fila en este archivo; no dice de quién es",
        "1, 2, ...",
    ),
    ("version", "Version of the instrument (wave)", "Versión del instrumento (oleada)", "1, 2, ..."),
    ("form", "Which form was asked", "Qué forma se preguntó", "full, short"),
    ("language", "Language of the answers", "Idioma de las respuestas", "en, es"),
    ("week", "Week in which it was finished (ISO 8601)", "Semana en que se terminó (ISO 8601)", "2026-W48"),
    ("returning", "Had bought before", "Ya había comprado antes", "1, 0"),
    ("device", "What it was answered on", "Con qué se respondió", "phone, tablet, desktop, other: held by fewer than five"),
    (
        "category",
        "Category of what cost most in the order",
        "Categoría de lo que más costó del pedido",
        "address of the category, other: held by fewer than five",
    ),
    ("carrier", "Carrier of the order", "Transportista del pedido", "code of the carrier, other: held by fewer than five"),
    (
        "trouble_known",
        "The shop knew of a complaint, a conversation or a refund",
        "La tienda sabía de una queja, una conversación o un reembolso",
        "1, 0",
    ),
    ("trouble_said", "The person said that there was a problem", "La persona dijo que hubo un problema", "1, 0"),
];

/// Earlier answers that were imported need not have all of them.
const MAY_BE_UNKNOWN: [&str; 5] = ["returning", "device", "category", "carrier", "trouble_said"];

const NOT_ASKED: &str = "empty: not asked or not answered";
const NOT_ASKED_OR_NA: &str = "empty: not asked or not answered; NA: does not apply";

impl Layout {
    pub fn of(scope: &Scope) -> Self {
        let (items, meanings) = table::rated(scope.wanted().map(|(_, version)| version));
        let mut asked_by = vec![Vec::new(); items.len()];
        for (_, version) in scope.wanted() {
            for item in &version.items {
                if let Some((_, place, turned)) = meanings.iter().find(|(id, ..)| *id == item.id) {
                    asked_by[*place].push((version.number, *turned));
                }
            }
        }
        Self {
            dimensions: table::dimensions(scope.wanted().map(|(_, version)| version)),
            versions: scope.wanted().map(|(_, version)| version.number).collect(),
            items,
            meanings,
            asked_by,
        }
    }

    /// Segments, answers, seconds, scores. Rows are written in the same order.
    pub fn columns(&self) -> Vec<Column> {
        let fixed = FIXED.iter().map(|(name, en, es, values)| Column {
            name: (*name).to_owned(),
            en: (*en).to_owned(),
            es: (*es).to_owned(),
            values: (*values).to_owned(),
            reversed: String::new(),
            missing: if MAY_BE_UNKNOWN.contains(name) { "empty: not known".to_owned() } else { String::new() },
            versions: self.versions.clone(),
        });
        let answers = self.items.iter().enumerate().map(|(place, item)| self.answer(place, item));
        let seconds = self.items.iter().enumerate().map(|(place, item)| self.seconds(place, item));
        fixed.chain(answers).chain(seconds).chain(self.dimensions.iter().map(|dimension| self.score(dimension))).collect()
    }

    fn answer(&self, place: usize, item: &Rated) -> Column {
        let turned: Vec<String> =
            self.asked_by[place].iter().filter(|(_, turned)| *turned).map(|(version, _)| version.to_string()).collect();
        let reversed = match turned.len() {
            0 => "no".to_owned(),
            all if all == self.asked_by[place].len() => "yes".to_owned(),
            _ => format!("yes in version {}", turned.join(" ")),
        };
        Column {
            name: item.code.clone(),
            en: item.text.get(Language::En).to_owned(),
            es: item.text.get(Language::Es).to_owned(),
            values: format!("{} to {}, as answered", item.lowest, item.highest),
            reversed,
            missing: NOT_ASKED_OR_NA.to_owned(),
            versions: self.asked_by[place].iter().map(|(version, _)| *version).collect(),
        }
    }

    fn seconds(&self, place: usize, item: &Rated) -> Column {
        Column {
            name: format!("{}_seconds", item.code),
            en: format!("Seconds from seeing {} to the first answer", item.code),
            es: format!("Segundos desde ver {} hasta la primera respuesta", item.code),
            values: "seconds".to_owned(),
            reversed: String::new(),
            missing: "empty: not answered or not known".to_owned(),
            versions: self.asked_by[place].iter().map(|(version, _)| *version).collect(),
        }
    }

    fn score(&self, dimension: &Dimension) -> Column {
        Column {
            name: format!("{}_score", dimension.code),
            en: format!("{}: mean of the person's answers to its items, reversed ones turned round", dimension.name.get(Language::En)),
            es: format!(
                "{}: media de las respuestas de la persona a sus ítems, con los inversos girados",
                dimension.name.get(Language::Es)
            ),
            values: "mean, four decimals".to_owned(),
            reversed: String::new(),
            missing: NOT_ASKED.to_owned(),
            versions: self.versions.clone(),
        }
    }
}
