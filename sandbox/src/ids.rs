//! Identifiers in Stripe's shapes, and the clock.

use rand::Rng;
use rand::distr::Alphanumeric;
use time::OffsetDateTime;

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

/// Unix seconds, as Stripe's objects tell time.
pub(crate) fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}

/// Unix milliseconds, for what is due.
pub(crate) fn now_ms() -> i64 {
    i64::try_from(OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
}

/// The moment so long from now, in Unix milliseconds.
pub(crate) fn ms_from_now(wait: std::time::Duration) -> i64 {
    now_ms().saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
}
