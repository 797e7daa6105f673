//! Several nodes that tell each other of messages over NATS instead of Postgres.

use crate::{
    chat_client::{Socket, begin, message},
    support::{Node, eventually, sql},
};
use shop::chat::Visitor;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use uuid::Uuid;

struct Nats {
    child: Child,
    port: u16,
}

impl Nats {
    /// Nothing where the Debian package `nats-server` is not installed.
    async fn start(port: Option<u16>) -> Option<Self> {
        let port = port.unwrap_or_else(|| TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port());
        let mut command = Command::new("nats-server");
        command.args(["--addr", "127.0.0.1", "--port", &port.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
        let Ok(child) = command.spawn() else {
            println!("NOT TESTED: nats-server is not installed; script/setup --test installs it");
            return None;
        };
        let nats = Self { child, port };
        eventually("NATS answers", async || tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok()).await;
        Some(nats)
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn nodes_hear_of_each_other_over_nats_and_miss_nothing_when_it_is_gone(pool: PgPoolOptions, database: PgConnectOptions) {
    let Some(nats) = Nats::start(None).await else { return };
    let url = format!("--nats-url=nats://127.0.0.1:{}", nats.port);
    let (one, two) = (Node::open(&database, &[&url]).await, Node::open(&database, &[&url]).await);
    let ana = Visitor(Uuid::new_v4());
    let id = begin(&one.shop, ana, "Hello").await.id;
    let (mut here, mut there) = (Socket::of(&one, ana).await, Socket::of(&two, ana).await);
    here.resumes(id, 0).await;
    there.resumes(id, 0).await;

    // Nobody listens to what Postgres has to say.
    let db = pool.connect_with(database).await.unwrap();
    let listening =
        "do $$ begin if exists (select from pg_stat_activity where datname = current_database() and query ilike 'listen%conversation%')
                     then raise exception 'a node listens to Postgres'; end if; end $$";
    sql(&db, listening).await;
    let said = Instant::now();
    here.ask(&message(id, "over NATS").0).await;
    assert_eq!(there.entry().await.body, "over NATS");
    assert!(said.elapsed() < Duration::from_secs(3), "sooner than by looking: {:?}", said.elapsed());

    let port = nats.port;
    drop(nats);
    here.ask(&message(id, "without NATS").0).await;
    assert_eq!(there.entry().await.body, "without NATS", "found by looking");
    let _nats = Nats::start(Some(port)).await.unwrap();
    for n in 0..5 {
        here.ask(&message(id, &format!("again {n}")).0).await;
        assert_eq!(there.entry().await.body, format!("again {n}"));
    }
}
