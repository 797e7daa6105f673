//! What a load balancer is told.

use crate::support::{Node, sql};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn ready_says_what_is_missing_while_the_process_lives(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let browser = node.browser();
    let ready = async || {
        let answer = browser.get("/ready").await;
        (answer.status, answer.text)
    };
    assert_eq!(ready().await, (200, r#"{"database":"reachable","migrations":"applied"}"#.to_owned()));

    let missing = (503, r#"{"database":"reachable","migrations":"missing"}"#.to_owned());
    sql(&node.shop.db, "delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)").await;
    assert_eq!(ready().await, missing);
    sql(&node.shop.db, "drop table _sqlx_migrations").await;
    assert_eq!(ready().await, missing);

    node.shop.db.close().await;
    assert_eq!(ready().await, (503, r#"{"database":"unreachable","migrations":"unknown"}"#.to_owned()));
    let alive = browser.get("/health").await;
    assert_eq!((alive.status, &*alive.text), (200, "ok"));
}
