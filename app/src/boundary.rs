//! Where the shop's answers become something a browser can be told: a refusal with its reason, a fault with a
//! reference (its text stays in the log), or a network that failed.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppError<E> {
    Refused(E),
    /// Ours; the reference finds it in the log.
    Fault(String),
    /// The request or its answer did not arrive whole.
    Transport,
}

/// For what cannot be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Never {}

impl<E> FromServerFnError for AppError<E>
where
    E: fmt::Debug + Serialize + DeserializeOwned + 'static,
{
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self::Transport
    }
}

#[cfg(feature = "ssr")]
mod server {
    use super::{AppError, Never};
    use shop::{Failure, Fault};
    use std::convert::Infallible;

    impl<E> From<Failure<E>> for AppError<E> {
        fn from(failure: Failure<E>) -> Self {
            match failure {
                Failure::Refused(refusal) => Self::Refused(refusal),
                Failure::Fault(fault) => Self::Fault(report(&fault)),
            }
        }
    }

    impl From<Failure<Infallible>> for AppError<Never> {
        fn from(failure: Failure<Infallible>) -> Self {
            match failure {
                Failure::Refused(never) => match never {},
                Failure::Fault(fault) => Self::Fault(report(&fault)),
            }
        }
    }

    /// Logs a fault, once, and answers the reference that the person sees.
    pub fn report(fault: &Fault) -> String {
        let reference = crate::request::reference();
        tracing::error!(fault.reference = %reference, error = %fault, "a request failed");
        reference
    }
}

#[cfg(feature = "ssr")]
pub use server::report;
