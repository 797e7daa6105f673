//! The confirmation of a paid order on its way through a real mail server: taken, put off, turned down.

use crate::support::{
    Program, eventually, number,
    post_office::{PostOffice, Refusal},
    shopping::{BOWL, order, pay},
    sql,
};
use mail_parser::{Message, MessageParser, MimeHeaders};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{net::TcpListener, time::Duration};

const FROM: (&str, &str) = ("MAIL_FROM", "Barro y Sal <hola@shop.test>");

/// The shop, ready to sell, with its mail going to this office.
async fn shop(pool: PgPoolOptions, database: &PgConnectOptions, smtp_url: &str) -> (Program, PgPool) {
    let program = Program::start(database, &[("SMTP_URL", smtp_url), FROM]).await;
    let db = pool.connect_with(database.clone()).await.unwrap();
    program.import(&BOWL);
    (program, db)
}

/// Somebody orders a bowl and pays for it.
async fn buy(program: &Program, language: &'static str, email: &str) {
    let browser = program.browser(language);
    BOWL.add(&browser).await;
    let payment_page = order(&browser, language, email).await;
    assert_eq!(pay(&browser, &payment_page).await.status, 200);
}

/// As if the pause before the next try were over.
async fn time_passes(db: &PgPool) {
    sql(db, "update job set run_at = now() where done_at is null").await;
}

fn listed(program: &Program) -> String {
    let output = program.run(&["mail", "list"]);
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

fn body<'a>(message: &'a Message<'_>, kind: &str) -> &'a str {
    let part = message.parts.iter().find(|part| part.content_type().is_some_and(|given| given.subtype() == Some(kind)));
    part.and_then(|part| part.text_contents()).expect(kind)
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_paid_gets_one_mail_in_their_language_as_text_and_html(pool: PgPoolOptions, database: PgConnectOptions) {
    let office = PostOffice::open();
    let (program, db) = shop(pool, &database, &office.url).await;
    buy(&program, "es", "angela@example.org").await;
    eventually("the Spanish mail comes", async || office.taken().len() == 1).await;
    buy(&program, "en", "ben@example.org").await;
    eventually("the English mail comes", async || office.taken().len() == 2).await;
    eventually("both are known to be sent", async || number(&db, "select count(*) from mail where sent_at is not null").await == 2).await;

    let taken = office.taken();
    let (spanish, english) = (MessageParser::new().parse(&taken[0]).unwrap(), MessageParser::new().parse(&taken[1]).unwrap());
    let to = |message: &Message<'_>| message.to().unwrap().first().unwrap().address().unwrap().to_owned();
    assert_eq!((to(&spanish), to(&english)), ("angela@example.org".to_owned(), "ben@example.org".to_owned()));
    assert_eq!(spanish.from().unwrap().first().unwrap().name(), Some("Barro y Sal"));
    assert_eq!(spanish.subject(), Some("Pedido 10001 confirmado"));
    assert_eq!(english.subject(), Some("Order 10002 confirmed"));
    assert!(spanish.content_type().is_some_and(|kind| kind.c_type == "multipart" && kind.subtype() == Some("alternative")));
    assert!(taken.iter().all(|mail| mail.is_ascii()), "accents are encoded: not every server on the way takes them bare");
    for kind in ["plain", "html"] {
        let text = body(&spanish, kind);
        for words in ["Ángela Núñez", "Cuenco Marea", "29,80", "€", "Envío"] {
            assert!(text.contains(words), "{words} in {text}");
        }
        assert!(body(&english, kind).contains("Tide Bowl"));
    }
    // The link that the mail gives opens the order.
    let link = body(&spanish, "plain").lines().find(|line| line.contains("/order/")).unwrap();
    let page = program.browser("es").get(link).await;
    assert!(page.status == 200 && page.text.contains("10001"), "{}", page.status);
    assert!(listed(&program).contains("angela@example.org  Pedido 10001 confirmado  (sent "));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_mail_put_off_by_the_server_is_sent_later_and_once(pool: PgPoolOptions, database: PgConnectOptions) {
    let office = PostOffice::open();
    let (program, db) = shop(pool, &database, &office.url).await;
    office.refuse(Some(Refusal::Reader(451)));
    buy(&program, "en", "ana@example.org").await;
    eventually("it is tried", async || office.refused() == 1).await;
    eventually("the reason is noted", async || number(&db, "select count(*) from job where last_error is not null").await == 1).await;
    let list = listed(&program);
    assert!(list.contains("(waiting, last time: ") && list.contains("451"), "{list}");
    assert!(
        number(&db, "select extract(epoch from run_at - now())::bigint from job where done_at is null").await >= 5,
        "not at once again"
    );

    // A server that turns us away as its user says nothing about the mail.
    office.refuse(Some(Refusal::Sender(530)));
    time_passes(&db).await;
    eventually("it is tried again", async || office.refused() == 2).await;
    eventually("it waits again", async || listed(&program).contains("waiting, last time: permanent error (530)")).await;

    office.refuse(None);
    time_passes(&db).await;
    eventually("it is taken", async || number(&db, "select count(*) from mail where sent_at is not null").await == 1).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(office.taken().len(), 1);
    assert!(listed(&program).contains("(sent "));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_mail_server_that_is_down_loses_no_mail(pool: PgPoolOptions, database: PgConnectOptions) {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (program, db) = shop(pool, &database, &format!("smtp://{address}")).await;
    buy(&program, "en", "ana@example.org").await;
    eventually("it waits", async || listed(&program).contains("(waiting, last time: ")).await;
    let office = PostOffice::on(TcpListener::bind(address).unwrap());
    time_passes(&db).await;
    eventually("it comes", async || !office.taken().is_empty()).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(office.taken().len(), 1);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_mail_turned_down_for_good_is_listed_as_failed_until_somebody_tries_again(pool: PgPoolOptions, database: PgConnectOptions) {
    let office = PostOffice::open();
    let (program, db) = shop(pool, &database, &office.url).await;
    office.refuse(Some(Refusal::Reader(550)));
    buy(&program, "en", "gone@example.org").await;
    eventually("it fails", async || listed(&program).contains("(failed: ")).await;
    let list = listed(&program);
    assert!(list.contains("gone@example.org  Order 10001 confirmed  (failed: permanent error (550)"), "{list}");
    time_passes(&db).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(office.refused(), 1, "nobody tries again by themselves");

    office.refuse(None);
    assert_eq!(String::from_utf8(program.run(&["mail", "retry"]).stdout).unwrap(), "1 to be tried again\n");
    eventually("it is taken", async || listed(&program).contains("(sent ")).await;
    assert_eq!(office.taken().len(), 1);
}
