//! Secrets that grant access, such as the address of an order's tracking page: never shown in a log.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The secret part of a link. Compare in constant time, on the server only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Token(pub String);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}
