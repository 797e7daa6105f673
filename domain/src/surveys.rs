//! What shoppers are asked after a delivery: instruments as data, which of their questions a person gets and in which
//! order, what counts as an answer, and why something is refused.

mod case;
mod cleaning;
mod help;
mod short_form;
mod themes;

use crate::{
    language::{Language, Translated},
    states::states,
};
pub use case::{
    CONTACT, CaseReason, CaseRefusal, CaseState, CaseStep, Finished, MOST_OF_AN_ANSWER, RECOMMEND, Scores, Thresholds, reasons,
};
pub use cleaning::{cleaned, without_cards};
pub use help::asks_for_help;
use serde::{Deserialize, Serialize};
pub use short_form::{chosen, form};
use short_form::{cycle, shuffle};
pub use themes::{Theme, themes};
use uuid::Uuid;

/// The longest answer in words, in characters.
pub const MOST_WORDS: usize = 2000;
/// The longest wording of a question, in characters.
pub const MOST_WORDING: usize = 300;
/// The longest time that counts for one answer: who takes longer does something else meanwhile.
pub const MOST_MILLISECONDS: u32 = 600_000;
/// Under this code the answer to the question that opens the dimensions of recovery is sent.
pub const GATE: &str = "PROBLEM";
/// Sent for "doesn't apply", which is an answer and no value.
pub const DOES_NOT_APPLY: &str = "na";

states! {
    /// How much one person is asked.
    Form { Full = "full", Short = "short" }
}

states! {
    /// Which forms are given out: both, fairly, or only one of them.
    Split { Even = "even", Full = "full", Short = "short" }
}

states! {
    /// What somebody answers on, as far as the browser tells.
    Device { Phone = "phone", Tablet = "tablet", Desktop = "desktop" }
}

states! {
    /// Where a dimension stands in the questionnaire: what is measured, what goes with it, what only those are asked who
    /// had a problem, and the end.
    Part { Main = "main", Companion = "companion", Recovery = "recovery", Closing = "closing" }
}

impl Device {
    #[must_use]
    pub fn of(user_agent: &str) -> Self {
        let says = |word: &str| user_agent.contains(word);
        if says("iPad") || says("Tablet") || (says("Android") && !says("Mobile")) {
            Self::Tablet
        } else if says("Mobi") || says("iPhone") {
            Self::Phone
        } else {
            Self::Desktop
        }
    }
}

/// What may be answered: a step from lowest to highest, each with its label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scale {
    pub code: String,
    pub lowest: i16,
    pub highest: i16,
    pub labels: Vec<Translated>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dimension {
    pub code: String,
    pub part: Part,
    pub name: Translated,
    /// So many of its items are asked in the short form; `None`: all of them.
    pub short_items: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub id: Uuid,
    /// The same in every version.
    pub code: String,
    pub dimension: String,
    pub text: Translated,
    /// A high answer is a bad one.
    pub reversed: bool,
    /// `None`: answered in words.
    pub scale: Option<Scale>,
}

/// One version of an instrument. Answers stay with the version they were given to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    pub instrument: String,
    pub number: i32,
    pub title: Translated,
    pub intro: Translated,
    /// The question that opens the dimensions of recovery.
    pub gate: Option<Translated>,
    pub dimensions: Vec<Dimension>,
    pub items: Vec<Item>,
}

impl Version {
    /// The items of one person in their order. The short form takes the `turn`th set of each dimension; `order` is the
    /// person's own number. What is measured comes in random order, and so does what those are asked who had a problem.
    #[must_use]
    pub fn set(&self, form: Form, turn: u64, seed: u64, order: u64) -> Vec<&Item> {
        let mut set = Vec::new();
        for part in Part::ALL {
            let mut of_part: Vec<&Item> = Vec::new();
            for (index, dimension) in (0_u64..).zip(&self.dimensions).filter(|(_, dimension)| dimension.part == *part) {
                let items: Vec<&Item> = self.items.iter().filter(|item| item.dimension == dimension.code).collect();
                match dimension.short_items.filter(|_| form == Form::Short) {
                    Some(count) => of_part.extend(chosen(items.len(), count, turn, seed ^ (index << 32)).into_iter().map(|i| items[i])),
                    None => of_part.extend(items),
                }
            }
            if matches!(part, Part::Main | Part::Recovery) {
                shuffle(&mut of_part, order ^ (*part as u64));
            }
            set.extend(of_part);
        }
        set
    }

    /// After how many short forms every item and every pair of them was asked equally often.
    #[must_use]
    pub fn cycle(&self) -> u64 {
        let size = |dimension: &Dimension| self.items.iter().filter(|item| item.dimension == dimension.code).count();
        let asked = |dimension: &Dimension| dimension.short_items.map(|count| (size(dimension), count));
        cycle(&self.dimensions.iter().filter_map(asked).collect::<Vec<_>>())
    }

    #[must_use]
    pub fn part_of(&self, item: &Item) -> Part {
        self.dimensions.iter().find(|dimension| dimension.code == item.dimension).map_or(Part::Main, |dimension| dimension.part)
    }
}

/// How a question is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// One of these values with their labels; or it does not apply.
    Scale(Vec<(i16, String)>),
    Words,
    /// Yes or no: whether there was a problem.
    Gate,
}

/// A question as one person sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub code: String,
    pub text: String,
    pub part: Part,
    pub ask: Ask,
    /// As it was sent, empty while there is none.
    pub answer: String,
    /// Only for those who had a problem, and they have not said so yet.
    pub hidden: bool,
}

impl Question {
    #[must_use]
    pub fn is_answered(&self) -> bool {
        !self.answer.is_empty()
    }
}

/// What somebody answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Value(i16),
    DoesNotApply,
    Words(String),
    /// Nothing any more.
    NoWords,
    Problem(bool),
    /// To be answered by a person, or not.
    Contact(bool),
}

/// What was sent for a question with this scale (`None`: in words) means.
///
/// # Errors
/// A value that is not on the scale; too many words.
pub fn read(scale: Option<&Scale>, sent: &str) -> Result<Answer, SurveyRefusal> {
    let Some(scale) = scale else {
        let words = without_cards(sent.replace('\0', "").trim());
        return match words.chars().count() {
            0 => Ok(Answer::NoWords),
            count if count > MOST_WORDS => Err(SurveyRefusal::TooLong),
            _ => Ok(Answer::Words(words)),
        };
    };
    if sent == DOES_NOT_APPLY {
        return Ok(Answer::DoesNotApply);
    }
    let on_scale = |value: &i16| (scale.lowest..=scale.highest).contains(value);
    sent.parse().ok().filter(on_scale).map(Answer::Value).ok_or(SurveyRefusal::NotAnAnswer)
}

impl Scale {
    /// Its steps with their labels in `language`.
    #[must_use]
    pub fn steps(&self, language: Language) -> Vec<(i16, String)> {
        (self.lowest..=self.highest).zip(&self.labels).map(|(value, label)| (value, label.get(language).to_owned())).collect()
    }
}

/// Why something about a survey was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurveyRefusal {
    #[error("no such survey")]
    NoSuchSurvey,
    #[error("the survey is over")]
    Expired,
    #[error("finished already")]
    Finished,
    #[error("nothing was answered")]
    NothingAnswered,
    #[error("not an answer to this question")]
    NotAnAnswer,
    #[error("too long")]
    TooLong,
    #[error("this needs another role")]
    NotAllowed,
    #[error("somebody changed it meanwhile")]
    ChangedMeanwhile,
    #[error("a wording is missing or too long")]
    BadWording,
    #[error("a code is wrong or taken")]
    BadCode,
    #[error("a dimension has too few items")]
    TooFewItems,
    #[error("out of bounds")]
    OutOfBounds,
    #[error("no order of this number was delivered")]
    NotDelivered,
    #[error("asked already, or not long ago")]
    AskedAlready,
    #[error("this person does not want to be asked")]
    OptedOut,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn version() -> Version {
        let dimension = |code: &str, part, short_items| Dimension { code: code.into(), part, name: Translated::default(), short_items };
        let dimensions = vec![
            dimension("EFF", Part::Main, Some(2)),
            dimension("PRI", Part::Main, Some(2)),
            dimension("VAL", Part::Companion, Some(0)),
            dimension("RES", Part::Recovery, None),
        ];
        let item = |(number, dimension): (u128, &str)| Item {
            id: Uuid::from_u128(number),
            code: format!("{dimension}{number}"),
            dimension: dimension.into(),
            text: Translated::default(),
            reversed: false,
            scale: None,
        };
        let of = ["EFF"; 8].into_iter().chain(["PRI"; 3]).chain(["VAL"; 4]).chain(["RES"; 5]);
        Version {
            instrument: "test".into(),
            number: 1,
            title: Translated::default(),
            intro: Translated::default(),
            gate: None,
            dimensions,
            items: (0..).zip(of).map(item).collect(),
        }
    }

    #[test]
    fn everybody_has_an_order_of_their_own_that_stays_the_same() {
        let version = version();
        let codes = |order| version.set(Form::Full, 0, 7, order).into_iter().map(|item| item.code.clone()).collect::<Vec<_>>();
        assert_eq!(codes(1), codes(1));
        assert_ne!(codes(1), codes(2));
        assert_eq!(codes(1).into_iter().collect::<BTreeSet<_>>().len(), 20, "nothing is asked twice and nothing is lost");
        assert_eq!(codes(1)[11..15], codes(2)[11..15], "what goes with it keeps its order");
    }

    #[test]
    fn the_short_form_takes_two_of_a_dimension_and_none_where_none_are_wanted() {
        let version = version();
        let set = version.set(Form::Short, 5, 7, 1);
        let count = |dimension: &str| set.iter().filter(|item| item.dimension == dimension).count();
        assert_eq!((count("EFF"), count("PRI"), count("VAL"), count("RES")), (2, 2, 0, 5));
        assert_eq!(version.cycle(), 84, "of 28 pairs and 3");
    }

    #[test]
    fn an_answer_lies_on_its_scale() {
        let scale = Scale { code: "agree".into(), lowest: 1, highest: 5, labels: Vec::new() };
        assert_eq!(read(Some(&scale), "5"), Ok(Answer::Value(5)));
        assert_eq!(read(Some(&scale), "na"), Ok(Answer::DoesNotApply));
        for wrong in ["0", "6", "", "5.5", "yes"] {
            assert_eq!(read(Some(&scale), wrong), Err(SurveyRefusal::NotAnAnswer), "{wrong}");
        }
        assert_eq!(read(None, " \0 "), Ok(Answer::NoWords));
        assert_eq!(read(None, &"x".repeat(MOST_WORDS + 1)), Err(SurveyRefusal::TooLong));
        assert_eq!(read(None, "Paid with 4242 4242 4242 4242."), Ok(Answer::Words("Paid with •••.".into())));
    }

    #[test]
    fn a_browser_tells_what_it_runs_on() {
        assert_eq!(Device::of("Mozilla/5.0 (Linux; Android 14; Pixel 8) Mobile Safari/537.36"), Device::Phone);
        assert_eq!(Device::of("Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) Mobile/15E148"), Device::Tablet);
        assert_eq!(Device::of("Mozilla/5.0 (Linux; Android 14; SM-X710) Safari/537.36"), Device::Tablet);
        assert_eq!(Device::of("Mozilla/5.0 (X11; Linux x86_64)"), Device::Desktop);
    }
}
