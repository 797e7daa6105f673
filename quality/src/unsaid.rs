//! Why a number is not given, as a sentence for the person who asked for it.

use thiserror::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unsaid {
    #[error("a scale of one item has none")]
    OneItem,
    #[error("too few complete answers")]
    TooFew,
    #[error("the answers do not differ")]
    Constant,
    #[error("an item was answered alike by everyone")]
    ConstantItem,
    #[error("some items say the same as others together (the covariance matrix is singular)")]
    Singular,
    #[error("two items were not both answered by two people or more")]
    NeverTogether,
    #[error("the model asks for more numbers than the answers have (it is not identified)")]
    NotIdentified,
    #[error("the estimate did not settle (no convergence)")]
    NoConvergence,
    #[error("an item would have a negative error variance (a Heywood case)")]
    Heywood,
    #[error("the item's share of variance is improper (a Heywood case)")]
    Improper,
    #[error("needs at least two groups with two people each")]
    FewGroups,
    #[error("more than 16 scales cannot be shared out")]
    ManyPredictors,
    #[error("nobody bought twice")]
    NoRepeats,
}
