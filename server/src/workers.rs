//! What the shop does without being asked: webhooks that wait, jobs that are due, payments to look after,
//! reservations to give back, files that nobody sent, promises that were not kept, products to find under a category's new name,
//! and once a night what customers are.

use shop::{Outcome, Shop, account, cart, catalog::search, chat, checkout, complaints, customers, jobs, orders, promises, scores, surveys};
use std::{future::Future, sync::Arc, time::Duration};
use time::OffsetDateTime;
use tokio::sync::Notify;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Rouses the workers before their time: there is something to do.
#[derive(Clone, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    pub fn now(&self) {
        self.0.notify_waiters();
    }
}

/// Starts every worker; each ends its round when `stop` comes, and `tasks` waits for that.
pub fn spawn(shop: &Shop, wake: &Wake, tasks: &TaskTracker, stop: &CancellationToken) {
    let worker = |name, every, work: fn(Shop) -> Round| tasks.spawn(run(name, every, work, shop.clone(), wake.clone(), stop.clone()));
    worker("inbox", Duration::from_secs(2), |shop| Box::pin(async move { done(checkout::process_inbox(&shop, now()).await) }));
    worker("jobs", Duration::from_secs(2), |shop| Box::pin(async move { done(jobs::run_due(&shop, now).await) }));
    worker("expiry", Duration::from_secs(5), |shop| Box::pin(async move { done(checkout::sweep_expired(&shop, now()).await) }));
    worker("payments", Duration::from_secs(60), |shop| Box::pin(async move { done(checkout::reconcile(&shop, now()).await) }));
    worker("delays", Duration::from_secs(60), |shop| Box::pin(async move { done(orders::warn_of_delays(&shop, now()).await) }));
    worker("promises", Duration::from_secs(60), |shop| {
        Box::pin(async move { done(promises::mark_broken(&shop, now()).await.map(|n| usize::try_from(n).unwrap_or(usize::MAX))) })
    });
    worker("presence", Duration::from_secs(5), |shop| Box::pin(async move { done(chat::release_lapsed(&shop, now()).await) }));
    worker("routing", Duration::from_secs(2), |shop| Box::pin(async move { done(chat::assign_waiting(&shop, now()).await) }));
    worker("idle conversations", Duration::from_secs(600), |shop| Box::pin(async move { done(chat::close_idle(&shop, now()).await) }));
    worker("warnings", Duration::from_secs(15), |shop| Box::pin(async move { done(promises::warn(&shop, now()).await) }));
    worker("escalations", Duration::from_secs(60), |shop| Box::pin(async move { done(promises::escalate(&shop, now()).await) }));
    worker("late", Duration::from_secs(300), |shop| Box::pin(async move { done(promises::make_up_for_late(&shop, now()).await) }));
    worker("complaints", Duration::from_secs(300), |shop| Box::pin(async move { done(complaints::close_unconfirmed(&shop, now()).await) }));
    worker("survey cases", Duration::from_secs(300), |shop| {
        Box::pin(async move { done(surveys::cases::close_unconfirmed(&shop, now()).await) })
    });
    worker("survey invitations", Duration::from_secs(300), |shop| Box::pin(async move { done(surveys::invite_due(&shop, now()).await) }));
    worker("survey reminders", Duration::from_secs(600), |shop| Box::pin(async move { done(surveys::remind_due(&shop, now()).await) }));
    worker("survey retention", Duration::from_secs(3600), |shop| Box::pin(async move { done(surveys::sweep(&shop, now()).await) }));
    worker("scores", Duration::from_secs(60), |shop| Box::pin(async move { done(scores::fold(&shop).await) }));
    worker("customers", Duration::from_secs(600), |shop| Box::pin(async move { done(customers::nightly(&shop, now()).await) }));
    worker("search", Duration::from_secs(2), |shop| Box::pin(async move { done(search::catch_up(&shop).await) }));
    worker("sessions", Duration::from_secs(3600), |shop| {
        Box::pin(async move { done(account::session::sweep(&shop, now()).await.map(|n| usize::try_from(n).unwrap_or(usize::MAX))) })
    });
    worker("files", Duration::from_secs(3600), |shop| Box::pin(async move { done(chat::sweep_files(&shop, now()).await) }));
    worker("carts", Duration::from_secs(3600), |shop| {
        Box::pin(async move { done(cart::sweep(&shop, now()).await.map(|n| usize::try_from(n).unwrap_or(usize::MAX))) })
    });
}

type Round = std::pin::Pin<Box<dyn Future<Output = Result<usize, String>> + Send>>;

fn done(outcome: Outcome<usize>) -> Result<usize, String> {
    outcome.map_err(|failure| failure.to_string())
}

fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

async fn run(name: &'static str, every: Duration, work: fn(Shop) -> Round, shop: Shop, wake: Wake, stop: CancellationToken) {
    loop {
        // A waker that comes while the round runs must not be missed, so listening begins before it.
        let woken = wake.0.notified();
        match work(shop.clone()).await {
            Ok(0) => {}
            Ok(count) => {
                metrics::counter!("worker_items_total", "worker" => name).increment(count as u64);
                tracing::info!(worker = name, items = count, "a round is done");
                // One effect calls for the next: a webhook enqueues a mail.
                wake.now();
            }
            Err(error) => {
                metrics::counter!("worker_failures_total", "worker" => name).increment(1);
                tracing::error!(worker = name, %error, "a round failed; it will be tried again");
                tokio::select! { () = tokio::time::sleep(Duration::from_secs(1)) => {}, () = stop.cancelled() => {} }
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = woken => {}
            () = tokio::time::sleep(every) => {}
        }
    }
}
