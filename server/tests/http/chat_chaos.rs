//! Everything that was acknowledged reaches everybody, once and in order, while links are cut or fall silent, a node is
//! killed and another stops, and the database drops its connections. `CHAT_CHAOS=full` is the whole size: 200 links and
//! 20,000 messages.

use crate::{
    chat_client::{begin, cookie},
    support::{Node, Program},
};
use domain::{
    chat::{Ask, Entry, EntryKind, Tell},
    ids::ConversationId,
};
use futures::{SinkExt, StreamExt};
use rand::Rng;
use shop::chat::Visitor;
use sqlx::{
    Connection, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{
    collections::{HashMap, VecDeque},
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest};
use uuid::Uuid;

/// Windows of one shopper, on whichever node.
const WINDOWS: usize = 4;
/// A heartbeat, and how long its answer may take.
const BEAT: Duration = Duration::from_millis(1500);
const PATIENCE: Duration = Duration::from_secs(4);

struct Size {
    links: usize,
    messages: usize,
    patience: Duration,
}

fn size() -> Size {
    if std::env::var("CHAT_CHAOS").is_ok_and(|size| size == "full") {
        Size { links: 200, messages: 20_000, patience: Duration::from_secs(1200) }
    } else {
        Size { links: 40, messages: 2_000, patience: Duration::from_secs(240) }
    }
}

/// The network between browsers and nodes: every link through it is cut sooner or later, or falls silent, which is
/// worse, and at random leads to another node.
struct Network {
    address: SocketAddr,
    nodes: Arc<Mutex<Vec<SocketAddr>>>,
    /// Nothing more happens to it.
    calm: Arc<AtomicBool>,
    cuts: Arc<AtomicUsize>,
    silences: Arc<AtomicUsize>,
}

impl Network {
    async fn lay(nodes: Vec<SocketAddr>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let network = Self {
            address: listener.local_addr().unwrap(),
            nodes: Arc::new(Mutex::new(nodes)),
            calm: Arc::default(),
            cuts: Arc::default(),
            silences: Arc::default(),
        };
        let (nodes, calm) = (Arc::clone(&network.nodes), Arc::clone(&network.calm));
        let (cuts, silences) = (Arc::clone(&network.cuts), Arc::clone(&network.silences));
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let node = {
                    let nodes = nodes.lock().unwrap();
                    nodes[rand::rng().random_range(0..nodes.len())]
                };
                let (calm, cuts, silences) = (Arc::clone(&calm), Arc::clone(&cuts), Arc::clone(&silences));
                tokio::spawn(async move {
                    let Ok(far) = TcpStream::connect(node).await else { return };
                    let (life, silent) = {
                        let mut chance = rand::rng();
                        (Duration::from_millis(chance.random_range(300..6000)), chance.random_bool(0.3))
                    };
                    tokio::select! {
                        () = carry(&near, &far) => return,
                        () = fate(life, &calm) => {}
                    }
                    if silent {
                        silences.fetch_add(1, Ordering::Relaxed);
                        // Both ends believe that it stands.
                        tokio::time::sleep(Duration::from_secs(20)).await;
                    } else {
                        cuts.fetch_add(1, Ordering::Relaxed);
                        let _ = near.set_zero_linger();
                        let _ = far.set_zero_linger();
                    }
                });
            }
        });
        network
    }
}

fn between(least: u64, most: u64) -> u64 {
    rand::rng().random_range(least..=most)
}

async fn fate(life: Duration, calm: &AtomicBool) {
    tokio::time::sleep(life).await;
    if calm.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
}

/// Carries bytes both ways, in pieces of any size.
async fn carry(near: &TcpStream, far: &TcpStream) {
    async fn one_way(from: &TcpStream, to: &TcpStream) {
        let mut piece = [0; 2048];
        loop {
            if from.readable().await.is_err() {
                return;
            }
            let most = rand::rng().random_range(1..=piece.len());
            match from.try_read(&mut piece[..most]) {
                Ok(0) => return,
                Ok(read) => {
                    let mut sent = 0;
                    while sent < read {
                        if to.writable().await.is_err() {
                            return;
                        }
                        match to.try_write(&piece[sent..read]) {
                            Ok(n) => sent += n,
                            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                            Err(_) => return,
                        }
                    }
                }
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(_) => return,
            }
        }
    }
    tokio::select! { () = one_way(near, far) => {}, () = one_way(far, near) => {} }
}

/// One window: what it has said and heard, through however many links.
struct Window {
    network: SocketAddr,
    host: String,
    cookie: String,
    conversation: ConversationId,
    /// What it still has to say, in order. The first is said until it is acknowledged.
    outbox: VecDeque<(Uuid, String)>,
    acknowledged: Vec<(Uuid, u64)>,
    log: Vec<Entry>,
    /// The number at which all is said.
    end: Arc<AtomicUsize>,
    said: Arc<AtomicUsize>,
}

impl Window {
    async fn live(mut self) -> Self {
        while !self.is_done() {
            if self.link().await.is_none() {
                tokio::time::sleep(Duration::from_millis(between(20, 300))).await;
            }
        }
        self
    }

    fn last(&self) -> u64 {
        self.log.last().map_or(0, |entry| entry.seq)
    }

    fn is_done(&self) -> bool {
        let end = self.end.load(Ordering::Relaxed) as u64;
        self.outbox.is_empty() && end > 0 && self.last() >= end
    }

    /// One link until it is lost; nothing where it was.
    async fn link(&mut self) -> Option<()> {
        let stream = TcpStream::connect(self.network).await.ok()?;
        let mut request = format!("ws://{}/ws/chat", self.host).into_client_request().ok()?;
        request.headers_mut().insert("cookie", self.cookie.parse().unwrap());
        let shaken = tokio_tungstenite::client_async(request, stream);
        let (mut socket, _) = tokio::time::timeout(PATIENCE, shaken).await.ok()?.ok()?;
        let ask = |ask: &Ask| Message::text(serde_json::to_string(ask).unwrap());
        let resume = |after| Ask::Resume { conversation: self.conversation, after };
        socket.send(ask(&resume(self.last()))).await.ok()?;
        // Up to where this link brought it: a server never says anything twice on one link.
        let mut brought = self.last();
        let (mut waits_since, mut resumed) = (Some(Instant::now()), false);
        let mut beat = tokio::time::interval_at(tokio::time::Instant::now() + Duration::from_millis(between(0, 1500)), BEAT);
        loop {
            if self.is_done() {
                let _ = socket.close(None).await;
                return Some(());
            }
            if waits_since.is_some_and(|since| since.elapsed() > PATIENCE) {
                return None;
            }
            tokio::select! {
                _ = beat.tick() => {
                    socket.send(ask(&Ask::Ping)).await.ok()?;
                    waits_since.get_or_insert_with(Instant::now);
                }
                message = socket.next() => {
                    let text = match message?.ok()? {
                        Message::Text(text) => text,
                        Message::Close(_) => return None,
                        _ => continue,
                    };
                    waits_since = None;
                    match serde_json::from_str(&text).unwrap() {
                        Tell::Entries { entries, .. } => {
                            for entry in entries {
                                assert_eq!(entry.seq, brought + 1, "in order and without a gap");
                                brought = entry.seq;
                                self.log.push(entry);
                            }
                            if !resumed {
                                resumed = true;
                                self.say(&mut socket).await?;
                            }
                        }
                        Tell::Posted { client_id, seq, .. } => {
                            if self.outbox.front().is_some_and(|(id, _)| *id == client_id) {
                                self.outbox.pop_front();
                                self.acknowledged.push((client_id, seq));
                                self.said.fetch_add(1, Ordering::Relaxed);
                                self.say(&mut socket).await?;
                            }
                        }
                        Tell::Refused { why: domain::chat::ChatRefusal::TooFast, .. } => {
                            tokio::time::sleep(Duration::from_millis(300)).await;
                            self.say(&mut socket).await?;
                        }
                        Tell::Pong => {}
                        other => panic!("{other:?}"),
                    }
                }
            }
        }
    }

    async fn say(&self, socket: &mut tokio_tungstenite::WebSocketStream<TcpStream>) -> Option<()> {
        let Some((client_id, body)) = self.outbox.front() else { return Some(()) };
        let post =
            Ask::Post { conversation: self.conversation, client_id: *client_id, body: body.clone(), attachments: Vec::new(), note: false };
        let post = Message::text(serde_json::to_string(&post).unwrap());
        // Sometimes twice, as an impatient browser does.
        for _ in 0..between(1, 2) {
            socket.send(post.clone()).await.ok()?;
        }
        Some(())
    }
}

/// What the shop has to live through, until there is calm.
async fn trouble(database: PgConnectOptions, network: Arc<Network>, first: SocketAddr, calm: Arc<AtomicBool>) -> (usize, usize) {
    let mut db = PgConnection::connect_with(&database).await.unwrap();
    let (mut kills, mut drops) = (0, 0);
    while !calm.load(Ordering::Relaxed) {
        let program = Program::start(&database, &[("RATE_LIMITS", "off")]).await;
        let address: SocketAddr = program.origin.trim_start_matches("http://").parse().unwrap();
        *network.nodes.lock().unwrap() = vec![first, address];
        tokio::time::sleep(Duration::from_secs(3)).await;
        sqlx::query(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
        )
        .execute(&mut db)
        .await
        .unwrap();
        drops += 1;
        tokio::time::sleep(Duration::from_secs(3)).await;
        // As a machine that loses power does: nothing is said and nothing finished.
        drop(program);
        kills += 1;
        tokio::time::sleep(Duration::from_millis(1500)).await;
    }
    *network.nodes.lock().unwrap() = vec![first];
    (kills, drops)
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn whatever_was_acknowledged_reaches_everybody_once_and_in_order(_: PgPoolOptions, database: PgConnectOptions) {
    let size = size();
    let begun = Instant::now();
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    let first: SocketAddr = node.origin.trim_start_matches("http://").parse().unwrap();
    let network = Arc::new(Network::lay(vec![first]).await);
    let mut windows = JoinSet::new();
    let (mut ends, said) = (HashMap::new(), Arc::new(AtomicUsize::new(0)));
    let each = size.messages / size.links;
    for _ in 0..size.links / WINDOWS {
        let visitor = Visitor(Uuid::new_v4());
        let conversation = begin(&node.shop, visitor, "Hello").await.id;
        let end = Arc::new(AtomicUsize::new(0));
        for window in 0..WINDOWS {
            let outbox = (0..each).map(|n| (Uuid::new_v4(), format!("{window}:{n}"))).collect();
            let window = Window {
                network: network.address,
                host: first.to_string(),
                cookie: cookie(&node.shop, visitor),
                conversation,
                outbox,
                acknowledged: Vec::new(),
                log: Vec::new(),
                end: Arc::clone(&end),
                said: Arc::clone(&said),
            };
            windows.spawn(window.live());
        }
        ends.insert(conversation, end);
    }
    let calm = Arc::new(AtomicBool::new(false));
    let trouble = tokio::spawn(trouble(database.clone(), Arc::clone(&network), first, Arc::clone(&calm)));

    let all = size.links * each;
    while said.load(Ordering::Relaxed) < all {
        assert!(begun.elapsed() < size.patience, "{} of {all} were acknowledged", said.load(Ordering::Relaxed));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // All is said; now everybody has to hear it, without news that something was.
    calm.store(true, Ordering::Relaxed);
    let (kills, drops) = trouble.await.unwrap();
    network.calm.store(true, Ordering::Relaxed);
    let mut db = PgConnection::connect_with(&database).await.unwrap();
    for (conversation, end) in &ends {
        let last: i64 =
            sqlx::query_scalar("select last_seq from conversation where id = $1").bind(conversation.0).fetch_one(&mut db).await.unwrap();
        end.store(usize::try_from(last).unwrap(), Ordering::Relaxed);
    }
    let heard = async {
        let mut all = Vec::new();
        while let Some(window) = windows.join_next().await {
            all.push(window.unwrap());
        }
        all
    };
    let heard = tokio::time::timeout(Duration::from_secs(90), heard).await.expect("everybody hears everything");
    check(&mut db, &heard, each).await;
    println!(
        "{} links, {all} messages in {:?}: {} cut, {} silent, {kills} nodes killed, database connections dropped {drops} times",
        size.links,
        begun.elapsed(),
        network.cuts.load(Ordering::Relaxed),
        network.silences.load(Ordering::Relaxed),
    );
    assert!(kills > 0 && drops > 0 && network.cuts.load(Ordering::Relaxed) > size.links);
}

async fn check(db: &mut PgConnection, windows: &[Window], each: usize) {
    for window in windows {
        let truth: Vec<(i64, Option<Uuid>, String)> =
            sqlx::query_as("select seq, client_id, body from conversation_entry where conversation_id = $1 order by seq")
                .bind(window.conversation.0)
                .fetch_all(&mut *db)
                .await
                .unwrap();
        let heard: Vec<_> = window.log.iter().map(|e| (i64::try_from(e.seq).unwrap(), e.client_id, e.body.clone())).collect();
        assert_eq!(heard.iter().map(|e| e.0).collect::<Vec<_>>(), (1..=heard.len() as i64).collect::<Vec<_>>());
        assert_eq!(heard, truth, "what this window heard is what was said");
        assert_eq!(window.log.iter().filter(|entry| entry.kind == EntryKind::Message).count(), 1 + each * WINDOWS, "each once");
        assert_eq!(window.acknowledged.len(), each);
        assert!(window.acknowledged.is_sorted_by_key(|(_, seq)| *seq), "in the order in which it said them");
        for (client_id, seq) in &window.acknowledged {
            let at: Vec<_> = window.log.iter().filter(|entry| entry.client_id == Some(*client_id)).map(|entry| entry.seq).collect();
            assert_eq!(at, [*seq], "once, under the number that it was told");
        }
    }
}
