//! Refunds: giving back all or part of a payment, and learning what became of it. A refund that
//! succeeded may fail days later; then the debt is open again.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use stripe::{RequestStrategy, StripeRequest};
use stripe_core::refund::{CreateRefund, CreateRefundReason, ListRefund, RetrieveRefund};

use crate::error::Call;
use crate::session::{idempotency_key, stripe_amount};
use crate::{PaymentError, Payments, currency, retry};

/// Stripe's largest page; a payment with more refunds than this does not occur in a shop.
const MOST_REFUNDS: i64 = 100;

/// What Stripe is asked to give back. Store it beside the refund's row and replay it unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundRequest {
    /// `order:{id}:refund:{n}`, 255 characters at most.
    pub idempotency_key: String,
    /// `pi_…` of the payment.
    pub payment_intent: String,
    /// ISO minor units; at most what was captured and not yet refunded.
    pub amount_minor: i64,
    /// ISO 4217 code of the payment, either case.
    pub currency: String,
    /// Why, for Stripe's fraud models and the dashboard.
    pub reason: Option<RefundReason>,
    /// Comes back as [`Refund::reference`], to find a refund whose outcome was unknown.
    pub reference: String,
}

/// The reasons Stripe knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundReason {
    /// Paid twice.
    Duplicate,
    /// Believed to be fraud; Stripe adds the card to block lists.
    Fraudulent,
    /// The customer asked.
    RequestedByCustomer,
}

/// A refund as Stripe last told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// `re_…`.
    pub id: String,
    /// How far it is.
    pub status: RefundStatus,
    /// ISO minor units.
    pub amount_minor: i64,
    /// ISO 4217, lower case.
    pub currency: String,
    /// `pi_…` of the payment.
    pub payment_intent: Option<String>,
    /// What [`RefundRequest::reference`] said.
    pub reference: Option<String>,
    /// Stripe's word for why it failed, such as `expired_or_canceled_card`.
    pub failure_reason: Option<String>,
}

/// How far a refund is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundStatus {
    /// On its way.
    Pending,
    /// Needs something from the customer, such as bank details.
    RequiresAction,
    /// The bank has it; may still fail later.
    Succeeded,
    /// The money came back to us: it is owed again.
    Failed,
    /// Taken back before it left: it is owed again.
    Canceled,
}

impl Payments {
    /// Gives money back. The same call again returns the same refund.
    ///
    /// # Errors
    /// [`PaymentError`] says whether the refund is refused, undecided or untouched.
    pub async fn refund(&self, request: &RefundRequest) -> Result<Refund, PaymentError> {
        let key = idempotency_key(&request.idempotency_key)?;
        let amount = stripe_amount(&request.currency, request.amount_minor)?;
        let reference = (REFERENCE.to_owned(), request.reference.clone());
        let mut create =
            CreateRefund::new().payment_intent(request.payment_intent.as_str()).amount(amount).metadata(HashMap::from([reference]));
        if let Some(reason) = request.reason {
            create = create.reason(stripe_reason(reason));
        }
        let answer =
            retry::send(Call::Change, || create.customize().request_strategy(RequestStrategy::Idempotent(key.clone())).send(&self.client))
                .await?;
        read_refund(answer)
    }

    /// What has become of a refund.
    ///
    /// # Errors
    /// `Refused` with `resource_missing` when there is none; otherwise nothing was learnt.
    pub async fn retrieve_refund(&self, id: &str) -> Result<Refund, PaymentError> {
        let retrieve = RetrieveRefund::new(id);
        read_refund(retry::send(Call::Read, || retrieve.send(&self.client)).await?)
    }

    /// Every refund of a payment, newest first: how an unknown outcome becomes known after Stripe has
    /// forgotten the idempotency key (a day or more).
    ///
    /// # Errors
    /// Nothing was learnt.
    pub async fn refunds_of(&self, payment_intent: &str) -> Result<Vec<Refund>, PaymentError> {
        let list = ListRefund::new().payment_intent(payment_intent).limit(MOST_REFUNDS);
        let answer = retry::send(Call::Read, || list.send(&self.client)).await?;
        answer.data.into_iter().map(read_refund).collect()
    }
}

/// The metadata key under which our reference travels.
const REFERENCE: &str = "reference";

fn stripe_reason(reason: RefundReason) -> CreateRefundReason {
    match reason {
        RefundReason::Duplicate => CreateRefundReason::Duplicate,
        RefundReason::Fraudulent => CreateRefundReason::Fraudulent,
        RefundReason::RequestedByCustomer => CreateRefundReason::RequestedByCustomer,
    }
}

fn read_refund(answer: stripe_shared::Refund) -> Result<Refund, PaymentError> {
    let code = answer.currency.to_string();
    let unknown = |what: String| PaymentError::OutcomeUnknown { detail: format!("refund {}: {what}", answer.id) };
    let status = match answer.status.as_deref() {
        Some("pending") => RefundStatus::Pending,
        Some("requires_action") => RefundStatus::RequiresAction,
        Some("succeeded") => RefundStatus::Succeeded,
        Some("failed") => RefundStatus::Failed,
        Some("canceled") => RefundStatus::Canceled,
        other => return Err(unknown(format!("a status new to us, {other:?}"))),
    };
    let amount_minor = currency::from_stripe(&code, answer.amount).map_err(|error| unknown(error.to_string()))?;
    Ok(Refund {
        id: answer.id.to_string(),
        status,
        amount_minor,
        currency: code,
        payment_intent: answer.payment_intent.map(|intent| intent.into_id().to_string()),
        reference: answer.metadata.and_then(|mut metadata| metadata.remove(REFERENCE)),
        failure_reason: answer.failure_reason,
    })
}
