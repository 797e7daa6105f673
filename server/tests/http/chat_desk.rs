//! The desk's socket with the cookie of a real session, and how many links one address may hold.

use crate::{
    chat_client::{Socket, begin, cookie},
    support::{Browser, Node, eventually, number, sql},
};
use domain::{
    chat::{Ask, Tell, close},
    staff::{Role, Roles},
};
use server::limits::MOST_LINKS;
use shop::{
    Actor,
    account::staff::{self, FirstPassword, NewStaff},
    chat::Visitor,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::OffsetDateTime;
use uuid::Uuid;

const PASSWORD: &str = "a long enough secret";

/// Hands in a form of one of the desk's pages.
async fn say(browser: &Browser, path: &str, fields: &[(&str, &str)]) {
    let answer = browser.send(browser.form(path, fields).header("referer", format!("{}/en/desk", browser.origin))).await;
    assert!(answer.leads_to().starts_with("/en/desk"), "{} {}", answer.leads_to(), answer.text);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn heartbeats_keep_an_agent_there_until_the_session_ends(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let new = NewStaff { email: "eva@shop.test".into(), name: "Eva".into(), roles: Roles::of(&[Role::Agent]) };
    staff::add(&node.shop, &Actor::Operator, new, FirstPassword::Own(PASSWORD), OffsetDateTime::now_utc()).await.unwrap();
    let browser = node.browser();
    say(&browser, "/api/desk/log-in", &[("email", "eva@shop.test"), ("password", PASSWORD)]).await;
    say(&browser, "/api/desk/presence", &[("state", "available")]).await;

    let name = shop::account::session::STAFF_COOKIE;
    let session = format!("{name}={}", browser.cookie(name).unwrap());
    let refused = Socket::open(&node.origin, "/ws/desk", &[("cookie", "desk=made-up"), ("origin", &node.origin)]).await;
    assert_eq!(refused.err(), Some(403));
    let mut socket = Socket::open(&node.origin, "/ws/desk", &[("cookie", &session), ("origin", &node.origin)]).await.unwrap();
    sql(&node.shop.db, "update staff_presence set until = now() + interval '10 seconds'").await;
    socket.ask(&Ask::Ping).await;
    loop {
        match socket.hears().await {
            Tell::Pong => break,
            Tell::Lists => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(number(&node.shop.db, "select count(*) from staff_presence where until > now() + interval '30 seconds'").await, 1);

    say(&browser, "/api/desk/log-out", &[]).await;
    socket.ask(&Ask::Ping).await;
    assert_eq!(socket.closed().await, close::STRANGER);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_address_that_holds_too_many_links_is_told_so_until_it_lets_one_go(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let ana = Visitor(Uuid::new_v4());
    let conversation = begin(&node.shop, ana, "Hello").await.id;
    let mut links = Vec::new();
    for _ in 0..MOST_LINKS {
        links.push(Socket::of(&node, ana).await);
    }
    assert_eq!(links[MOST_LINKS - 1].resumes(conversation, 0).await.len(), 2, "the last of them is as good as the first");
    assert_eq!(Socket::of(&node, ana).await.closed().await, 1008);
    links.pop();
    let header = cookie(&node.shop, ana);
    eventually("one more comes in", async || {
        let mut link = Socket::open(&node.origin, "/ws/chat", &[("cookie", &header), ("origin", &node.origin)]).await.unwrap();
        link.tries(&Ask::Ping).await;
        link.is_answered().await
    })
    .await;
}
