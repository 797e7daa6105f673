//! Identifiers in Stripe's shapes.

use rand::Rng;
use rand::distr::Alphanumeric;

/// `{prefix}_{24 random characters}`.
pub(crate) fn new_id(prefix: &str) -> String {
    format!("{prefix}_{}", random(24))
}

/// Session ids are as long as Stripe's, so that nobody's column turns out too short.
pub(crate) fn new_session_id() -> String {
    format!("cs_test_a1{}", random(56))
}

fn random(length: usize) -> String {
    rand::rng().sample_iter(&Alphanumeric).take(length).map(char::from).collect()
}
