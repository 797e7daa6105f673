//! What the import of a file comes to, and why there is none.

use crate::catalog::import::Finding;

/// Mistakes that are kept one by one; of the rest only the number is.
const MOST_NAMED: usize = 1000;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// By which what came in can be taken back; none where nothing did.
    pub number: Option<i64>,
    /// Rows, as are the next two.
    pub imported: u64,
    /// In from this or another file already.
    pub unchanged: u64,
    pub rejected: u64,
    /// Why rows were rejected, in the order of the file.
    pub rejections: Vec<Finding>,
    /// Mistakes beyond those.
    pub more: usize,
    /// Columns that mean nothing here and were left out.
    pub unknown_columns: Vec<String>,
}

impl Report {
    /// One row, for these reasons.
    pub(super) fn reject(&mut self, findings: Vec<Finding>) {
        self.rejected += 1;
        let room = MOST_NAMED - self.rejections.len();
        self.more += findings.len().saturating_sub(room);
        self.rejections.extend(findings.into_iter().take(room));
    }
}

/// Why a file is not imported at all, or not taken back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EarlierRefusal {
    #[error("this needs another role")]
    NotAllowed,
    #[error("there is no instrument `{0}`")]
    NoSuchInstrument(String),
    #[error("the instrument has no version {0}")]
    NoSuchVersion(i32),
    #[error("the file is empty")]
    Empty,
    #[error("the file has no column of an item, such as `{0}`")]
    NoItem(String),
    #[error("the file has no column `finished` or `week`")]
    NoMoment,
    #[error("the file has two columns `{0}`")]
    ColumnTwice(String),
    #[error("another import is running")]
    AnotherIsRunning,
    #[error("there is no import {0}")]
    NoSuchImport(i64),
}
