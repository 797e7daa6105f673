//! One visitor who asks too often waits; nobody else notices.

use crate::support::{Answer, Browser, Node};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

const LOOK_UP: &str = "/api/orders/find";
const GUESS: [(&str, &str); 2] = [("number", "10001"), ("email", "ana@example.org")];

fn seconds(answer: &Answer) -> u64 {
    answer.header("retry-after").parse().unwrap()
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn guessing_order_numbers_ends_after_six_tries(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let browser = node.browser();
    for _ in 0..6 {
        let answer = browser.call(LOOK_UP, &GUESS).await;
        assert_eq!((answer.status, &*answer.text), (422, r#"{"Refused":"NoSuchOrder"}"#));
    }
    let told = browser.call(LOOK_UP, &GUESS).await;
    let wait = seconds(&told);
    assert!((1..=10).contains(&wait), "{wait}");
    assert_eq!((told.status, told.text), (429, format!(r#"{{"Refused":{{"TooManyTries":{{"seconds":{wait}}}}}}}"#)));

    let page = browser.post(LOOK_UP, &GUESS).await;
    assert!(page.status == 429 && page.is_page() && seconds(&page) > 0);
    let spaniard = Browser::new(&node.origin, "es");
    let page = spaniard.post(LOOK_UP, &GUESS).await;
    assert!(page.is_page() && page.text.contains("Espera ") && page.text.contains(" s y vuelve a intentarlo."), "{}", page.text);

    let neighbour = Browser::from_address(&node.origin, "127.0.0.2".parse().unwrap());
    assert_eq!(neighbour.call(LOOK_UP, &GUESS).await.status, 422);
    assert_eq!(browser.get("/en/track").await.status, 200, "only guessing is over");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_reader_in_a_great_hurry_is_told_on_a_page_when_to_go_on(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    node.hears_news().await;
    let browser = Browser::from_address(&node.origin, "127.0.0.3".parse().unwrap());
    let mut told = browser.get("/en/info/delivery").await;
    for _ in 0..1000 {
        if told.status == 429 {
            break;
        }
        told = browser.get("/en/info/delivery").await;
    }
    assert_eq!(told.status, 429);
    let sentence = format!("Please wait {} s and try again.", seconds(&told));
    assert!(told.is_page() && told.text.contains(&sentence), "{}", told.text);
    assert!(told.text.contains(r#"<link rel="stylesheet" href="/pkg/main.css">"#), "{}", told.text);
    assert_eq!(node.browser().get("/en/info/delivery").await.status, 200, "another visitor reads on");
    assert_eq!(browser.get("/health").await.status, 200, "who watches the server is not counted");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn behind_a_proxy_it_is_the_visitor_who_waits(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--trusted-proxies=1"]).await;
    let browser = node.browser();
    let ask = async |visitor: &str| browser.send(browser.form(LOOK_UP, &GUESS).header("x-forwarded-for", visitor)).await.status;
    for claimed in 0..6 {
        assert_eq!(ask(&format!("10.0.0.{claimed}, 203.0.113.9")).await, 303);
    }
    assert_eq!(ask("10.0.0.77, 203.0.113.9").await, 429);
    assert_eq!(ask("203.0.113.10").await, 303);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn limits_can_be_switched_off(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--rate-limits=off"]).await;
    let browser = node.browser();
    for _ in 0..20 {
        assert_eq!(browser.call(LOOK_UP, &GUESS).await.status, 422);
    }
}
