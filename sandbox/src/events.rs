//! Events: every change of state appends one, and its webhook delivery, in the transaction that makes
//! the change, so that neither happens without the other.

use serde_json::{Value, json};
use sqlx::PgConnection;

use crate::clock::{self, now, now_ms};
use crate::faults::{WebhookSwitches, read_switches};
use crate::ids::new_id;
use crate::store::{self, Kind};

/// The API version whose shapes the sandbox imitates.
pub(crate) const API_VERSION: &str = "2026-09-30.endive";

/// Records that something happened to `object`.
pub(crate) async fn append(connection: &mut PgConnection, name: &str, object: &Value) -> sqlx::Result<()> {
    let event = json!({
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": now(),
        "data": { "object": object },
        "livemode": false,
        "pending_webhooks": 1,
        "request": { "id": null, "idempotency_key": null },
        "type": name,
    });
    store::insert(connection, Kind::Event, None, &event, &json!({})).await?;
    deliver(connection, event["id"].as_str().unwrap_or_default()).await
}

/// Queues the delivery as the webhook switches have it.
async fn deliver(connection: &mut PgConnection, event: &str) -> sqlx::Result<()> {
    let switches = read_switches(connection).await?;
    let state = if clock::is_set() {
        "abandoned"
    } else if switches.withhold {
        "withheld"
    } else if switches.reorder > 0 {
        "gathered"
    } else {
        "waiting"
    };
    let copies = if switches.duplicate > 0 { 2 } else { 1 };
    for _ in 0..copies {
        sqlx::query("insert into sandbox.delivery (event, state, due_ms) values ($1, $2, $3)")
            .bind(event)
            .bind(state)
            .bind(now_ms())
            .execute(&mut *connection)
            .await?;
    }
    use_up(connection, switches, state == "gathered").await
}

async fn use_up(connection: &mut PgConnection, switches: WebhookSwitches, gathered: bool) -> sqlx::Result<()> {
    if switches.duplicate == 0 && !gathered {
        return Ok(());
    }
    sqlx::query("update sandbox.webhook_switch set duplicate = greatest(duplicate - 1, 0), reorder = $1")
        .bind(switches.reorder - i32::from(gathered))
        .execute(&mut *connection)
        .await?;
    if gathered && switches.reorder == 1 {
        // Everything is gathered: due one after another, the last event first.
        sqlx::query(
            "update sandbox.delivery as delivery
             set state = 'waiting', due_ms = $1 + turned.turn
             from (select id, row_number() over (order by id desc) as turn
                   from sandbox.delivery where state = 'gathered') as turned
             where delivery.id = turned.id",
        )
        .bind(now_ms())
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
