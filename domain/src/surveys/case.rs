//! The closed loop: when a finished survey becomes a case for an agent, the steps a case goes through, and the scores by
//! which both are judged.

use super::{Item, Part, Version, help::asks_for_help};
use crate::states::states;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// The longest text of an answer or a remark, in characters.
pub const MOST_OF_AN_ANSWER: usize = 6000;
/// The scale on which people say how likely they are to recommend the shop.
pub const RECOMMEND: &str = "recommend";
/// Under this code the choice is sent to be answered by a person.
pub const CONTACT: &str = "CONTACT";

states! {
    /// Why a case was opened.
    CaseReason {
        /// A main dimension is rated low.
        LowDimension = "low_dimension",
        /// They would not recommend the shop, and had trouble.
        LowRecommendation = "low_recommendation",
        /// They chose to be answered.
        AskedFor = "asked_for",
        /// What they wrote asks for help.
        Words = "words",
    }
}

states! {
    CaseState {
        /// Nobody owns it yet.
        Open = "open",
        Taken = "taken",
        /// The person was written to and asked whether it is solved.
        Answered = "answered",
        /// The person says that it is.
        Confirmed = "confirmed",
        /// The person said nothing in time.
        Unconfirmed = "unconfirmed",
    }
}

states! {
    /// One line of a case's history.
    CaseStep {
        Opened = "opened",
        Taken = "taken",
        Released = "released",
        Answered = "answered",
        Confirmed = "confirmed",
        /// The person says that it is not solved.
        Reopened = "reopened",
        Unconfirmed = "unconfirmed",
        /// Order and answers can be traced no more.
        Untied = "untied",
    }
}

impl CaseState {
    /// Where a step leads from here; nothing else moves a case.
    ///
    /// # Errors
    /// It is not the time for it.
    pub const fn after(self, step: CaseStep) -> Result<Self, CaseRefusal> {
        match (step, self) {
            (CaseStep::Taken, Self::Open) => Ok(Self::Taken),
            (CaseStep::Released, Self::Taken) => Ok(Self::Open),
            (CaseStep::Answered, Self::Taken | Self::Answered) => Ok(Self::Answered),
            // Whoever was not heard of in time may still speak.
            (CaseStep::Confirmed, Self::Answered | Self::Unconfirmed) => Ok(Self::Confirmed),
            (CaseStep::Reopened, Self::Answered | Self::Unconfirmed) => Ok(Self::Taken),
            (CaseStep::Unconfirmed, Self::Answered) => Ok(Self::Unconfirmed),
            _ => Err(CaseRefusal::WrongState(self)),
        }
    }

    #[must_use]
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Confirmed | Self::Unconfirmed)
    }
}

/// What a manager sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// Of a main dimension's mean, in tenths; 0: none opens a case.
    pub mean_tenths: u32,
    pub recommendation: i16,
}

/// A finished survey in numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scores {
    /// Of each main dimension with an answer: the sum of its values and how many there are. A high one is a good one.
    pub dimensions: Vec<(i64, i64)>,
    /// 0 to 10.
    pub recommendation: Option<i16>,
}

impl Scores {
    /// Of the values that were given, by their items.
    #[must_use]
    pub fn of(version: &Version, values: &HashMap<Uuid, i16>) -> Self {
        let value = |item: &Item| values.get(&item.id).map(|value| turned(item, *value));
        let mains = version.dimensions.iter().filter(|dimension| dimension.part == Part::Main);
        let dimensions = mains.filter_map(|dimension| {
            let given: Vec<i64> =
                version.items.iter().filter(|item| item.dimension == dimension.code).filter_map(value).map(i64::from).collect();
            let count = i64::try_from(given.len()).ok().filter(|count| *count > 0)?;
            Some((given.iter().sum(), count))
        });
        let recommends = |item: &&Item| item.scale.as_ref().is_some_and(|scale| scale.code == RECOMMEND);
        Self { dimensions: dimensions.collect(), recommendation: version.items.iter().filter(recommends).find_map(value) }
    }

    /// The mean of the main dimensions' means.
    #[must_use]
    pub fn overall(&self) -> Option<f64> {
        let means: Vec<f64> = self.dimensions.iter().map(|(sum, count)| *sum as f64 / *count as f64).collect();
        (!means.is_empty()).then(|| means.iter().sum::<f64>() / means.len() as f64)
    }
}

/// A reversed item's value as if it were none.
fn turned(item: &Item, value: i16) -> i16 {
    match &item.scale {
        Some(scale) if item.reversed => scale.lowest + scale.highest - value,
        _ => value,
    }
}

/// What is known of a survey that was finished.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Finished {
    /// It asks about an order and its troubles: then low scores are somebody's unhappiness with us.
    pub about_order: bool,
    pub scores: Scores,
    /// The shop knows of a trouble, or the person says so.
    pub trouble: bool,
    pub wants_answer: bool,
    pub comments: Vec<String>,
}

/// Why this survey is a case for an agent; for no reason it is none.
#[must_use]
pub fn reasons(finished: &Finished, thresholds: Thresholds) -> Vec<CaseReason> {
    let Finished { about_order, scores, trouble, wants_answer, comments } = finished;
    let low = |(sum, count): &(i64, i64)| sum * 10 <= i64::from(thresholds.mean_tenths) * count;
    let would_not = scores.recommendation.is_some_and(|value| value <= thresholds.recommendation);
    let all = [
        (CaseReason::LowDimension, *about_order && thresholds.mean_tenths > 0 && scores.dimensions.iter().any(low)),
        (CaseReason::LowRecommendation, *about_order && *trouble && would_not),
        (CaseReason::AskedFor, *wants_answer),
        (CaseReason::Words, comments.iter().any(|comment| asks_for_help(comment))),
    ];
    all.into_iter().filter(|(_, holds)| *holds).map(|(reason, _)| reason).collect()
}

/// Why something about a case was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseRefusal {
    /// Also for a link that is cut off: never said which.
    #[error("there is no such case")]
    NoSuchCase,
    #[error("this needs another role")]
    NotAllowed,
    #[error("somebody else owns it")]
    NotYours,
    #[error("nothing was written")]
    Empty,
    #[error("too long: at most {MOST_OF_AN_ANSWER} characters")]
    TooLong,
    #[error("a case that is {0:?} cannot do that")]
    WrongState(CaseState),
    #[error("it was not said whether it is solved, or the score is none")]
    NotAnAnswer,
    #[error("order and answers can be traced no more")]
    Untied,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        language::Translated,
        surveys::{Dimension, Scale},
    };

    const USUAL: Thresholds = Thresholds { mean_tenths: 20, recommendation: 6 };

    fn happy() -> Finished {
        let scores = Scores { dimensions: vec![(32, 8), (16, 4)], recommendation: Some(9) };
        Finished { about_order: true, scores, ..Finished::default() }
    }

    #[test]
    fn one_low_dimension_is_enough_and_a_little_above_is_none() {
        let of = |dimensions: Vec<(i64, i64)>| {
            let mut finished = happy();
            finished.scores.dimensions = dimensions;
            reasons(&finished, USUAL)
        };
        assert!(of(vec![(32, 8), (16, 4)]).is_empty());
        assert_eq!(of(vec![(32, 8), (8, 4)]), [CaseReason::LowDimension], "a mean of 2 is low");
        assert!(of(vec![(32, 8), (9, 4)]).is_empty(), "2.25 is not");
        assert!(of(Vec::new()).is_empty(), "nor is nothing");
    }

    #[test]
    fn who_would_not_recommend_us_is_a_case_only_with_trouble() {
        let of = |recommendation, trouble| {
            let mut finished = Finished { trouble, ..happy() };
            finished.scores.recommendation = recommendation;
            reasons(&finished, USUAL)
        };
        assert_eq!(of(Some(6), true), [CaseReason::LowRecommendation]);
        assert!(of(Some(7), true).is_empty() && of(Some(0), false).is_empty() && of(None, true).is_empty());
    }

    #[test]
    fn what_matters_little_to_somebody_is_no_unhappiness_but_asking_is_heard_anywhere() {
        let scores = Scores { dimensions: vec![(10, 10)], recommendation: None };
        let elsewhere = Finished { about_order: false, scores, trouble: true, ..Finished::default() };
        assert!(reasons(&elsewhere, USUAL).is_empty());
        let asked = Finished { wants_answer: true, comments: vec!["Por favor, llamadme.".into()], ..elsewhere };
        assert_eq!(reasons(&asked, USUAL), [CaseReason::AskedFor, CaseReason::Words]);
    }

    #[test]
    fn a_manager_sets_what_is_low() {
        let finished = Finished { trouble: true, ..happy() };
        assert_eq!(reasons(&finished, Thresholds { mean_tenths: 40, recommendation: 6 }), [CaseReason::LowDimension]);
        assert_eq!(reasons(&finished, Thresholds { mean_tenths: 0, recommendation: 9 }), [CaseReason::LowRecommendation]);
    }

    #[test]
    fn scores_turn_what_is_reversed_and_leave_out_what_does_not_apply() {
        let scale = |code: &str, lowest, highest| Some(Scale { code: code.into(), lowest, highest, labels: Vec::new() });
        let item = |id: u128, dimension: &str, reversed, scale| Item {
            id: Uuid::from_u128(id),
            code: format!("{dimension}{id}"),
            dimension: dimension.into(),
            text: Translated::default(),
            reversed,
            scale,
        };
        let dimension = |code: &str, part| Dimension { code: code.into(), part, name: Translated::default(), short_items: None };
        let version = Version {
            instrument: "test".into(),
            number: 1,
            title: Translated::default(),
            intro: Translated::default(),
            gate: None,
            dimensions: vec![
                dimension("EFF", Part::Main),
                dimension("PRI", Part::Main),
                dimension("NPS", Part::Companion),
                dimension("RES", Part::Recovery),
            ],
            items: vec![
                item(1, "EFF", false, scale("agree", 1, 5)),
                item(2, "EFF", true, scale("agree", 1, 5)),
                item(3, "PRI", false, scale("agree", 1, 5)),
                item(4, "NPS", false, scale(RECOMMEND, 0, 10)),
                item(5, "RES", false, scale("agree", 1, 5)),
            ],
        };
        let values = [(1, 4), (2, 1), (4, 3), (5, 1)].map(|(id, value)| (Uuid::from_u128(id), value)).into();
        let scores = Scores::of(&version, &values);
        assert_eq!(scores, Scores { dimensions: vec![(9, 2)], recommendation: Some(3) });
        assert_eq!(scores.overall(), Some(4.5), "nobody answered on privacy, and recovery counts for itself");
        assert_eq!(Scores::default().overall(), None);
    }

    #[test]
    fn a_case_goes_one_way_and_back_only_when_its_person_says_so() {
        use CaseState::{Answered, Confirmed, Open, Taken, Unconfirmed};
        assert_eq!(Open.after(CaseStep::Taken), Ok(Taken));
        assert_eq!(Taken.after(CaseStep::Taken), Err(CaseRefusal::WrongState(Taken)), "one person has it");
        assert_eq!(Open.after(CaseStep::Answered), Err(CaseRefusal::WrongState(Open)), "and answers");
        for spoken in [CaseStep::Confirmed, CaseStep::Reopened] {
            assert!(Answered.after(spoken).is_ok() && Unconfirmed.after(spoken).is_ok(), "late, but heard");
            assert!(Taken.after(spoken).is_err() && Confirmed.after(spoken).is_err());
        }
        assert_eq!(Answered.after(CaseStep::Unconfirmed), Ok(Unconfirmed));
        assert!(Taken.after(CaseStep::Unconfirmed).is_err(), "nobody is given up who was not answered");
    }
}
