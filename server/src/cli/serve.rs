//! `server`: everything that runs while the shop is open, and the order in which it stops.

use super::demonstration;
use crate::{
    beacon,
    chat::{Chat, Pace},
    config::Config,
    guards,
    limits::Limits,
    metrics, news,
    page_cache::PageCache,
    router::{self, Parts, Server},
    site,
    start::{self, Role, Started},
    workers::{self, Wake},
};
use anyhow::{Context, Result};
use axum::{Router, serve::ListenerExt};
use shop::settings::Secret;
use std::{future::IntoFuture, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How long answers that are under way may take once the shop closes, and then the work that they set going.
const ANSWERS: Duration = Duration::from_secs(15);
const WORK: Duration = Duration::from_secs(10);

/// Serves the shop until it is asked to stop. `beside` are routes that this program adds to the shop's.
///
/// # Errors
/// A sentence for the person at the terminal.
pub async fn run(config: Config, demo: Option<PathBuf>, beside: Router) -> Result<()> {
    let assets = site::assets(&config.site_folder)?;
    // Before anything is started: an address in use is the commonest mistake.
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("{} cannot be listened on; is the shop running already? LISTEN chooses another", config.listen))?;
    let mut started = start::start(&config, Role::Server).await?;
    let closing = CancellationToken::new();
    tokio::spawn(asked_to_stop(closing.clone()));
    let outcome = open(&config, assets, listener, &mut started, demo, beside, closing).await;
    started.stop().await?;
    outcome
}

async fn open(
    config: &Config,
    assets: app::shell::Assets,
    listener: TcpListener,
    started: &mut Started,
    demo: Option<PathBuf>,
    beside: Router,
    closing: CancellationToken,
) -> Result<()> {
    let mut told = String::new();
    if let Some(folder) = demo {
        tokio::select! {
            loaded = demonstration::load(&started.shop, &folder) => loaded?,
            () = closing.cancelled() => return Ok(()),
        }
        told = demonstration::open_desk(&started.shop).await?.unwrap_or_default() + demonstration::what_more(&started.shop).await?;
    }
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let shop = started.shop.clone();
    let policy = guards::content_security_policy(&shop.settings.public_url, started.payment_service.page_origin);
    let server = Server::from(Parts {
        shop: shop.clone(),
        assets,
        pages: PageCache::default(),
        limits: Limits::new(config.rate_limits, config.trusted_proxies),
        metrics: metrics::install()?,
        metrics_token: config.metrics_token.clone().map(Secret),
        inbound_secret: config.inbound_secret.clone().map(Secret),
        wake: Wake::default(),
        chat: Chat::open(&shop, Arc::clone(&started.fan_out), Pace::default(), &tasks, &closing),
        public_url: Arc::from(shop.settings.public_url.as_str()),
        has_own_name: config.public_url.is_some(),
        security_policy: policy.parse().context("the content security policy")?,
    });
    let sandbox = started.payment_service.run(&tasks, &stop);
    workers::spawn(&shop, &server.wake, &tasks, &stop);
    tasks.spawn(news::listen(shop.db.clone(), server.pages.clone(), stop.clone()));
    tasks.spawn(tidy_up(server.clone(), stop.clone()));
    tasks.spawn(beacon::keep(shop.clone(), stop.clone()));

    let router = router::router(&server, &config.site_folder, sandbox.as_ref()).merge(beside);
    if config.is_one_visitor_to_limits() {
        tracing::warn!("all visitors share one rate limit, the proxy's: set TRUSTED_PROXIES to the number of proxies before this server");
    }
    tracing::info!(address = %shop.settings.public_url, sandbox = sandbox.is_some(), "the shop is open");
    // In one piece: whoever waits for the first line may not listen to the others.
    println!("{}", format!("The shop is open at {}\n{told}", shop.settings.public_url).trim_end());
    // Without TCP_NODELAY a streamed page waits 40 ms for an acknowledgement.
    let listener = listener.tap_io(|connection| {
        let _ = connection.set_nodelay(true);
    });
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(closing.clone().cancelled_owned());
    let served = tokio::select! {
        served = serving.into_future() => served,
        () = too_long_after(&closing) => Ok(()),
    };
    // Requests are answered; now what they set going is finished.
    stop.cancel();
    tasks.close();
    if tokio::time::timeout(WORK, tasks.wait()).await.is_err() {
        tracing::warn!("some work was not finished in time; it goes on at the next start");
    }
    served.context("the server stopped")
}

/// A visitor who sends half a request, or reads half an answer, does not keep the shop open.
async fn too_long_after(closing: &CancellationToken) {
    closing.cancelled().await;
    tokio::time::sleep(ANSWERS).await;
    tracing::warn!("somebody did not finish asking or listening in time");
}

async fn tidy_up(server: Server, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(Duration::from_secs(10)) => {}
        }
        // Without it, every duration ever measured is kept until somebody reads the figures.
        server.metrics.run_upkeep();
        if let Some(limits) = &server.limits {
            limits.forget_idle();
        }
    }
}

async fn asked_to_stop(closing: CancellationToken) {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! { () = interrupt => {}, () = terminate => {} }
    tracing::info!("closing the shop");
    closing.cancel();
}
