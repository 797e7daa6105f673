//! Misbehaviour on demand: every fault that Stripe, the network or a proxy may commit, so that tests can
//! show the shop surviving it. API faults are forgotten at a restart; webhook switches are kept.

use std::sync::PoisonError;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, Row};

use crate::Sandbox;

/// What goes wrong with an API request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Nothing but the delay, before the work or after it.
    Delay,
    /// 409: another request with this idempotency key is in progress.
    Conflict,
    /// 429 with `Retry-After`.
    RateLimit,
    /// 500 in Stripe's JSON.
    ServerError,
    /// 502 in HTML, as from a proxy.
    BadGateway,
    /// No answer at all: the connection stays open and silent.
    Hang,
    /// The connection breaks off in the middle of the answer.
    Close,
}

/// Whether the request takes effect before it goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// It never takes effect.
    Before,
    /// It has taken effect when it goes wrong.
    After,
}

/// A fault for the next requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiFault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// Whether the request takes effect first; unset means that [`FaultKind::Hang`] and
    /// [`FaultKind::Close`] lose the answer only, and the others the whole request.
    #[serde(default)]
    pub when: Option<When>,
    /// Milliseconds that pass first.
    #[serde(default)]
    pub delay_ms: u64,
    /// Only paths that begin so, such as `/v1/refunds`; empty means every request under `/v1`.
    #[serde(default)]
    pub path_prefix: String,
    /// How many requests it hits.
    #[serde(default = "once")]
    pub times: u32,
}

fn once() -> u32 {
    1
}

impl ApiFault {
    /// This fault for the next request, whichever it is.
    #[must_use]
    pub fn once(kind: FaultKind) -> Self {
        Self { kind, when: None, delay_ms: 0, path_prefix: String::new(), times: 1 }
    }

    pub(crate) fn takes_effect(&self) -> bool {
        let loses_the_answer = matches!(self.kind, FaultKind::Hang | FaultKind::Close);
        self.when.map_or(loses_the_answer, |when| when == When::After)
    }

    pub(crate) fn delay(&self) -> Duration {
        Duration::from_millis(self.delay_ms)
    }
}

/// What goes wrong with webhooks: applied to events as they happen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WebhookSwitches {
    /// How many of the next events are delivered twice.
    pub duplicate: i32,
    /// How many of the next events are gathered and then delivered last first.
    pub reorder: i32,
    /// Whether events are kept back until released.
    pub withhold: bool,
}

impl Sandbox {
    /// Adds a fault for coming API requests; faults are used up in the order they were added.
    pub fn add_fault(&self, fault: ApiFault) {
        self.api_faults.lock().unwrap_or_else(PoisonError::into_inner).push(fault);
    }

    /// Forgets every API fault that has not struck yet.
    pub fn clear_faults(&self) {
        self.api_faults.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The fault that strikes a request for this path, used up by once.
    pub(crate) fn take_fault(&self, path: &str) -> Option<ApiFault> {
        let mut faults = self.api_faults.lock().unwrap_or_else(PoisonError::into_inner);
        faults.retain(|fault| fault.times > 0);
        let fault = faults.iter_mut().find(|fault| path.starts_with(&fault.path_prefix))?;
        fault.times -= 1;
        Some(fault.clone())
    }

    /// Sets what goes wrong with webhooks from now on.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn switch_webhooks(&self, switches: WebhookSwitches) -> sqlx::Result<()> {
        sqlx::query("update sandbox.webhook_switch set duplicate = $1, reorder = $2, withhold = $3")
            .bind(switches.duplicate)
            .bind(switches.reorder)
            .bind(switches.withhold)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Lets withheld and gathered webhooks go, in their order, and stops withholding.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn release_webhooks(&self) -> sqlx::Result<u64> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query("update sandbox.webhook_switch set withhold = false, reorder = 0").execute(&mut *transaction).await?;
        let released = sqlx::query("update sandbox.delivery set state = 'waiting' where state in ('withheld', 'gathered')")
            .execute(&mut *transaction)
            .await?;
        self.commit(transaction).await?;
        Ok(released.rows_affected())
    }
}

/// The switches; locked when any is on, so that they are used up one event at a time.
pub(crate) async fn read_switches(connection: &mut PgConnection) -> sqlx::Result<WebhookSwitches> {
    let seen = fetch(connection, "select duplicate, reorder, withhold from sandbox.webhook_switch").await?;
    if seen == WebhookSwitches::default() {
        return Ok(seen);
    }
    fetch(connection, "select duplicate, reorder, withhold from sandbox.webhook_switch for update").await
}

async fn fetch(connection: &mut PgConnection, query: &'static str) -> sqlx::Result<WebhookSwitches> {
    sqlx::query(query)
        .try_map(|row: sqlx::postgres::PgRow| {
            Ok(WebhookSwitches {
                duplicate: row.try_get("duplicate")?,
                reorder: row.try_get("reorder")?,
                withhold: row.try_get("withhold")?,
            })
        })
        .fetch_one(connection)
        .await
}
