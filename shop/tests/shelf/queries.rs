//! Counts the statements that reach Postgres, as sqlx reports them.

use std::{cell::Cell, future::Future, sync::Once};
use tracing::{Event, Metadata, Subscriber, span};

thread_local! {
    // A test runs on a thread of its own, its queries too.
    static SENT: Cell<usize> = const { Cell::new(0) };
}

/// Set for the whole process: scoped subscribers of tests that run at once hide callsites from each other.
struct Counter;

impl Subscriber for Counter {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn event(&self, _: &Event<'_>) {
        SENT.set(SENT.get() + 1);
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// What `work` gives, and how many statements it sent.
pub async fn counted<T>(work: impl Future<Output = T>) -> (T, usize) {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| tracing::subscriber::set_global_default(Counter).unwrap());
    let before = SENT.get();
    let result = work.await;
    (result, SENT.get() - before)
}
