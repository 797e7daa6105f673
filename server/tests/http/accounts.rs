//! Staff and customers as their browsers see it: cookies, forms without scripts, and whose pages are whose.

use crate::support::{
    Answer, Browser, Node,
    shopping::{BOWL, order, pay},
};
use domain::{
    Language,
    staff::{Role, Roles},
};
use shop::{
    Actor,
    account::{
        customer::{self, NewCustomer},
        staff::{self, FirstPassword, NewStaff},
    },
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::OffsetDateTime;

const PASSWORD: &str = "a long enough secret";
const LOG_IN: &str = "/api/desk/log-in";

async fn hire(node: &Node, email: &str, role: Role) {
    let new = NewStaff { email: email.into(), name: "Alba Agente".into(), roles: Roles::of(&[role]) };
    staff::add(&node.shop, &Actor::Operator, new, FirstPassword::Own(PASSWORD), OffsetDateTime::now_utc()).await.unwrap();
}

async fn log_in(browser: &Browser, email: &str, password: &str, next: &str) -> Answer {
    let form = browser.form(LOG_IN, &[("email", email), ("password", password), ("next", next)]);
    browser.send(form.header("referer", format!("{}/en/desk/login", browser.origin))).await
}

async fn latest_link(node: &Node, email: &str) -> String {
    // Letters about orders have links as well.
    let query = "select text_body from mail where recipient = $1 and order_id is null order by queued_at desc, id desc limit 1";
    let text: String = sqlx::query_scalar(query).bind(email).fetch_one(&node.shop.db).await.unwrap();
    let link = text.lines().find(|line| line.contains("?t=")).unwrap();
    link[link.find("/en/").unwrap()..].to_owned()
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn staff_logs_in_with_a_form_and_sees_the_desk(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    hire(&node, "alba@shop.test", Role::Agent).await;
    let browser = node.browser();
    let led = browser.get("/en/desk/me").await;
    assert_eq!((led.status, led.leads_to()), (302, "/en/desk/login?next=%2Fen%2Fdesk%2Fme"));
    let page = browser.get(led.leads_to()).await;
    assert!(page.status == 200 && page.text.contains("Log in to the desk"), "{}", page.text);
    assert_eq!(page.header("cache-control"), "private, no-store");

    let refused = log_in(&browser, "alba@shop.test", "wrong", "/en/desk/me").await;
    assert_eq!(refused.status, 303);
    assert!(!refused.leads_to().contains("alba"), "no mail address in an address: {}", refused.leads_to());
    let page = browser.get(refused.leads_to()).await;
    assert!(page.text.contains("Email or password is wrong."), "{}", page.text);
    assert!(page.text.contains("value=\"alba@shop.test\"") && page.text.contains("value=\"/en/desk/me\""), "what was typed is kept");
    assert!(!page.text.contains("wrong\"") && browser.cookie("desk").is_none());

    let inside = log_in(&browser, "alba@shop.test", PASSWORD, "/en/desk/me").await;
    assert_eq!((inside.status, inside.leads_to()), (303, "/en/desk/me"));
    let cookie = inside.cookies().into_iter().find(|cookie| cookie.starts_with("desk=")).unwrap().to_owned();
    assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Lax") && cookie.contains("; Path=/"), "{cookie}");
    assert!(!cookie.contains("Max-Age"), "it goes with the browser");
    assert!(!cookie.contains("Secure"), "there is no TLS here");
    let page = browser.get("/en/desk/me").await;
    assert!(page.status == 200 && page.text.contains("Alba Agente") && page.text.contains("This browser"), "{}", page.text);
    assert!(!page.text.contains("/en/desk/staff") && !page.text.contains("header__cart"), "what an agent has no use for");
    assert_eq!(browser.get("/en/desk/staff").await.status, 403);
    let spanish = browser.get("/es/desk/me").await;
    assert!(spanish.text.contains("Mi cuenta") && spanish.text.contains("Este navegador"));

    let out = browser.post("/api/desk/log-out", &[]).await;
    assert_eq!(out.status, 303);
    assert_eq!(browser.get("/en/desk/me").await.status, 302);
    let thief = node.browser();
    thief.set_cookie("desk", cookie.trim_start_matches("desk=").split(';').next().unwrap());
    assert_eq!(thief.get("/en/desk/me").await.status, 302, "the session is over, not only forgotten by the browser");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn another_site_logs_nobody_in_and_behind_tls_the_cookie_stays_there(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--public-url=https://127.0.0.1", "--allow-sandbox"]).await;
    hire(&node, "alba@shop.test", Role::Agent).await;
    let browser = node.browser();
    let fields = [("email", "alba@shop.test"), ("password", PASSWORD)];
    let sent = browser.send(browser.form(LOG_IN, &fields).header("sec-fetch-site", "cross-site")).await;
    assert_eq!(sent.status, 403);
    assert!(browser.cookie("desk").is_none());
    let inside = log_in(&browser, "alba@shop.test", PASSWORD, "https://evil.example").await;
    assert_eq!(inside.leads_to(), "/en/desk", "nobody is led out of the desk");
    assert!(inside.cookies().iter().any(|cookie| cookie.starts_with("desk=") && cookie.contains("; Secure")));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_administrator_invites_and_the_invited_chooses_a_password(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    hire(&node, "ada@shop.test", Role::Administrator).await;
    hire(&node, "alba@shop.test", Role::Agent).await;
    let (ada, alba, new) = (node.browser(), node.browser(), node.browser());
    log_in(&ada, "ada@shop.test", PASSWORD, "").await;
    log_in(&alba, "alba@shop.test", PASSWORD, "").await;
    let invitation = [("email", "new@shop.test"), ("name", "Nuria"), ("agent", "true"), ("supervisor", "true")];
    let invite = async |browser: &Browser, fields: &[(&str, &str)]| {
        let form = browser.form("/api/desk/staff-invite", fields);
        browser.send(form.header("referer", format!("{}/en/desk/staff", browser.origin))).await
    };
    let refused = invite(&alba, &invitation).await;
    assert!(refused.leads_to().contains("refused="), "{}", refused.leads_to());
    let refused = invite(&ada, &invitation[..2]).await;
    let page = ada.get(refused.leads_to().split('#').next().unwrap()).await;
    assert!(page.text.contains("Choose at least one role.") && page.text.contains("value=\"new@shop.test\""), "{}", page.text);
    let sent = invite(&ada, &invitation).await;
    assert!(sent.leads_to().starts_with("/en/desk/staff?done=invited#person-"), "{}", sent.leads_to());
    let page = ada.get("/en/desk/staff").await;
    assert!(page.text.contains("Nuria") && page.text.contains("has not chosen a password yet"), "{}", page.text);

    let link = latest_link(&node, "new@shop.test").await;
    for _ in 0..2 {
        let page = new.get(&link).await;
        assert!(page.text.contains("Hello Nuria."), "opening it spends nothing: {}", page.text);
    }
    let token = link.split_once("?t=").unwrap().1;
    let choose = async |password: &str| {
        let form = new.form("/api/desk/choose-password", &[("t", token), ("password", password)]);
        new.send(form.header("referer", format!("{}{link}", new.origin))).await
    };
    let refused = choose("short").await;
    assert!(new.get(refused.leads_to()).await.text.contains("Choose at least 10 characters."), "{}", refused.leads_to());
    assert_eq!(choose(PASSWORD).await.leads_to(), "/en/desk/login?done=password");
    assert!(new.get(&link).await.text.contains("This link was used already"));
    assert_eq!(log_in(&new, "new@shop.test", PASSWORD, "/en/desk/me").await.leads_to(), "/en/desk/me");
    let log = ada.get("/en/desk/audit?action=staff.invited").await;
    assert!(log.text.contains("staff.invited") && log.text.contains("Nuria"), "{}", log.text);
}

async fn customer(node: &Node, email: &str) -> Browser {
    let new = NewCustomer { email: email.into(), name: "Ana".into(), password: PASSWORD.into(), language: Language::En };
    customer::register(&node.shop, new, OffsetDateTime::now_utc()).await.unwrap();
    let browser = node.browser();
    enter(&browser, email).await;
    browser
}

async fn enter(browser: &Browser, email: &str) -> Answer {
    let form = browser.form("/api/account/log-in", &[("email", email), ("password", PASSWORD)]);
    browser.send(form.header("referer", format!("{}/en/account/login", browser.origin))).await
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_customer_sees_their_orders_and_nobody_elses(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    BOWL.import(&node.shop).await;
    let guest = node.browser();
    assert_eq!(guest.get("/en/account").await.leads_to(), "/en/account/login?next=%2Fen%2Faccount");
    BOWL.add(&guest).await;
    let payment_page = order(&guest, "en", "ana@example.org").await;
    pay(&guest, &payment_page).await;
    let number: String = sqlx::query_scalar("select number from orders").fetch_one(&node.shop.db).await.unwrap();

    let ana = customer(&node, "ana@example.org").await;
    let page = ana.get("/en/account").await;
    assert!(page.text.contains("We sent a link to ana@example.org") && !page.text.contains(&number), "{}", page.text);
    let link = latest_link(&node, "ana@example.org").await;
    assert!(ana.get(&link).await.text.contains("ana@example.org is your address"));
    let confirm = ana.form("/api/account/confirm", &[("t", link.split_once("?t=").unwrap().1)]);
    let confirmed = ana.send(confirm.header("referer", format!("{}{link}", ana.origin))).await;
    assert_eq!(confirmed.leads_to(), "/en/account?done=confirmed");
    let page = ana.get("/en/account").await;
    assert!(page.text.contains(&number) && page.text.contains("Paid"), "{}", page.text);
    let address = page.text.split("href=\"").find(|rest| rest.starts_with("/en/order/")).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(ana.get(&address.replace("&amp;", "&")).await.status, 200);

    let eve = customer(&node, "eve@example.org").await;
    assert!(!eve.get("/en/account").await.text.contains(&number));
    assert_eq!(eve.get(&format!("/en/order/{number}")).await.status, 404, "an account is no key to the orders of others");
    let desk = eve.cookie("account").unwrap();
    eve.set_cookie("desk", &desk);
    assert_eq!(eve.get("/en/desk/me").await.status, 302, "a customer's session opens no desk");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_cart_survives_logging_in_and_kept_pages_stay_shared(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    BOWL.import(&node.shop).await;
    node.hears_news().await;
    let browser = node.browser();
    BOWL.add(&browser).await;
    let cart = browser.cookie("cart").unwrap();
    let new = NewCustomer { email: "ana@example.org".into(), name: "Ana".into(), password: PASSWORD.into(), language: Language::En };
    customer::register(&node.shop, new, OffsetDateTime::now_utc()).await.unwrap();
    let inside = enter(&browser, "ana@example.org").await;
    assert_eq!(inside.leads_to(), "/en/account");
    assert_eq!(browser.cookie("cart").unwrap(), cart);
    assert_eq!(browser.badge("/en/cart").await, "1");
    let checkout = browser.get("/en/checkout").await;
    assert!(checkout.text.contains("value=\"ana@example.org\""), "the checkout knows who it is");

    let page = BOWL.page("en");
    let (mine, theirs) = (browser.get(&page).await, node.browser().get(&page).await);
    assert!(node.keeps(&page));
    for text in [&mine.text, &theirs.text] {
        assert!(text.contains("href=\"/en/account\"") && !text.contains("Ana"), "the same page for everybody");
    }
    browser.post("/api/account/log-out", &[]).await;
    assert_eq!(browser.badge("/en/cart").await, "1");
    let checkout = browser.get("/en/checkout").await;
    assert!(!checkout.text.contains("ana@example.org"), "the next person at this browser learns nothing");
}

/// Where a mail with this in its address leads.
async fn link_with(node: &Node, part: &str) -> String {
    let query = "select text_body from mail where text_body like $1 order by queued_at desc, id desc limit 1";
    let text: String = sqlx::query_scalar(query).bind(format!("%{part}?t=%")).fetch_one(&node.shop.db).await.unwrap();
    let link = text.lines().find(|line| line.contains("?t=")).unwrap();
    link[link.find("/en/").unwrap()..].to_owned()
}

async fn hand_in(browser: &Browser, from: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    browser.send(browser.form(path, fields).header("referer", format!("{}{from}", browser.origin))).await
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_customer_moves_to_another_address_by_plain_forms(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let ana = customer(&node, "ana@example.org").await;
    let settings = "/en/account/settings";
    let ask = async |email: &str, password: &str| {
        hand_in(&ana, settings, "/api/account/email", &[("email", email), ("password", password)]).await
    };
    let refused = ask("new@example.org", "wrong").await;
    assert!(!refused.leads_to().contains("new@"), "no mail address in an address: {}", refused.leads_to());
    let page = ana.get(refused.leads_to().split('#').next().unwrap()).await;
    assert!(page.text.contains("This is not your current password.") && page.text.contains("value=\"new@example.org\""), "{}", page.text);
    let refused = ask("ana@example.org", PASSWORD).await;
    let page = ana.get(refused.leads_to().split('#').next().unwrap()).await;
    assert!(page.text.contains("This is the address of your account already."), "{}", page.text);
    let asked = ask("new@example.org", PASSWORD).await;
    assert_eq!(asked.leads_to(), "/en/account/settings?done=email-asked");
    let page = ana.get(asked.leads_to()).await;
    assert!(page.text.contains("Waiting for you to follow the link that was sent to new@example.org."), "{}", page.text);

    let link = link_with(&node, "account/email").await;
    let token = link.split_once("?t=").unwrap().1;
    let stranger = node.browser();
    let page = stranger.get(&link).await;
    assert!(page.text.contains("moves to new@example.org") && page.text.contains("type=\"password\""), "{}", page.text);
    let refused = hand_in(&stranger, &link, "/api/account/confirm-email", &[("t", token), ("password", "a guess")]).await;
    assert!(stranger.get(refused.leads_to()).await.text.contains("This is not your current password."));
    assert!(!ana.get(&link).await.text.contains("type=\"password\""), "who is in is not asked again");
    let confirmed = hand_in(&ana, &link, "/api/account/confirm-email", &[("t", token)]).await;
    let page = ana.get(confirmed.leads_to()).await;
    assert!(page.text.contains("Your account has its new address.") && page.text.contains("under new@example.org"), "{}", page.text);
    assert!(ana.get(&link).await.text.contains("This link was used already"));
    assert_eq!(enter(&node.browser(), "new@example.org").await.leads_to(), "/en/account");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_customer_deletes_their_account_and_knows_before_what_that_means(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let ana = customer(&node, "ana@example.org").await;
    assert!(ana.get("/en/account/settings").await.text.contains("href=\"/en/account/delete\""));
    let page = ana.get("/en/account/delete").await;
    for said in ["What goes", "saved addresses", "What stays", "the law makes us keep our books", "There is no way back."] {
        assert!(page.text.contains(said), "no `{said}` in {}", page.text);
    }
    let refused = hand_in(&ana, "/en/account/delete", "/api/account/delete", &[("password", "wrong")]).await;
    assert!(ana.get(refused.leads_to()).await.text.contains("This is not your current password."), "{}", refused.leads_to());
    let asked = hand_in(&ana, "/en/account/delete", "/api/account/ask-for-deletion", &[]).await;
    assert!(ana.get(asked.leads_to()).await.text.contains("A link is on its way to ana@example.org."));
    let link = link_with(&node, "account/delete").await;
    let page = node.browser().get(&link).await;
    assert!(page.text.contains("What goes") && !page.text.contains("type=\"password\""), "the link is enough: {}", page.text);
    assert_eq!(node.browser().get("/en/account/delete").await.status, 302);
    let token = link.split_once("?t=").unwrap().1;
    let gone = hand_in(&ana, &link, "/api/account/delete", &[("t", token)]).await;
    assert_eq!(gone.leads_to(), "/en/account/deleted");
    assert!(ana.get("/en/account/deleted").await.text.contains("Your account is deleted"));
    assert_eq!(ana.get("/en/account").await.status, 302, "nobody is logged in any more");
    assert!(ana.get(&link).await.text.contains("This link was used already"));
}
