//! Requests that can wait for a moment: threads of their own work on them, which the system lets run when no other thread
//! wants to. So a thousand answers a second cost those who look at the shop next to nothing. On a machine that is never
//! idle they still get a few thousandths of its time.

use axum::{
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{panic::resume_unwind, sync::LazyLock};
use thread_priority::{NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy, thread_native_id};
use tokio::runtime::{Builder, Runtime};

/// Answers to a survey: nothing but the next question waits for them.
const UNHURRIED: &[&str] = &["/api/survey/save"];

/// None where the system has no threads for it: then there is no difference.
static THREADS: LazyLock<Option<Runtime>> = LazyLock::new(|| {
    let runtime = Builder::new_multi_thread().thread_name("unhurried").on_thread_start(run_last).enable_all().build();
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

fn run_last() {
    let last = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
    if let Err(error) = set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, last) {
        tracing::debug!(?error, "the system makes no difference between threads");
    }
}
