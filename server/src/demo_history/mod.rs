//! A year of a shop that never was: people who buy, write, complain and answer, made through the intents that everybody
//! uses, each at its own time. [`plan`] decides and knows no shop; the rest does it. With the same seed the same happens.

mod answering;
mod buying;
mod chance;
mod complaining;
mod faults;
mod measuring;
mod opinion;
mod people;
mod plan;
mod rounds;
mod sending;
mod shelves;
mod talking;
mod words;
mod world;

pub use faults::Faults;

use crate::start::Started;
use anyhow::{Context, Result, ensure};
use plan::Plan;
use shop::{Shop, measured::Counts, orders};
use sqlx::postgres::PgPoolOptions;
use std::{fmt, sync::Arc};
use time::OffsetDateTime;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use world::World;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    pub orders: usize,
    pub seed: u64,
    /// The year ends then.
    pub until: OffsetDateTime,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Made {
    pub orders: usize,
    pub delivered: usize,
    pub late: usize,
    pub conversations: usize,
    pub complaints: usize,
    pub answers: usize,
}

impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { orders, delivered, late, conversations, complaints, answers } = self;
        write!(
            f,
            "{orders} orders ({delivered} delivered, {late} of them late), {conversations} conversations, {complaints} complaints and \
             suggestions, {answers} surveys answered"
        )
    }
}

/// Makes a history in a shop that has none. `progress` hears after each day how many days are done, of how many.
///
/// # Errors
/// The shop has orders already, or nothing to sell, or nobody works there; real payments are set; something was refused.
pub async fn make(started: &mut Started, wanted: &Wanted, progress: impl FnMut(u64, u64)) -> Result<Made> {
    ensure!(orders::list(&started.shop, 1).await?.is_empty(), "this shop has orders already; a history is made in an empty one");
    let plan = Plan::new(wanted.seed, wanted.orders, wanted.until);
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let sandbox = started.payment_service.answer(&tasks, &stop);
    let sandbox = sandbox.context("a history is paid in the payment sandbox; unset STRIPE_SECRET_KEY for it")?;
    // What a power cut would lose can be made again; the other half of the time would be spent on waiting for the disk.
    let options = (*started.shop.db.connect_options()).clone().options([("synchronous_commit", "off")]);
    let db = PgPoolOptions::new().max_connections(4).connect_with(options).await?;
    let shop = Shop { db, counts: Arc::<Counts>::default(), answers: Arc::default(), ..started.shop.clone() };
    let made = match World::new(&shop, &sandbox, &plan).await {
        Ok(mut world) => world.live(progress).await,
        Err(error) => Err(error),
    };
    sandbox.set_clock(None);
    shop.db.close().await;
    stop.cancel();
    tasks.close();
    tasks.wait().await;
    made
}
