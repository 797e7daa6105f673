//! PaymentIntents and charges: the money behind a session, from the first attempt to the last refund.

use serde_json::{Value, json};
use sqlx::PgConnection;

use crate::cards::Decline;
use crate::clock::now;
use crate::events;
use crate::ids::new_id;
use crate::store::{self, Kind, Stored};

/// What was used to pay, as far as it may be kept.
pub(crate) struct Means<'a> {
    /// `card` or `sepa_debit`.
    pub(crate) method: &'a str,
    /// `visa`, `mastercard`, `amex`; empty for a debit.
    pub(crate) brand: &'a str,
    pub(crate) last4: &'a str,
    pub(crate) name: Option<&'a str>,
}

/// The session's payment, made at its first attempt; locked.
pub(crate) async fn of_session(connection: &mut PgConnection, session: &mut Stored) -> sqlx::Result<Stored> {
    if let Some(id) = session.body["payment_intent"].as_str().map(str::to_owned)
        && let Some(intent) = store::lock(connection, Kind::PaymentIntent, &id).await?
    {
        return Ok(intent);
    }
    let body = new_body(session);
    store::insert(connection, Kind::PaymentIntent, None, &body, &json!({})).await?;
    let id = body["id"].as_str().unwrap_or_default().to_owned();
    session.body["payment_intent"] = json!(id);
    store::save(connection, session).await?;
    store::set_parent(connection, &session.id, &id).await?;
    Ok(Stored { id, body, hidden: json!({}) })
}

fn new_body(session: &Stored) -> Value {
    let mut body = json!({
        "id": new_id("pi"),
        "object": "payment_intent",
        "amount": session.body["amount_total"],
        "amount_capturable": 0,
        "amount_details": { "tip": {} },
        "amount_received": 0,
        "capture_method": "automatic_async",
        "confirmation_method": "automatic",
        "created": now(),
        "currency": session.body["currency"],
        "livemode": false,
        "metadata": session.hidden["payment_metadata"],
        "payment_method_options": {},
        "payment_method_types": session.body["payment_method_types"],
        "receipt_email": session.body["customer_email"],
        "status": "requires_payment_method",
    });
    const EMPTY: [&str; 19] = [
        "application",
        "application_fee_amount",
        "automatic_payment_methods",
        "canceled_at",
        "cancellation_reason",
        "client_secret",
        "customer",
        "description",
        "last_payment_error",
        "latest_charge",
        "next_action",
        "on_behalf_of",
        "payment_method",
        "processing",
        "review",
        "setup_future_usage",
        "shipping",
        "statement_descriptor",
        "transfer_data",
    ];
    for field in EMPTY {
        body[field] = Value::Null;
    }
    body
}

/// Gives up a session's payment, if there is one and it has not succeeded.
pub(crate) async fn cancel(connection: &mut PgConnection, id: Option<&str>) -> sqlx::Result<()> {
    let Some(id) = id else { return Ok(()) };
    let Some(mut intent) = store::lock(connection, Kind::PaymentIntent, id).await? else {
        return Ok(());
    };
    if intent.text("status") == "succeeded" {
        return Ok(());
    }
    intent.body["status"] = json!("canceled");
    intent.body["canceled_at"] = json!(now());
    intent.body["next_action"] = Value::Null;
    store::save(connection, &intent).await?;
    events::append(connection, "payment_intent.canceled", &intent.body).await
}

/// Money received: a charge appears, and the payment has succeeded.
pub(crate) async fn succeed(connection: &mut PgConnection, intent: &mut Stored, means: &Means<'_>) -> sqlx::Result<Stored> {
    let charge = charge_body(intent, means);
    store::insert(connection, Kind::Charge, Some(&intent.id), &charge, &json!({})).await?;
    intent.body["status"] = json!("succeeded");
    intent.body["amount_received"] = intent.body["amount"].clone();
    intent.body["latest_charge"] = charge["id"].clone();
    intent.body["payment_method"] = charge["payment_method"].clone();
    intent.body["last_payment_error"] = Value::Null;
    intent.body["next_action"] = Value::Null;
    store::save(connection, intent).await?;
    events::append(connection, "payment_intent.succeeded", &intent.body).await?;
    let id = charge["id"].as_str().unwrap_or_default().to_owned();
    Ok(Stored { id, body: charge, hidden: json!({}) })
}

/// The payment was declined; the shopper may try again.
pub(crate) async fn decline(connection: &mut PgConnection, intent: &mut Stored, decline: Decline) -> sqlx::Result<()> {
    intent.body["status"] = json!("requires_payment_method");
    intent.body["next_action"] = Value::Null;
    intent.body["last_payment_error"] = json!({
        "type": "card_error", "code": decline.code(), "decline_code": decline.decline_code(),
        "message": decline.message(),
    });
    store::save(connection, intent).await?;
    events::append(connection, "payment_intent.payment_failed", &intent.body).await
}

/// The payment waits: for a 3-D Secure challenge, or for a bank.
pub(crate) async fn wait(connection: &mut PgConnection, intent: &mut Stored, status: &str, next_action: Value) -> sqlx::Result<()> {
    intent.body["status"] = json!(status);
    intent.body["next_action"] = next_action;
    store::save(connection, intent).await
}

fn charge_body(intent: &Stored, means: &Means<'_>) -> Value {
    let mut details = json!({ "type": means.method });
    details[means.method] = json!({ "brand": means.brand, "last4": means.last4 });
    let mut body = json!({
        "id": new_id("ch"),
        "object": "charge",
        "amount": intent.body["amount"],
        "amount_captured": intent.body["amount"],
        "amount_refunded": 0,
        "billing_details": {
            "address": null, "email": intent.body["receipt_email"], "name": means.name,
            "phone": null, "tax_id": null,
        },
        "captured": true,
        "created": now(),
        "currency": intent.body["currency"],
        "disputed": false,
        "fraud_details": {},
        "livemode": false,
        "metadata": intent.body["metadata"],
        "outcome": { "network_status": "approved_by_network", "type": "authorized" },
        "paid": true,
        "payment_intent": intent.id,
        "payment_method": new_id("pm"),
        "payment_method_details": details,
        "refunded": false,
        "refunds": null,
        "status": "succeeded",
    });
    const EMPTY: [&str; 9] = [
        "application",
        "balance_transaction",
        "customer",
        "description",
        "failure_code",
        "failure_message",
        "invoice",
        "receipt_url",
        "shipping",
    ];
    for field in EMPTY {
        body[field] = Value::Null;
    }
    body
}
