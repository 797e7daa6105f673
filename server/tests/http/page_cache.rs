//! Kept pages on two nodes over one database: never longer than they are true, and never somebody else's.

use crate::support::{
    Browser, Node, eventually,
    shopping::{BOWL, Ware, order, pay},
    sql,
};
use reqwest::Method;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::time::Duration;

/// As the product page says it to a reader; the words alone are on every page, for its scripts.
const SOLD_OUT: &str = "class=\"stock\">Sold out<";
const A_SECOND: Duration = Duration::from_secs(1);

/// Two nodes that keep the product's page in both languages.
async fn two_nodes(database: &PgConnectOptions) -> [Node; 2] {
    let settings = ["--rate-limits=off", "--public-url=http://shop.test"];
    let nodes = [Node::open(database, &settings).await, Node::open(database, &settings).await];
    BOWL.import(&nodes[0].shop).await;
    for node in &nodes {
        node.hears_news().await;
        warm(node).await;
    }
    nodes
}

async fn warm(node: &Node) {
    for language in ["en", "es"] {
        let page = BOWL.page(language);
        eventually("the page is kept", async || {
            node.browser().get(&page).await;
            node.keeps(&page)
        })
        .await;
    }
}

/// Every node shows this on this page, within a second.
async fn all_show(nodes: &[Node], path: &str, words: &str) {
    for node in nodes {
        let browser = node.browser();
        let took = eventually(words, async || browser.get(path).await.text.contains(words)).await;
        assert!(took < A_SECOND, "{words} after {took:?}");
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_changes_about_a_product_is_on_every_node_within_a_second(_: PgPoolOptions, database: PgConnectOptions) {
    let nodes = two_nodes(&database).await;
    // Behind the shop's back: that the old price stays proves that pages are kept at all.
    sql(&nodes[0].shop.db, "update price set minor = 9900").await;
    for node in &nodes {
        assert!(node.browser().get(&BOWL.page("en")).await.text.contains("€24.90"));
        node.server.pages.everything_changed();
        warm(node).await;
    }
    all_show(&nodes, "/en/p/bowl", "€99.00").await;
    // The same file again puts it right; its prices are all the news there is.
    BOWL.import(&nodes[0].shop).await;
    all_show(&nodes, "/en/p/bowl", "€24.90").await;

    warm(&nodes[0]).await;
    warm(&nodes[1]).await;
    Ware { price: "31.50", ..BOWL }.import(&nodes[0].shop).await;
    all_show(&nodes, "/en/p/bowl", "€31.50").await;
    all_show(&nodes, "/es/p/bowl-es", "31,50").await;

    warm(&nodes[0]).await;
    warm(&nodes[1]).await;
    Ware { price: "31.50", title: "Ebb Bowl", ..BOWL }.import(&nodes[1].shop).await;
    all_show(&nodes, "/en/p/bowl", "<h1>Ebb Bowl</h1>").await;

    warm(&nodes[0]).await;
    warm(&nodes[1]).await;
    Ware { price: "31.50", title: "Ebb Bowl", stock: 0, ..BOWL }.import(&nodes[0].shop).await;
    all_show(&nodes, "/en/p/bowl", SOLD_OUT).await;
    all_show(&nodes, "/es/p/bowl-es", "class=\"stock\">Agotado<").await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_last_one_sold_on_one_node_is_sold_out_on_the_other(_: PgPoolOptions, database: PgConnectOptions) {
    let nodes = two_nodes(&database).await;
    Ware { stock: 1, ..BOWL }.import(&nodes[0].shop).await;
    warm(&nodes[0]).await;
    warm(&nodes[1]).await;
    assert!(!nodes[1].browser().get("/en/p/bowl").await.text.contains(SOLD_OUT));
    let buyer = nodes[0].browser();
    BOWL.add(&buyer).await;
    let payment_page = order(&buyer, "en", "ana@example.org").await;
    all_show(&nodes, "/en/p/bowl", SOLD_OUT).await;
    pay(&buyer, &payment_page).await;
    all_show(&nodes, "/en/p/bowl", SOLD_OUT).await;
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_browser_that_has_the_page_is_told_only_whether_it_is_still_true(_: PgPoolOptions, database: PgConnectOptions) {
    let nodes = two_nodes(&database).await;
    let (browser, page) = (nodes[0].browser(), BOWL.page("en"));
    let first = browser.get(&page).await;
    let again =
        async |node: &Node| browser.send(node.browser().request(Method::GET, &page).header("if-none-match", first.header("etag"))).await;
    for node in &nodes {
        let answer = again(node).await;
        assert_eq!((answer.status, &*answer.text), (304, ""), "the same page has the same mark on every node");
    }
    Ware { price: "26.00", ..BOWL }.import(&nodes[0].shop).await;
    for node in &nodes {
        eventually("the new page comes", async || again(node).await.status == 200).await;
        assert!(again(node).await.text.contains("€26.00"));
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_number_on_the_cart_is_everybodys_own(_: PgPoolOptions, database: PgConnectOptions) {
    let nodes = two_nodes(&database).await;
    let page = BOWL.page("en");
    let (ana, ben, eve) = (nodes[0].browser(), nodes[0].browser(), nodes[0].browser());
    BOWL.add(&ana).await;
    for _ in 0..3 {
        BOWL.add(&ben).await;
    }
    for _ in 0..2 {
        let badges = [ana.badge(&page).await, ben.badge(&page).await, eve.badge(&page).await];
        assert_eq!(badges, ["1", "3", ""]);
    }
    // Who asks first decides what is kept: here it is somebody with a cart, of a page nobody asked for yet.
    for (path, first, then) in [("/en/info/privacy", &ana, &eve), ("/es/info/privacy", &ben, &ana)] {
        assert!(!nodes[0].keeps(path));
        let (one, other) = (first.badge(path).await, then.badge(path).await);
        assert_ne!(one, other, "{path}");
        assert!(nodes[0].keeps(path));
    }
    // What was kept in the browser from before there was a cart is not good enough after.
    let known = eve.get(&page).await.header("etag").to_owned();
    BOWL.add(&eve).await;
    let answer = eve.send(eve.request(Method::GET, &page).header("if-none-match", known)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(eve.badge(&page).await, "1");
    let personal = ana.get(&page).await;
    assert!(personal.header("cache-control").starts_with("private") && personal.header("etag").is_empty());
    assert!(personal.header("vary").contains("cookie"));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn each_language_has_its_own_pages(_: PgPoolOptions, database: PgConnectOptions) {
    let nodes = two_nodes(&database).await;
    for node in &nodes {
        let spaniard = Browser::new(&node.origin, "es");
        for path in ["/info/returns", "/search", ""] {
            for _ in 0..2 {
                let (english, spanish) = (spaniard.get(&format!("/en{path}")).await, spaniard.get(&format!("/es{path}")).await);
                assert!(english.text.contains(r#"<html lang="en">"#) && spanish.text.contains(r#"<html lang="es">"#), "{path}");
            }
        }
        assert!(spaniard.get(&BOWL.page("en")).await.text.contains("Tide Bowl"));
        assert!(spaniard.get(&BOWL.page("es")).await.text.contains("Cuenco Marea"));
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_node_that_lost_its_line_to_the_news_trusts_no_page(_: PgPoolOptions, database: PgConnectOptions) {
    let nodes = two_nodes(&database).await;
    let [cut_off, other] = &nodes;
    // Every connection of the first node breaks; the price changes before it can listen again.
    sql(&other.shop.db, "update price set minor = 3300").await;
    sql(
        &other.shop.db,
        "select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%' and datname = current_database()",
    )
    .await;
    eventually("the page is not used", async || !cut_off.keeps(&BOWL.page("en"))).await;
    all_show(&nodes, "/en/p/bowl", "€33.00").await;
}
