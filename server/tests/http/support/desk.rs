//! Somebody at work, forms sent from the page they stand on, and what a page says.

use super::{
    Answer, Browser, Node, eventually,
    shopping::{BOWL, order, pay},
};
use domain::staff::{Role, Roles};
use shop::{
    Actor, Shop,
    account::staff::{self, FirstPassword, NewStaff},
    surveys::ask_about,
};
use time::OffsetDateTime;

const PASSWORD: &str = "a long enough secret";

/// The browser of somebody of the staff, logged in.
pub async fn at_work(node: &Node, name: &str, role: Role) -> Browser {
    let email = format!("{name}@shop.test");
    let new = NewStaff { email: email.clone(), name: name.into(), roles: Roles::of(&[role]) };
    staff::add(&node.shop, &Actor::Operator, new, FirstPassword::Own(PASSWORD), OffsetDateTime::now_utc()).await.unwrap();
    let browser = node.browser();
    browser.post("/api/desk/log-in", &[("email", &email), ("password", PASSWORD), ("next", "/en/desk/me")]).await;
    browser
}

/// What the first row says; what a worker writes may take a moment.
pub async fn text(shop: &Shop, query: &str) -> String {
    let found = async || -> Option<String> { sqlx::query_scalar(sqlx::AssertSqlSafe(query)).fetch_optional(&shop.db).await.unwrap() };
    eventually(query, async || found().await.is_some()).await;
    found().await.unwrap()
}

/// Sends a form of this page, and opens where it leads.
pub async fn send(browser: &Browser, path: &str, fields: &[(&str, &str)], referer: &str) -> Answer {
    let answer = browser.send(browser.form(path, fields).header("referer", format!("{}{referer}", browser.origin))).await;
    assert_eq!(answer.status, 303, "{path}: {}", answer.text);
    browser.get(answer.leads_to()).await
}

pub fn says(answer: &Answer, words: &[&str]) {
    assert_eq!(answer.status, 200, "{}", answer.text);
    for word in words {
        assert!(answer.text.contains(word), "no `{word}` in {}", answer.text);
    }
}

/// The path of the only link to this page in the newest mail of this key.
pub async fn link(shop: &Shop, key: &str, page: &str) -> String {
    let mail = text(shop, &format!("select text_body from mail where key like '{key}:%' order by queued_at desc limit 1")).await;
    let link = mail.split_whitespace().find(|word| word.contains(page)).unwrap();
    link.splitn(4, '/').nth(3).map(|path| format!("/{path}")).unwrap()
}

/// Somebody bought, got it, and was asked; the path of the link in the mail.
pub async fn asked(node: &Node, browser: &Browser, language: &str) -> String {
    BOWL.import(&node.shop).await;
    BOWL.add(browser).await;
    let payment_page = order(browser, language, "ana@example.org").await;
    assert_eq!(pay(browser, &payment_page).await.status, 200);
    let (shop, now) = (&node.shop, OffsetDateTime::now_utc());
    let number = text(shop, "select number from orders").await;
    shop::orders::pack(shop, &Actor::Operator, &number, now).await.unwrap();
    shop::orders::ship(shop, &Actor::Operator, &number, "correos", "CX1", now).await.unwrap();
    shop::orders::deliver(shop, &Actor::Operator, &number, now).await.unwrap();
    ask_about(shop, &Actor::Operator, &number, now).await.unwrap();
    link(shop, "survey.asked", "/survey?t=").await
}
