//! A node of the shop within the test, with workers, news and a payment sandbox as the program has them.

pub mod browser;
pub mod desk;
pub mod post_office;
pub mod program;
pub mod shopping;

pub use browser::{Answer, Browser};
pub use program::Program;

use clap::Parser;
use metrics_exporter_prometheus::PrometheusBuilder;
use server::{
    chat::{Chat, Pace},
    config::Config,
    guards,
    limits::Limits,
    news,
    page_cache::PageCache,
    router::{self, Parts, Server},
    start::{self, Role},
    workers::{self, Wake},
};
use shop::{Shop, settings::Secret};
use sqlx::{ConnectOptions, PgPool, postgres::PgConnectOptions};
use std::{
    future::Future,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::net::TcpListener;
use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};

/// Longer than anything takes that is not broken.
pub const SOON: Duration = Duration::from_secs(20);

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    config: Config,
}

pub struct Node {
    pub server: Server,
    pub shop: Shop,
    pub origin: String,
    folder: Folder,
    _stop: DropGuard,
}

impl Node {
    /// Opens the shop on this database; `settings` as on the command line, such as `--rate-limits=off`.
    pub async fn open(database: &PgConnectOptions, settings: &[&str]) -> Self {
        Self::with_router(database, settings, router::router).await
    }

    /// The same with other routes inside what surrounds every answer.
    pub async fn with_router<R>(database: &PgConnectOptions, settings: &[&str], routes: R) -> Self
    where
        R: FnOnce(&Server, &Path, Option<&Arc<sandbox::Sandbox>>) -> axum::Router,
    {
        Self::with(database, settings, Pace::default(), routes).await
    }

    /// The same with another patience for links of the chat.
    pub async fn with_pace(database: &PgConnectOptions, settings: &[&str], pace: Pace) -> Self {
        Self::with(database, settings, pace, router::router).await
    }

    async fn with<R>(database: &PgConnectOptions, settings: &[&str], pace: Pace, routes: R) -> Self
    where
        R: FnOnce(&Server, &Path, Option<&Arc<sandbox::Sandbox>>) -> axum::Router,
    {
        let folder = Folder::new();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let config = config(database, &folder, address, settings);
        let mut started = start::start(&config, Role::Server).await.unwrap();
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let shop = started.shop.clone();
        let server = Server::from(Parts {
            shop: shop.clone(),
            assets: server::site::assets(&config.site_folder).unwrap(),
            pages: PageCache::default(),
            limits: Limits::new(config.rate_limits, config.trusted_proxies),
            // Figures are counted for the whole process; the program itself is asked about them.
            metrics: PrometheusBuilder::new().build_recorder().handle(),
            metrics_token: config.metrics_token.clone().map(Secret),
            inbound_secret: config.inbound_secret.clone().map(Secret),
            wake: Wake::default(),
            chat: Chat::open(&shop, Arc::clone(&started.fan_out), pace, &tasks, &stop),
            public_url: Arc::from(shop.settings.public_url.as_str()),
            has_own_name: config.public_url.is_some(),
            security_policy: guards::content_security_policy(&shop.settings.public_url, started.payment_service.page_origin)
                .parse()
                .unwrap(),
        });
        let sandbox = started.payment_service.run(&tasks, &stop);
        workers::spawn(&shop, &server.wake, &tasks, &stop);
        tasks.spawn(news::listen(shop.db.clone(), server.pages.clone(), stop.clone()));
        let service = routes(&server, &config.site_folder, sandbox.as_ref()).into_make_service_with_connect_info::<SocketAddr>();
        let stopped = stop.clone().cancelled_owned();
        tokio::spawn(async move { axum::serve(listener, service).with_graceful_shutdown(stopped).await.unwrap() });
        Self { server, shop, origin: format!("http://{address}"), folder, _stop: stop.drop_guard() }
    }

    /// Somebody who reads English.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.origin, "en")
    }

    pub fn data_folder(&self) -> PathBuf {
        self.folder.data()
    }

    pub fn site_folder(&self) -> PathBuf {
        self.folder.site()
    }

    /// Waits until this node keeps pages.
    pub async fn hears_news(&self) {
        let browser = self.browser();
        eventually("the node keeps pages", async || {
            browser.get("/en/info/delivery").await;
            self.keeps("/en/info/delivery")
        })
        .await;
    }

    /// This page would be answered without asking the database for it.
    pub fn keeps(&self, address: &str) -> bool {
        self.server.pages.get(address, time::OffsetDateTime::now_utc()).is_some()
    }
}

fn config(database: &PgConnectOptions, folder: &Folder, address: SocketAddr, settings: &[&str]) -> Config {
    let given = [
        "server".to_owned(),
        format!("--listen={address}"),
        format!("--database-url={}", database.to_url_lossy()),
        format!("--data-folder={}", folder.data().display()),
        format!("--site-folder={}", folder.site().display()),
        format!("--secret={SECRET}"),
        "--database-connections=6".to_owned(),
    ];
    Line::parse_from(given.into_iter().chain(settings.iter().map(|&setting| setting.to_owned()))).config
}

/// The same on every node.
pub const SECRET: &str = "a secret of the tests, with enough letters";

/// A data folder and a built front end, gone after the test.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(format!("vitrina-http-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir_all(path.join("site/pkg")).unwrap();
        let manifest = r#"{"css": "/pkg/main.css", "staff_css": "/pkg/staff.css", "js": "/pkg/vitrina.js", "wasm": "/pkg/vitrina.wasm", "boot": "/pkg/boot.js"}"#;
        std::fs::write(path.join("site/manifest.json"), manifest).unwrap();
        Self(path)
    }

    pub fn data(&self) -> PathBuf {
        self.0.join("data")
    }

    pub fn site(&self) -> PathBuf {
        self.0.join("site")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Waits until something is so; how long it took.
pub async fn eventually<F>(what: &str, mut is_so: impl FnMut() -> F) -> Duration
where
    F: Future<Output = bool>,
{
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < SOON, "not within {SOON:?}: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    begun.elapsed()
}

pub async fn sql(db: &PgPool, statement: &str) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(db).await.unwrap();
}

pub async fn number(db: &PgPool, query: &str) -> i64 {
    sqlx::query_scalar(sqlx::AssertSqlSafe(query)).fetch_one(db).await.unwrap()
}
