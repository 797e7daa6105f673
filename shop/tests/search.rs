//! What somebody who searches the shop would notice.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "what cannot be set up fails the test")]

mod shelf;

use domain::{
    Language::{En, Es},
    catalog::{Listing, ListingQuery, Sort, SuggestionKind},
};
use shelf::{
    goods::{Goods, add, category},
    queries::counted,
};
use shop::{Shop, catalog::search};
use sqlx::PgPool;

fn text(text: &str) -> ListingQuery {
    ListingQuery { text: text.into(), ..ListingQuery::default() }
}

fn titles(listing: &Listing) -> Vec<&str> {
    listing.cards.iter().map(|card| card.title.as_str()).collect()
}

async fn pottery(db: &PgPool) -> Shop {
    let vases = category(db, None, "Vases", "Jarrones").await;
    let tea = category(db, None, "Tea", "Té").await;
    let body = "<p>Thrown by hand; goes well beside a <b>vase</b>.</p>";
    for goods in [
        Goods { en: "Tall vase", es: "Jarrón alto", kind: "Vase", category: Some(vases), minor: 4000, ..Goods::default() },
        Goods { en: "Moon teapot", es: "Tetera Luna", kind: "Teapot", body_en: body, category: Some(tea), minor: 6500, ..Goods::default() },
        Goods { en: "Moon bowl", es: "Cuenco Luna", tags: vec!["vase friend".into()], minor: 2000, stock: 0, ..Goods::default() },
        Goods { en: "Secret vase", es: "Jarrón secreto", status: "draft", ..Goods::default() },
        Goods { en: "Old vase", es: "Jarrón viejo", status: "archived", ..Goods::default() },
    ] {
        add(db, goods).await;
    }
    shelf::shop(db.clone())
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn accents_and_endings_do_not_matter(db: PgPool) {
    let shop = pottery(&db).await;
    for typed in ["jarrón", "jarron", "JARRÓN", "jarrones", "  jarrón  alto "] {
        assert_eq!(titles(&search::search(&shop, Es, &text(typed)).await.unwrap()), ["Jarrón alto"], "{typed}");
    }
    assert_eq!(titles(&search::search(&shop, En, &text("bowls")).await.unwrap()), ["Moon bowl"]);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_title_counts_most_then_labels_then_the_description(db: PgPool) {
    let shop = pottery(&db).await;
    let found = search::search(&shop, En, &text("vase")).await.unwrap();
    assert_eq!(titles(&found), ["Tall vase", "Moon bowl", "Moon teapot"]);
    assert_eq!(found.total, 3, "drafts and archived products are not found");
}

/// A longer title says less exactly what it is, but only among products that hold the words in the same place.
#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn where_a_word_stands_counts_more_than_how_short_the_title_is(db: PgPool) {
    for goods in [
        Goods { en: "Cup", es: "Taza", body_en: "<p>Stands beside a blue jug.</p>", ..Goods::default() },
        Goods { en: "Blue bowl", es: "Cuenco", tags: vec!["jug friend".into()], ..Goods::default() },
        Goods { en: "Plate for a meal", es: "Plato", tags: vec!["blue jug friend".into()], ..Goods::default() },
        Goods { en: "Blue jug with a handle and a lid", es: "Jarra", ..Goods::default() },
    ] {
        add(&db, goods).await;
    }
    let shop = shelf::shop(db);
    for typed in ["blue jug", "blue jug ", "blue ju"] {
        let found = search::search(&shop, En, &text(typed)).await.unwrap();
        assert_eq!(titles(&found), ["Blue jug with a handle and a lid", "Blue bowl", "Plate for a meal", "Cup"], "{typed}");
        assert_eq!(found.total, 4, "each is found once");
    }
}

/// Every product that is found, page by page.
async fn all_pages(shop: &Shop, typed: &str) -> Vec<String> {
    let (mut slugs, mut after) = (Vec::new(), None);
    loop {
        let found = search::search(shop, En, &ListingQuery { after, ..text(typed) }).await.unwrap();
        slugs.extend(found.cards.into_iter().map(|card| card.slug));
        after = found.next;
        if after.is_none() || slugs.len() > 10_000 {
            return slugs;
        }
    }
}

/// Of words that thousands hold in their title, or among their labels, while other thousands only mention them.
#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn the_order_of_a_search_goes_on_through_all_of_its_pages(db: PgPool) {
    let many = "
        set session_replication_role = replica;
        create temp table made as
            select gen_random_uuid() as id, t.*, row_number() over () as at
            from generate_series(1, 3500) n, lateral (values
                ('Jar ' || repeat('w', n % 4), '', 'beside a cup'),
                ('Nice cup ' || repeat('x', n % 7), 'tableware', 'with a glaze'),
                ('Plate ' || repeat('y', n % 5), 'glaze', 'for a cup or other tableware'),
                ('Bowl with a glaze ' || repeat('z', n % 3), '', 'for a cup'),
                ('Old tableware ' || repeat('z', n % 3), '', 'without a glaze')
            ) t (title, labels, body)
            where n <= 40 or title ~ '^(Jar|Nice)';
        insert into product (id, handle, status, created_at, updated_at) select id, 'p' || at, 'active', now(), now() from made;
        insert into product_translation (product_id, language, title, slug) select id, 'en', title, 'p' || at from made;
        insert into search_document (language, product_id, facet_set, from_minor, to_minor, variants, in_stock, created_at, digest, title, head, everything)
            select 'en', id, 1, 100, 100, 1, true, now(), id, trim(search_text(title)), search_head('en', title, labels),
                strip(search_head('en', title, labels) || to_tsvector('search_en', body)) from made;
        analyze";
    let mut connection = db.acquire().await.unwrap();
    sqlx::raw_sql(many).execute(&mut *connection).await.unwrap();
    let shop = shelf::shop(db.clone());
    for (typed, count) in [("cup", 7080), ("tableware", 3580), ("glaze", 3620)] {
        let order = "select 'p' || at from made where title || labels || body ~ $1
            order by case when title ~ $1 then 0 when labels ~ $1 then 1 else 2 end, length(trim(search_text(title))), id";
        let expected: Vec<String> = sqlx::query_scalar(order).bind(typed).fetch_all(&mut *connection).await.unwrap();
        assert_eq!(expected.len(), count, "{typed}");
        let found = all_pages(&shop, typed).await;
        let differs = found.iter().zip(&expected).position(|(found, expected)| found != expected);
        assert_eq!((found.len(), differs), (count, None), "{typed}");
    }
    assert_eq!(counted(search::search(&shop, En, &text("tableware"))).await.1, 2, "the first page of very many too");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn every_word_must_be_found_and_the_last_may_be_unfinished(db: PgPool) {
    let shop = pottery(&db).await;
    assert_eq!(titles(&search::search(&shop, Es, &text("luna tet")).await.unwrap()), ["Tetera Luna"]);
    assert_eq!(titles(&search::search(&shop, Es, &text("tetera de la luna")).await.unwrap()), ["Tetera Luna"]);
    assert_eq!(search::search(&shop, Es, &text("luna alto")).await.unwrap().total, 0);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_slip_is_forgiven_and_said(db: PgPool) {
    let shop = pottery(&db).await;
    for (language, typed, meant, title) in
        [(Es, "tetra", "tetera", "Tetera Luna"), (Es, "jarorn", "jarron", "Jarrón alto"), (En, "teapto moon", "teapot moon", "Moon teapot")]
    {
        let found = search::search(&shop, language, &text(typed)).await.unwrap();
        assert_eq!((titles(&found), found.did_you_mean.as_deref()), (vec![title], Some(meant)), "{typed}");
    }
    let nothing = search::search(&shop, Es, &text("xylophone")).await.unwrap();
    assert_eq!((nothing.total, nothing.did_you_mean), (0, None));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_word_that_nothing_has_any_more_is_not_proposed(db: PgPool) {
    let shop = pottery(&db).await;
    sqlx::query("update product_translation set title = 'Samovar' where title = 'Tetera Luna'").execute(&db).await.unwrap();
    sqlx::query("update product set kind = ''").execute(&db).await.unwrap();
    let found = search::search(&shop, Es, &text("tetra")).await.unwrap();
    assert_eq!((found.total, found.did_you_mean), (0, None));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn odd_input_finds_nothing_and_breaks_nothing(db: PgPool) {
    let shop = pottery(&db).await;
    for typed in ["'", "a' | 'b", "!!!", "& | ! ( ) :*", "\\", "%", "\0", "de la", "jarrón\0", "<b>", ":A", "vase:*A", "-vase", "🫖"] {
        let query = ListingQuery { after: Some(typed.into()), options: vec![(typed.into(), typed.into())], ..text(typed) };
        if !typed.contains('\0') {
            search::search(&shop, Es, &query).await.unwrap();
        }
        search::search(&shop, Es, &text(typed)).await.unwrap();
        search::suggest(&shop, Es, typed, 6).await.unwrap();
    }
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn price_and_stock_narrow_what_is_shown(db: PgPool) {
    let shop = pottery(&db).await;
    let all = search::search(&shop, En, &text("")).await.unwrap();
    assert_eq!((all.total, all.in_stock_count), (3, 2));
    let range = all.prices.unwrap();
    assert_eq!((range.from.minor, range.to.minor), (2000, 6500));
    let some = search::search(&shop, En, &ListingQuery { price_from: Some(20), price_to: Some(40), sort: Sort::PriceDown, ..text("") })
        .await
        .unwrap();
    assert_eq!(titles(&some), ["Tall vase", "Moon bowl"], "both ends are included");
    assert_eq!(some.prices, all.prices, "the slider keeps its ends");
    let stocked = search::search(&shop, En, &ListingQuery { in_stock: true, ..text("moon") }).await.unwrap();
    assert_eq!(titles(&stocked), ["Moon teapot"]);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_sale_of_the_last_piece_shows_at_once_and_others_write_nothing(db: PgPool) {
    let shop = pottery(&db).await;
    let version = "select d.xmin::text from search_document d where d.title = 'tall vase'";
    let before: String = sqlx::query_scalar(version).fetch_one(&db).await.unwrap();
    let sell = "update stock_level set reserved = reserved + $1 where variant_id in (select v.id from variant v
        join product_translation t on t.product_id = v.product_id where t.title = 'Tall vase')";
    sqlx::query(sell).bind(4).execute(&db).await.unwrap();
    assert_eq!(before, sqlx::query_scalar::<_, String>(version).fetch_one(&db).await.unwrap());
    sqlx::query(sell).bind(1).execute(&db).await.unwrap();
    assert_eq!(search::search(&shop, En, &text("")).await.unwrap().in_stock_count, 1);
    sqlx::query(sell).bind(-5).execute(&db).await.unwrap();
    assert_eq!(search::search(&shop, En, &text("")).await.unwrap().in_stock_count, 2);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn two_last_sales_at_once_leave_no_stock_shown(db: PgPool) {
    let shop = shelf::shop(db.clone());
    let added = add(&db, Goods { en: "Vase", es: "Jarrón", options: vec![("size", vec!["s", "l"])], stock: 1, ..Goods::default() }).await;
    let (mut one, mut other) = (db.begin().await.unwrap(), db.begin().await.unwrap());
    let sell = "update stock_level set reserved = 1 where variant_id = $1";
    sqlx::query(sell).bind(added.variants[0]).execute(&mut *one).await.unwrap();
    sqlx::query(sell).bind(added.variants[1]).execute(&mut *other).await.unwrap();
    let (first, second) = tokio::join!(one.commit(), other.commit());
    first.unwrap();
    second.unwrap();
    assert_eq!(search::search(&shop, En, &text("")).await.unwrap().in_stock_count, 0);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn every_change_to_a_product_is_found_at_once(db: PgPool) {
    let shop = pottery(&db).await;
    let changes = [
        ("update product_translation set title = 'Amphora' where title = 'Tall vase'", "amphora"),
        ("update product_translation set body_html = 'Soda fired' where title = 'Amphora'", "soda"),
        ("update product set tags = '{wedding}' where kind = 'Vase'", "wedding"),
        ("update product set status = 'active' where status = 'draft'", "secret"),
    ];
    for (change, word) in changes {
        assert_eq!(search::search(&shop, En, &text(word)).await.unwrap().total, 0, "{word}");
        sqlx::query(change).execute(&db).await.unwrap();
        assert_eq!(search::search(&shop, En, &text(word)).await.unwrap().total, 1, "{word}");
    }
    sqlx::query("update price set minor = 100").execute(&db).await.unwrap();
    assert_eq!(search::search(&shop, En, &text("")).await.unwrap().prices.unwrap().to.minor, 100);
    sqlx::query("delete from product where kind = 'Vase'").execute(&db).await.unwrap();
    assert_eq!(search::search(&shop, En, &text("amphora")).await.unwrap().total, 0);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn products_are_found_under_the_new_name_of_their_category_once_a_worker_was_there(db: PgPool) {
    let shop = pottery(&db).await;
    while search::catch_up(&shop).await.unwrap() > 0 {}
    let found = async |word: &str| search::search(&shop, En, &text(word)).await.unwrap().total;
    let rename = async |name: &'static str| {
        sqlx::query("update category_translation set name = $1 where name in ('Vases', 'Urns')").bind(name).execute(&db).await.unwrap();
    };
    rename("Urns").await;
    assert_eq!(search::catch_up(&shop).await.unwrap(), 1);
    assert_eq!((found("urns").await, search::catch_up(&shop).await.unwrap()), (1, 0));

    // Renamed again while the worker is at it: the worker does not take what is not committed yet.
    rename("Urns again").await;
    let mut renaming = db.begin().await.unwrap();
    sqlx::query("update category_translation set name = 'Jars' where name = 'Urns again'").execute(&mut *renaming).await.unwrap();
    assert_eq!(search::catch_up(&shop).await.unwrap(), 0);
    renaming.commit().await.unwrap();
    assert_eq!((search::catch_up(&shop).await.unwrap(), found("jars").await), (1, 1));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_product_without_translation_is_found_in_its_own_words(db: PgPool) {
    let shop = pottery(&db).await;
    sqlx::query("delete from product_translation where language = 'es' and title = 'Tetera Luna'").execute(&db).await.unwrap();
    assert_eq!(titles(&search::search(&shop, Es, &text("teapot")).await.unwrap()), ["Moon teapot"]);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn prices_follow_the_shops_currency(db: PgPool) {
    let mut shop = pottery(&db).await;
    let mut settings = shelf::settings();
    settings.currency = domain::Currency::USD;
    shop.settings = settings.into();
    sqlx::query("insert into price select variant_id, 'USD', 9900 from price where minor = 4000").execute(&db).await.unwrap();
    search::prepare(&shop).await.unwrap();
    let found = search::search(&shop, En, &text("")).await.unwrap();
    assert_eq!(titles(&found), ["Tall vase"], "what has no price in dollars is not sold in dollars");
    assert_eq!(found.cards[0].price.from, domain::Money::new(9900, domain::Currency::USD));
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn suggestions_come_while_typing(db: PgPool) {
    let shop = pottery(&db).await;
    let of = async |typed: &str| {
        let lines = search::suggest(&shop, Es, typed, 6).await.unwrap();
        lines.into_iter().map(|line| (line.kind, line.title)).collect::<Vec<_>>()
    };
    let product = |title: &str| (SuggestionKind::Product, title.to_owned());
    assert_eq!(of("j").await, []);
    for typed in ["ja", "jar", "jarr", "jarro", "jarrón"] {
        assert_eq!(of(typed).await, [(SuggestionKind::Category, "Jarrones".to_owned()), product("Jarrón alto")], "{typed}");
    }
    assert_eq!(of("lun").await, [product("Cuenco Luna"), product("Tetera Luna")]);
    assert_eq!(of("tetra").await, [product("Tetera Luna")]);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_search_takes_two_queries_and_a_correction_three_more(db: PgPool) {
    let shop = pottery(&db).await;
    let options = vec![("glaze".to_owned(), "sand".to_owned())];
    // Which values each combination of options has is read once.
    search::search(&shop, Es, &text("")).await.unwrap();
    assert_eq!(counted(search::search(&shop, Es, &ListingQuery { options, ..text("luna") })).await.1, 2);
    assert_eq!(counted(search::search(&shop, Es, &text("tetra"))).await.1, 5);
    assert_eq!(counted(search::suggest(&shop, Es, "tet", 6)).await.1, 1);
}
