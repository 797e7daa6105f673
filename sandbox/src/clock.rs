//! The clock: the machine's, or one that was set to another moment, as with Stripe's test clocks. Whatever is done for a
//! request, or with [`Sandbox::pay`], goes by the clock of its sandbox.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use time::OffsetDateTime;

use crate::Sandbox;

/// Stands for the machine's own clock.
pub(crate) const MACHINE: i64 = i64::MIN;

tokio::task_local! {
    /// Unix milliseconds.
    static SET: i64;
}

impl Sandbox {
    /// Sets the clock to a moment, where it stands still; without one it is the machine's again. What happens at a set
    /// clock is over: its webhooks count as given up, as Stripe's are after three days.
    pub fn set_clock(&self, at: Option<OffsetDateTime>) {
        self.clock.store(at.map_or(MACHINE, in_milliseconds), Ordering::Relaxed);
    }

    pub(crate) async fn by_its_clock<F: Future>(&self, work: F) -> F::Output {
        match self.clock.load(Ordering::Relaxed) {
            MACHINE => work.await,
            set => SET.scope(set, work).await,
        }
    }
}

pub(crate) async fn of_the_sandbox(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    sandbox.by_its_clock(next.run(request)).await
}

pub(crate) fn is_set() -> bool {
    SET.try_with(|_| ()).is_ok()
}

/// Unix seconds, as Stripe's objects tell time.
pub(crate) fn now() -> i64 {
    now_ms().div_euclid(1000)
}

/// Unix milliseconds, for what is due.
pub(crate) fn now_ms() -> i64 {
    SET.try_with(|set| *set).unwrap_or_else(|_| in_milliseconds(OffsetDateTime::now_utc()))
}

/// The moment so long from now, in Unix milliseconds.
pub(crate) fn ms_from_now(wait: Duration) -> i64 {
    now_ms().saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
}

fn in_milliseconds(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
}
