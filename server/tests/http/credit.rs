//! Store credit as a guest without scripts uses it: typed at the last step, it pays what it reaches.

use crate::support::{
    Browser, Node,
    shopping::{BOWL, field},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

const CODE: &str = "ABCD1234ABCD1234";

async fn press(browser: &Browser, path: &str, more: &[(&str, &str)]) -> crate::support::Answer {
    let details = [
        ("email", "ana@example.org"),
        ("name", "Ángela Núñez"),
        ("line1", "Calle Mayor 1"),
        ("city", "Madrid"),
        ("postcode", "28013"),
        ("country", "ES"),
        ("method", "es-standard"),
    ];
    let fields: Vec<(&str, &str)> = details.iter().chain(more).copied().collect();
    let from = format!("{}/en/checkout", browser.origin);
    browser.send(browser.form(path, &fields).header("referer", from)).await
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_guest_pays_with_a_code_and_no_card(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    BOWL.import(&node.shop).await;
    let given = format!(
        "insert into store_credit (id, code, currency, email, reason, source, created_at)
         values ('00000000-0000-7000-8000-000000000001', '{CODE}', 'EUR', 'ana@example.org', 'goodwill', gen_random_uuid(), now());
         insert into store_credit_entry (id, credit_id, kind, minor, at)
         values (gen_random_uuid(), '00000000-0000-7000-8000-000000000001', 'given', 50000, now())"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(given)).execute(&node.shop.db).await.unwrap();
    let browser = node.browser();
    BOWL.add(&browser).await;
    let wrong = press(&browser, "/api/checkout/save", &[("credit", "ABCD-1234"), ("step", "credit")]).await;
    assert!(wrong.leads_to().ends_with("/en/checkout#credit"), "{}", wrong.leads_to());
    let page = browser.get("/en/checkout").await;
    assert!(page.text.contains("We know no such code.") && page.text.contains("value=\"ABCD-1234\""), "what was typed is kept");
    press(&browser, "/api/checkout/save", &[("credit", "abcd-1234-abcd-1234"), ("step", "credit")]).await;
    let page = browser.get("/en/checkout").await;
    assert!(page.text.contains("Left to pay") && page.text.contains("Place the order"), "{}", page.text);
    assert_eq!(field(&page.text, "expected"), "0");
    let placed = press(&browser, "/api/checkout/place", &[("credit", "abcd-1234-abcd-1234"), ("expected", "0")]).await;
    assert!(placed.leads_to().contains("/en/order/"), "{} {}", placed.leads_to(), placed.text);
    let address = placed.leads_to();
    let order = browser.get(&address[address.find("/en/order/").unwrap()..]).await;
    assert!(order.text.contains("Paid with store credit"), "{}", order.text);
    let held: i64 =
        sqlx::query_scalar("select count(*) from store_credit_hold where state = 'spent'").fetch_one(&node.shop.db).await.unwrap();
    assert_eq!(held, 1);
}
