//! Answers that come in quick succession are kept in one transaction. People send them one at a time, and many people at
//! once: a transaction for each would take the database from those who look at the shop meanwhile.

use super::{Refusable, answer};
use crate::{Fault, Shop, surveys::Given};
use std::{
    collections::BTreeSet,
    mem, slice,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use time::OffsetDateTime;
use tokio::{
    sync::oneshot,
    time::{Instant, sleep_until},
};
use uuid::Uuid;

/// After a transaction the next answers gather for so long: nobody notices, and a node begins 50 a second at most. A fourth of
/// that made four times as many transactions, and pages waited for them.
const GATHER: Duration = Duration::from_millis(20);
/// Of people in one transaction.
const MOST: usize = 200;

/// What one person sent at once.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) invitation: Uuid,
    pub(super) given: Vec<Given>,
    pub(super) at: OffsetDateTime,
}

struct Waiting {
    sent: Sent,
    tell: oneshot::Sender<Refusable>,
}

/// What this node was sent and has not kept yet. Nobody is told that an answer is kept before it is.
#[derive(Default)]
pub struct Gathering(Mutex<Queue>);

#[derive(Default)]
struct Queue {
    waiting: Vec<Waiting>,
    /// Somebody is at it, and takes what comes meanwhile.
    is_kept: bool,
}

/// Keeps what was sent, in the company of what others send at the moment.
pub(super) async fn keep(shop: &Shop, sent: Sent) -> Refusable {
    let (tell, told) = oneshot::channel();
    if shop.answers.add(Waiting { sent, tell }) {
        // In a task that does not end with this request: others' answers are kept by it.
        tokio::spawn(keep_all(shop.clone()));
    }
    told.await.map_err(Fault::new)?
}

/// Until nobody waits.
async fn keep_all(shop: Shop) {
    while let Some(next) = shop.answers.next() {
        // Each turn in a task of its own: a panic is a fault to those whose turn it is, and the others have theirs.
        let _ = tokio::spawn(keep_some(shop.clone(), next)).await;
    }
}

/// They are told one after the other while the next ones gather: together they would hold up whoever looks at a page then.
async fn keep_some(shop: Shop, some: Vec<Waiting>) {
    let (sent, tell): (Vec<Sent>, Vec<_>) = some.into_iter().map(|one| (one.sent, one.tell)).unzip();
    let outcomes = together(&shop, &sent).await;
    let (kept, each) = (Instant::now(), GATHER.div_f64(sent.len() as f64));
    let mut next = kept;
    for ((sent, tell), outcome) in sent.into_iter().zip(tell).zip(outcomes) {
        sleep_until(next).await;
        next += each;
        match outcome {
            // Whoever hung up is not told.
            Some(outcome) => _ = tell.send(outcome),
            None => _ = tokio::spawn(by_itself(shop.clone(), sent, tell)),
        }
    }
    sleep_until(kept + GATHER).await;
}

/// No outcome for those who are to be looked at alone.
async fn together(shop: &Shop, sent: &[Sent]) -> Vec<Option<Refusable>> {
    match answer::write(shop, sent, false).await {
        Ok(outcomes) => outcomes,
        Err(fault) => {
            tracing::warn!(%fault, answers = sent.len(), "answers are kept one by one");
            sent.iter().map(|_| None).collect()
        }
    }
}

/// Out of turn, so that one whom somebody else holds up, or whom the database does not take, holds up nobody.
async fn by_itself(shop: Shop, sent: Sent, tell: oneshot::Sender<Refusable>) {
    let outcome = match answer::write(&shop, slice::from_ref(&sent), true).await {
        Ok(outcomes) => outcomes.into_iter().flatten().next().unwrap_or_else(|| Err(Fault::new("an answer without an outcome").into())),
        Err(fault) => Err(fault.into()),
    };
    let _ = tell.send(outcome);
}

impl Gathering {
    /// Says whether nobody is at it yet.
    fn add(&self, one: Waiting) -> bool {
        let mut queue = self.queue();
        queue.waiting.push(one);
        !mem::replace(&mut queue.is_kept, true)
    }

    /// One of each person, the first; what else they sent waits for another turn. Nothing where nobody waits: then it is for
    /// the next one to set this going.
    fn next(&self) -> Option<Vec<Waiting>> {
        let mut queue = self.queue();
        let mut people = BTreeSet::new();
        let all = mem::take(&mut queue.waiting);
        let (next, rest): (Vec<_>, _) = all.into_iter().partition(|one| people.len() < MOST && people.insert(one.sent.invitation));
        queue.waiting = rest;
        queue.is_kept = !next.is_empty();
        queue.is_kept.then_some(next)
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
