//! What another site may make a browser send, and how much anybody may send.

use crate::support::{
    Answer, Browser, Node, number,
    shopping::{BOWL, order},
};
use reqwest::{Method, header::ORIGIN};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::{
    io::{Read, Write},
    net::TcpStream,
};

const ADD: &str = "/api/cart/add";

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_form_of_another_site_is_refused_and_changes_nothing(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    BOWL.import(&node.shop).await;
    let browser = node.browser();
    let variant = BOWL.variant(&browser).await;
    let fields = [("variant", &*variant)];
    let form = || browser.form(ADD, &fields);
    let of_another = |answer: &Answer| {
        assert_eq!(answer.status, 403);
        assert!(answer.cookies().is_empty());
    };

    let sent = browser.send(form().header("sec-fetch-site", "cross-site")).await;
    of_another(&sent);
    assert!(sent.is_page() && sent.text.contains("came from another site, so nothing was changed"), "{}", sent.text);
    of_another(&browser.send(form().header("sec-fetch-site", "same-site").header(ORIGIN, &node.origin)).await);
    let spaniard = Browser::new(&node.origin, "es");
    let sent = spaniard.send(spaniard.form(ADD, &fields).header("sec-fetch-site", "cross-site")).await;
    assert!(sent.text.contains("venía de otro sitio"), "{}", sent.text);

    // An old browser says where it comes from with `Origin` only; a script is told in a sentence.
    let old = browser.request(Method::POST, ADD).form(&fields).header(ORIGIN, "https://evil.example").header("accept", "application/json");
    let sent = browser.send(old).await;
    of_another(&sent);
    assert_eq!(sent.text, "This request came from another site, so nothing was changed. Open the shop itself and try again.");
    assert_eq!(number(&node.shop.db, "select count(*) from cart").await, 0);

    assert_eq!(browser.send(form()).await.leads_to(), format!("/en/cart?added={variant}"));
    assert_eq!(number(&node.shop.db, "select count(*) from cart_line").await, 1);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn links_from_elsewhere_and_signed_messages_pass(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let browser = node.browser();
    let link = browser.request(Method::GET, "/en").header("sec-fetch-site", "cross-site").header(ORIGIN, "https://search.example");
    assert_eq!(browser.send(link).await.status, 200);
    // Without a signature it goes no further, but it is the signature that it lacks.
    let message = browser.request(Method::POST, "/webhooks/stripe").header("sec-fetch-site", "cross-site").body("{}");
    assert_eq!(browser.send(message).await.status, 400);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_form_that_is_too_large_is_refused_with_a_sentence(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    BOWL.import(&node.shop).await;
    let browser = node.browser();
    let variant = BOWL.variant(&browser).await;
    let text = |kilobytes: usize| "x".repeat(kilobytes * 1024);

    let refused = browser.post(ADD, &[("variant", &variant), ("quantity", "1"), ("more", &text(65))]).await;
    assert_eq!(refused.status, 413);
    assert!(refused.is_page() && refused.text.contains("A form may hold at most 64 KB"), "{}", refused.text);
    let refused = browser.call("/api/checkout/save", &[("name", &text(65))]).await;
    assert_eq!((refused.status, &refused.text[..30]), (413, "A form may hold at most 64 KB,"));
    assert_eq!(number(&node.shop.db, "select count(*) from cart").await, 0);

    let taken = browser.post(ADD, &[("variant", &variant), ("quantity", "1"), ("more", &text(60))]).await;
    assert_eq!(taken.status, 303);
}

/// A browser says everything before it listens: it must not be hung up on, and nobody may count on saying the length.
#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn even_who_sends_megabytes_hears_why_they_are_refused(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let address = node.origin.trim_start_matches("http://").to_owned();
    let heard = tokio::task::spawn_blocking(move || {
        let mut connection = TcpStream::connect(&address).unwrap();
        write!(connection, "POST {ADD} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n").unwrap();
        let chunk = [b'x'; 0x1_0000];
        for _ in 0..48 {
            write!(connection, "{:x}\r\n", chunk.len()).unwrap();
            connection.write_all(&chunk).unwrap();
            write!(connection, "\r\n").unwrap();
        }
        write!(connection, "0\r\n\r\n").unwrap();
        let mut heard = String::new();
        connection.read_to_string(&mut heard).unwrap();
        heard
    });
    let heard = heard.await.unwrap();
    assert!(heard.starts_with("HTTP/1.1 413 ") && heard.contains("64 KB"), "{heard}");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_page_asked_for_under_another_name_is_under_the_shops(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--public-url=http://shop.test"]).await;
    node.hears_news().await;
    let browser = node.browser();
    let ask = async |host: &str, method: Method, path: &str| browser.send(browser.request(method, path).header("host", host)).await;
    for path in ["/", "/en/info/delivery", "/en/cart?a=1&b=2"] {
        let led = ask("www.shop.test", Method::GET, path).await;
        assert_eq!((led.status, led.leads_to()), (308, &*format!("http://shop.test{path}")));
        assert_eq!(led.header("cache-control"), "no-store");
    }
    for (host, path) in [("shop.test", "/en/cart"), ("SHOP.TEST:80", "/en/cart"), ("10.0.0.7", "/health"), ("10.0.0.7", "/metrics")] {
        assert_eq!(ask(host, Method::GET, path).await.status, 200, "{host}{path}");
    }
    assert_ne!(ask("10.0.0.7", Method::GET, "/api/cart/count").await.status, 308, "scripts of a page that is open stay where it is");
    assert_eq!(ask("10.0.0.7", Method::POST, "/webhooks/stripe").await.status, 400);

    let nameless = Node::open(&database, &[]).await;
    let browser = nameless.browser();
    let page = browser.send(browser.request(Method::GET, "/en").header("host", "localhost:3000")).await;
    assert_eq!(page.status, 200, "nobody named the shop");
}

/// The payment page is under the shop's address; a browser follows a form there only where the policy says so.
#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_form_may_lead_to_the_payment_page_from_every_name_of_the_shop(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    BOWL.import(&node.shop).await;
    let browser = node.browser();
    BOWL.add(&browser).await;
    let checkout = browser.get("/en/checkout").await;
    let payment_page = order(&browser, "en", "ana@example.org").await;
    assert!(payment_page.starts_with("/sandbox/pay/"));
    let policy = checkout.header("content-security-policy");
    let targets: Vec<&str> = policy.split("form-action ").nth(1).unwrap().split([' ', ';']).collect();
    assert_eq!(targets, ["'self'", &node.origin]);
}
