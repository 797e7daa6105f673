//! Five thousand open chats on one node: what a link holds in memory, how soon a message is with the other side while
//! five hundred a second are said, and whether pages are still answered meanwhile.

use crate::{
    client::Client,
    report::{Report, Target},
    served::{self, Served},
    spread::Spread,
};
use anyhow::{Context, Result, ensure};
use clap::Parser;
use futures::{SinkExt, StreamExt, stream};
use server::config::Config;
use shop::chat::Visitor;
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::{net::TcpStream, sync::mpsc};
use tokio_tungstenite::{
    client_async_with_config,
    tungstenite::{Message, client::IntoClientRequest, protocol::WebSocketConfig},
};
use uuid::Uuid;

/// Two windows of each shopper: what one says the other hears.
const SHOPPERS: usize = 2500;
const PER_SECOND: usize = 500;
const LASTING: Duration = Duration::from_secs(20);
const SECRET: &str = "a secret of the bench, with enough letters";
/// At once, while they connect.
const CONNECTING: usize = 64;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    config: Config,
}

/// When each message was said, by the id of its client; how long it took those that arrived.
#[derive(Default)]
struct Clock {
    said: Mutex<HashMap<Uuid, Instant>>,
    took: Mutex<Vec<Duration>>,
}

pub async fn measure(report: &mut Report) -> Result<()> {
    report.area("Chat: 5,000 open links");
    let shop = Served::start(Path::new(served::SHIPPED), &["--demo"], &[("RATE_LIMITS", "off"), ("SECRET", SECRET)]).await?;
    let db = database().await?;
    clear(&db, "bench").await?;
    let shoppers = begin(&db).await?;
    let before = shop.resident()?;
    let clock = Arc::new(Clock::default());
    let opened = stream::iter(shoppers.iter().flat_map(|&shopper| [shopper, shopper]))
        .map(|(visitor, conversation)| open(shop.port, visitor, conversation, Arc::clone(&clock)))
        .buffered(CONNECTING);
    let windows: Vec<Result<mpsc::Sender<String>>> = opened.collect().await;
    let windows: Vec<_> = windows.into_iter().collect::<Result<_>>()?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    #[allow(clippy::cast_precision_loss, reason = "thousands")]
    let each = (shop.resident()? - before) * 1024.0 / windows.len() as f64;
    report.figure("chat", "memory a link", each, "KB", Target::AtMost(16.0));

    let pages = tokio::spawn(visit(shop.port));
    talk(&windows, &shoppers, &clock).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let took = std::mem::take(&mut *clock.took.lock().map_err(|_| anyhow::anyhow!("a window panicked"))?);
    let said = clock.said.lock().map_err(|_| anyhow::anyhow!("a window panicked"))?.len();
    // Either window hears it, also the one that said it.
    ensure!(took.len() == 2 * said, "{} of {} arrived", took.len(), 2 * said);
    let mut spread = Spread::default();
    took.into_iter().for_each(|duration| spread.add(duration));
    report.figure("chat", "delivered, 500 messages a second (median)", spread.percentile(50), "ms", Target::None);
    report.figure("chat", "delivered, 500 messages a second (99 %)", spread.percentile(99), "ms", Target::AtMost(100.0));
    report.figure("chat", "a product page meanwhile (99 %)", pages.await??.percentile(99), "ms", Target::None);
    clear(&db, "bench").await?;
    shop.stop().await
}

pub async fn database() -> Result<PgPool> {
    let socket = served::socket().await?;
    let options = PgConnectOptions::new_without_pgpass().socket(socket).username("shop").database("vitrina");
    Ok(PgPoolOptions::new().max_connections(2).connect_with(options).await?)
}

/// Takes the conversations away that a bench made up, with what was promised in them.
pub async fn clear(db: &PgPool, page: &str) -> Result<()> {
    sqlx::query("delete from promise where conversation_id in (select id from conversation where page = $1)")
        .bind(page)
        .execute(db)
        .await?;
    sqlx::query("delete from conversation where page = $1").bind(page).execute(db).await?;
    Ok(())
}

/// A conversation of each shopper.
async fn begin(db: &PgPool) -> Result<Vec<(Visitor, Uuid)>> {
    let rows: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "insert into conversation (id, channel, visitor, client_id, language, page, state, opened_at, changed_at, cycle_began_at)
         select gen_random_uuid(), 'chat', gen_random_uuid(), gen_random_uuid(), 'en', 'bench', 'queued', now(), now(), now()
         from generate_series(1, $1::integer) returning visitor, id",
    )
    .bind(i32::try_from(SHOPPERS)?)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(visitor, id)| (Visitor(visitor), id)).collect())
}

/// A window that follows its conversation; what is put into the channel is said.
async fn open(port: u16, visitor: Visitor, conversation: Uuid, clock: Arc<Clock>) -> Result<mpsc::Sender<String>> {
    static SETTINGS: std::sync::OnceLock<shop::Settings> = std::sync::OnceLock::new();
    let folder = served::folder()?.join("settings");
    let settings = SETTINGS.get_or_init(|| {
        let line = ["bench", &format!("--secret={SECRET}"), &format!("--data-folder={}", folder.display())].map(str::to_owned);
        Line::parse_from(line).config.settings().unwrap_or_else(|error| panic!("{error}"))
    });
    let mut request = format!("ws://127.0.0.1:{port}/ws/chat").into_client_request()?;
    request.headers_mut().insert("cookie", format!("visitor={}", shop::signing::visitor_cookie(settings, visitor)).parse()?);
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let config = WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(0);
    let (mut socket, _) = client_async_with_config(request, stream, Some(config)).await?;
    socket.send(Message::text(format!(r#"{{"type":"resume","conversation":"{conversation}","after":0}}"#))).await?;
    socket.next().await.context("nothing was told")??;
    let (out, mut to_say) = mpsc::channel::<String>(1);
    tokio::spawn(async move {
        let mut beat = tokio::time::interval(Duration::from_secs(25));
        beat.reset_after(Duration::from_secs(25).mul_f64(rand::random()));
        loop {
            tokio::select! {
                text = to_say.recv() => {
                    let Some(text) = text else { return };
                    if socket.send(Message::text(text)).await.is_err() {
                        return;
                    }
                },
                _ = beat.tick() => if socket.send(Message::text(r#"{"type":"ping"}"#)).await.is_err() { return },
                heard = socket.next() => match heard {
                    Some(Ok(Message::Text(text))) => hear(&text, &clock),
                    Some(Ok(_)) => {}
                    _ => return,
                },
            }
        }
    });
    Ok(out)
}

fn hear(text: &str, clock: &Clock) {
    let now = Instant::now();
    let Ok(domain::chat::Tell::Entries { entries, .. }) = serde_json::from_str(text) else { return };
    for id in entries.iter().filter_map(|entry| entry.client_id) {
        let said = clock.said.lock().ok().and_then(|said| said.get(&id).copied());
        if let (Some(said), Ok(mut took)) = (said, clock.took.lock()) {
            took.push(now - said);
        }
    }
}

async fn talk(windows: &[mpsc::Sender<String>], shoppers: &[(Visitor, Uuid)], clock: &Clock) -> Result<()> {
    let mut tick = tokio::time::interval(Duration::from_secs(1) / u32::try_from(PER_SECOND)?);
    let (began, mut number) = (Instant::now(), 0);
    while began.elapsed() < LASTING {
        tick.tick().await;
        // A prime leads through all windows before it comes back to the first.
        let window = number * 1009 % windows.len();
        let (_, conversation) = shoppers[window / 2];
        let client_id = Uuid::new_v4();
        let post =
            format!(r#"{{"type":"post","conversation":"{conversation}","client_id":"{client_id}","body":"Is the bowl for the oven?"}}"#);
        clock.said.lock().map_err(|_| anyhow::anyhow!("a window panicked"))?.insert(client_id, Instant::now());
        windows[window].send(post).await.context("a link was lost")?;
        number += 1;
    }
    Ok(())
}

/// Somebody who looks at goods while others talk.
async fn visit(port: u16) -> Result<Spread> {
    let mut client = Client::connect(port).await?;
    let (began, mut took) = (Instant::now(), Spread::default());
    while began.elapsed() < LASTING {
        for slug in served::slugs() {
            let asked = Instant::now();
            let answer = client.get(&format!("/en/p/{slug}")).await?;
            ensure!(answer.status == 200, "a page was answered with {}", answer.status);
            took.add(asked.elapsed());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    Ok(took)
}
