//! Checkout Sessions: opening one, closing it by hand or by the clock, and how the API shows it.

use serde_json::{Value, json};
use sqlx::PgConnection;

use crate::api::ApiError;
use crate::clock::now;
use crate::form::Params;
use crate::ids::new_session_id;
use crate::session_params::SessionParams;
use crate::store::{self, Kind, Stored};
use crate::{Sandbox, events, expand, intents};

/// `POST /v1/checkout/sessions`.
pub(crate) async fn create(sandbox: &Sandbox, connection: &mut PgConnection, params: &Params) -> Result<Value, ApiError> {
    let read = SessionParams::read(params)?;
    let id = new_session_id();
    let body = body(&id, &sandbox.config.public_origin, &read);
    let hidden = json!({ "line_items": read.line_items, "payment_metadata": read.payment_metadata });
    store::insert(connection, Kind::Session, None, &body, &hidden).await?;
    let session = Stored { id, body, hidden };
    expand::expand(connection, session, &params.texts("expand")).await
}

fn body(id: &str, origin: &str, read: &SessionParams) -> Value {
    let mut body = json!({
        "id": id,
        "object": "checkout.session",
        "amount_subtotal": read.total,
        "amount_total": read.total,
        "automatic_tax": { "enabled": false, "liability": null, "provider": null, "status": null },
        "cancel_url": read.cancel_url,
        "client_reference_id": read.client_reference_id,
        "created": now(),
        "currency": read.currency,
        "custom_fields": [],
        "custom_text": {
            "after_submit": null, "shipping_address": null, "submit": null,
            "terms_of_service_acceptance": null,
        },
        "customer_details": null,
        "customer_email": read.customer_email,
        "expires_at": read.expires_at,
        "livemode": false,
        "locale": read.locale,
        "metadata": read.metadata,
        "mode": "payment",
        "payment_intent": null,
        "payment_method_types": read.payment_method_types,
        "payment_status": "unpaid",
        "shipping_options": [],
        "status": "open",
        "success_url": read.success_url,
        "total_details": { "amount_discount": 0, "amount_shipping": 0, "amount_tax": 0 },
        "ui_mode": "hosted_page",
        "url": format!("{origin}/sandbox/pay/{id}"),
    });
    // Fields that a one-off card payment leaves empty; clients expect them to be there.
    const EMPTY: [&str; 16] = [
        "adaptive_pricing",
        "after_expiration",
        "allow_promotion_codes",
        "billing_address_collection",
        "client_secret",
        "consent",
        "consent_collection",
        "currency_conversion",
        "customer",
        "customer_creation",
        "invoice",
        "invoice_creation",
        "payment_link",
        "setup_intent",
        "shipping_cost",
        "subscription",
    ];
    for field in EMPTY {
        body[field] = Value::Null;
    }
    body
}

/// `POST /v1/checkout/sessions/{id}/expire`.
pub(crate) async fn expire(connection: &mut PgConnection, id: &str, params: &Params) -> Result<Value, ApiError> {
    params.only(&["expand"])?;
    let mut session = store::take(connection, Kind::Session, id).await?;
    if session.text("status") != "open" {
        let message = format!(
            "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session \
             has a status of {}.",
            session.text("status")
        );
        return Err(ApiError::state(None, message, "session"));
    }
    close(connection, &mut session).await?;
    expand::expand(connection, session, &params.texts("expand")).await
}

/// Turns a locked open session into an expired one, and gives up its payment.
pub(crate) async fn close(connection: &mut PgConnection, session: &mut Stored) -> sqlx::Result<()> {
    session.body["status"] = json!("expired");
    session.body["url"] = Value::Null;
    store::save(connection, session).await?;
    intents::cancel(connection, session.body["payment_intent"].as_str()).await?;
    events::append(connection, "checkout.session.expired", &session.body).await
}

/// Turns a locked open session into a complete one; `payment_status` is `paid`, or `unpaid` while a
/// delayed method takes its time.
pub(crate) async fn complete(
    connection: &mut PgConnection,
    session: &mut Stored,
    payment_status: &str,
    name: Option<&str>,
) -> sqlx::Result<()> {
    session.body["status"] = json!("complete");
    session.body["payment_status"] = json!(payment_status);
    session.body["url"] = Value::Null;
    session.body["customer_details"] = json!({
        "address": null, "email": session.body["customer_email"], "name": name, "phone": null,
        "tax_exempt": "none", "tax_ids": [],
    });
    store::save(connection, session).await?;
    events::append(connection, "checkout.session.completed", &session.body).await
}

/// Whether the clock has run out on an open session.
pub(crate) fn lapsed(session: &Stored) -> bool {
    session.text("status") == "open" && session.number("expires_at") <= now()
}

/// Closes every session whose time is over.
pub(crate) async fn sweep(sandbox: &Sandbox) -> sqlx::Result<()> {
    let mut transaction = sandbox.pool.begin().await?;
    let ids: Vec<String> = sqlx::query_scalar(
        "select id from sandbox.object
         where kind = 'checkout.session' and body ->> 'status' = 'open'
           and (body ->> 'expires_at')::bigint <= $1
         order by id limit 100 for update skip locked",
    )
    .bind(now())
    .fetch_all(&mut *transaction)
    .await?;
    for id in ids {
        if let Some(mut session) = store::lock(&mut transaction, Kind::Session, &id).await? {
            close(&mut transaction, &mut session).await?;
        }
    }
    transaction.commit().await
}

/// The line items as a list object.
pub(crate) fn line_items(session: &Stored) -> Value {
    json!({
        "object": "list",
        "url": format!("/v1/checkout/sessions/{}/line_items", session.id),
        "has_more": false,
        "data": session.hidden["line_items"],
    })
}

/// Where the shopper goes after paying.
pub(crate) fn success_url(session: &Stored) -> String {
    session.text("success_url").replace("{CHECKOUT_SESSION_ID}", &session.id)
}
