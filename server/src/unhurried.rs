//! Requests that can wait for a moment: threads of their own work on them, which the system lets run when no other thread
//! wants to, over connections of their own to the database. So a thousand answers a second cost those who look at the shop
//! next to nothing. On a machine that is never idle they still get a few thousandths of its time.

use axum::{
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use shop::Shop;
use std::{panic::resume_unwind, sync::LazyLock, thread};
use thread_priority::{NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy, thread_native_id};
use tokio::runtime::{Builder, Runtime};

/// Answers to a survey: nothing but the next question waits for them.
const UNHURRIED: &[&str] = &["/api/survey/save"];

const NAME: &str = "unhurried";
/// One is enough, but for those who wait for somebody else's transaction.
const CONNECTIONS: u32 = 4;

/// None where the system has no threads for it: then there is no difference.
static THREADS: LazyLock<Option<Runtime>> = LazyLock::new(|| {
    let runtime = Builder::new_multi_thread().thread_name(NAME).on_thread_start(run_last).enable_all().build();
    runtime.inspect_err(|error| tracing::warn!(%error, "no threads of their own for what is not urgent")).ok()
});

/// Lets such a request wait for all others.
pub async fn wait_for_others(request: Request, next: Next) -> Response {
    let threads = if UNHURRIED.contains(&request.uri().path()) { THREADS.as_ref() } else { None };
    let Some(threads) = threads else { return next.run(request).await };
    match threads.spawn(next.run(request)).await {
        Ok(response) => response,
        Err(ended) if ended.is_panic() => resume_unwind(ended.into_panic()),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The shop over connections that these threads open when they need them. A thread listens for the database's answers where
/// its connection was opened: those that listen for readers would else be woken by these answers, and stand in line behind
/// Postgres meanwhile.
pub fn apart(shop: &Shop) -> Shop {
    let options = shop.db.connect_options().as_ref().clone().application_name(NAME);
    let db = shop.db.options().clone().min_connections(0).max_connections(CONNECTIONS).connect_lazy_with(options);
    Shop { db, ..shop.clone() }
}

/// Whether the work at hand can wait.
pub fn is_here() -> bool {
    thread::current().name() == Some(NAME)
}

fn run_last() {
    let last = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
    if let Err(error) = set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, last) {
        tracing::debug!(?error, "the system makes no difference between threads");
    }
}
