//! Disputes: a card holder asks the bank for the money back. It leaves at once, and returns if the shop
//! wins.

use serde_json::{Value, json};
use sqlx::PgConnection;

use crate::clock::now;
use crate::ids::new_id;
use crate::store::{self, Kind, Page, Stored};
use crate::{PayError, Sandbox, events};

const SECONDS_TO_RESPOND: i64 = 7 * 24 * 60 * 60;

/// Disputes a whole charge; its payment is locked.
pub(crate) async fn open(connection: &mut PgConnection, mut charge: Stored, reason: &str) -> sqlx::Result<Value> {
    charge.body["disputed"] = json!(true);
    store::save(connection, &charge).await?;
    let payment_intent = charge.text("payment_intent").to_owned();
    let dispute = json!({
        "id": new_id("dp"),
        "object": "dispute",
        "amount": charge.body["amount"],
        "balance_transactions": [],
        "charge": charge.id,
        "created": now(),
        "currency": charge.body["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {},
        "evidence_details": {
            "due_by": now() + SECONDS_TO_RESPOND, "has_evidence": false, "past_due": false,
            "submission_count": 0,
        },
        "is_charge_refundable": false,
        "livemode": false,
        "metadata": {},
        "payment_intent": payment_intent,
        "reason": reason,
        "status": "needs_response",
    });
    store::insert(connection, Kind::Dispute, Some(&payment_intent), &dispute, &json!({})).await?;
    events::append(connection, "charge.dispute.created", &dispute).await?;
    events::append(connection, "charge.dispute.funds_withdrawn", &dispute).await?;
    Ok(dispute)
}

/// Whether a bank holds a payment back, or keeps it: then it cannot be refunded.
pub(crate) async fn against(connection: &mut PgConnection, payment_intent: &str) -> sqlx::Result<bool> {
    let page = Page { parent: Some(payment_intent), limit: 100, starting_after: None };
    let disputes = store::list(connection, Kind::Dispute, page).await?;
    Ok(disputes.iter().any(|dispute| dispute["status"] != "won"))
}

impl Sandbox {
    /// Has the card holder of a payment open a dispute.
    ///
    /// # Errors
    /// No such payment, or one that cannot be disputed (any more).
    pub async fn open_dispute(&self, payment_intent: &str, reason: &str) -> Result<Value, PayError> {
        let mut transaction = self.pool.begin().await?;
        let found = store::lock(&mut transaction, Kind::PaymentIntent, payment_intent).await?;
        let intent = found.ok_or(PayError::NotFound)?;
        let charge = store::lock(&mut transaction, Kind::Charge, intent.text("latest_charge")).await?;
        let charge = charge.filter(|charge| charge.body["disputed"] != true).ok_or(PayError::Over)?;
        let dispute = open(&mut transaction, charge, reason).await?;
        self.commit(transaction).await?;
        Ok(dispute)
    }

    /// Has the bank decide a dispute.
    ///
    /// # Errors
    /// No such dispute, or one that is decided.
    pub async fn close_dispute(&self, id: &str, won: bool) -> Result<Value, PayError> {
        let mut transaction = self.pool.begin().await?;
        let found = store::lock(&mut transaction, Kind::Dispute, id).await?;
        let mut dispute = found.ok_or(PayError::NotFound)?;
        if ["won", "lost"].contains(&dispute.text("status")) {
            return Err(PayError::Over);
        }
        dispute.body["status"] = json!(if won { "won" } else { "lost" });
        store::save(&mut transaction, &dispute).await?;
        events::append(&mut transaction, "charge.dispute.closed", &dispute.body).await?;
        if won {
            events::append(&mut transaction, "charge.dispute.funds_reinstated", &dispute.body).await?;
        }
        self.commit(transaction).await?;
        Ok(dispute.body)
    }
}
