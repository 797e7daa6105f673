//! Answers that come in quick succession are kept in one transaction. People send them one at a time, and many people at
//! once: a transaction for each would take the database from those who look at the shop meanwhile.

use super::{Refusable, answer};
use crate::{Fault, Shop, surveys::Given};
use std::{
    collections::BTreeSet,
    mem, slice,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use time::OffsetDateTime;
use tokio::{sync::oneshot, time::sleep};
use uuid::Uuid;

/// After a transaction the next answers gather for so long: nobody notices, and a node begins 200 a second at most.
const GATHER: Duration = Duration::from_millis(5);
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
pub struct Gathering {
    waiting: Mutex<Vec<Waiting>>,
    turn: tokio::sync::Mutex<()>,
}

/// Keeps what was sent, in the company of what others send at the moment.
pub(super) async fn keep(shop: &Shop, sent: Sent) -> Refusable {
    let (tell, told) = oneshot::channel();
    shop.answers.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(Waiting { sent, tell });
    // In a task that does not end with this request: others' answers may be kept by it. There is one for each that waits,
    // and each keeps at least one, so all are kept.
    let shop = shop.clone();
    tokio::spawn(async move { take_turn(&shop).await });
    told.await.map_err(Fault::new)?
}

async fn take_turn(shop: &Shop) {
    let _turn = shop.answers.turn.lock().await;
    let (sent, tell): (Vec<Sent>, Vec<_>) = shop.answers.next().into_iter().map(|one| (one.sent, one.tell)).unzip();
    if sent.is_empty() {
        return;
    }
    let outcomes = together(shop, &sent).await;
    for ((sent, tell), outcome) in sent.into_iter().zip(tell).zip(outcomes) {
        match outcome {
            // Whoever hung up is not told.
            Some(outcome) => _ = tell.send(outcome),
            None => _ = tokio::spawn(by_itself(shop.clone(), sent, tell)),
        }
    }
    sleep(GATHER).await;
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
    /// One of each person, the first; what else they sent waits for another turn.
    fn next(&self) -> Vec<Waiting> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut people = BTreeSet::new();
        let (next, rest) = mem::take(&mut *waiting).into_iter().partition(|one| people.len() < MOST && people.insert(one.sent.invitation));
        *waiting = rest;
        next
    }
}
