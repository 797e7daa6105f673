//! Answers by mail at their two doors: the address that a mail provider posts to, and the command that a mail server's pipe calls.

use crate::support::{Node, Program};
use domain::{Language, chat::Topic};
use shop::{
    Actor, Shop,
    chat::{self, OpenConversation, Visitor},
    signing,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use time::OffsetDateTime;
use uuid::Uuid;

const ADDRESS: &str = "--inbound-address=reply+{token}@shop.test";
const SECRET: &str = "a secret of the tests";

async fn ask(shop: &Shop) {
    let opening = OpenConversation {
        client_id: Uuid::new_v4(),
        language: Language::En,
        name: "Ana".into(),
        email: "ana@example.org".into(),
        topic: Topic::Product,
        body: "Is it safe?".into(),
        message_client_id: Uuid::new_v4(),
        page: String::new(),
        order: None,
    };
    chat::open(shop, &Actor::Guest { cart: None }, Visitor(Uuid::new_v4()), opening, OffsetDateTime::now_utc()).await.unwrap();
}

fn mail(token: &str, id: &str) -> String {
    format!("From: ana@example.org\r\nTo: reply+{token}@shop.test\r\nMessage-ID: <{id}@example.org>\r\n\r\nYes, please.\r\n")
}

async fn said(shop: &Shop) -> i64 {
    sqlx::query_scalar("select count(*) from conversation_entry where body = 'Yes, please.'").fetch_one(&shop.db).await.unwrap()
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_provider_posts_a_mail_with_the_secret_and_nobody_without(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[ADDRESS, &format!("--inbound-secret={SECRET}")]).await;
    ask(&node.shop).await;
    let token = signing::reply_token(&node.shop.settings, 1);
    let post = async |secret: &str, mail: String| {
        let request = reqwest::Client::builder()
            .no_proxy()
            .build()
            .unwrap()
            .post(format!("{}/mail/inbound", node.origin))
            .bearer_auth(secret)
            .body(mail);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(post("a guess at the secret", mail(&token, "1")).await.0, 401);
    assert_eq!(said(&node.shop).await, 0);
    assert_eq!(post(SECRET, mail(&token, "1")).await, (200, "in conversation 1".into()));
    assert_eq!(post(SECRET, mail(&token, "1")).await, (200, "in conversation 1 already".into()));
    assert_eq!(said(&node.shop).await, 1);
    let (status, sentence) = post(SECRET, mail("1-0123456789abcdef01234567", "2")).await;
    assert!(status == 422 && sentence.starts_with("no conversation has this address"), "{status} {sentence}");
    assert_eq!(post(SECRET, "x".repeat(70 * 1024 * 1024)).await.0, 413);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn without_a_secret_the_door_does_not_exist(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[ADDRESS]).await;
    assert_eq!(node.browser().post("/mail/inbound", &[]).await.status, 404);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_mail_servers_pipe_is_told_what_became_of_a_mail(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[ADDRESS]).await;
    ask(&node.shop).await;
    let program = Program::start(&database, &[("INBOUND_MAIL_ADDRESS", "reply+{token}@shop.test")]).await;
    let token = signing::reply_token(&node.shop.settings, 1);
    let receive = |mail: &str| program.run_reading(&["mail", "receive"], mail);
    let taken = receive(&mail(&token, "1"));
    assert_eq!((taken.status.code(), &*String::from_utf8_lossy(&taken.stdout)), (Some(0), "in conversation 1\n"));
    let forged = receive(&mail("1-0123456789abcdef01234567", "2"));
    assert_eq!(forged.status.code(), Some(65), "for good: the mail server tells its sender");
    assert!(String::from_utf8_lossy(&forged.stderr).contains("no conversation has this address"));
    assert_eq!(said(&node.shop).await, 1);
}
