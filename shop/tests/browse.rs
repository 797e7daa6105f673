//! What somebody who looks around would notice.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "what cannot be set up fails the test")]

mod shelf;

use domain::{
    Language::{En, Es},
    catalog::{CategoryPage, Found, ListingQuery},
};
use shelf::{
    NOW,
    goods::{Added, Goods, add, category},
    queries::counted,
};
use shop::{
    Shop,
    catalog::{browse, menu},
};
use sqlx::PgPool;
use time::Duration;
use uuid::Uuid;

struct Place {
    shop: Shop,
    bowls: Uuid,
    bowl: Added,
}

/// Tableware with bowls (2 products) and plates (1), and an empty category for tea.
async fn tableware(db: &PgPool) -> Place {
    let table = category(db, None, "Tableware", "Mesa").await;
    let bowls = category(db, Some(table), "Bowls", "Cuencos").await;
    let plates = category(db, Some(table), "Plates", "Platos").await;
    category(db, None, "Tea", "Té").await;
    let sizes = vec![("size", vec!["s", "l"])];
    let day = |n| NOW - Duration::days(n);
    let bowl = add(
        db,
        Goods { en: "Tide bowl", es: "Cuenco marea", category: Some(bowls), options: sizes, created_at: day(30), ..Goods::default() },
    )
    .await;
    add(db, Goods { en: "Sand bowl", es: "Cuenco arena", category: Some(bowls), created_at: day(20), stock: 0, ..Goods::default() }).await;
    add(db, Goods { en: "Flat plate", es: "Plato llano", category: Some(plates), created_at: day(10), ..Goods::default() }).await;
    add(
        db,
        Goods { en: "Draft plate", es: "Plato borrador", category: Some(plates), status: "draft", created_at: day(5), ..Goods::default() },
    )
    .await;
    Place { shop: shelf::shop(db.clone()), bowls, bowl }
}

fn here(found: Found<CategoryPage>) -> CategoryPage {
    let Found::Here(page) = found else { panic!("{found:?}") };
    page
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_menu_is_a_tree_with_counts_in_the_readers_language(db: PgPool) {
    let place = tableware(&db).await;
    let menu = menu::categories(&place.shop, Es).await.unwrap();
    let top: Vec<_> = menu.iter().map(|node| (node.name.as_str(), node.slug.as_str(), node.count)).collect();
    assert_eq!(top, [("Mesa", "mesa", 3), ("Té", "te", 0)]);
    let below: Vec<_> = menu[0].children.iter().map(|node| (node.name.as_str(), node.count)).collect();
    assert_eq!(below, [("Cuencos", 2), ("Platos", 1)]);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_category_shows_what_is_in_it_and_below(db: PgPool) {
    let place = tableware(&db).await;
    let page = here(browse::category(&place.shop, En, "tableware", &ListingQuery::default()).await.unwrap());
    assert_eq!((page.listing.total, page.category.count, page.ancestors.len()), (3, 3, 0));
    assert_eq!(
        page.category.children.iter().map(|child| (child.slug.as_str(), child.count)).collect::<Vec<_>>(),
        [("bowls", 2), ("plates", 1)]
    );
    let titles: Vec<_> = page.listing.cards.iter().map(|card| card.title.as_str()).collect();
    assert_eq!(titles, ["Tide bowl", "Sand bowl", "Flat plate"]);
    assert!(page.listing.categories.is_empty());
    let card = &page.listing.cards[0];
    assert_eq!((card.variants, card.in_stock, card.price.from.minor), (2, true, 1000));

    let page = here(browse::category(&place.shop, En, "bowls", &ListingQuery { in_stock: true, ..ListingQuery::default() }).await.unwrap());
    assert_eq!((page.listing.total, page.category.count), (1, 2), "the category's own number is not filtered");
    assert_eq!(page.ancestors, [("tableware".to_owned(), "Tableware".to_owned())]);
    assert_eq!(page.slugs, [(En, "bowls".to_owned()), (Es, "cuencos".to_owned())]);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn an_empty_category_is_a_page_too(db: PgPool) {
    let place = tableware(&db).await;
    let page = here(browse::category(&place.shop, Es, "te", &ListingQuery::default()).await.unwrap());
    assert_eq!((page.category.name.as_str(), page.listing.total, page.listing.did_you_mean), ("Té", 0, None));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn other_addresses_of_a_category_lead_to_it(db: PgPool) {
    let place = tableware(&db).await;
    sqlx::query("insert into slug_redirect (language, slug, category_id, created_at) values ('es', 'boles', $1, now())")
        .bind(place.bowls)
        .execute(&db)
        .await
        .unwrap();
    for (language, slug, to) in [(Es, "boles", "cuencos"), (Es, "bowls", "cuencos"), (En, "cuencos", "bowls"), (En, "boles", "bowls")] {
        let found = browse::category(&place.shop, language, slug, &ListingQuery::default()).await.unwrap();
        assert_eq!(found, Found::Moved(to.to_owned()), "{slug}");
    }
    for slug in ["nothing", "", "\0", "' or 1=1"] {
        assert_eq!(browse::category(&place.shop, En, slug, &ListingQuery::default()).await.unwrap(), Found::Nowhere);
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_home_page_shows_what_is_new_and_what_sells(db: PgPool) {
    let place = tableware(&db).await;
    let of = async |now| browse::home(&place.shop, En, now).await.unwrap();
    let home = of(NOW).await;
    let titles = |cards: &[domain::catalog::ProductCard]| cards.iter().map(|card| card.title.clone()).collect::<Vec<_>>();
    assert_eq!(home.categories.iter().map(|node| node.name.as_str()).collect::<Vec<_>>(), ["Tableware"], "an empty one is not shown");
    assert_eq!(titles(&home.newest), ["Flat plate", "Sand bowl", "Tide bowl"]);
    assert_eq!(titles(&home.favourites), ["Tide bowl", "Sand bowl", "Flat plate"], "nothing was sold yet: the shop's own order");

    let ways_on = browse::ways_on(&place.shop, En).await.unwrap();
    assert_eq!((ways_on.categories, ways_on.newest), (home.categories, home.newest), "the same where a search finds nothing");

    sell(&db, "Flat plate", "paid").await;
    sell(&db, "Sand bowl", "cancelled").await;
    assert_eq!(titles(&of(NOW).await.favourites), ["Flat plate", "Tide bowl", "Sand bowl"]);
    assert_eq!(titles(&of(NOW + Duration::days(91)).await.favourites)[0], "Tide bowl", "what sold long ago is forgotten");
}

async fn sell(db: &PgPool, title: &str, state: &str) {
    let order = Uuid::new_v4();
    sqlx::query(
        "insert into orders (id, number, language, currency, email, name, address, country, goods_minor, delivery_minor, tax_minor, tax_included,
            total_minor, method_code, method_name, carrier_code, promised_from, promised_by, state, payment_state, placed_at)
         values ($1, $1::text, 'en', 'EUR', '', '', '{}', 'ES', 0, 0, 0, true, 0, '', '', '', $2, $2, $3, 'paid', $2)",
    )
    .bind(order)
    .bind(NOW - Duration::days(1))
    .bind(state)
    .execute(db)
    .await
    .unwrap();
    sqlx::query(
        "insert into order_line (id, order_id, position, product_id, sku, title, quantity, unit_minor, total_minor, tax_basis_points, tax_minor, grams)
         select $1, $1, 0, product_id, '', title, 2, 0, 0, 0, 0, 0 from product_translation where title = $2",
    )
    .bind(order)
    .bind(title)
    .execute(db)
    .await
    .unwrap();
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn pictures_show_once_they_exist(db: PgPool) {
    let place = tableware(&db).await;
    for (position, hash) in [(0, None), (1, Some("abc"))] {
        sqlx::query("insert into media (id, product_id, position, source, hash, width, height, widths, alt) values ($1, $2, $3, '', $4, 800, 600, '{320,800}', '{\"es\": \"Un cuenco\"}')")
            .bind(Uuid::new_v4()).bind(place.bowl.product).bind(position).bind(hash).execute(&db).await.unwrap();
    }
    let page = here(browse::category(&place.shop, Es, "cuencos", &ListingQuery::default()).await.unwrap());
    let picture = page.listing.cards[0].picture.clone().unwrap();
    assert_eq!((picture.hash.as_str(), picture.widths, picture.alt.as_str()), ("abc", vec![320, 800], "Un cuenco"));
    assert!(page.listing.cards[1].picture.is_none());
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_page_takes_two_queries_whatever_it_shows(db: PgPool) {
    let place = tableware(&db).await;
    // Which values each combination of options has is read once.
    browse::category(&place.shop, En, "tableware", &ListingQuery::default()).await.unwrap();
    assert_eq!(counted(browse::category(&place.shop, En, "tableware", &ListingQuery::default())).await.1, 2);
    assert_eq!(counted(browse::category(&place.shop, En, "mesa", &ListingQuery::default())).await.1, 2);
    assert_eq!(counted(browse::home(&place.shop, En, NOW)).await.1, 2);
    assert_eq!(counted(browse::ways_on(&place.shop, En)).await.1, 2);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_menu_is_read_once_until_a_category_changes(db: PgPool) {
    let place = tableware(&db).await;
    let rename = async |name: &'static str| {
        sqlx::query("update category_translation set name = $1 where category_id = $2")
            .bind(name)
            .bind(place.bowls)
            .execute(&db)
            .await
            .unwrap();
    };
    let menu = async || {
        let (menu, queries) = counted(menu::categories(&place.shop, En)).await;
        (menu.unwrap()[0].children[0].name.clone(), queries)
    };
    // Nobody listens: nothing is kept.
    assert_eq!((menu().await, menu().await), (("Bowls".into(), 1), ("Bowls".into(), 1)));
    menu::trust(&db);
    assert_eq!((menu().await, menu().await), (("Bowls".into(), 1), ("Bowls".into(), 0)));
    rename("Dishes").await;
    menu::forget(&db);
    assert_eq!((menu().await, menu().await), (("Dishes".into(), 1), ("Dishes".into(), 0)));
    menu::distrust(&db);
    rename("Deep dishes").await;
    assert_eq!(menu().await, ("Deep dishes".into(), 1));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_card_says_how_many_are_left_in_all_variants_where_that_is_known(db: PgPool) {
    let shop = shelf::shop(db.clone());
    let sizes = || vec![("size", vec!["s", "l"])];
    let usual = Goods::default;
    for goods in [
        Goods { en: "a few", es: "a", stock: 1, options: sizes(), ..usual() },
        Goods { en: "b enough", es: "b", stock: 2, options: sizes(), ..usual() },
        Goods { en: "c gone", es: "c", stock: 0, ..usual() },
        Goods { en: "d made", es: "d", stock: 1, backorder: true, ..usual() },
        Goods { en: "e uncounted", es: "e", stock: 1, tracked: false, ..usual() },
    ] {
        add(&db, goods).await;
    }
    let query = ListingQuery { sort: domain::catalog::Sort::Title, ..ListingQuery::default() };
    shop::catalog::search::search(&shop, En, &query).await.unwrap();
    let (listing, queries) = counted(shop::catalog::search::search(&shop, En, &query)).await;
    let said: Vec<_> = listing.unwrap().cards.iter().map(|card| (card.left, card.few_left())).collect();
    assert_eq!(said, [(Some(2), Some(2)), (Some(4), None), (Some(0), None), (None, None), (None, None)]);
    assert_eq!(queries, 2);
}
