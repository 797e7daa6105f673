//! The beacon: what it takes, and that nobody is known by it.

use crate::support::Node;
use shop::{Actor, measured};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::OffsetDateTime;

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_browser_says_what_it_measured_and_gets_no_cookie(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let client = reqwest::Client::new();
    let tell = |body: &'static str| {
        let request = client.post(format!("{}/beacon", node.origin)).header("content-type", "application/json").body(body);
        async move { request.send().await.unwrap() }
    };
    let told = tell(r#"{"device":"phone","lcp":812.5,"inp":24,"cls":0.002,"ttfb":30,"failed":1}"#).await;
    assert_eq!(told.status(), 204);
    assert!(told.headers().get("set-cookie").is_none());
    for nonsense in [r#"{"device":"phone","lcp":-4}"#, r#"{"device":"fridge"}"#, r#"{"device":"phone","who":"me"}"#, "lcp=1", ""] {
        assert!(tell(nonsense).await.status().is_client_error(), "{nonsense}");
    }
    let foreign = client.post(format!("{}/beacon", node.origin)).header("sec-fetch-site", "cross-site").body("{}").send().await.unwrap();
    assert_eq!(foreign.status(), 403, "another site's pages say nothing of ours");

    let found = measured::report(&node.shop, &Actor::Operator, 1, OffsetDateTime::now_utc()).await.unwrap();
    assert_eq!((found.phone.paint.visits, found.desktop.paint.visits, found.whole.scripts_failed), (1, 0, 1));
    assert_eq!(found.whole.answers.of, 7, "every request but for files is counted");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_search_in_vain_is_counted_unless_a_filter_made_it_so(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let browser = node.browser();
    for path in ["/en/search?q=samovar", "/en/search?q=astrolabe", "/en/search?q=samovar&max=3", "/en/search"] {
        assert_eq!(browser.get(path).await.status, 200);
    }
    let found = measured::report(&node.shop, &Actor::Operator, 1, OffsetDateTime::now_utc()).await.unwrap();
    assert_eq!((found.whole.searches.yes, found.whole.searches.of), (0, 2));
}
