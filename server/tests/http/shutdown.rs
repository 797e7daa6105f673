//! The machine asks the program to stop: who is being served is served, nobody new comes in.

use crate::support::{Program, number, shopping::BOWL};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{io::Write, net::TcpStream, time::Duration};

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_request_that_is_under_way_is_finished(pool: PgPoolOptions, database: PgConnectOptions) {
    let mut program = Program::start(&database, &[]).await;
    let db: PgPool = pool.connect_with(database).await.unwrap();
    program.import(&BOWL);
    let browser = program.browser("en");
    let variant = BOWL.variant(&browser).await;

    let mut lock = db.begin().await.unwrap();
    sqlx::query("lock table cart_line in access exclusive mode").execute(&mut *lock).await.unwrap();
    let adding = tokio::spawn(async move { browser.post("/api/cart/add", &[("variant", &variant)]).await });
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!adding.is_finished(), "it waits for the lock");
    program.ask_to_stop();
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!program.has_stopped(), "it waits for the request");
    let address = program.origin.trim_start_matches("http://").to_owned();
    assert!(TcpStream::connect(&address).is_err(), "nobody new comes in");
    lock.rollback().await.unwrap();

    assert_eq!(adding.await.unwrap().status, 303);
    assert!(program.stopped_within(Duration::from_secs(5)).await.success());
    assert_eq!(number(&db, "select count(*) from cart_line").await, 1);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn half_a_request_does_not_keep_it_from_stopping(_: PgPoolOptions, database: PgConnectOptions) {
    let mut program = Program::start(&database, &[]).await;
    let mut dawdler = TcpStream::connect(program.origin.trim_start_matches("http://")).unwrap();
    write!(dawdler, "POST /api/cart/add HTTP/1.1\r\nhost: shop.test\r\ncontent-length: 100\r\n\r\nvariant=").unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    program.ask_to_stop();
    assert!(program.stopped_within(Duration::from_secs(25)).await.success());
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn who_only_keeps_a_connection_open_is_not_waited_for(_: PgPoolOptions, database: PgConnectOptions) {
    let mut program = Program::start(&database, &[]).await;
    let browser = program.browser("en");
    assert_eq!(browser.get("/en").await.status, 200);
    program.ask_to_stop();
    assert!(program.stopped_within(Duration::from_secs(5)).await.success());
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_setting_that_cannot_be_is_said_at_the_start(_: PgPoolOptions, database: PgConnectOptions) {
    let program = Program::start(&database, &[]).await;
    for (name, value) in [
        ("SMTP_URL", "mail.example"),
        ("SMTP_URL", "smtp://ana:password@mail.example:587"),
        ("MAIL_FROM", "nobody"),
        ("SHOP_TIME_ZONE", "Mars"),
        ("SECRET", "short"),
        ("METRICS_TOKEN", "short"),
        ("PUBLIC_URL", "https://shop.example/shop"),
    ] {
        let output = program.run_with((name, value), &["migrate"]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(name), "{name}: {said}");
    }
}
