//! What somebody sees when it is our fault, and how they can tell us which request it was.

use crate::support::{Answer, Browser, Node, shopping::BOWL, sql};
use axum::{
    Router,
    http::StatusCode,
    routing::{get, post},
};
use server::router;
use shop::catalog::menu;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

/// The page says so in these words, and names the id that its header carries.
fn apologises(answer: &Answer, words: &str) {
    assert_eq!(answer.status, 500);
    let id = answer.header("x-request-id");
    assert_eq!(id.len(), 12, "{id}");
    assert!(answer.is_page() && answer.text.contains(words) && answer.text.contains(id), "{id}: {}", answer.text);
    assert!(answer.header("content-security-policy").contains("default-src 'self'"));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn every_answer_carries_the_id_of_its_request(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let browser = node.browser();
    let mut ids = Vec::new();
    for path in ["/", "/en", "/en/nothing", "/nothing", "/robots.txt", "/media/none/1.webp", "/pkg/none", "/health", "/ready", "/metrics"] {
        ids.push(browser.get(path).await.header("x-request-id").to_owned());
    }
    ids.push(browser.post("/webhooks/stripe", &[]).await.header("x-request-id").to_owned());
    ids.push(
        browser.send(browser.form("/api/cart/add", &[]).header("sec-fetch-site", "cross-site")).await.header("x-request-id").to_owned(),
    );
    assert!(ids.iter().all(|id| id.len() == 12), "{ids:?}");
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 12, "each has its own");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn code_that_gives_up_is_apologised_for_in_the_readers_language(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::with_router(&database, &[], |server, _, _| {
        let broken = Router::new()
            .route("/es/broken", get(async || -> &'static str { panic!("on purpose") }))
            .route("/api/broken", get(async || -> &'static str { panic!("on purpose") }))
            .route("/api/survey/save", post(async || -> &'static str { panic!("on purpose") }))
            .route("/bare", get(async || StatusCode::INTERNAL_SERVER_ERROR));
        router::around(broken, server)
    })
    .await;
    let browser = node.browser();
    apologises(&browser.get("/es/broken").await, "Algo ha fallado por nuestra parte");
    apologises(&browser.get("/bare").await, "Something went wrong on our side");
    let told = browser.call("/api/broken", &[]).await;
    assert_eq!(told.status, 405);
    let told = browser.send(browser.request(reqwest::Method::GET, "/api/broken").header("accept", "application/json")).await;
    assert_eq!((told.status, &*told.text), (500, &*format!(r#"{{"Fault":"{}"}}"#, told.header("x-request-id"))));
    let told = browser.call("/api/survey/save", &[]).await;
    assert_eq!((told.status, &*told.text), (500, &*format!(r#"{{"Fault":"{}"}}"#, told.header("x-request-id"))), "in threads of its own");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_page_whose_data_cannot_be_read_apologises_and_is_not_kept(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    node.hears_news().await;
    BOWL.import(&node.shop).await;
    let (english, spanish) = (node.browser(), Browser::new(&node.origin, "es"));
    sql(&node.shop.db, "alter table price rename to price_gone").await;
    apologises(&english.get(&BOWL.page("en")).await, "Something went wrong on our side");
    apologises(&spanish.get(&BOWL.page("es")).await, "Algo ha fallado por nuestra parte");
    sql(&node.shop.db, "alter table price_gone rename to price").await;
    let page = english.get(&BOWL.page("en")).await;
    assert!(page.status == 200 && page.text.contains("€24.90"), "{}", page.status);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_page_without_its_menu_is_given_and_not_kept(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    node.hears_news().await;
    let (browser, page) = (node.browser(), "/en/info/returns");
    sql(&node.shop.db, "alter table category_card rename to category_card_gone").await;
    menu::forget(&node.shop.db);
    let without = browser.get(page).await;
    assert!(without.status == 200 && !node.keeps(page), "{}", without.status);
    sql(&node.shop.db, "alter table category_card_gone rename to category_card").await;
    browser.get(page).await;
    assert!(node.keeps(page), "whole again, it is kept");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn without_a_database_every_page_still_says_something(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    BOWL.import(&node.shop).await;
    let browser = node.browser();
    BOWL.add(&browser).await;
    node.shop.db.close().await;
    for path in ["/en", "/en/p/bowl", "/en/search", "/en/cart", "/en/checkout"] {
        apologises(&browser.get(path).await, "Something went wrong on our side");
    }
    let added = browser.call("/api/cart/add", &[("variant", "00000000-0000-0000-0000-000000000001")]).await;
    assert_eq!((added.status, &*added.text), (500, &*format!(r#"{{"Fault":"{}"}}"#, added.header("x-request-id"))));
}
