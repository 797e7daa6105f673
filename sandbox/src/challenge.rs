//! 3-D Secure: the bank's question between a card and its payment, and what each answer leads to.

use serde_json::json;
use sqlx::PgConnection;

use crate::Sandbox;
use crate::cards::{Decline, Outcome, TestCard};
use crate::ids::new_id;
use crate::intents;
use crate::payment::{PayError, PayOutcome, charge, decline, still_open};
use crate::store::{self, Kind, Stored};

/// Starts a challenge for a locked session and gives its id.
pub(crate) async fn open(connection: &mut PgConnection, session: &Stored, card: TestCard, name: Option<&str>) -> sqlx::Result<String> {
    let id = new_id("tds");
    let after = match card.outcome {
        Outcome::Challenge(after) => after.map(Decline::name),
        _ => None,
    };
    let body = json!({
        "id": id, "object": "challenge", "session": session.id, "status": "pending",
        "brand": card.brand(), "last4": card.last4(), "name": name, "declined_after": after,
    });
    store::insert(connection, Kind::Challenge, Some(&session.id), &body, &json!({})).await?;
    Ok(id)
}

impl Sandbox {
    /// Answers a challenge as its page would: authorises the payment, or fails it.
    ///
    /// # Errors
    /// No such challenge, or no database.
    pub async fn answer_challenge(&self, id: &str, authorise: bool) -> Result<PayOutcome, PayError> {
        let mut transaction = self.pool.begin().await?;
        // The session is locked before anything that belongs to it; which one never changes.
        let found = store::find(&mut transaction, Kind::Challenge, id).await?;
        let session = found.ok_or(PayError::NotFound)?.text("session").to_owned();
        let found = store::lock(&mut transaction, Kind::Session, &session).await?;
        let mut session = found.ok_or(PayError::NotFound)?;
        let outcome = match still_open(&mut transaction, &mut session).await? {
            Some(closed) => closed,
            None => {
                let found = store::lock(&mut transaction, Kind::Challenge, id).await?;
                let challenge = found.ok_or(PayError::NotFound)?;
                answer(&mut transaction, &mut session, challenge, authorise).await?
            }
        };
        self.commit(transaction).await?;
        Ok(outcome)
    }
}

async fn answer(connection: &mut PgConnection, session: &mut Stored, mut challenge: Stored, authorise: bool) -> sqlx::Result<PayOutcome> {
    if challenge.text("status") != "pending" {
        // Answered before and declined: the same answer again, charging nothing.
        return Ok(PayOutcome::Declined(challenge.text("answer").to_owned()));
    }
    let mut intent = intents::of_session(connection, session).await?;
    let declined = if authorise { Decline::by_name(challenge.text("declined_after")) } else { Some(Decline::AuthenticationFailed) };
    challenge.body["status"] = json!("answered");
    challenge.body["answer"] = json!(declined.map(Decline::name));
    store::save(connection, &challenge).await?;
    match declined {
        Some(why) => decline(connection, &mut intent, why).await,
        None => {
            let number = challenge.text("last4");
            let card = crate::cards::TEST_CARDS
                .into_iter()
                .find(|card| matches!(card.outcome, Outcome::Challenge(None)) && card.last4() == number);
            let Some(card) = card else {
                return decline(connection, &mut intent, Decline::ProcessingError).await;
            };
            let name = challenge.body["name"].as_str();
            charge(connection, session, intent, card, name).await
        }
    }
}
