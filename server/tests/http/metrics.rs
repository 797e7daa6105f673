//! The figures, after things that are known to have happened. Asked of the program itself: they are counted once a process.

use crate::support::{
    Node, Program, eventually,
    shopping::{BOWL, order, pay},
    sql,
};
use reqwest::Method;
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::collections::BTreeMap;

/// A Prometheus text as `name{label="value"}` and number.
struct Figures(BTreeMap<String, f64>);

impl Figures {
    async fn read(program: &Program) -> Self {
        let answer = program.browser("en").get("/metrics").await;
        assert!(answer.header("content-type").starts_with("text/plain; version=0.0.4"));
        let lines = answer.text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        Self(lines.map(|line| line.rsplit_once(' ').unwrap()).map(|(name, value)| (name.to_owned(), value.parse().unwrap())).collect())
    }

    fn of(&self, name: &str) -> f64 {
        *self.0.get(name).unwrap_or_else(|| panic!("no {name} in {:#?}", self.0.keys()))
    }

    fn state(&self, name: &str, state: &str) -> i64 {
        whole(self.of(&format!("{name}{{state=\"{state}\"}}")))
    }

    /// How many requests came to a route and were answered so.
    fn requests(&self, method: &str, route: &str, status: u16) -> i64 {
        let labels = format!("{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}}");
        whole(self.of(&format!("http_request_duration_seconds_count{labels}")))
    }
}

#[allow(clippy::cast_possible_truncation, reason = "counts of a test")]
fn whole(count: f64) -> i64 {
    count as i64
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn requests_are_counted_and_timed_by_route(_: PgPoolOptions, database: PgConnectOptions) {
    let program = Program::start(&database, &[]).await;
    let browser = program.browser("en");
    for path in ["/en/info/delivery", "/es/info/returns", "/en/info/privacy"] {
        assert_eq!(browser.get(path).await.status, 200);
    }
    assert_eq!(browser.get("/en/p/nothing").await.status, 404);
    assert_eq!(browser.get("/wp-admin/includes/setup.php").await.status, 404);
    assert_eq!(browser.call("/api/cart/count", &[]).await.status, 405);
    for method in ["BREW", "PROPFIND", "X123"] {
        browser.send(browser.request(Method::from_bytes(method.as_bytes()).unwrap(), "/en/info/delivery")).await;
    }
    let figures = Figures::read(&program).await;
    assert_eq!(figures.requests("GET", "/{language}/info/{topic}", 200), 3);
    assert_eq!(figures.requests("GET", "/{language}/p/{slug}", 404), 1);
    assert_eq!(figures.requests("GET", "unmatched", 404), 1);
    assert_eq!(figures.requests("other", "/{language}/info/{topic}", 405), 3, "made-up methods make no figures of their own");
    let bucket = |edge| {
        figures.of(&format!(
            "http_request_duration_seconds_bucket{{method=\"GET\",route=\"/{{language}}/info/{{topic}}\",status=\"200\",le=\"{edge}\"}}"
        ))
    };
    assert_eq!((whole(bucket("0.0001")), whole(bucket("+Inf"))), (0, 3));
    assert!(bucket("5") >= bucket("0.1") && whole(bucket("5")) == 3);
    assert!((1..=6).contains(&whole(figures.of("database_connections"))));
    assert!(figures.of("database_connections_idle") <= figures.of("database_connections"));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn carts_orders_payments_and_jobs_are_counted_as_they_go_from_state_to_state(pool: PgPoolOptions, database: PgConnectOptions) {
    let program = Program::start(&database, &[]).await;
    let db: PgPool = pool.connect_with(database).await.unwrap();
    program.import(&BOWL);
    let figures = Figures::read(&program).await;
    for (name, state) in [("carts", "open"), ("orders", "placed"), ("orders", "paid"), ("payment_attempts", "paid"), ("jobs", "waiting")] {
        assert_eq!(figures.state(name, state), 0, "{name} {state} is there before there is any");
    }

    let (ana, ben) = (program.browser("en"), program.browser("en"));
    BOWL.add(&ana).await;
    BOWL.add(&ben).await;
    let payment_page = order(&ana, "en", "ana@example.org").await;
    let figures = Figures::read(&program).await;
    assert_eq!((figures.state("carts", "open"), figures.state("orders", "placed")), (2, 1));
    assert_eq!(figures.state("payment_attempts", "open"), 1);
    assert_eq!(figures.requests("POST", "/api/cart/add", 303), 2);
    assert_eq!(figures.requests("POST", "/api/checkout/place", 303), 1);

    pay(&ana, &payment_page).await;
    eventually("the payment is known", async || Figures::read(&program).await.state("orders", "paid") == 1).await;
    let figures = Figures::read(&program).await;
    assert_eq!((figures.state("orders", "placed"), figures.state("payment_attempts", "open")), (0, 0), "what went on is not counted twice");
    assert_eq!(figures.state("payment_attempts", "paid"), 1);
    eventually("the mail is sent", async || {
        whole(*Figures::read(&program).await.0.get(r#"worker_items_total{worker="jobs"}"#).unwrap_or(&0.0)) == 1
    })
    .await;

    sql(
        &db,
        "insert into job (id, kind, run_at, created_at, attempts, last_error, done_at) values
        (gen_random_uuid(), 'x', now() + '1 day', now(), 0, null, null), (gen_random_uuid(), 'x', now() + '1 day', now(), 3, 'no', null),
        (gen_random_uuid(), 'x', now(), now(), 3, 'never', now())",
    )
    .await;
    let figures = Figures::read(&program).await;
    assert_eq!(["waiting", "retrying", "failed"].map(|state| figures.state("jobs", state)), [1, 1, 1]);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_comes_through_a_proxy_needs_the_token(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--metrics-token=a token of the tests"]).await;
    let browser = node.browser();
    let ask = async |token: &str| {
        let request = browser.request(Method::GET, "/metrics").header("x-forwarded-for", "203.0.113.9");
        browser.send(request.header("authorization", format!("Bearer {token}"))).await
    };
    let stranger = ask("another token").await;
    assert_eq!((stranger.status, &*stranger.text), (404, ""));
    assert_eq!(ask("a token of the tests").await.status, 200);
    assert_eq!(browser.get("/metrics").await.status, 200, "from this machine");
}
