//! A shop with a payment sandbox of its own behind it, and the people who use it. Webhooks are carried by hand, so
//! that a test decides which arrive, how often and in which order; time is whatever a test says it is.

#![allow(clippy::disallowed_methods, reason = "the sandbox lives by the real clock")]
#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]
#![allow(dead_code, reason = "every test binary uses another part")]

mod invariants;

use domain::{
    Currency, Language, Money,
    cart::Cart,
    checkout::CheckoutRefusal,
    delivery::Handling,
    ids::{CartId, VariantId},
    orders::{Order, Placed},
};
use hmac::{Hmac, Mac};
use payments::{Payments, PaymentsConfig};
use sandbox::{ApiFault, FaultKind, PayOutcome, PaymentMethod, Sandbox, SandboxConfig};
use serde_json::Value;
use sha2::Sha256;
use shop::{
    Actor, Failure, Outcome, Settings, Shop,
    checkout::{self, DraftPatch, Settled, Standing},
    orders::TroubleKind,
    settings::Secret,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::{future::Future, sync::Arc, task::Poll, time::Duration as StdDuration};
use time::{Duration, OffsetDateTime, macros::time};
use tokio::task::JoinSet;
use uuid::Uuid;

const KEY: &str = "sk_test_shop";
const HOOK_SECRET: &str = "whsec_shop";
/// Long enough for a busy machine, short enough for three in a row.
const TIMEOUT: StdDuration = StdDuration::from_millis(800);

pub const GOOD_CARD: &str = "4242424242424242";

pub struct World {
    pub shop: Shop,
    pub sandbox: Arc<Sandbox>,
    pub now: OffsetDateTime,
    /// The sandbox's server ends with its world: Postgres waits five seconds before it gives up dropping a database that
    /// somebody is connected to.
    _server: JoinSet<()>,
}

pub fn minutes(n: i64) -> Duration {
    Duration::minutes(n)
}

pub fn euros(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

/// Polls a future so many times and drops it, as if the machine had lost power there. `None`: it was not done yet.
pub async fn crash_after<F: Future>(polls: usize, work: F) -> Option<F::Output> {
    let mut work = Box::pin(work);
    let mut left = polls;
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        work.as_mut().poll(context).map(Some)
    })
    .await
}

/// What somebody was told instead of getting what they wanted.
pub fn refusal<T: std::fmt::Debug, E>(outcome: Outcome<T, E>) -> E
where
    E: std::fmt::Debug + std::fmt::Display,
{
    match outcome {
        Err(Failure::Refused(refusal)) => refusal,
        other => panic!("not a refusal: {other:?}"),
    }
}

impl World {
    pub async fn new(pool: PgPoolOptions, options: PgConnectOptions) -> Self {
        let db = pool.max_connections(12).connect_with(options.clone()).await.unwrap();
        let of_sandbox = PgPoolOptions::new().max_connections(6).connect_with(options).await.unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let mut config = SandboxConfig::new(KEY, HOOK_SECRET, "http://127.0.0.1:9/nobody", &*origin);
        config.delayed_payment_after = StdDuration::ZERO;
        config.refund_outcome_after = StdDuration::ZERO;
        let sandbox = Sandbox::open(of_sandbox, config).await.unwrap();
        invariants::install(&db).await;
        let router = sandbox::api_router(&sandbox);
        let mut server = JoinSet::new();
        server.spawn(async move { axum::serve(listener, router).await.unwrap() });
        let payments = Payments::new(PaymentsConfig {
            secret_key: KEY.into(),
            base_url: Some(origin),
            webhook_secrets: vec![HOOK_SECRET.into()],
            timeout: TIMEOUT,
        });
        let shop = Shop {
            db,
            payments: Arc::new(payments.unwrap()),
            settings: Arc::new(settings()),
            hints: shop::chat::Hints::default(),
            counts: Arc::default(),
            answers: Arc::default(),
        };
        Self { shop, sandbox, now: OffsetDateTime::now_utc(), _server: server }
    }

    /// A shop with one thing in it: so many bowls of 24.90 €.
    pub async fn with_bowls(pool: PgPoolOptions, options: PgConnectOptions, on_hand: i32) -> (Self, VariantId) {
        let world = Self::new(pool, options).await;
        let bowl = world.variant("Cuenco", 2490, on_hand).await;
        (world, bowl)
    }

    pub fn later(&mut self, by: Duration) {
        self.now += by;
    }

    /// A product with one variant of which so many are there.
    pub async fn variant(&self, name: &str, minor: i64, on_hand: i32) -> VariantId {
        let (product, variant) = (Uuid::new_v4(), Uuid::new_v4());
        let slug = name.to_lowercase();
        for statement in [
            format!(
                "insert into product (id, handle, status, created_at, updated_at) values ('{product}', '{slug}', 'active', now(), now())"
            ),
            format!("insert into product_translation (product_id, language, slug, title) values ('{product}', 'es', '{slug}', '{name}')"),
            format!("insert into variant (id, product_id, position, sku, grams) values ('{variant}', '{product}', 0, '{name}', 400)"),
            format!("insert into price (variant_id, currency, minor) values ('{variant}', 'EUR', {minor})"),
            format!("insert into stock_level (variant_id, on_hand) values ('{variant}', {on_hand})"),
        ] {
            self.sql(&statement).await;
        }
        VariantId(variant)
    }

    pub async fn sql(&self, statement: &str) {
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&self.shop.db).await.unwrap();
    }

    pub async fn number(&self, query: &str) -> i64 {
        sqlx::query_scalar(sqlx::AssertSqlSafe(query)).fetch_one(&self.shop.db).await.unwrap()
    }

    pub async fn text(&self, query: &str) -> String {
        sqlx::query_scalar(sqlx::AssertSqlSafe(query)).fetch_one(&self.shop.db).await.unwrap()
    }

    pub async fn available(&self, variant: VariantId) -> i64 {
        self.number(&format!("select available::bigint from stock_level where variant_id = '{variant}'")).await
    }

    /// A shopper with this in the cart and every detail filled in.
    pub async fn shopper(&self, wanted: &[(VariantId, u32)]) -> Actor {
        let mut actor = Actor::Guest { cart: None };
        for (second, &(variant, quantity)) in (0..).zip(wanted) {
            let at = self.now + Duration::seconds(second);
            let (cart, _) = shop::cart::add_line(&self.shop, &actor, Language::Es, variant, quantity, at).await.unwrap();
            actor = Actor::Guest { cart: Some(cart) };
        }
        checkout::save(&self.shop, &actor, Language::Es, details(), self.now).await.unwrap();
        actor
    }

    pub async fn place(&self, actor: &Actor) -> Outcome<Placed, CheckoutRefusal> {
        checkout::place_order(&self.shop, actor, Language::Es, None, self.now).await
    }

    pub async fn placed(&self, wanted: &[(VariantId, u32)]) -> (Actor, Placed) {
        let actor = self.shopper(wanted).await;
        let placed = self.place(&actor).await.unwrap();
        (actor, placed)
    }

    /// An order that is paid, and known to be.
    pub async fn paid(&self, wanted: &[(VariantId, u32)]) -> (Actor, Placed) {
        self.paid_with(GOOD_CARD, wanted).await
    }

    pub async fn cart(&self, actor: &Actor) -> Cart {
        shop::cart::view(&self.shop, actor, Language::Es, self.now).await.unwrap()
    }

    pub async fn order(&self, placed: &Placed) -> Order {
        shop::orders::by_token(&self.shop, Language::Es, &placed.number, &placed.token, self.now).await.unwrap()
    }

    pub async fn pay(&self, placed: &Placed, card: &str) -> PayOutcome {
        self.sandbox.pay(session_of(placed), PaymentMethod::Card { number: card, name: None }).await.unwrap()
    }

    pub async fn pay_by_debit(&self, placed: &Placed, succeeds: bool) -> PayOutcome {
        self.sandbox.pay(session_of(placed), PaymentMethod::BankDebit { succeeds }).await.unwrap()
    }

    /// The shopper comes back from the payment page.
    pub async fn settle(&self, placed: &Placed) -> Standing {
        match checkout::settle(&self.shop, session_of(placed), self.now).await.unwrap() {
            Settled::Order { standing, .. } => standing,
            Settled::NotOurs => panic!("the shop does not know its own session"),
        }
    }

    /// An order that was paid with this card, and is known to be.
    pub async fn paid_with(&self, card: &str, wanted: &[(VariantId, u32)]) -> (Actor, Placed) {
        let (actor, placed) = self.placed(wanted).await;
        assert_eq!(self.pay(&placed, card).await, PayOutcome::Paid);
        self.settle(&placed).await;
        (actor, placed)
    }

    /// An order whose buyer pays by bank debit, and whose money is on its way.
    pub async fn processing(&self, wanted: &[(VariantId, u32)], succeeds: bool) -> (Actor, Placed) {
        let (actor, placed) = self.placed(wanted).await;
        assert_eq!(self.pay_by_debit(&placed, succeeds).await, PayOutcome::Processing);
        assert_eq!(self.settle(&placed).await, Standing::Processing);
        (actor, placed)
    }

    /// The banks do what takes days.
    pub async fn banks_work(&self) {
        sandbox::run_webhooks(self.sandbox.clone(), tokio::time::sleep(StdDuration::from_millis(5))).await;
    }

    pub fn fault(&self, kind: FaultKind, path: &str, times: u32) {
        self.sandbox.add_fault(ApiFault { path_prefix: path.into(), times, ..ApiFault::once(kind) });
    }

    /// Every event the payment service ever had to tell, oldest first.
    pub async fn events(&self) -> Vec<String> {
        let bodies: Vec<Value> = sqlx::query_scalar("select body from sandbox.object where kind = 'event' order by position")
            .fetch_all(&self.shop.db)
            .await
            .unwrap();
        bodies.iter().map(Value::to_string).collect()
    }

    pub async fn receive(&self, body: &str) -> Outcome<checkout::Received, checkout::BadSignature> {
        checkout::receive(&self.shop, body.as_bytes(), &signature(body), self.now).await
    }

    /// Carries every event to the shop, in this order, and has it act on them.
    pub async fn deliver(&self, events: &[String]) {
        for body in events {
            self.receive(body).await.unwrap();
        }
        checkout::process_inbox(&self.shop, self.now).await.unwrap();
    }

    /// Everything the payment service has told so far, and the shop acts on it.
    pub async fn hears_everything(&self) {
        let events = self.events().await;
        self.deliver(&events).await;
    }

    /// The dispute of the only disputed payment.
    pub async fn dispute(&self) -> String {
        self.text("select id from sandbox.object where kind = 'dispute'").await
    }

    /// Whoever keeps the shop's troubles sees these.
    pub async fn troubles(&self) -> Vec<(TroubleKind, i64)> {
        let troubles = shop::orders::trouble(&self.shop, self.now).await.unwrap();
        troubles.into_iter().map(|trouble| (trouble.what, trouble.money.minor)).collect()
    }

    /// How many promises of refunds are kept, broken and open.
    pub async fn refund_promises(&self) -> (i64, i64, i64) {
        let promises = |which: &str| format!("select count(*) from promise where kind = 'refund' and {which}");
        let kept = self.number(&promises("kept_at is not null")).await;
        let broken = self.number(&promises("broken_at is not null")).await;
        let open = self.number(&promises("kept_at is null and broken_at is null and withdrawn_at is null")).await;
        (kept, broken, open)
    }

    /// Every worker of the shop once.
    pub async fn workers(&self) {
        checkout::process_inbox(&self.shop, self.now).await.unwrap();
        checkout::reconcile(&self.shop, self.now).await.unwrap();
        checkout::sweep_expired(&self.shop, self.now).await.unwrap();
        shop::orders::warn_of_delays(&self.shop, self.now).await.unwrap();
        shop::jobs::run_due(&self.shop, || self.now).await.unwrap();
        shop::promises::mark_broken(&self.shop, self.now).await.unwrap();
    }

    /// A day passes on which nothing goes wrong any more, and everything finds its end.
    pub async fn all_ends_well(&mut self) {
        self.sandbox.clear_faults();
        for _ in 0..12 {
            self.later(minutes(20));
            self.banks_work().await;
            self.workers().await;
        }
        // By then even a refund that failed after it had succeeded is found out.
        self.later(Duration::hours(25));
        self.workers().await;
        self.check(true).await;
    }

    /// What must hold after any fault. With `ended`, nothing is under way any more either.
    pub async fn check(&self, ended: bool) {
        let broken: Vec<String> = sqlx::query_scalar("select broken_invariants($1)").bind(ended).fetch_all(&self.shop.db).await.unwrap();
        assert!(broken.is_empty(), "{broken:#?}");
    }
}

fn settings() -> Settings {
    Settings {
        shop_name: "Barro & Sal".into(),
        public_url: "https://shop.test".into(),
        mail_from: "Barro y Sal <hola@shop.test>".into(),
        currency: Currency::EUR,
        home_country: "ES".into(),
        base_language: Language::Es,
        time_zone: "Europe/Madrid".into(),
        handling: Handling { cut_off: time!(13:00), days: 1, backorder_days: 10 },
        secret: Secret("a secret of the tests".into()),
        data_folder: std::env::temp_dir().join(format!("shop-tests-{}", std::process::id())),
        smtp_url: None,
        inbound_address: None,
        files_url: None,
        payment_window: minutes(40),
        reservation_grace: minutes(10),
    }
}

/// Enough to order a delivery in Madrid.
pub fn details() -> DraftPatch {
    let text = |text: &str| Some(text.to_owned());
    DraftPatch {
        email: text("ana@example.org"),
        name: text("Ana Gil"),
        line1: text("Calle Mayor 1"),
        city: text("Madrid"),
        postcode: text("28013"),
        country: text("ES"),
        method: text("es-standard"),
        submitted: true,
        ..DraftPatch::default()
    }
}

pub fn cart_of(actor: &Actor) -> CartId {
    actor.cart().unwrap()
}

/// The payment page's address ends in the session's id.
pub fn session_of(placed: &Placed) -> &str {
    placed.pay_url.rsplit('/').next().unwrap()
}

pub fn signature(body: &str) -> String {
    let at = OffsetDateTime::now_utc().unix_timestamp();
    let mut mac = Hmac::<Sha256>::new_from_slice(HOOK_SECRET.as_bytes()).unwrap();
    mac.update(format!("{at}.{body}").as_bytes());
    format!("t={at},v1={}", hex::encode(mac.finalize().into_bytes()))
}
