//! Trying again with the same idempotency key. The client's own retrying strategies make keys of their
//! own, which would charge twice what our key charges once, so the loop is here.

use std::future::Future;
use std::time::Duration;

use rand::Rng;
use stripe::StripeError;

use crate::PaymentError;
use crate::error::{Call, classify};

/// Attempts in one call, the first included. A person is waiting: what is not known after this is for
/// the poller.
const ATTEMPTS: u32 = 3;
/// The longest pause before the second attempt; it doubles with every further one.
const FIRST_PAUSE: Duration = Duration::from_millis(400);

/// Sends until there is an answer, a refusal or no attempt left.
///
/// # Errors
/// The last attempt's failure, except that an earlier unknown outcome outlives later failures that say
/// nothing about it.
pub(crate) async fn send<T, Sending>(call: Call, mut attempt: impl FnMut() -> Sending) -> Result<T, PaymentError>
where
    Sending: Future<Output = Result<T, StripeError>>,
{
    let mut unknown = None;
    let mut tried = 0;
    loop {
        let failure = match attempt().await {
            Ok(answer) => return Ok(answer),
            Err(error) => classify(call, error),
        };
        tried += 1;
        tracing::warn!(payment.attempt = tried, payment.error = failure.error.for_log(), "a Stripe call failed");
        if let PaymentError::OutcomeUnknown { .. } = failure.error {
            unknown = Some(failure.error.clone());
        }
        if !failure.try_again || tried == ATTEMPTS {
            return Err(last_word(failure.error, unknown));
        }
        tokio::time::sleep(pause_before(tried)).await;
    }
}

/// Full jitter: many callers that failed together must not come back together.
fn pause_before(tried: u32) -> Duration {
    let longest = FIRST_PAUSE * 2_u32.pow(tried - 1);
    longest.mul_f64(rand::rng().random_range(0.25..1.0))
}

/// A refusal under the same key proves that no earlier attempt succeeded (Stripe would have replayed
/// the success); being busy, unreachable or unauthorised proves nothing.
fn last_word(last: PaymentError, unknown: Option<PaymentError>) -> PaymentError {
    match (last, unknown) {
        (last @ PaymentError::Refused { .. }, _) | (last, None) => last,
        (_, Some(unknown)) => unknown,
    }
}
