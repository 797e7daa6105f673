//! Refunds: giving back no more than was taken, at once, slowly, or only seemingly.

use serde_json::{Value, json};
use sqlx::PgConnection;

use crate::api::ApiError;
use crate::clock::{ms_from_now, now};
use crate::form::Params;
use crate::ids::new_id;
use crate::session_params::metadata;
use crate::store::{self, Kind, Stored};
use crate::{Sandbox, disputes, events, expand};

const REASONS: [&str; 3] = ["duplicate", "fraudulent", "requested_by_customer"];

/// `POST /v1/refunds`.
pub(crate) async fn create(sandbox: &Sandbox, connection: &mut PgConnection, params: &Params) -> Result<Value, ApiError> {
    params.only(&["payment_intent", "charge", "amount", "reason", "metadata", "expand"])?;
    let reason = reason(params)?;
    let (intent, mut charge) = find_charge(connection, params).await?;
    let amount = amount(params, &charge)?;
    let slow = intent.hidden["refunds"] == "slow";
    let body = body(&charge, amount, reason, metadata(params)?, slow);
    let mut hidden = json!({});
    if intent.hidden["refunds"].is_string() {
        hidden["outcome"] = json!(if slow { "succeeded" } else { "failed" });
        hidden["due_ms"] = json!(ms_from_now(sandbox.config.refund_outcome_after));
    }
    store::insert(connection, Kind::Refund, Some(&intent.id), &body, &hidden).await?;
    give_back(connection, &mut charge, amount).await?;
    events::append(connection, "refund.created", &body).await?;
    events::append(connection, "charge.refunded", &charge.body).await?;
    let id = body["id"].as_str().unwrap_or_default().to_owned();
    expand::expand(connection, Stored { id, body, hidden }, &params.texts("expand")).await
}

fn reason(params: &Params) -> Result<Option<&str>, ApiError> {
    match params.text("reason") {
        Some(reason) if !REASONS.contains(&reason) => {
            let message = format!("Invalid reason: must be one of {}", REASONS.join(", "));
            Err(ApiError::invalid(message, "reason"))
        }
        other => Ok(other),
    }
}

/// The payment and its charge, both locked.
async fn find_charge(connection: &mut PgConnection, params: &Params) -> Result<(Stored, Stored), ApiError> {
    let intent_id = match (params.text("payment_intent"), params.text("charge")) {
        (Some(id), _) => id.to_owned(),
        (None, Some(id)) => store::get(connection, Kind::Charge, id).await?.text("payment_intent").to_owned(),
        (None, None) => return Err(ApiError::missing("payment_intent")),
    };
    let intent = store::take(connection, Kind::PaymentIntent, &intent_id).await?;
    let charge = store::lock(connection, Kind::Charge, intent.text("latest_charge")).await?;
    let charge = charge.ok_or_else(|| {
        let message = format!("This PaymentIntent ({intent_id}) does not have a successful charge to refund.");
        ApiError::state(Some("payment_intent_unexpected_state"), message, "payment_intent")
    })?;
    if disputes::against(connection, &intent_id).await? {
        let message = format!("Charge {} has been charged back; cannot issue a refund.", charge.id);
        return Err(ApiError::state(Some("charge_disputed"), message, "charge"));
    }
    Ok((intent, charge))
}

fn amount(params: &Params, charge: &Stored) -> Result<i64, ApiError> {
    let left = charge.number("amount") - charge.number("amount_refunded");
    if left == 0 {
        let message = format!("Charge {} has already been refunded.", charge.id);
        return Err(ApiError::state(Some("charge_already_refunded"), message, "charge"));
    }
    let amount = params.integer("amount")?.unwrap_or(left);
    if amount < 1 {
        let message = "This value must be greater than or equal to 1.";
        return Err(ApiError::parameter("parameter_invalid_integer", message, "amount"));
    }
    if amount > left {
        let message = format!("Refund amount ({amount}) is greater than unrefunded amount on charge ({left})");
        return Err(ApiError::state(None, message, "amount"));
    }
    Ok(amount)
}

fn body(charge: &Stored, amount: i64, reason: Option<&str>, metadata: Value, slow: bool) -> Value {
    json!({
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": null,
        "charge": charge.id,
        "created": now(),
        "currency": charge.body["currency"],
        "destination_details": { "type": "card", "card": { "type": "refund" } },
        "failure_reason": null,
        "metadata": metadata,
        "payment_intent": charge.body["payment_intent"],
        "reason": reason,
        "receipt_number": null,
        "source_transfer_reversal": null,
        "status": if slow { "pending" } else { "succeeded" },
        "transfer_reversal": null,
    })
}

/// Counts an amount as refunded, or as not refunded after all when it is negative.
async fn give_back(connection: &mut PgConnection, charge: &mut Stored, amount: i64) -> sqlx::Result<()> {
    let refunded = charge.number("amount_refunded") + amount;
    charge.body["amount_refunded"] = json!(refunded);
    charge.body["refunded"] = json!(refunded == charge.number("amount"));
    store::save(connection, charge).await
}

/// Gives a refund its outcome, `succeeded` or `failed`. A refund that has failed stays failed.
pub(crate) async fn settle(connection: &mut PgConnection, id: &str, outcome: &str) -> Result<Value, ApiError> {
    // The payment is locked first, as everywhere; which one never changes.
    let refund = store::get(connection, Kind::Refund, id).await?;
    store::take(connection, Kind::PaymentIntent, refund.text("payment_intent")).await?;
    let mut charge = store::take(connection, Kind::Charge, refund.text("charge")).await?;
    let mut refund = store::take(connection, Kind::Refund, id).await?;
    if let Some(hidden) = refund.hidden.as_object_mut() {
        hidden.remove("due_ms");
    }
    let before = refund.text("status").to_owned();
    if before == "failed" || before == outcome {
        store::save(connection, &refund).await?;
        return Ok(refund.body);
    }
    refund.body["status"] = json!(outcome);
    if outcome == "failed" {
        refund.body["failure_reason"] = json!("expired_or_canceled_card");
        give_back(connection, &mut charge, -refund.number("amount")).await?;
    }
    store::save(connection, &refund).await?;
    events::append(connection, "refund.updated", &refund.body).await?;
    if outcome == "failed" {
        events::append(connection, "refund.failed", &refund.body).await?;
    }
    Ok(refund.body)
}
