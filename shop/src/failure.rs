//! The two ways in which an intent does not succeed: a refusal, which tells the person what to change, and a
//! fault, which is ours, logged once at the boundary and shown only as a reference.

use std::{error::Error, fmt};

pub type Outcome<T, E = std::convert::Infallible> = Result<T, Failure<E>>;

#[derive(Debug)]
pub enum Failure<E> {
    Refused(E),
    Fault(Fault),
}

/// Something of ours that went wrong, with its cause.
#[derive(Debug)]
pub struct Fault(Box<dyn Error + Send + Sync>);

impl Fault {
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)?;
        let mut cause = self.0.source();
        while let Some(deeper) = cause {
            write!(f, ": {deeper}")?;
            cause = deeper.source();
        }
        Ok(())
    }
}

impl Error for Fault {}

impl<E: fmt::Display> fmt::Display for Failure<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> Error for Failure<E> {}

impl<E> From<Fault> for Failure<E> {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        Self::new(error)
    }
}

impl<E> From<sqlx::Error> for Failure<E> {
    fn from(error: sqlx::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl<E> From<domain::MoneyError> for Failure<E> {
    fn from(error: domain::MoneyError) -> Self {
        Self::Fault(Fault::new(error))
    }
}

impl<E> Failure<E> {
    /// The same failure for an intent with refusals of another kind.
    pub fn map_refusal<F>(self, map: impl FnOnce(E) -> F) -> Failure<F> {
        match self {
            Self::Refused(refusal) => Failure::Refused(map(refusal)),
            Self::Fault(fault) => Failure::Fault(fault),
        }
    }
}
