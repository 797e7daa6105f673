//! What somebody who opens a product would notice.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "what cannot be set up fails the test")]

mod shelf;

use domain::{
    Language::{En, Es},
    catalog::{Found, ProductCard, ProductPage, Stock},
};
use shelf::{
    NOW,
    goods::{Goods, add, category},
    queries::counted,
};
use shop::{
    Actor, Shop,
    catalog::product::{self, SitemapKind},
    customers,
};
use sqlx::PgPool;
use time::Duration;
use uuid::Uuid;

async fn open(shop: &Shop, slug: &str) -> ProductPage {
    let found = product::page(shop, En, slug, NOW).await.unwrap();
    let Found::Here(page) = found else { panic!("{found:?}") };
    page
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_page_tells_all_of_a_product(db: PgPool) {
    let shop = shelf::shop(db.clone());
    let table = category(&db, None, "Tableware", "Mesa").await;
    let bowls = category(&db, Some(table), "Bowls", "Cuencos").await;
    let options = vec![("glaze", vec!["sand", "sea"]), ("size", vec!["s", "l"])];
    let bowl = add(
        &db,
        Goods {
            en: "Tide bowl",
            es: "Cuenco marea",
            body_en: "<p>Wide.</p>",
            category: Some(bowls),
            options,
            stock: 3,
            ..Goods::default()
        },
    )
    .await;
    let media: Vec<Uuid> = (0..3).map(|_| Uuid::new_v4()).collect();
    for (position, (id, hash)) in (0..).zip(media.iter().zip([Some("aa"), None, Some("bb")])) {
        sqlx::query(
            "insert into media (id, product_id, position, source, hash, width, height, widths) values ($1, $2, $3, '', $4, 8, 8, '{8}')",
        )
        .bind(id)
        .bind(bowl.product)
        .bind(position)
        .bind(hash)
        .execute(&db)
        .await
        .unwrap();
    }
    sqlx::query("update variant set media_id = $2 where id = $1").bind(bowl.variants[1]).bind(media[2]).execute(&db).await.unwrap();
    sqlx::query(
        "insert into product_specification values ($1, 0, 'care', '{\"en\": \"Care\", \"es\": \"Cuidado\"}', '{\"en\": \"Dishwasher\"}')",
    )
    .bind(bowl.product)
    .execute(&db)
    .await
    .unwrap();

    let page = open(&shop, "tide-bowl").await;
    assert_eq!((page.title.as_str(), page.body_html.as_str()), ("Tide bowl", "<p>Wide.</p>"));
    assert_eq!(page.slugs, [(En, "tide-bowl".to_owned()), (Es, "cuenco-marea".to_owned())]);
    let way: Vec<_> = page.categories.iter().map(|(slug, _)| slug.as_str()).collect();
    assert_eq!(way, ["tableware", "bowls"]);
    assert_eq!(
        page.options.iter().map(|option| (option.code.as_str(), option.values.len())).collect::<Vec<_>>(),
        [("glaze", 2), ("size", 2)]
    );
    assert_eq!(page.variants.len(), 4);
    let chosen = page.variant_with(&["sea".into(), "s".into()]).unwrap();
    assert_eq!((chosen.id.0, chosen.picture, chosen.stock), (bowl.variants[1], Some(1), Stock::Available(3)));
    assert_eq!(
        page.pictures.iter().map(|picture| picture.hash.as_str()).collect::<Vec<_>>(),
        ["aa", "bb"],
        "one that could not be had is not shown"
    );
    assert_eq!(page.specifications, [("Care".to_owned(), "Dishwasher".to_owned())]);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn stock_is_told_as_it_can_be_bought(db: PgPool) {
    let shop = shelf::shop(db.clone());
    let plain = Goods::default();
    for (goods, stock) in [
        (Goods { en: "Some", es: "a", stock: 3, ..plain.clone() }, Stock::Available(3)),
        (Goods { en: "None", es: "b", stock: 0, ..plain.clone() }, Stock::SoldOut),
        (Goods { en: "Made", es: "c", stock: 0, backorder: true, ..plain.clone() }, Stock::MadeToOrder),
        (Goods { en: "Owed", es: "d", stock: -2, backorder: true, ..plain.clone() }, Stock::MadeToOrder),
        (Goods { en: "More", es: "e", stock: 1, backorder: true, ..plain.clone() }, Stock::Unlimited),
        (Goods { en: "File", es: "f", stock: 0, tracked: false, ..plain.clone() }, Stock::Unlimited),
    ] {
        let slug = goods.en.to_lowercase();
        add(&db, goods).await;
        assert_eq!(open(&shop, &slug).await.variants[0].stock, stock, "{slug}");
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_was_held_for_a_payment_that_lapsed_can_be_bought(db: PgPool) {
    let shop = shelf::shop(db.clone());
    let vase = add(&db, Goods { en: "Vase", es: "Jarrón", stock: 2, ..Goods::default() }).await;
    for (minutes, left) in [(5, Stock::SoldOut), (-5, Stock::Available(2))] {
        let order = order(&db).await;
        sqlx::query("delete from stock_reservation").execute(&db).await.unwrap();
        sqlx::query("insert into stock_reservation values ($1, $2, 2, 'held', $3)")
            .bind(order)
            .bind(vase.variants[0])
            .bind(NOW + Duration::minutes(minutes))
            .execute(&db)
            .await
            .unwrap();
        sqlx::query("update stock_level set reserved = 2").execute(&db).await.unwrap();
        assert_eq!(open(&shop, "vase").await.variants[0].stock, left);
    }
}

async fn order(db: &PgPool) -> Uuid {
    let id = Uuid::new_v4();
    sqlx::query(
        "insert into orders (id, number, language, currency, email, name, address, country, goods_minor, delivery_minor, tax_minor, tax_included,
            total_minor, method_code, method_name, carrier_code, promised_from, promised_by, state, payment_state, placed_at)
         values ($1, $1::text, 'en', 'EUR', '', '', '{}', 'ES', 0, 0, 0, true, 0, '', '', '', $2, $2, 'placed', 'unpaid', $2)",
    )
    .bind(id)
    .bind(NOW)
    .execute(db)
    .await
    .unwrap();
    id
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_reduction_shows_the_lowest_price_of_the_month_before(db: PgPool) {
    let shop = shelf::shop(db.clone());
    let vase = add(&db, Goods { en: "Vase", es: "Jarrón", minor: 1500, compare_at_minor: Some(2500), ..Goods::default() }).await;
    // 1800 ended long before the reduction; 1900 was still in force at the beginning of its month.
    for (days, minor) in [(200, 1800), (90, 1900), (25, 2500), (5, 1500)] {
        sqlx::query("insert into price_history values ($1, 'EUR', $2, $3)")
            .bind(vase.variants[0])
            .bind(minor)
            .bind(NOW - Duration::days(days))
            .execute(&db)
            .await
            .unwrap();
    }
    let variant = open(&shop, "vase").await.variants.remove(0);
    assert_eq!(variant.compare_at.map(|money| money.minor), Some(2500));
    assert_eq!(variant.lowest_30_days.map(|money| money.minor), Some(1900));
    sqlx::query("update price set compare_at_minor = null").execute(&db).await.unwrap();
    let variant = open(&shop, "vase").await.variants.remove(0);
    assert_eq!((variant.compare_at, variant.lowest_30_days), (None, None), "without a reduction there is nothing to compare");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn old_and_foreign_addresses_lead_to_the_product(db: PgPool) {
    let shop = shelf::shop(db.clone());
    let vase = add(&db, Goods { en: "Vase", es: "Jarrón", ..Goods::default() }).await;
    sqlx::query("insert into slug_redirect (language, slug, product_id, created_at) values ('en', 'pot', $1, now())")
        .bind(vase.product)
        .execute(&db)
        .await
        .unwrap();
    for (language, slug, to) in [(En, "pot", "vase"), (En, "jarron", "vase"), (Es, "vase", "jarron"), (Es, "pot", "jarron")] {
        assert_eq!(product::page(&shop, language, slug, NOW).await.unwrap(), Found::Moved(to.into()), "{slug}");
    }
    sqlx::query("delete from product_translation where language = 'es'").execute(&db).await.unwrap();
    assert!(matches!(product::page(&shop, Es, "vase", NOW).await.unwrap(), Found::Here(page) if page.title == "Vase"));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_is_not_on_sale_is_nowhere(db: PgPool) {
    let shop = shelf::shop(db.clone());
    add(&db, Goods { en: "Draft", es: "Borrador", status: "draft", ..Goods::default() }).await;
    let hidden = add(&db, Goods { en: "Hidden", es: "Oculto", ..Goods::default() }).await;
    sqlx::query("update product set published = false where id = $1").bind(hidden.product).execute(&db).await.unwrap();
    for slug in ["draft", "borrador", "hidden", "nothing", "", "\0"] {
        assert_eq!(product::page(&shop, En, slug, NOW).await.unwrap(), Found::Nowhere, "{slug}");
    }
    assert!(product::slugs_for_sitemap(&shop).await.unwrap().is_empty());
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_was_bought_together_is_recommended_before_neighbours(db: PgPool) {
    let shop = shelf::shop(db.clone());
    let bowls = category(&db, None, "Bowls", "Cuencos").await;
    let mut products = Vec::new();
    for (n, title) in ["One", "Two", "Three", "Four", "Five", "Six"].into_iter().enumerate() {
        let created_at = NOW - Duration::days(50 - i64::try_from(n).unwrap());
        products.push(add(&db, Goods { en: title, es: title, category: Some(bowls), created_at, ..Goods::default() }).await.product);
    }
    let lamp = add(&db, Goods { en: "Lamp", es: "Lámpara", ..Goods::default() }).await.product;
    let order = order(&db).await;
    for (position, product) in (0..).zip([products[4], lamp]) {
        sqlx::query(
            "insert into order_line (id, order_id, position, product_id, sku, title, quantity, unit_minor, total_minor, tax_basis_points, tax_minor, grams)
             values ($1, $2, $3, $4, '', '', 1, 0, 0, 0, 0, 0)",
        )
        .bind(Uuid::new_v4()).bind(order).bind(position).bind(product).execute(&db).await.unwrap();
    }
    let titles: Vec<_> = open(&shop, "five").await.recommendations.into_iter().map(|card| card.title).collect();
    assert_eq!(titles, ["Lamp", "Six", "One", "Two"], "then its neighbours in the category, from the one after it");
}

/// So many orders of these in this state, so many days ago.
async fn orders(db: &PgPool, count: usize, products: &[Uuid], days: i64, state: &str) {
    for _ in 0..count {
        let order = order(db).await;
        sqlx::query("update orders set state = $2, payment_state = 'paid', placed_at = $3 where id = $1")
            .bind(order)
            .bind(state)
            .bind(NOW - Duration::days(days))
            .execute(db)
            .await
            .unwrap();
        sqlx::query(
            "insert into order_line (id, order_id, position, product_id, sku, title, quantity, unit_minor, total_minor, tax_basis_points, tax_minor, grams)
             select gen_random_uuid(), $1, n, p, '', '', 1, 0, 0, 0, 0, 0 from unnest($2::uuid[]) with ordinality as g (p, n)",
        )
        .bind(order)
        .bind(products)
        .execute(db)
        .await
        .unwrap();
    }
}

async fn night(shop: &Shop) -> usize {
    customers::classify(shop, &Actor::Operator, NOW).await.unwrap().unwrap().products
}

fn titles(cards: &[ProductCard]) -> Vec<&str> {
    cards.iter().map(|card| card.title.as_str()).collect()
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_is_bought_together_is_shown_while_it_can_be_bought(db: PgPool) {
    let shop = shelf::shop(db.clone());
    let mut ids = Vec::new();
    for title in ["Bowl", "Spoon", "Plate", "Cup", "Tray", "Lamp", "Vase", "Jug"] {
        ids.push(add(&db, Goods { en: title, es: title, ..Goods::default() }).await);
    }
    let id = |n: usize| ids[n].product;
    let [bowl, spoon, plate, cup, tray, lamp, vase, jug] = [0, 1, 2, 3, 4, 5, 6, 7].map(id);
    orders(&db, 4, &[bowl, spoon, tray], 10, "paid").await;
    orders(&db, 3, &[bowl, plate], 20, "delivered").await;
    orders(&db, 2, &[bowl, cup], 30, "delivered").await;
    orders(&db, 1, &[bowl, tray], 40, "shipped").await;
    orders(&db, 3, &[lamp, tray], 50, "delivered").await;
    orders(&db, 3, &[lamp], 60, "delivered").await;
    // Too long ago, and never paid.
    orders(&db, 5, &[bowl, vase], 400, "delivered").await;
    orders(&db, 5, &[bowl, jug], 5, "cancelled").await;
    assert!(open(&shop, "bowl").await.companions.is_empty(), "before the first night");

    // The tray goes with everything: half of all orders have one, of those of bowls no more.
    assert!(night(&shop).await > 0);
    let page = open(&shop, "bowl").await;
    assert_eq!(titles(&page.companions), ["Spoon", "Plate"], "most often first; two orders are chance");
    assert!(!titles(&page.recommendations).contains(&"Spoon"), "nothing twice on a page");
    assert_eq!(titles(&open(&shop, "plate").await.companions), ["Bowl"]);
    let told: (i32, f64, f64) = sqlx::query_as("select orders, confidence, lift from bought_together where product_id = $1 and other = $2")
        .bind(bowl)
        .bind(spoon)
        .fetch_one(&db)
        .await
        .unwrap();
    // Four of ten bowls; four of sixteen orders.
    assert!(told.0 == 4 && (told.1 - 0.4).abs() < 1e-12 && (told.2 - 1.6).abs() < 1e-12, "{told:?}");
    assert_eq!(counted(product::page(&shop, En, "bowl", NOW)).await.1, 2, "no query more");

    sqlx::query("update stock_level set on_hand = 0 where variant_id = $1").bind(ids[1].variants[0]).execute(&db).await.unwrap();
    assert_eq!(titles(&open(&shop, "bowl").await.companions), ["Plate"], "sold out");
    sqlx::query("update product set published = false where id = $1").bind(plate).execute(&db).await.unwrap();
    assert!(open(&shop, "bowl").await.companions.is_empty(), "not on sale");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn what_is_bought_together_now_is_news_of_the_product(db: PgPool) {
    let shop = shelf::shop(db.clone());
    let mut ids = Vec::new();
    for title in ["Bowl", "Spoon", "Lamp"] {
        ids.push(add(&db, Goods { en: title, es: title, ..Goods::default() }).await.product);
    }
    orders(&db, 3, &ids[..2], 10, "paid").await;
    orders(&db, 3, &ids[2..], 10, "paid").await;
    let news = async || -> Vec<Uuid> {
        sqlx::query_scalar("select subject from event where kind = 'product.bought_together' order by subject")
            .fetch_all(&db)
            .await
            .unwrap()
    };
    assert_eq!(night(&shop).await, 2);
    let mut both = ids[..2].to_vec();
    both.sort();
    assert_eq!(news().await, both);
    // More of the same: other figures, the same pages.
    orders(&db, 2, &ids[..2], 9, "paid").await;
    assert_eq!(night(&shop).await, 0);
    assert_eq!(news().await.len(), 2);
    sqlx::query("update customer_rule set together_orders = 6").execute(&db).await.unwrap();
    assert_eq!(night(&shop).await, 2, "and when it is so no more");
    assert!(open(&shop, "bowl").await.companions.is_empty());
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_sitemap_has_every_address_in_every_language(db: PgPool) {
    let shop = shelf::shop(db.clone());
    let bowls = category(&db, None, "Bowls", "Cuencos").await;
    add(&db, Goods { en: "Tide bowl", es: "Cuenco marea", category: Some(bowls), ..Goods::default() }).await;
    let entries = product::slugs_for_sitemap(&shop).await.unwrap();
    let all: Vec<_> = entries.iter().map(|entry| (entry.kind, entry.language, entry.slug.as_str())).collect();
    let (category, product) = (SitemapKind::Category, SitemapKind::Product);
    assert_eq!(all, [(category, En, "bowls"), (category, Es, "cuencos"), (product, En, "tide-bowl"), (product, Es, "cuenco-marea")]);
    assert!(entries.iter().all(|entry| entry.updated_at.is_some()));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_page_takes_two_queries_however_many_variants(db: PgPool) {
    let shop = shelf::shop(db.clone());
    add(
        &db,
        Goods {
            en: "Vase",
            es: "Jarrón",
            options: vec![("glaze", vec!["a", "b", "c"]), ("size", vec!["s", "m", "l"])],
            ..Goods::default()
        },
    )
    .await;
    assert_eq!(counted(product::page(&shop, En, "vase", NOW)).await.1, 2);
    assert_eq!(counted(product::page(&shop, En, "nothing", NOW)).await.1, 1);
}
