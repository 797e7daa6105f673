//! What an answer proves. The three kinds of failure ask for three different next steps, so they are
//! three variants: a new key, the same key later, or a look at the configuration.

use stripe::{ApiErrorsCode, StripeError};

/// Why a call did not give its result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaymentError {
    /// Stripe looked at the request and declined it: nothing was done. Another try needs a new
    /// attempt with a new idempotency key.
    #[error("Stripe refused the request ({code}): {message}")]
    Refused {
        /// Stripe's error code (`resource_missing`, `charge_already_refunded`…), or its error type
        /// where it gave no code.
        code: String,
        /// Stripe's sentence, for the back office: it may quote what somebody typed, so it belongs
        /// neither in logs nor on a shopper's page.
        message: String,
    },
    /// The request may or may not have been carried out. Send the same parameters under the same
    /// key again later, or look the object up; never use a new key until the outcome is known.
    #[error("whether Stripe carried the request out is unknown: {detail}")]
    OutcomeUnknown {
        /// What was seen, for the log.
        detail: String,
    },
    /// Nothing was done: Stripe could not be reached, or was too busy to look at the request. The
    /// same key may be used again later.
    #[error("Stripe could not be reached, or was too busy: {detail}")]
    Unreachable {
        /// What was seen, for the log.
        detail: String,
    },
    /// Our side is wrong: a key that Stripe does not accept, an object of the other mode, an amount
    /// that the currency cannot express, an idempotency key used for something else. Trying again
    /// does not help; somebody must look.
    #[error("the payment configuration or request is wrong: {detail}")]
    Misconfigured {
        /// What is wrong, for the log.
        detail: String,
    },
}

impl PaymentError {
    /// What may be logged: a refusal's message may quote what somebody typed, its code does not.
    pub(crate) fn for_log(&self) -> &str {
        match self {
            Self::Refused { code, .. } => code,
            Self::OutcomeUnknown { detail } | Self::Unreachable { detail } | Self::Misconfigured { detail } => detail,
        }
    }
}

/// Whether a call changes anything at Stripe.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    /// A lookup: any failure simply means that nothing was learnt.
    Read,
    /// A change: silence may hide success.
    Change,
}

/// One attempt's failure and whether another attempt with the same key makes sense.
pub(crate) struct Failure {
    pub(crate) error: PaymentError,
    pub(crate) try_again: bool,
}

/// What one attempt's failure means.
///
/// `Stripe-Should-Retry`, `Retry-After` and `Request-Id` are headers, and async-stripe keeps headers
/// to itself; the statuses and codes for which Stripe sets them are what is visible, and decide here.
pub(crate) fn classify(call: Call, error: StripeError) -> Failure {
    match error {
        StripeError::Stripe(api, status) => classify_answer(call, *api, status),
        StripeError::JSONDeserialize(detail) => silence(call, format!("unreadable answer: {detail}")),
        StripeError::Timeout => silence(call, "no answer in time".to_owned()),
        // The connection was never made, so the request never left.
        StripeError::ClientError(detail) if detail.contains("(Connect)") => {
            Failure { error: PaymentError::Unreachable { detail }, try_again: true }
        }
        StripeError::ClientError(detail) => silence(call, detail),
        StripeError::ConfigError(detail) => Failure { error: PaymentError::Misconfigured { detail }, try_again: false },
    }
}

fn classify_answer(call: Call, api: stripe::ApiErrors, status: u16) -> Failure {
    let code = api.code.as_ref().map_or_else(|| api.type_.to_string(), ToString::to_string);
    let message = api.message.unwrap_or_default();
    let detail = format!("status {status}, {code}: {message}");
    let key_in_use = api.code == Some(ApiErrorsCode::IdempotencyKeyInUse);
    let other_parameters = api.type_ == stripe::ApiErrorsType::IdempotencyError && !key_in_use;
    match status {
        // Another request with our key is still being worked on.
        409 if key_in_use => silence(call, detail),
        400 if other_parameters => Failure { error: PaymentError::Misconfigured { detail }, try_again: false },
        // Lock time-outs and rate limits: Stripe did not begin.
        409 | 424 | 429 => Failure { error: PaymentError::Unreachable { detail }, try_again: true },
        401 | 403 => Failure { error: PaymentError::Misconfigured { detail }, try_again: false },
        400..=499 => Failure { error: PaymentError::Refused { code, message }, try_again: false },
        _ => silence(call, detail),
    }
}

fn silence(call: Call, detail: String) -> Failure {
    let error = match call {
        Call::Read => PaymentError::Unreachable { detail },
        Call::Change => PaymentError::OutcomeUnknown { detail },
    };
    Failure { error, try_again: true }
}
