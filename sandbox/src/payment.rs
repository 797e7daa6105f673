//! Paying a session: what each test card and the delayed bank debit lead to. The session's row is locked
//! throughout, so that two submits at once pay once.

use serde_json::{Value, json};
use sqlx::PgConnection;

use crate::cards::{Decline, Outcome, TestCard};
use crate::clock::ms_from_now;
use crate::intents::{self, Means};
use crate::store::{self, Kind, Stored};
use crate::{Sandbox, challenge, disputes, events, sessions};

/// How a shopper pays.
#[derive(Clone, Copy, Debug)]
pub enum PaymentMethod<'a> {
    /// One of Stripe's test cards.
    Card {
        /// Digits, with blanks or without.
        number: &'a str,
        /// As printed on the card.
        name: Option<&'a str>,
    },
    /// A bank debit, whose outcome shows after a while.
    BankDebit {
        /// Whether the money arrives in the end.
        succeeds: bool,
    },
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PayOutcome {
    /// Paid.
    Paid,
    /// Complete but unpaid: the bank takes its time.
    Processing,
    /// Declined with Stripe's decline code, else its error code; the session stays open.
    Declined(String),
    /// The bank asks for 3-D Secure; answer the challenge with this id.
    ChallengeRequired(String),
    /// The session had been finished before; nothing was charged again.
    AlreadyComplete,
    /// The session has expired.
    Expired,
}

/// Why nothing could be tried.
#[derive(Debug, thiserror::Error)]
pub enum PayError {
    /// No session, challenge, payment or dispute with this id.
    #[error("the sandbox knows nothing of this name")]
    NotFound,
    /// Known, but over: a dispute that is decided, a payment that cannot be disputed.
    #[error("that is over, or was never possible")]
    Over,
    /// Not one of the test numbers.
    #[error("only Stripe's test cards are accepted here")]
    NotATestCard,
    /// The database failed.
    #[error("the sandbox's database failed")]
    Database(#[from] sqlx::Error),
}

impl Sandbox {
    /// Pays a session as its page would.
    ///
    /// # Errors
    /// No such session, not a test card, or no database.
    pub async fn pay(&self, session: &str, method: PaymentMethod<'_>) -> Result<PayOutcome, PayError> {
        self.by_its_clock(self.take_payment(session, method)).await
    }

    async fn take_payment(&self, session: &str, method: PaymentMethod<'_>) -> Result<PayOutcome, PayError> {
        let mut transaction = self.pool.begin().await?;
        let found = store::lock(&mut transaction, Kind::Session, session).await?;
        let mut session = found.ok_or(PayError::NotFound)?;
        let outcome = match still_open(&mut transaction, &mut session).await? {
            Some(closed) => closed,
            None => match method {
                PaymentMethod::Card { number, name } => {
                    let card = TestCard::find(number).ok_or(PayError::NotATestCard)?;
                    pay_by_card(&mut transaction, &mut session, card, name).await?
                }
                PaymentMethod::BankDebit { succeeds } => self.start_debit(&mut transaction, &mut session, succeeds).await?,
            },
        };
        self.commit(transaction).await?;
        Ok(outcome)
    }

    async fn start_debit(&self, connection: &mut PgConnection, session: &mut Stored, succeeds: bool) -> sqlx::Result<PayOutcome> {
        let mut intent = intents::of_session(connection, session).await?;
        intents::wait(connection, &mut intent, "processing", Value::Null).await?;
        session.hidden["debit_succeeds"] = json!(succeeds);
        session.hidden["due_ms"] = json!(ms_from_now(self.config.delayed_payment_after));
        sessions::complete(connection, session, "unpaid", None).await?;
        Ok(PayOutcome::Processing)
    }
}

/// `Some` when a locked session takes no payment any more; the clock is applied first.
pub(crate) async fn still_open(connection: &mut PgConnection, session: &mut Stored) -> sqlx::Result<Option<PayOutcome>> {
    if sessions::lapsed(session) {
        sessions::close(connection, session).await?;
    }
    Ok(match session.text("status") {
        "open" => None,
        "complete" => Some(PayOutcome::AlreadyComplete),
        _ => Some(PayOutcome::Expired),
    })
}

async fn pay_by_card(connection: &mut PgConnection, session: &mut Stored, card: TestCard, name: Option<&str>) -> sqlx::Result<PayOutcome> {
    let mut intent = intents::of_session(connection, session).await?;
    match card.outcome {
        Outcome::Declined(why) => decline(connection, &mut intent, why).await,
        Outcome::Challenge(_) => {
            let id = challenge::open(connection, session, card, name).await?;
            // The session's own address is `{origin}/sandbox/pay/{session}`.
            let origin = session.text("url").split("/sandbox/pay/").next().unwrap_or_default();
            let next_action = json!({
                "type": "redirect_to_url",
                "redirect_to_url": { "url": format!("{origin}/sandbox/3ds/{id}"), "return_url": null },
            });
            intents::wait(connection, &mut intent, "requires_action", next_action).await?;
            Ok(PayOutcome::ChallengeRequired(id))
        }
        _ => charge(connection, session, intent, card, name).await,
    }
}

pub(crate) async fn decline(connection: &mut PgConnection, intent: &mut Stored, why: Decline) -> sqlx::Result<PayOutcome> {
    intents::decline(connection, intent, why).await?;
    Ok(PayOutcome::Declined(why.name().to_owned()))
}

/// Takes the money from a card that gives it.
pub(crate) async fn charge(
    connection: &mut PgConnection,
    session: &mut Stored,
    mut intent: Stored,
    card: TestCard,
    name: Option<&str>,
) -> sqlx::Result<PayOutcome> {
    match card.outcome {
        Outcome::SlowRefunds => intent.hidden["refunds"] = json!("slow"),
        Outcome::FailingRefunds => intent.hidden["refunds"] = json!("failing"),
        _ => {}
    }
    let means = Means { method: "card", brand: card.brand(), last4: card.last4(), name };
    let charge = intents::succeed(connection, &mut intent, &means).await?;
    sessions::complete(connection, session, "paid", name).await?;
    if let Outcome::Disputed(reason) = card.outcome {
        disputes::open(connection, charge, reason).await?;
    }
    Ok(PayOutcome::Paid)
}

/// A delayed debit whose time has come; the session is locked.
pub(crate) async fn settle_debit(connection: &mut PgConnection, mut session: Stored) -> sqlx::Result<()> {
    let succeeds = session.hidden["debit_succeeds"] == true;
    if let Some(hidden) = session.hidden.as_object_mut() {
        hidden.remove("due_ms");
    }
    let mut intent = intents::of_session(connection, &mut session).await?;
    let event = if succeeds {
        let means = Means { method: "sepa_debit", brand: "", last4: "3000", name: None };
        intents::succeed(connection, &mut intent, &means).await?;
        session.body["payment_status"] = json!("paid");
        "checkout.session.async_payment_succeeded"
    } else {
        intents::decline(connection, &mut intent, Decline::BankDebitFailed).await?;
        "checkout.session.async_payment_failed"
    };
    store::save(connection, &session).await?;
    events::append(connection, event, &session.body).await
}
