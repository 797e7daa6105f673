//! The quality desk: what managers look at, and by which groups.

use crate::states::states;
use serde::{Deserialize, Serialize};

/// Stands for all main dimensions of an instrument together.
pub const ALL: &str = "ALL";

states! {
    /// By what people are told apart.
    Segment {
        Form = "form",
        Language = "language",
        Device = "device",
        /// Bought before, or not.
        Buyer = "buyer",
        Category = "category",
        Carrier = "carrier",
        /// Whether their order came as promised.
        Arrival = "arrival",
        /// How they buy: the class they were in.
        Class = "class",
    }
}

/// How far one looks back, in whole weeks with the one that goes on.
pub const SPANS: [u32; 4] = [4, 13, 26, 52];

/// What an address of the desk asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    pub instrument: String,
    /// One version only; `None`: all of them, by the codes they share.
    pub version: Option<i32>,
    /// One of [`SPANS`].
    pub weeks: u32,
    /// Only one group.
    pub group: Option<(Segment, String)>,
    /// Whose course and groups are shown: a dimension's code, or [`ALL`].
    pub measure: String,
}

impl Filter {
    /// The group as it is counted.
    #[must_use]
    pub fn cell(&self) -> String {
        self.group.as_ref().map_or_else(|| "all".to_owned(), |(segment, value)| format!("{}={value}", segment.code()))
    }
}

/// A group from the name it is counted under.
#[must_use]
pub fn group(cell: &str) -> Option<(Segment, &str)> {
    let (segment, value) = cell.split_once('=')?;
    Some((Segment::from_code(segment)?, value))
}

/// Why a score is not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScoreRefusal {
    #[error("this needs another role")]
    NotAllowed,
    #[error("no such instrument")]
    NoSuchInstrument,
}
