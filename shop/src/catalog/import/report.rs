//! What an import says about a file: how far it is, what it did, and which cells keep it from doing more.

use std::fmt;

/// Something about a file that its owner must know, in their own rows and columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// On which the row begins; the header is line 1.
    pub line: u64,
    /// None: the row as a whole.
    pub column: Option<String>,
    /// Of the product; empty when the row names none.
    pub handle: String,
    /// Goes on where "line 12, Variant Price" leaves off.
    pub reason: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = &self.column {
            write!(f, ", {column}")?;
        }
        if !self.handle.is_empty() {
            write!(f, " ({})", self.handle)?;
        }
        write!(f, ": {}", self.reason)
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Products, as are the next three.
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub rejected: u64,
    /// Why products and rows were rejected: as many findings as there are mistakes, in the order of the file.
    pub rejections: Vec<Finding>,
    /// What was imported otherwise than the file wants, such as a product without its picture.
    pub warnings: Vec<Finding>,
    /// Columns of no use to us: kept, so that an export gives them back.
    pub unknown_columns: Vec<String>,
}

/// How far an import is, in products.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub done: u64,
    pub total: u64,
}

/// Why a file is not imported at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportRefusal {
    #[error("the file is empty")]
    Empty,
    #[error("the file has no column `{0}`")]
    NoColumn(&'static str),
    #[error("the file has two columns `{0}`")]
    ColumnTwice(String),
    #[error("another import is running")]
    AnotherIsRunning,
}
