//! Webhooks in two steps, so that no event is lost: verify the signature over the raw bytes, store them,
//! and only then read them. What an event says is a hint to look; the object at Stripe is the truth.

use serde::Deserialize;
use serde_json::Value;
use stripe_webhook::{Webhook, WebhookError};

use crate::{Payments, currency};

/// Why a webhook is not from Stripe, or cannot be shown to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The header is missing parts.
    #[error("the Stripe-Signature header is malformed")]
    Malformed,
    /// No secret of ours made this signature over these bytes.
    #[error("the signature fits none of the webhook secrets")]
    Mismatch,
    /// Signed more than 300 seconds from now: perhaps a replay, perhaps a wrong clock.
    #[error("the signature is older or newer than 300 seconds")]
    OutsideTolerance,
}

/// A verified body that is no event.
#[derive(Debug, thiserror::Error)]
#[error("the webhook body is no Stripe event: {0}")]
pub struct EventError(#[from] serde_json::Error);

/// What happened, in the words of Stripe's event types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// `checkout.session.completed`: finished by the shopper, perhaps still unpaid.
    CheckoutCompleted,
    /// `checkout.session.async_payment_succeeded`: a delayed method brought the money.
    CheckoutDelayedPaymentSucceeded,
    /// `checkout.session.async_payment_failed`: a delayed method failed.
    CheckoutDelayedPaymentFailed,
    /// `checkout.session.expired`.
    CheckoutExpired,
    /// `payment_intent.succeeded`.
    PaymentSucceeded,
    /// `payment_intent.payment_failed`: a decline; the shopper may try again.
    PaymentFailed,
    /// `charge.refunded`.
    ChargeRefunded,
    /// `refund.created`.
    RefundCreated,
    /// `refund.updated`.
    RefundUpdated,
    /// `refund.failed`: the debt is open again.
    RefundFailed,
    /// `charge.dispute.created`.
    DisputeCreated,
    /// `charge.dispute.updated`.
    DisputeUpdated,
    /// `charge.dispute.funds_withdrawn`.
    DisputeFundsWithdrawn,
    /// `charge.dispute.funds_reinstated`.
    DisputeFundsReinstated,
    /// `charge.dispute.closed`: see [`DisputeNotice::status`].
    DisputeClosed,
    /// Anything else, by Stripe's name.
    Other(String),
}

/// The part of an event that the shop acts on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookEvent {
    /// `evt_…`: the inbox's primary key.
    pub id: String,
    /// What happened.
    pub kind: EventKind,
    /// Whether money is real; compare with [`Payments::accepts`].
    pub livemode: bool,
    /// Unix seconds.
    pub created: i64,
    /// The object the event is about: `cs_…`, `pi_…`, `ch_…`, `re_…` or `dp_…` by kind.
    pub object_id: Option<String>,
    /// The session, when the event is about one: what to give to `retrieve_session`.
    pub session: Option<String>,
    /// The payment, when the event names one.
    pub payment_intent: Option<String>,
    /// The order reference of a session event.
    pub client_reference: Option<String>,
    /// The dispute, when the event is about one.
    pub dispute: Option<DisputeNotice>,
}

/// What a dispute event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeNotice {
    /// `dp_…`.
    pub id: String,
    /// ISO minor units in dispute.
    pub amount_minor: i64,
    /// ISO 4217, lower case.
    pub currency: String,
    /// Stripe's word, such as `fraudulent` or `product_not_received`.
    pub reason: String,
    /// Stripe's word, such as `needs_response`, `won` or `lost`.
    pub status: String,
}

impl Payments {
    /// Whether these bytes were signed with one of our secrets less than 300 seconds ago.
    ///
    /// The library verifies and parses in one step, but in that order: when only its parsing fails, the
    /// signature was good.
    ///
    /// # Errors
    /// Why the webhook must be answered 400 and forgotten.
    pub fn verify_webhook(&self, raw: &[u8], signature: &str) -> Result<(), SignatureError> {
        // Stripe signs JSON, which is UTF-8; the check borrows the same bytes and changes none.
        let body = std::str::from_utf8(raw).map_err(|_| SignatureError::Mismatch)?;
        let mut outcome = Err(SignatureError::Mismatch);
        for secret in &self.webhook_secrets {
            outcome = match Webhook::construct_event(body, signature, secret) {
                Ok(_) | Err(WebhookError::BadParse(_)) => return Ok(()),
                Err(WebhookError::BadHeader(_)) => return Err(SignatureError::Malformed),
                Err(WebhookError::BadTimestamp(_)) => return Err(SignatureError::OutsideTolerance),
                Err(WebhookError::BadSignature | WebhookError::BadKey) => outcome,
            };
        }
        outcome
    }
}

/// The fields we act on. The library's event types are not used for this: they insist on every field of
/// the API version they were generated from, and would refuse an event over one that nobody here reads.
#[derive(Deserialize)]
struct Envelope {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    livemode: bool,
    created: i64,
    data: EnvelopeData,
}

#[derive(Deserialize)]
struct EnvelopeData {
    object: Value,
}

/// Reads a verified and stored body.
///
/// # Errors
/// The body is no event. Keep the raw bytes: somebody must look.
pub fn parse_event(raw: &[u8]) -> Result<WebhookEvent, EventError> {
    let envelope: Envelope = serde_json::from_slice(raw)?;
    let object = &envelope.data.object;
    let is = |name: &str| object["object"] == name;
    let object_id = text(object, "id");
    Ok(WebhookEvent {
        kind: kind(envelope.kind),
        livemode: envelope.livemode,
        created: envelope.created,
        session: object_id.clone().filter(|_| is("checkout.session")),
        payment_intent: if is("payment_intent") { object_id.clone() } else { reference(object, "payment_intent") },
        client_reference: text(object, "client_reference_id"),
        dispute: if is("dispute") { dispute(object) } else { None },
        object_id,
        id: envelope.id,
    })
}

fn kind(name: String) -> EventKind {
    match name.as_str() {
        "checkout.session.completed" => EventKind::CheckoutCompleted,
        "checkout.session.async_payment_succeeded" => EventKind::CheckoutDelayedPaymentSucceeded,
        "checkout.session.async_payment_failed" => EventKind::CheckoutDelayedPaymentFailed,
        "checkout.session.expired" => EventKind::CheckoutExpired,
        "payment_intent.succeeded" => EventKind::PaymentSucceeded,
        "payment_intent.payment_failed" => EventKind::PaymentFailed,
        "charge.refunded" => EventKind::ChargeRefunded,
        "refund.created" => EventKind::RefundCreated,
        "refund.updated" => EventKind::RefundUpdated,
        "refund.failed" => EventKind::RefundFailed,
        "charge.dispute.created" => EventKind::DisputeCreated,
        "charge.dispute.updated" => EventKind::DisputeUpdated,
        "charge.dispute.funds_withdrawn" => EventKind::DisputeFundsWithdrawn,
        "charge.dispute.funds_reinstated" => EventKind::DisputeFundsReinstated,
        "charge.dispute.closed" => EventKind::DisputeClosed,
        _ => EventKind::Other(name),
    }
}

fn text(object: &Value, field: &str) -> Option<String> {
    object[field].as_str().map(str::to_owned)
}

/// An id, whether the field holds the id or the whole object.
fn reference(object: &Value, field: &str) -> Option<String> {
    text(object, field).or_else(|| text(&object[field], "id"))
}

fn dispute(object: &Value) -> Option<DisputeNotice> {
    let code = text(object, "currency")?;
    Some(DisputeNotice {
        id: text(object, "id")?,
        amount_minor: currency::from_stripe(&code, object["amount"].as_i64()?).ok()?,
        currency: code,
        reason: text(object, "reason")?,
        status: text(object, "status")?,
    })
}
