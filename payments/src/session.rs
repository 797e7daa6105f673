//! Checkout Sessions: opening the hosted payment page for one attempt at paying an order, looking at
//! what became of it, and closing it before another attempt replaces it.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use stripe::{IdempotencyKey, RequestStrategy, StripeRequest};
use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionLineItems, CreateCheckoutSessionLineItemsPriceData, CreateCheckoutSessionPaymentIntentData,
    ExpireCheckoutSession, ListCheckoutSession, ProductData, RetrieveCheckoutSession,
};
use stripe_shared::{
    CheckoutSession, CheckoutSessionLocale, CheckoutSessionMode, CheckoutSessionPaymentStatus, CheckoutSessionStatus, PaymentIntent,
    PaymentIntentStatus,
};
use stripe_types::{Currency, Expandable};

use crate::error::Call;
use crate::{PaymentError, Payments, currency, retry};

/// Everything Stripe is asked for one payment attempt. Store it beside the attempt and replay it
/// unchanged: the same idempotency key with other parameters is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSession {
    /// `order:{id}:attempt:{n}:open`, 255 characters at most.
    pub idempotency_key: String,
    /// Comes back as [`Session::client_reference`].
    pub order_reference: String,
    /// Filled in on the payment page.
    pub customer_email: Option<String>,
    /// ISO 4217, either case.
    pub currency: String,
    /// What is paid for.
    pub lines: Vec<SessionLine>,
    /// Where the shopper lands after paying; `{CHECKOUT_SESSION_ID}` is replaced by the session's id.
    pub success_url: String,
    /// Where "back" leads.
    pub cancel_url: String,
    /// The language of the payment page, such as `es` or `en`; a tag Stripe does not know becomes its
    /// own choice by browser.
    pub locale: String,
    /// Unix seconds, 30 minutes to 24 hours after now.
    pub expires_at: i64,
    /// Kept on the session and on its payment.
    pub metadata: BTreeMap<String, String>,
}

/// One order line as the payment page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionLine {
    /// What the shopper reads.
    pub name: String,
    /// The line's total in ISO minor units, tax included. The quantity sent is 1: Stripe rounds nothing.
    pub amount_minor: i64,
}

/// A Checkout Session as Stripe last told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// `cs_test_…` or `cs_live_…`.
    pub id: String,
    /// The payment page, while the session is open.
    pub url: Option<String>,
    /// Whether the shopper may still pay here.
    pub status: SessionStatus,
    /// Whether the money is there: the only field that fulfils.
    pub payment_status: PaymentStatus,
    /// ISO minor units.
    pub amount_total: i64,
    /// ISO 4217, lower case.
    pub currency: String,
    /// Whether money is real; checked against the key's mode already.
    pub livemode: bool,
    /// `pi_…`, once there is one.
    pub payment_intent: Option<String>,
    /// What [`OpenSession::order_reference`] said.
    pub client_reference: Option<String>,
    /// Unix seconds.
    pub expires_at: i64,
}

/// Whether a session can still be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionStatus {
    /// The payment page takes payments.
    Open,
    /// The shopper has finished; a delayed method may still be [`PaymentStatus::Unpaid`].
    Complete,
    /// Nobody can pay here any more.
    Expired,
}

/// Whether the money is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentStatus {
    /// Paid.
    Paid,
    /// Not paid, or not yet.
    Unpaid,
    /// Completed with a delayed method whose money did not come, and will not: only the payment behind the session
    /// tells this from [`Self::Unpaid`], so only [`Payments::retrieve_session`] does.
    Failed,
    /// Nothing was due.
    NoPaymentRequired,
}

impl Payments {
    /// Opens the payment page of one attempt. The same call again returns the same session, as it was
    /// when it was opened: Stripe replays its first answer, so retrieve a session that may have been
    /// paid or have expired since.
    ///
    /// # Errors
    /// [`PaymentError`] says whether the attempt is dead, undecided or untouched.
    pub async fn open_session(&self, request: &OpenSession) -> Result<Session, PaymentError> {
        let key = idempotency_key(&request.idempotency_key)?;
        let create = create_session(request)?;
        let answer =
            retry::send(Call::Change, || create.customize().request_strategy(RequestStrategy::Idempotent(key.clone())).send(&self.client))
                .await?;
        self.session(Call::Change, answer)
    }

    /// What has become of a session.
    ///
    /// # Errors
    /// `Refused` with `resource_missing` when there is none; otherwise nothing was learnt.
    pub async fn retrieve_session(&self, id: &str) -> Result<Session, PaymentError> {
        let retrieve = RetrieveCheckoutSession::new(id).expand(["payment_intent".to_owned()]);
        let answer = retry::send(Call::Read, || retrieve.send(&self.client)).await?;
        self.session(Call::Read, answer)
    }

    /// The session that a payment was made with; `None` when there is none, or none of ours.
    ///
    /// # Errors
    /// Nothing was learnt.
    pub async fn session_of_payment(&self, payment_intent: &str) -> Result<Option<Session>, PaymentError> {
        let list = ListCheckoutSession::new().payment_intent(payment_intent).limit(1);
        let answer = retry::send(Call::Read, || list.send(&self.client)).await?;
        answer.data.into_iter().next().map(|session| self.session(Call::Read, session)).transpose()
    }

    /// Closes an open session, so that nobody can pay there any more.
    ///
    /// Needs no idempotency key: a session expires once.
    ///
    /// # Errors
    /// `Refused` when the session is not open (any more): retrieve it, for `Complete` may mean paid.
    pub async fn expire_session(&self, id: &str) -> Result<Session, PaymentError> {
        let expire = ExpireCheckoutSession::new(id);
        let answer = retry::send(Call::Change, || expire.send(&self.client)).await?;
        self.session(Call::Change, answer)
    }

    fn session(&self, call: Call, answer: CheckoutSession) -> Result<Session, PaymentError> {
        self.check_mode(answer.livemode)?;
        let id = answer.id.to_string();
        read_session(answer).ok_or_else(|| {
            let detail = format!("session {id} lacks a status, a currency or an amount we know");
            match call {
                Call::Read => PaymentError::Unreachable { detail },
                Call::Change => PaymentError::OutcomeUnknown { detail },
            }
        })
    }
}

pub(crate) fn idempotency_key(key: &str) -> Result<IdempotencyKey, PaymentError> {
    IdempotencyKey::new(key).map_err(|error| PaymentError::Misconfigured { detail: error.to_string() })
}

pub(crate) fn stripe_amount(code: &str, minor: i64) -> Result<i64, PaymentError> {
    currency::to_stripe(code, minor).map_err(|error| PaymentError::Misconfigured { detail: error.to_string() })
}

fn create_session(request: &OpenSession) -> Result<CreateCheckoutSession, PaymentError> {
    let lines = request.lines.iter().map(|line| line_item(&request.currency, line)).collect::<Result<Vec<_>, _>>()?;
    let metadata: HashMap<_, _> = request.metadata.clone().into_iter().collect();
    let mut payment = CreateCheckoutSessionPaymentIntentData::new();
    payment.metadata = Some(metadata.clone());
    let create = CreateCheckoutSession::new()
        .mode(CheckoutSessionMode::Payment)
        .line_items(lines)
        .client_reference_id(request.order_reference.as_str())
        .success_url(request.success_url.as_str())
        .cancel_url(request.cancel_url.as_str())
        .locale(locale(&request.locale))
        .expires_at(request.expires_at)
        .metadata(metadata)
        .payment_intent_data(payment);
    Ok(match &request.customer_email {
        Some(email) => create.customer_email(email.as_str()),
        None => create,
    })
}

fn line_item(code: &str, line: &SessionLine) -> Result<CreateCheckoutSessionLineItems, PaymentError> {
    let amount = stripe_amount(code, line.amount_minor)?;
    let Ok(currency) = code.to_ascii_lowercase().parse::<Currency>();
    let mut price = CreateCheckoutSessionLineItemsPriceData::new(currency);
    price.unit_amount = Some(amount);
    price.product_data = Some(ProductData::new(line.name.as_str()));
    let mut item = CreateCheckoutSessionLineItems::new();
    item.price_data = Some(price);
    item.quantity = Some(1);
    Ok(item)
}

fn locale(tag: &str) -> CheckoutSessionLocale {
    match tag.parse() {
        Ok(CheckoutSessionLocale::Unknown(_)) => CheckoutSessionLocale::Auto,
        Ok(known) => known,
    }
}

/// `None` when a field that decides about money is missing or new to us.
fn read_session(answer: CheckoutSession) -> Option<Session> {
    let code = answer.currency?.to_string();
    let status = match answer.status? {
        CheckoutSessionStatus::Open => SessionStatus::Open,
        CheckoutSessionStatus::Complete => SessionStatus::Complete,
        CheckoutSessionStatus::Expired => SessionStatus::Expired,
        _ => return None,
    };
    let payment_status = match answer.payment_status {
        CheckoutSessionPaymentStatus::Paid => PaymentStatus::Paid,
        CheckoutSessionPaymentStatus::Unpaid if status == SessionStatus::Complete && has_failed(answer.payment_intent.as_ref()) => {
            PaymentStatus::Failed
        }
        CheckoutSessionPaymentStatus::Unpaid => PaymentStatus::Unpaid,
        CheckoutSessionPaymentStatus::NoPaymentRequired => PaymentStatus::NoPaymentRequired,
        _ => return None,
    };
    Some(Session {
        id: answer.id.to_string(),
        url: answer.url,
        status,
        payment_status,
        amount_total: currency::from_stripe(&code, answer.amount_total?).ok()?,
        currency: code,
        livemode: answer.livemode,
        payment_intent: answer.payment_intent.map(|intent| intent.into_id().to_string()),
        client_reference: answer.client_reference_id,
        expires_at: answer.expires_at,
    })
}

/// A payment asks for another means of paying after every decline; on a completed session nobody is there to give one.
fn has_failed(intent: Option<&Expandable<PaymentIntent>>) -> bool {
    match intent.and_then(Expandable::as_object) {
        Some(intent) if intent.status == PaymentIntentStatus::RequiresPaymentMethod => intent.last_payment_error.is_some(),
        Some(intent) => intent.status == PaymentIntentStatus::Canceled,
        None => false,
    }
}
