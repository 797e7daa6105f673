//! What somebody answers to a survey: a model of persons (how kindly they judge at all), dimensions, what befell this
//! order, and chance. Whatever the desk finds in the answers was put there here.

use super::{chance::Chance, people::Person};
use domain::Language;

/// What befell an order, and when it is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Experience {
    /// Days after the last one that was promised.
    pub late: i64,
    /// The shop is slow while they answer.
    pub slow: bool,
    /// Something was broken, or another thing.
    pub spoiled: bool,
    /// There was trouble that somebody took care of: well or badly.
    pub solved: Option<bool>,
}

impl Experience {
    pub fn has_trouble(&self) -> bool {
        self.late > 0 || self.spoiled || self.solved.is_some()
    }
}

/// Somebody who answers one survey.
pub struct Opinion<'a> {
    person: &'a Person,
    experience: Experience,
    chance: Chance,
    /// What they think of each dimension, besides what befell them.
    leanings: [f64; DIMENSIONS.len()],
    /// Ticks the same everywhere, and quickly.
    careless: Option<i16>,
}

/// A dimension with what is usually answered in it.
const DIMENSIONS: [(&str, f64); 10] = [
    ("EFF", 4.25),
    ("SYS", 4.35),
    ("FUL", 4.35),
    ("PRI", 4.2),
    ("VAL", 4.05),
    ("LOY", 4.0),
    ("RES", 3.9),
    ("COM", 3.6),
    ("CON", 3.8),
    ("SRV", 3.6),
];

impl<'a> Opinion<'a> {
    pub fn of(person: &'a Person, experience: Experience, mut chance: Chance) -> Self {
        let leanings = std::array::from_fn(|_| 0.26 * chance.normal());
        let careless = if chance.yes(0.04) { Some(if chance.yes(0.5) { 4 } else { 5 }) } else { None };
        Self { person, experience, chance, leanings, careless }
    }

    /// A value on the item's scale; nothing where it does not apply.
    pub fn value(&mut self, code: &str, lowest: i16, highest: i16) -> Option<i16> {
        let na = match code.get(..3) {
            _ if self.careless.is_some() => 0.0,
            Some("PRI") => 0.03,
            Some("RES" | "COM" | "CON") => 0.08,
            _ => 0.004,
        };
        if self.chance.yes(na) {
            return None;
        }
        let felt = match self.careless {
            Some(value) if highest == 5 => f64::from(value),
            _ if code == "NPS" => 8.3 + 1.7 * self.felt("LOY", "LOY2") + 0.9 * self.chance.normal(),
            _ => {
                let dimension = code.get(..3).unwrap_or_default();
                let usual = DIMENSIONS.iter().find(|(known, _)| *known == dimension).map_or(3.7, |(_, usual)| *usual);
                usual + particular(code) + self.felt(dimension, code) + 0.55 * self.chance.normal()
            }
        };
        #[allow(clippy::cast_possible_truncation, reason = "within the scale")]
        Some(felt.round().clamp(f64::from(lowest), f64::from(highest)) as i16)
    }

    /// How much better or worse than usual, without chance.
    fn felt(&self, dimension: &str, code: &str) -> f64 {
        let place = DIMENSIONS.iter().position(|(known, _)| *known == dimension);
        let leaning = place.map_or(0.0, |place| self.leanings[place]);
        let Experience { late, slow, spoiled, solved } = self.experience;
        let mut felt = self.person.mood + leaning;
        if late > 0 {
            // Who has patience minds it less; each further day is minded less than the first.
            let minded = (0.7 + 0.25 * late as f64).min(1.6) * (1.25 - 0.5 * self.person.patience);
            felt += minded * lateness(code);
        }
        if slow {
            felt += slowness(code);
        }
        if spoiled {
            felt += spoiling(code);
        }
        felt + match (solved, dimension) {
            (Some(true), "RES" | "COM" | "CON") => 0.4,
            (Some(false), "RES" | "COM" | "CON") => -1.4,
            (Some(true), "LOY") => 0.4,
            (Some(false), "LOY") => -0.7,
            _ => 0.0,
        }
    }

    /// From seeing a question to answering it.
    pub fn milliseconds(&mut self) -> u32 {
        let time = if self.careless.is_some() { self.chance.time(900.0, 0.3) } else { self.chance.time(5200.0, 0.5) };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some seconds")]
        let whole = time.clamp(250.0, 120_000.0) as u32;
        whole
    }

    pub fn language(&self) -> Language {
        self.person.language
    }

    pub fn chance(&mut self) -> &mut Chance {
        &mut self.chance
    }
}

fn lateness(code: &str) -> f64 {
    match code {
        "FUL1" => -1.9,
        "FUL7" => -1.8,
        "FUL3" => -1.5,
        "FUL2" => -1.3,
        "FUL4" | "FUL5" | "FUL6" => -0.8,
        "COM2" => -0.7,
        "LOY1" | "LOY2" | "LOY3" | "LOY4" | "LOY5" => -0.45,
        "VAL1" | "VAL2" | "VAL3" | "VAL4" => -0.25,
        _ => 0.0,
    }
}

fn slowness(code: &str) -> f64 {
    match code {
        "EFF5" => -2.1,
        "EFF7" => -1.5,
        "EFF3" => -1.2,
        "SYS3" => -1.9,
        "SYS4" => -1.7,
        "SYS2" => -1.6,
        "SYS1" => -0.9,
        "VAL2" | "VAL3" => -0.5,
        _ if code.starts_with("EFF") => -0.7,
        _ if code.starts_with("LOY") => -0.3,
        _ => 0.0,
    }
}

fn spoiling(code: &str) -> f64 {
    match code {
        "FUL4" => -1.3,
        "FUL6" => -0.7,
        _ if code.starts_with("LOY") => -0.4,
        _ => 0.0,
    }
}

/// Some items are harder to agree with than others of their dimension.
fn particular(code: &str) -> f64 {
    match code {
        "EFF6" | "SYS1" | "PRI3" => 0.2,
        "EFF1" | "FUL2" | "CON1" | "COM3" | "LOY3" | "SRV3" => -0.2,
        "SRV1" | "SRV4" => 0.6,
        "LOY4" | "SRV6" => -0.35,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(codes: &[&str], experience: Experience) -> f64 {
        let answers = (0..400).flat_map(|index| {
            let person = Person::new(1, index);
            let mut opinion = Opinion::of(&person, experience, Chance::of(2, "opinion", index));
            codes.iter().filter_map(|code| opinion.value(code, 1, 5)).map(f64::from).collect::<Vec<_>>()
        });
        let answers: Vec<f64> = answers.collect();
        answers.iter().sum::<f64>() / answers.len() as f64
    }

    #[test]
    fn what_befell_an_order_shows_in_its_dimension_and_not_in_the_others() {
        let usual = Experience::default();
        let late = Experience { late: 3, ..usual };
        let slow = Experience { slow: true, ..usual };
        let falls = |codes, experience| mean(codes, usual) - mean(codes, experience);
        assert!(falls(&["FUL1", "FUL7"], late) > 1.2 && falls(&["EFF5", "SYS3", "PRI1"], late).abs() < 0.1);
        assert!(falls(&["EFF5", "EFF7"], slow) > 1.0 && falls(&["SYS3"], slow) > 0.8 && falls(&["FUL1", "PRI1"], slow).abs() < 0.1);
        let (well, badly) = (Experience { solved: Some(true), ..late }, Experience { solved: Some(false), ..late });
        assert!(mean(&["RES5", "COM1", "CON3"], well) - mean(&["RES5", "COM1", "CON3"], badly) > 1.0);
    }

    #[test]
    fn answers_lie_on_their_scale() {
        let person = Person::new(1, 1);
        let mut opinion =
            Opinion::of(&person, Experience { late: 5, slow: true, spoiled: true, solved: Some(false) }, Chance::of(1, "o", 1));
        assert!((0..200).filter_map(|_| opinion.value("NPS", 0, 10)).all(|value| (0..=10).contains(&value)));
        assert!((0..200).filter_map(|_| opinion.value("FUL1", 1, 5)).all(|value| (1..=5).contains(&value)));
    }
}
