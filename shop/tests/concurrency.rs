//! Many people at once, and everything going wrong at once.

#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

mod support;

use domain::{
    Language,
    checkout::CheckoutRefusal,
    ids::VariantId,
    orders::{OrderState, Placed, TrackingKind},
};
use futures::future::join_all;
use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};
use sandbox::{FaultKind, PaymentMethod};
use shop::{Actor, Failure, cart, checkout, orders};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use support::{GOOD_CARD, World, crash_after, euros, minutes, session_of};

const ES: Language = Language::Es;
const DISPUTED: &str = "4000000000000259";
const REFUND_FAILS: &str = "4000000000005126";

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn fifty_people_want_the_last_one(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 1).await;
    let mut shoppers = Vec::new();
    for _ in 0..50 {
        shoppers.push(w.shopper(&[(bowl, 1)]).await);
    }
    let outcomes = join_all(shoppers.iter().map(|actor| w.place(actor))).await;
    let mut placed = Vec::new();
    for outcome in outcomes {
        match outcome {
            Ok(order) => placed.push(order),
            Err(Failure::Refused(CheckoutRefusal::CartChanged)) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(placed.len(), 1, "exactly one gets it, the others are told");
    assert_eq!(w.available(bowl).await, 0);
    w.pay(&placed[0], GOOD_CARD).await;
    w.settle(&placed[0]).await;
    w.all_ends_well().await;
    assert_eq!(w.order(&placed[0]).await.state, OrderState::Paid);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn carts_that_cross_do_not_block_each_other(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    let (bowl, cup) = (w.variant("Cuenco", 2490, 20).await, w.variant("Taza", 1250, 20).await);
    let mut shoppers = Vec::new();
    for n in 0..30 {
        let wanted = if n % 2 == 0 { [(bowl, 1), (cup, 1)] } else { [(cup, 1), (bowl, 1)] };
        shoppers.push(w.shopper(&wanted).await);
    }
    let outcomes = join_all(shoppers.iter().map(|actor| w.place(actor))).await;
    let placed: Vec<_> = outcomes.into_iter().filter_map(Result::ok).collect();
    assert_eq!(placed.len(), 20);
    for order in &placed {
        w.pay(order, GOOD_CARD).await;
    }
    let events = w.events().await;
    for body in &events {
        w.receive(body).await.unwrap();
    }
    // Webhooks, return pages and the poller, all at once.
    w.later(minutes(4));
    let settled = join_all(placed.iter().map(|order| w.settle(order)));
    let (_, inbox, polled) = tokio::join!(settled, checkout::process_inbox(&w.shop, w.now), checkout::reconcile(&w.shop, w.now));
    inbox.unwrap();
    polled.unwrap();
    assert_eq!(w.number("select count(*) from orders where state = 'paid'").await, 20);
    assert_eq!(w.number("select sum(allocated)::bigint from stock_level").await, 40);
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn many_hands_refunding_one_payment_give_it_back_once(pool: PgPoolOptions, options: PgConnectOptions) {
    let mut w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2510, 9).await;
    let (_, placed) = w.paid(&[(bowl, 1)]).await;
    let asked = join_all((0..20).map(|_| checkout::request_refund(&w.shop, &Actor::Operator, &placed.number, euros(400), "", w.now))).await;
    assert_eq!(asked.iter().filter(|a| a.is_ok()).count(), 7, "30.00 hold seven of 4.00");
    join_all((0..4).map(|_| shop::jobs::run_due(&w.shop, || w.now))).await;
    assert_eq!(w.order(&placed).await.refunded, euros(2800));
    assert_eq!(w.number("select count(*) from sandbox.object where kind = 'refund'").await, 7);
    w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn jobs_are_shared_out_and_run_once(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 50).await;
    for _ in 0..10 {
        w.paid(&[(bowl, 1)]).await;
    }
    let done: Vec<_> = join_all((0..4).map(|_| shop::jobs::run_due(&w.shop, || w.now))).await;
    assert_eq!(done.into_iter().map(Result::unwrap).sum::<usize>(), 10);
    assert_eq!(w.number("select count(*) from mail where sent_at is not null").await, 10);
}

/// A day in the life of a shop on which whatever can go wrong does, by a seed that tells which day it was.
struct Day {
    w: World,
    random: StdRng,
    variants: Vec<VariantId>,
    shoppers: Vec<Actor>,
    placed: Vec<Placed>,
}

impl Day {
    fn one_of<T: Clone>(&mut self, things: &[T]) -> Option<T> {
        (!things.is_empty()).then(|| things[self.random.random_range(0..things.len())].clone())
    }

    async fn something_happens(&mut self) {
        let actor = self.shoppers[self.random.random_range(0..self.shoppers.len())];
        let variant = self.variants[self.random.random_range(0..self.variants.len())];
        let polls = self.random.random_range(1..40);
        let order = self.one_of(&self.placed.clone());
        match (self.random.random_range(0..17), order) {
            (0..=3, _) => {
                let placed = if self.random.random_bool(0.3) {
                    crash_after(polls, self.w.place(&actor)).await
                } else {
                    Some(self.w.place(&actor).await)
                };
                self.placed.extend(placed.and_then(Result::ok).filter(|p| p.pay_url.contains("/sandbox/")));
            }
            (4, _) => {
                let quantity = self.random.random_range(1..4);
                let _ = cart::add_line(&self.w.shop, &actor, ES, variant, quantity, self.w.now).await;
            }
            (5..=7, Some(order)) => {
                let card = |number| PaymentMethod::Card { number, name: None };
                let method = match self.random.random_range(0..8) {
                    0 | 1 => PaymentMethod::BankDebit { succeeds: true },
                    2 | 3 => PaymentMethod::BankDebit { succeeds: false },
                    4 => card(DISPUTED),
                    5 => card(REFUND_FAILS),
                    _ => card(GOOD_CARD),
                };
                let _ = self.w.sandbox.pay(session_of(&order), method).await;
            }
            (8, Some(order)) => {
                let work = checkout::settle(&self.w.shop, session_of(&order), self.w.now);
                crash_after(polls, work).await;
            }
            (9, _) => self.some_news_arrives().await,
            (10, _) => self.trouble_starts(),
            (11, _) => self.w.later(minutes(i64::from(self.random.random_range(1..40)))),
            (12, _) => {
                crash_after(polls, self.w.workers()).await;
            }
            (13, Some(order)) => {
                let money = euros(self.random.random_range(1..4000));
                let _ = checkout::request_refund(&self.w.shop, &Actor::Operator, &order.number, money, "", self.w.now).await;
            }
            (14, Some(order)) => self.staff_works(&order.number).await,
            (15, Some(order)) => {
                let _ = cart::put_back(&self.w.shop, &actor, ES, &order.number, &order.token, self.w.now).await;
                self.banks_decide(0.2).await;
            }
            _ => self.w.banks_work().await,
        }
    }

    /// Some of the disputes, won or lost.
    async fn banks_decide(&mut self, likely: f64) {
        let open = sqlx::query_scalar("select id from sandbox.object where kind = 'dispute' and body ->> 'status' = 'needs_response'");
        let open: Vec<String> = open.fetch_all(&self.w.shop.db).await.unwrap();
        for dispute in open {
            if self.random.random_bool(likely) {
                let won = self.random.random_bool(0.5);
                self.w.sandbox.close_dispute(&dispute, won).await.unwrap();
            }
        }
    }

    async fn some_news_arrives(&mut self) {
        let mut events = self.w.events().await;
        events.shuffle(&mut self.random);
        events.truncate(self.random.random_range(0..10));
        self.w.deliver(&events).await;
    }

    fn trouble_starts(&mut self) {
        let kinds = [FaultKind::Conflict, FaultKind::RateLimit, FaultKind::ServerError, FaultKind::BadGateway, FaultKind::Close];
        let paths = ["/v1/checkout/sessions", "/v1/refunds", ""];
        let kind = kinds[self.random.random_range(0..kinds.len())];
        let path = paths[self.random.random_range(0..paths.len())];
        self.w.fault(kind, path, self.random.random_range(1..5));
    }

    async fn staff_works(&mut self, number: &str) {
        let (shop, now) = (&self.w.shop, self.w.now);
        let _ = checkout::refund_again(shop, &Actor::Operator, number, now).await;
        let _ = match self.random.random_range(0..4) {
            0 => orders::cancel(shop, &Actor::Operator, number, now).await,
            1 => orders::pack(shop, &Actor::Operator, number, now).await,
            2 => orders::ship(shop, &Actor::Operator, number, "dhl", number, now).await,
            _ => orders::track(shop, &Actor::Operator, number, TrackingKind::Delivered, "", "", now).await,
        };
    }
}

async fn a_bad_day(w: World, seed: u64) {
    let mut variants = Vec::new();
    for (name, on_hand) in [("Cuenco", 3), ("Taza", 6), ("Plato", 40)] {
        variants.push(w.variant(name, 1290, on_hand).await);
    }
    let mut shoppers = Vec::new();
    for n in 0..8 {
        shoppers.push(w.shopper(&[(variants[n % 3], 1), (variants[2], 1)]).await);
    }
    let mut day = Day { w, random: StdRng::seed_from_u64(seed), variants, shoppers, placed: Vec::new() };
    for step in 0..120 {
        day.something_happens().await;
        if step % 10 == 0 {
            day.w.check(false).await;
        }
    }
    day.w.sandbox.clear_faults();
    day.w.banks_work().await;
    day.banks_decide(1.0).await;
    let events = day.w.events().await;
    day.w.deliver(&events).await;
    day.w.all_ends_well().await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn nothing_is_lost_on_a_bad_day(pool: PgPoolOptions, options: PgConnectOptions) {
    a_bad_day(World::new(pool, options).await, seed(1)).await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn nothing_is_lost_on_another_bad_day(pool: PgPoolOptions, options: PgConnectOptions) {
    a_bad_day(World::new(pool, options).await, seed(2)).await;
}

/// `SEED=7 cargo test ..` lives through another day.
fn seed(default: u64) -> u64 {
    std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(default)
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_changes_a_line_locks_its_cart_first(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 99).await;
    let actor = w.shopper(&[(bowl, 1)]).await;
    // As settling does: the cart, then its lines.
    let mut settling = w.shop.db.acquire().await.unwrap();
    sqlx::raw_sql("begin; set local lock_timeout = '1s'; select 1 from cart for update").execute(&mut *settling).await.unwrap();
    let change = cart::set_quantity(&w.shop, &actor, ES, bowl, 2, w.now);
    let settle = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let lines = sqlx::raw_sql("select 1 from cart_line for update").execute(&mut *settling).await;
        sqlx::raw_sql("rollback").execute(&mut *settling).await.unwrap();
        lines
    };
    let (changed, lines) = tokio::join!(change, settle);
    lines.unwrap();
    assert_eq!(changed.unwrap().count(), 2);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_lease_begins_with_its_own_job(pool: PgPoolOptions, options: PgConnectOptions) {
    let w = World::new(pool, options).await;
    let bowl = w.variant("Cuenco", 2490, 9).await;
    let (_, placed) = w.paid(&[(bowl, 1)]).await;
    w.paid(&[(bowl, 1)]).await;
    checkout::request_refund(&w.shop, &Actor::Operator, &placed.number, euros(100), "", w.now).await.unwrap();
    // Each job takes four minutes.
    let round = std::cell::Cell::new(0);
    let clock = || w.now + minutes(4 * round.replace(round.get() + 1));
    assert_eq!(shop::jobs::run_due(&w.shop, clock).await.unwrap(), 3);
    let first = "select (kind = 'refund.send')::int::bigint from job order by done_at limit 1";
    assert_eq!(w.number(first).await, 1, "money does not wait for mail");
    let last = "select (extract(epoch from max(sent_at) - min(sent_at)) / 60)::bigint from mail";
    assert_eq!(w.number(last).await, 4);
}
