//! What becomes of a product's texts, options, addresses and variants.

use crate::fixture::{NOW, assert_comes_back, dry_run, events, exported, file, import_later, import_text, look, rows, shop};
use shop::catalog::import::Report;
use sqlx::PgPool;

fn counts(report: &Report) -> (u64, u64, u64, u64) {
    assert!(report.rejected > 0 || report.rejections.is_empty(), "{:?}", report.rejections);
    (report.created, report.updated, report.unchanged, report.rejected)
}

const SPEC: &str = "Care (product.metafields.specs.care)";
const SPEC_ES: &str = "Care (product.metafields.specs.care) [es]";

/// Options, translations, specifications, pictures, a category, columns nobody knows: rows out of order and unusual words.
fn rich() -> String {
    file(&[
        &[
            ("Handle", "tide-bowl"),
            ("Title", "Tide Bowl"),
            ("Title [es]", "Cuenco Marea"),
            ("Handle [es]", "cuenco-marea"),
            ("Body (HTML)", "<p onclick=\"x()\">Wide & low</p><script>alert(1)</script>"),
            ("Product Category", "Tableware > Bowls"),
            ("Product Category [es]", "Mesa > Cuencos"),
            ("Option1 Name", "Glaze"),
            ("Option1 Name [es]", "Esmalte"),
            ("Option1 Value", "Sand"),
            ("Option1 Value [es]", "Arena"),
            ("Variant SKU", "T-SAND"),
            ("Variant Price", "22"),
            ("Variant Inventory Qty", "07"),
            ("Variant Weight Unit", "g"),
            ("Image Src", "a.webp"),
            ("Image Position", "1"),
            ("Variant Image", "a.webp"),
            ("Status", "Active"),
            ("Published", "true"),
            ("Tags", "b,a"),
            (SPEC, "Dishwasher safe"),
            (SPEC_ES, "Al lavavajillas"),
            ("Cost per item", "4.00"),
            ("Made by", "us"),
        ],
        &[("Handle", "plain"), ("Option1 Name", "Title"), ("Option1 Value", "Default Title"), ("Variant SKU", "P")],
        &[
            ("Handle", "tide-bowl"),
            ("Title", "Tide Bowl"),
            ("Option1 Value", "Sea"),
            ("Option1 Value [es]", "Mar"),
            ("Variant SKU", "T-SEA"),
            ("Variant Price", "24.00"),
            ("Cost per item", "5.00"),
        ],
        &[("Handle", "tide-bowl"), ("Image Src", "b.webp"), ("Image Position", "2"), ("Image Alt Text", "From above")],
    ])
}

#[sqlx::test]
async fn a_product_with_everything_is_stored_and_comes_back_as_it_was_written(db: PgPool) {
    let shop = shop(db, "rich");
    let report = import_text(&shop, &rich()).await;
    assert_eq!(counts(&report), (2, 0, 0, 0));
    assert_eq!(report.unknown_columns, ["Cost per item", "Made by"]);
    assert_eq!(report.warnings.len(), 2);
    assert_eq!((report.warnings[0].line, report.warnings[0].column.as_deref()), (2, Some("Image Src")));

    assert_eq!(look(&shop, "select body_html from product_translation where slug = 'cuenco-marea'").await, "<p>Wide &amp; low</p>");
    assert_eq!(look(&shop, "select title from product_translation where slug = 'plain' and language = 'es'").await, "A bowl");
    assert_eq!(
        look(&shop, "select string_agg(code || name::text, ' ') from product_option").await,
        r#"glaze{"en": "Glaze", "es": "Esmalte"}"#
    );
    assert_eq!(look(&shop, "select string_agg(slug, ' ' order by slug) from category_translation").await, "bowls cuencos mesa tableware");
    assert_eq!(look(&shop, "select label->>'es' || ': ' || (value->>'es') from product_specification").await, "Cuidado: Al lavavajillas");
    assert_eq!(look(&shop, "select extra::text from variant where sku = 'T-SEA'").await, r#"{"Cost per item": "5.00"}"#);
    assert_eq!(events(&shop, "tide-bowl").await, ["product.created"]);

    let (mut given, mut back) = (rows(&rich()), rows(&exported(&shop).await));
    given.sort();
    back.sort();
    assert_eq!(given, back);
    assert_eq!(counts(&import_later(&shop, &rich()).await), (0, 0, 2, 0));
}

#[sqlx::test]
async fn what_came_in_is_only_given_back_while_it_is_true(db: PgPool) {
    let shop = shop(db, "true");
    import_text(&shop, &rich()).await;
    sqlx::query("update price set minor = 2500 where minor = 2200").execute(&shop.db).await.unwrap();
    sqlx::query("update stock_level set reserved = 1 where on_hand = 7").execute(&shop.db).await.unwrap();
    let rows = rows(&exported(&shop).await);
    let bowl = rows.iter().find(|row| row.get("Variant SKU").is_some_and(|sku| sku == "T-SAND")).unwrap();
    assert_eq!((bowl["Variant Price"].as_str(), bowl["Variant Inventory Qty"].as_str()), ("25.00", "6"));
    assert_eq!(bowl["Status"], "Active");
}

#[sqlx::test]
async fn products_are_exported_in_the_order_of_the_file(db: PgPool) {
    let handles = ["zebra", "ant", "mole"];
    let cells = handles.map(|handle| [("Handle", handle)]);
    let text = file(&cells.each_ref().map(<[_; 1]>::as_slice));
    assert_comes_back(&shop(db, "order"), &text, None).await;
}

#[sqlx::test]
async fn crlf_quotes_and_line_breaks_in_cells_come_back(db: PgPool) {
    let text =
        "Handle,Title,Body (HTML),Variant Price\r\na,\"A \"\"bowl\"\"\",\"<p>one</p>\r\n\r\n<p>two, three</p>\",1.5\r\n\r\nb,B,,2\r\n";
    assert_comes_back(&shop(db, "quotes"), text, None).await;
}

#[sqlx::test]
async fn an_address_that_is_left_leads_on(db: PgPool) {
    let shop = shop(db, "moved");
    import_text(&shop, &file(&[&[("Handle", "bowl"), ("Handle [es]", "cuenco")]])).await;
    let report = import_later(&shop, &file(&[&[("Handle", "bowl"), ("Handle [es]", "tazon")]])).await;
    assert_eq!(counts(&report), (0, 1, 0, 0));
    assert_eq!(look(&shop, "select string_agg(language || ' ' || slug, ',') from slug_redirect").await, "es cuenco");
    assert_eq!(events(&shop, "bowl").await, ["product.created", "product.updated"]);
    // And back: the address is the product's own again.
    import_later(&shop, &file(&[&[("Handle", "bowl"), ("Handle [es]", "cuenco")]])).await;
    assert_eq!(look(&shop, "select string_agg(language || ' ' || slug, ',') from slug_redirect").await, "es tazon");
}

#[sqlx::test]
async fn a_category_gets_its_translation_when_one_comes(db: PgPool) {
    let shop = shop(db, "category");
    import_text(&shop, &file(&[&[("Handle", "a"), ("Product Category", "Tea > Cups")]])).await;
    import_text(&shop, &file(&[&[("Handle", "b"), ("Product Category", "Coffee > Cups")]])).await;
    let slugs = "select string_agg(t.slug, ' ' order by c.path) from category c join category_translation t on t.category_id = c.id where language = 'es'";
    assert_eq!(look(&shop, slugs).await, "coffee coffee-cups tea cups");
    let translated = [("Handle", "a"), ("Product Category", "Tea > Cups"), ("Product Category [es]", "Té > Tazas")];
    import_later(&shop, &file(&[&translated])).await;
    assert_eq!(look(&shop, slugs).await, "coffee coffee-cups te tazas");
    assert_eq!(look(&shop, "select string_agg(slug, ' ' order by slug) from slug_redirect where language = 'es'").await, "cups tea");
}

#[sqlx::test]
async fn variants_are_known_by_their_sku_and_else_by_their_options(db: PgPool) {
    let shop = shop(db, "variants");
    let two = |first: &'static str, second: &'static str| {
        file(&[
            &[("Handle", "cup"), ("Option1 Name", "Size"), ("Option1 Value", "S"), ("Variant SKU", first)],
            &[("Handle", "cup"), ("Option1 Value", "L"), ("Variant SKU", second), ("Variant Price", "12.00")],
        ])
    };
    let ids = "select string_agg(id::text, ' ' order by position) from variant";
    import_text(&shop, &two("A", "B")).await;
    let before = look(&shop, ids).await;
    // Renamed: same options. Swapped: the SKU decides.
    assert_eq!(counts(&import_later(&shop, &two("A2", "B")).await), (0, 1, 0, 0));
    assert_eq!(look(&shop, ids).await, before);
    assert_eq!(counts(&import_later(&shop, &two("B", "A2")).await), (0, 1, 0, 0));
    assert_eq!(look(&shop, ids).await, before.split(' ').rev().collect::<Vec<_>>().join(" "));
    // Left out: removed.
    let one = file(&[&[("Handle", "cup"), ("Option1 Name", "Size"), ("Option1 Value", "S"), ("Variant SKU", "B")]]);
    assert_eq!(counts(&import_later(&shop, &one).await), (0, 1, 0, 0));
    assert_eq!(look(&shop, "select string_agg(sku, ' ') from variant").await, "B");
}

#[sqlx::test]
async fn a_dry_run_says_what_would_happen_and_leaves_nothing(db: PgPool) {
    let shop = shop(db, "dry");
    let text = file(&[
        &[("Handle", "a"), ("Variant SKU", "X"), ("Product Category", "Tea")],
        &[("Handle", "b"), ("Variant SKU", "X"), ("Product Category", "Tea")],
        &[("Handle", "c"), ("Variant Price", "much")],
    ]);
    let dry = dry_run(&shop, &text).await;
    assert_eq!(
        look(&shop, "select concat((select count(*) from product), (select count(*) from category), (select count(*) from event))").await,
        "000"
    );
    assert_eq!(dry, import_text(&shop, &text).await);
    assert_eq!(counts(&dry), (1, 0, 0, 2));
    assert_eq!(dry_run(&shop, &text).await.unchanged, 1);
}

#[sqlx::test]
async fn every_price_a_variant_had_is_remembered(db: PgPool) {
    let shop = shop(db, "prices");
    let at = |price: &'static str| file(&[&[("Handle", "a"), ("Variant Price", price)]]);
    import_text(&shop, &at("10.00")).await;
    import_later(&shop, &at("9.00")).await;
    import_later(&shop, &at("9.0")).await;
    assert_eq!(look(&shop, "select string_agg(minor::text, ' ' order by from_at) from price_history").await, "1000 900");
    assert_eq!(events(&shop, "a").await, ["product.created", "price.changed", "product.updated", "product.updated"]);
    let first: time::OffsetDateTime = sqlx::query_scalar("select min(from_at) from price_history").fetch_one(&shop.db).await.unwrap();
    assert_eq!(first, NOW);
}

#[sqlx::test]
async fn of_two_columns_with_one_key_the_filled_in_one_counts(db: PgPool) {
    let shop = shop(db, "twice");
    let other = "Washing (product.metafields.specs.care)";
    import_text(&shop, &file(&[&[("Handle", "bowl"), (SPEC, ""), (other, "By hand")], &[("Handle", "cup"), (SPEC, "Any"), (other, "")]]))
        .await;
    let cares =
        "select string_agg(s.value ->> 'en', ', ' order by p.handle) from product_specification s join product p on p.id = s.product_id";
    assert_eq!(look(&shop, cares).await, "By hand, Any");
}
