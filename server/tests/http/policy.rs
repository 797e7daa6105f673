//! What a browser is told it may do with what it gets.

use crate::support::{Node, shopping::BOWL};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::fs;

/// The scripts within a page that a browser would run, were they allowed.
fn inline_scripts(page: &str) -> Vec<&str> {
    let elements = page.split("<script").skip(1).map(|rest| rest.split_once("</script>").unwrap().0.split_once('>').unwrap());
    elements.filter(|(tag, _)| !tag.contains("src=") && !tag.contains("application/ld+json")).map(|(_, script)| script).collect()
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_policy_names_every_inline_script_and_allows_no_other(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    BOWL.import(&node.shop).await;
    let browser = node.browser();
    BOWL.add(&browser).await;
    let mut found = 0;
    for path in [
        "/en",
        "/es",
        "/en/p/bowl",
        "/es/p/bowl-es",
        "/en/search?q=bowl",
        "/en/cart",
        "/en/checkout",
        "/en/track",
        "/en/info/returns",
        "/en/nothing",
    ] {
        let page = browser.get(path).await;
        let policy = page.header("content-security-policy");
        assert!(page.is_page() && policy.contains("script-src 'self'") && !policy.contains("unsafe-inline"), "{path}: {policy}");
        for script in inline_scripts(&page.text) {
            let hash = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(script)));
            assert!(policy.contains(&hash), "{path} would run {script}");
            found += 1;
        }
        for attribute in [" onclick=", " onload=", " style=", "javascript:"] {
            assert!(!page.text.contains(attribute), "{path} has{attribute}");
        }
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("referrer-policy"), "same-origin");
    }
    assert!(found > 0, "there were inline scripts to look at");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn only_behind_tls_are_cookies_secure_and_is_plain_http_given_up(_: PgPoolOptions, database: PgConnectOptions) {
    let plain = Node::open(&database, &[]).await;
    BOWL.import(&plain.shop).await;
    let public = Node::open(&database, &["--public-url=https://shop.example", "--allow-sandbox"]).await;
    for (node, is_public) in [(&plain, false), (&public, true)] {
        let browser = node.browser();
        let page = browser.get("/en").await;
        assert_eq!(page.header("strict-transport-security"), if is_public { "max-age=31536000; includeSubDomains" } else { "" });
        let added = BOWL.add(&browser).await;
        let cookies: Vec<&str> = page.cookies().into_iter().chain(added.cookies()).collect();
        let names: Vec<&str> = cookies.iter().map(|cookie| cookie.split('=').next().unwrap()).collect();
        assert_eq!(names, ["language", "cart"]);
        for cookie in cookies {
            assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Lax") && cookie.contains("; Path=/"), "{cookie}");
            assert_eq!(cookie.ends_with("; Secure"), is_public, "{cookie}");
        }
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_cart_cookie_that_was_tampered_with_is_none(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    BOWL.import(&node.shop).await;
    let victim = node.browser();
    BOWL.add(&victim).await;
    let good = victim.cookie("cart").unwrap();
    let (id, signature) = good.split_once('.').unwrap();
    let swapped = if signature.starts_with('0') { "1" } else { "0" };
    for forged in
        [format!("{id}.{swapped}{}", &signature[1..]), format!("{id}."), id.to_owned(), "x".repeat(4000), "\"'<>".to_owned(), String::new()]
    {
        let browser = node.browser();
        browser.set_cookie("cart", &forged);
        let cart = browser.get("/en/cart").await;
        assert!(cart.status == 200 && cart.text.contains("Your cart is empty"), "{forged}");
        assert_eq!(browser.badge("/en").await, "");
        assert_eq!(BOWL.add(&browser).await.status, 303);
        assert_eq!(browser.badge("/en").await, "1", "a cart of their own");
    }
    assert_eq!(victim.badge("/en").await, "1");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_picture_opened_by_itself_may_do_nothing(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    let hash = "a".repeat(64);
    let path = shop::catalog::media::media_path(&node.shop.settings, &hash, 320, "webp").unwrap();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "<svg onload=\"alert(1)\">").unwrap();
    let picture = node.browser().get(&format!("/media/{hash}/320.webp")).await;
    assert_eq!((picture.status, picture.header("content-type")), (200, "image/webp"));
    assert_eq!(picture.header("x-content-type-options"), "nosniff");
    assert_eq!(picture.header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(picture.header("cache-control"), "public, max-age=31536000, immutable");
    assert!(path.starts_with(node.data_folder()));
    for astray in
        [format!("/media/{hash}/320.exe"), format!("/media/{hash}/..%2f..%2fsecret.webp"), "/media/..%2f..%2fsecret/320.webp".to_owned()]
    {
        assert_eq!(node.browser().get(&astray).await.status, 404, "{astray}");
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_is_said_to_one_visitor_is_kept_by_nobody(_: PgPoolOptions, database: PgConnectOptions) {
    let node = Node::open(&database, &[]).await;
    BOWL.import(&node.shop).await;
    let browser = node.browser();
    BOWL.add(&browser).await;
    for path in ["/api/cart/count", "/api/cart/view", "/api/catalog/suggest?text=bowl", "/api/nothing"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.header("cache-control"), "private, no-store", "{path} {}", answer.status);
    }
}
