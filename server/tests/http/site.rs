//! The built front end: what a browser keeps of it, and what it must ask for again.

use crate::support::Node;
use reqwest::{Method, header::IF_MODIFIED_SINCE};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::fs;

const FOREVER: &str = "public, max-age=31536000, immutable";

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn files_are_kept_and_their_absence_is_not(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let (browser, site) = (node.browser(), node.site_folder());
    // While nodes are replaced, a page of the new one asks the old one for its files.
    for missing in ["/pkg/new.css", "/favicon.svg"] {
        let answer = browser.get(missing).await;
        assert_eq!((answer.status, answer.header("cache-control")), (404, "no-store"), "{missing}");
    }
    fs::write(site.join("pkg/new.css"), "body {}").unwrap();
    fs::write(site.join("favicon.svg"), "<svg/>").unwrap();
    let style = browser.get("/pkg/new.css").await;
    assert_eq!((style.status, style.header("cache-control"), &*style.text), (200, FOREVER, "body {}"));
    assert_eq!(browser.get("/favicon.svg").await.header("cache-control"), "public, max-age=86400");

    let again = browser.request(Method::GET, "/pkg/new.css").header(IF_MODIFIED_SINCE, style.header("last-modified"));
    let again = browser.send(again).await;
    assert_eq!((again.status, again.header("cache-control")), (304, FOREVER));
    let part = browser.send(browser.request(Method::GET, "/pkg/new.css").header("range", "bytes=0-3")).await;
    assert_eq!((part.status, part.header("cache-control"), &*part.text), (206, FOREVER, "body"));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_is_sent_compressed_is_kept_for_those_who_asked_so(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let pkg = node.site_folder().join("pkg");
    fs::write(pkg.join("new.css"), "plain").unwrap();
    fs::write(pkg.join("new.css.br"), "compressed").unwrap();
    let browser = node.browser();
    let ask = async |encoding| browser.send(browser.request(Method::GET, "/pkg/new.css").header("accept-encoding", encoding)).await;
    for (encoding, text) in [("br", "compressed"), ("identity", "plain")] {
        let answer = ask(encoding).await;
        assert_eq!((&*answer.text, answer.header("vary")), (text, "accept-encoding"));
    }
}
