//! What is wrong with a file is said with line and column, and only the products it concerns stay out.

use crate::fixture::{file, import_later, import_text, look, refusal, shop};
use shop::catalog::import::{ImportRefusal, Report};
use sqlx::PgPool;

/// (line, column, part of the reason)
fn assert_rejects(report: &Report, expected: &[(u64, &str, &str)]) {
    let found: Vec<String> = report.rejections.iter().map(ToString::to_string).collect();
    assert_eq!(report.rejections.len(), expected.len(), "{found:#?}");
    for (finding, (line, column, reason)) in report.rejections.iter().zip(expected) {
        assert_eq!((finding.line, finding.column.as_deref().unwrap_or_default()), (*line, *column), "{found:#?}");
        assert!(finding.reason.contains(reason), "{found:#?}");
    }
}

#[sqlx::test]
async fn bad_cells_are_named_and_the_other_products_come_in(db: PgPool) {
    let shop = shop(db, "cells");
    let report = import_text(
        &shop,
        &file(&[
            &[("Handle", "good"), ("Variant SKU", "G")],
            &[("Handle", "price"), ("Variant Price", "12,50")],
            &[("Handle", "below"), ("Variant Price", "-1")],
            &[("Handle", "free"), ("Variant Price", "")],
            &[("Handle", "quantity"), ("Variant Inventory Qty", "a few")],
            &[("Handle", "negative"), ("Variant Inventory Qty", "-3")],
            &[("Handle", "status"), ("Status", "sold")],
            &[("Handle", "title"), ("Title", "")],
            &[("Handle", "flag"), ("Variant Taxable", "perhaps")],
            &[("Handle", "policy"), ("Variant Inventory Policy", "maybe")],
            &[("Handle", "grams"), ("Variant Grams", "-5")],
            &[("Handle", "category"), ("Product Category", "A > B"), ("Product Category [es]", "C")],
            &[("Handle", "option"), ("Option1 Value", "Red")],
            &[("Handle", "")],
        ]),
    )
    .await;
    assert_eq!((report.created, report.rejected), (1, 12));
    assert_rejects(
        &report,
        &[
            (3, "Variant Price", "`12,50` is not an amount of EUR"),
            (4, "Variant Price", "below zero"),
            (5, "Variant Price", "is empty"),
            (6, "Variant Inventory Qty", "`a few` is not a whole number"),
            (7, "Variant Inventory Qty", "below zero"),
            (8, "Status", "`sold` is not a status"),
            (9, "Title", "is empty"),
            (10, "Variant Taxable", "neither TRUE nor FALSE"),
            (11, "Variant Inventory Policy", "`maybe` is not a policy"),
            (12, "Variant Grams", "below zero"),
            (13, "Product Category [es]", "has 1 levels"),
            (14, "Option1 Value", "without a name"),
            (15, "Handle", "is empty"),
        ],
    );
    assert_eq!(look(&shop, "select string_agg(handle, ' ') from product").await, "good");
}

#[sqlx::test]
async fn rows_that_disagree_are_both_named(db: PgPool) {
    let shop = shop(db, "disagree");
    let report = import_text(
        &shop,
        &file(&[
            &[("Handle", "a"), ("Title", "One"), ("Option1 Name", "Size"), ("Option1 Value", "S"), ("Option1 Value [es]", "P")],
            &[("Handle", "b")],
            &[("Handle", "a"), ("Title", "Two"), ("Option1 Value", "L"), ("Variant Price", "1.00")],
            &[("Handle", "a"), ("Option1 Value", "S"), ("Option1 Value [es]", "Q"), ("Variant Price", "1.00")],
        ]),
    )
    .await;
    assert_rejects(
        &report,
        &[
            (4, "Title", "`Two` here, but `One` on line 2"),
            (5, "Option1 Value [es]", "`Q` here, but `P` for the same value on line 2"),
            (5, "Option1 Value", "the variant on line 2 has the same options"),
        ],
    );
    assert_eq!((report.created, report.rejected), (1, 1));
}

#[sqlx::test]
async fn a_sku_and_an_address_belong_to_one_product(db: PgPool) {
    let shop = shop(db, "skus");
    import_text(&shop, &file(&[&[("Handle", "first"), ("Variant SKU", "X"), ("Handle [es]", "primero")]])).await;
    let report = import_later(
        &shop,
        &file(&[
            &[("Handle", "second"), ("Variant SKU", "X")],
            &[("Handle", "third"), ("Handle [es]", "primero")],
            &[("Handle", "fourth"), ("Variant SKU", "Y"), ("Option1 Name", "Size"), ("Option1 Value", "S")],
            &[("Handle", "fourth"), ("Variant SKU", "Y"), ("Option1 Value", "L"), ("Variant Price", "1.00")],
        ]),
    )
    .await;
    assert_rejects(
        &report,
        &[
            (2, "Variant SKU", "`X` is a variant of the product `first`"),
            (3, "Handle [es]", "`primero` is that of the product `first`"),
            (5, "Variant SKU", "is the SKU of the variant on line 4"),
        ],
    );
}

#[sqlx::test]
async fn a_malformed_row_keeps_its_product_out_as_a_whole(db: PgPool) {
    let shop = shop(db, "malformed");
    let text = "Handle,Title,Body (HTML),Option1 Name,Option1 Value,Variant Price\n\
        a,A,,Size,S,1.00\n\
        a,,,,L\n\
        b,B,\"<p>one\n\ntwo</p>\",,,1.00\n\
        \n\
        c,C,,,,cheap\n\
        d,D,\"not closed,,,1.00\n\
        e,E,,Size,S,1.00\n";
    let report = import_text(&shop, text).await;
    assert_rejects(
        &report,
        &[
            (3, "Variant Price", "the row has 5 cells, the header has 6"),
            (8, "Variant Price", "is not an amount"),
            (9, "Option1 Name", "the row has 3 cells"),
        ],
    );
    assert_eq!(look(&shop, "select string_agg(handle, ' ') from product").await, "b");
}

#[sqlx::test]
async fn a_product_with_rows_inside_an_unclosed_quotation_is_not_half_imported(db: PgPool) {
    let shop = shop(db, "unclosed");
    let text = "Handle,Title,Body (HTML),Option1 Name,Option1 Value,Variant Price\n\
        a,A,,Size,S,1.00\n\
        d,D,\"not closed,,,1.00\n\
        a,,,,L,1.00\n";
    let report = import_text(&shop, text).await;
    assert_eq!((report.created, report.rejected), (0, 2));
    assert_rejects(&report, &[(2, "", "inside a malformed row"), (3, "Option1 Name", "the row has 3 cells")]);
}

#[sqlx::test]
async fn lines_are_counted_alike_with_and_without_carriage_returns(db: PgPool) {
    let shop = shop(db, "lines");
    let text = "Handle,Title,Variant Price\n\"a\",\"A\n\nB\",1.00\n\n\nb,B,x\nc,C,y";
    for text in [text.to_owned(), text.replace('\n', "\r\n")] {
        let report = import_text(&shop, &text).await;
        assert_eq!(report.rejections.iter().map(|finding| finding.line).collect::<Vec<_>>(), [7, 8]);
    }
}

#[sqlx::test]
async fn what_is_not_text_is_rejected(db: PgPool) {
    let shop = shop(db, "bytes");
    let long = "x".repeat(300);
    let report = import_text(&shop, &file(&[&[("Handle", "a"), ("Title", "nul\0")], &[("Handle", "b"), ("Variant SKU", &long)]])).await;
    assert_rejects(&report, &[(2, "Title", "null character"), (3, "Variant SKU", "longer than 250 bytes")]);
    let latin = std::io::Cursor::new(b"Handle,Title,Variant Price\na,caf\xe9,1\n".to_vec());
    let report = crate::fixture::import_from(&shop, latin, None).await;
    assert_rejects(&report, &[(2, "Title", "is not UTF-8")]);
}

#[sqlx::test]
async fn a_file_that_is_no_catalogue_is_refused(db: PgPool) {
    let shop = shop(db, "refused");
    assert_eq!(refusal(&shop, "").await, ImportRefusal::Empty);
    assert_eq!(refusal(&shop, "Handle,Name\na,b\n").await, ImportRefusal::NoColumn("Title"));
    assert_eq!(refusal(&shop, "Handle,Title,Title,Variant Price\n").await, ImportRefusal::ColumnTwice("Title".into()));
    let mut other = shop.db.begin().await.unwrap();
    sqlx::query("select pg_advisory_xact_lock($1)").bind(0x7669_7472_696d_i64).execute(&mut *other).await.unwrap();
    assert_eq!(refusal(&shop, "Handle,Title,Variant Price\n").await, ImportRefusal::AnotherIsRunning);
}
