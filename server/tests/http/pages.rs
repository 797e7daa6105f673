//! What pages say, whatever was typed, sold or bought.

use crate::support::{
    Browser, Node,
    shopping::{BOWL, Ware, order, pay},
    sql,
};
use shop::signing::CART_COOKIE;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_is_searched_for_is_never_markup(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let typed = "</title><meta http-equiv=refresh content=\"0;url=https://evil.example\">&lt;";
    let encoded: String = typed.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let page = node.browser().get(&format!("/en/search?q={encoded}")).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("<title>Results for “&lt;/title>&lt;meta http-equiv=refresh"), "{}", page.text);
    assert!(page.text.contains("&amp;lt;”"), "an ampersand that was typed is one that is shown");
    assert!(!page.text.contains("<meta http-equiv"));
    let passed_on = page.text.split("property=\"og:title\"").nth(1).unwrap_or_default();
    assert!(
        passed_on.starts_with(" content=\"Results for “&lt;/title&gt;&lt;meta http-equiv=refresh content=&quot;0;url"),
        "{}",
        &passed_on[..200]
    );
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn one_is_said_as_one(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--backorder-days=1"]).await;
    Ware { stock: 1, ..BOWL }.import(&node.shop).await;
    let page = Browser::new(&node.origin, "es").get(&BOWL.page("es")).await;
    assert!(page.text.contains(">Solo queda 1<"), "{}", page.text);
    let page = node.browser().get("/en/info/delivery").await;
    assert!(page.text.contains("takes one working day in the workshop"), "{}", page.text);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_order_shows_a_small_picture_in_the_size_it_has(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &["--public-url=http://shop.test", "--rate-limits=off"]).await;
    BOWL.import(&node.shop).await;
    sql(
        &node.shop.db,
        "insert into media (id, product_id, source, hash, width, height, widths)
         select gen_random_uuid(), id, 'small.png', 'abc', 200, 200, '{200}' from product",
    )
    .await;
    let browser = node.browser();
    BOWL.add(&browser).await;
    let payment_page = order(&browser, "en", "ana@example.org").await;
    let thanks = pay(&browser, &payment_page).await;
    assert!(thanks.text.contains("src=\"/media/abc/200.webp\""), "{}", thanks.text);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn typing_at_checkout_keeps_the_cart_for_longer(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    BOWL.import(&node.shop).await;
    let browser = node.browser();
    BOWL.add(&browser).await;
    let saved = browser.call("/api/checkout/save", &[("email", "ana@")]).await;
    let renewed = saved.cookies().iter().any(|cookie| cookie.starts_with(&format!("{CART_COOKIE}=")) && cookie.contains("Max-Age=2592000"));
    assert!(saved.status == 200 && renewed, "{saved:?}");
}
