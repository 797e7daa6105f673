//! Carries hints between nodes: over Postgres, which is there anyway, or over NATS, which takes no lock at every commit.
//! Losing every one delays a message until the next look and loses none.

use super::Hub;
use anyhow::{Context, Result};
use futures::{FutureExt, StreamExt, future::BoxFuture};
use shop::chat::{self, Hints, News, Publish};
use sqlx::{PgPool, postgres::PgListener};
use std::{sync::Arc, time::Duration};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

/// On which everything is heard, in Postgres and in NATS alike.
const CHANNEL: &str = "conversation";
/// How often a node compares what it has with the database, whatever it hears.
const LOOK: Duration = Duration::from_secs(5);
/// Pieces of news that are told at once.
const AT_ONCE: usize = 100;
/// Before it connects again.
const PAUSE: Duration = Duration::from_millis(500);

pub trait FanOut: Send + Sync {
    /// How intents tell the other nodes.
    fn hints(&self) -> Hints;

    /// Hands what is heard to the hub until the connection is lost; looks for what was missed whenever it is made.
    fn hear<'a>(&'a self, hub: &'a Hub) -> BoxFuture<'a, Result<()>>;
}

/// Over NATS where its address is set, else over Postgres.
///
/// # Errors
/// The NATS server does not answer.
pub async fn choose(nats_url: Option<&str>, db: &PgPool) -> Result<Arc<dyn FanOut>> {
    Ok(match nats_url {
        Some(url) => Arc::new(Nats::connect(url).await?),
        None => Arc::new(Postgres::new(db.clone())),
    })
}

/// Hears until `stop`, and looks every now and then.
pub(super) async fn hear(fan_out: Arc<dyn FanOut>, hub: Hub, stop: CancellationToken) {
    let hearing = async {
        loop {
            if let Err(error) = fan_out.hear(&hub).await {
                tracing::warn!(%error, "not hearing of conversations on other nodes; looking for them meanwhile");
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    let looking = async {
        loop {
            tokio::time::sleep(LOOK).await;
            if let Err(error) = hub.catch_up().await {
                tracing::warn!(%error, "could not look for news of conversations");
            }
        }
    };
    tokio::select! { () = stop.cancelled() => {}, () = hearing => {}, () = looking => {} }
}

struct Postgres {
    db: PgPool,
    tells: mpsc::UnboundedSender<News>,
}

impl Postgres {
    fn new(db: PgPool) -> Self {
        let (tells, told) = mpsc::unbounded_channel();
        tokio::spawn(tell(db.clone(), told));
        Self { db, tells }
    }
}

/// Tells what was committed, everything that waits in one go. Not in the transactions themselves: commits that notify
/// wait for each other, and each would wait for all the disk writes before it.
async fn tell(db: PgPool, mut told: mpsc::UnboundedReceiver<News>) {
    let mut some = Vec::with_capacity(AT_ONCE);
    while told.recv_many(&mut some, AT_ONCE).await > 0 {
        let words: Vec<String> = some.drain(..).map(|news| news.to_string()).collect();
        if let Err(error) = chat::notify(&db, &words).await {
            tracing::warn!(%error, "hints were not sent");
        }
    }
}

impl FanOut for Postgres {
    fn hints(&self) -> Hints {
        Hints::Through(Arc::new(Teller(self.tells.clone())))
    }

    fn hear<'a>(&'a self, hub: &'a Hub) -> BoxFuture<'a, Result<()>> {
        async move {
            let mut listener = PgListener::connect_with(&self.db).await?;
            listener.listen(CHANNEL).await?;
            hub.catch_up().await?;
            // `try_recv` says None when the connection was lost, and news with it.
            while let Some(notification) = listener.try_recv().await? {
                if let Ok(news) = notification.payload().parse() {
                    hub.hear(news);
                }
            }
            Ok(())
        }
        .boxed()
    }
}

struct Nats {
    client: async_nats::Client,
    /// It connects again by itself; what was said meanwhile has to be looked for.
    connected: Arc<Notify>,
}

impl Nats {
    async fn connect(url: &str) -> Result<Self> {
        let connected = Arc::new(Notify::new());
        let tells = Arc::clone(&connected);
        let options = async_nats::ConnectOptions::new().event_callback(move |event| {
            if matches!(event, async_nats::Event::Connected) {
                tells.notify_one();
            }
            async {}
        });
        let client = options.connect(url).await.context("NATS does not answer; check NATS_URL")?;
        Ok(Self { client, connected })
    }
}

impl FanOut for Nats {
    fn hints(&self) -> Hints {
        Hints::Through(Arc::new(Speaker(self.client.clone())))
    }

    fn hear<'a>(&'a self, hub: &'a Hub) -> BoxFuture<'a, Result<()>> {
        async move {
            let mut heard = self.client.subscribe(CHANNEL).await?;
            self.client.flush().await?;
            hub.catch_up().await?;
            loop {
                tokio::select! {
                    message = heard.next() => {
                        let Some(message) = message else { return Ok(()) };
                        if let Some(news) = std::str::from_utf8(&message.payload).ok().and_then(|text| text.parse().ok()) {
                            hub.hear(news);
                        }
                    }
                    () = self.connected.notified() => hub.catch_up().await?,
                }
            }
        }
        .boxed()
    }
}

struct Teller(mpsc::UnboundedSender<News>);

impl Publish for Teller {
    /// What waits here was committed, so it is never more than the database took meanwhile.
    fn publish(&self, news: &News) {
        // Nobody tells any more when the server ends; other nodes look for themselves.
        let _ = self.0.send(news.clone());
    }
}

struct Speaker(async_nats::Client);

impl Publish for Speaker {
    /// The client keeps it until there is a connection; nobody who posts waits for that.
    fn publish(&self, news: &News) {
        let (client, text) = (self.0.clone(), news.to_string());
        tokio::spawn(async move {
            if let Err(error) = client.publish(CHANNEL, text.into()).await {
                tracing::warn!(%error, "a hint was not sent");
            }
        });
    }
}
