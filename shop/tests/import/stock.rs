//! Stock: the file says what is left to be sold; what orders hold is theirs.

use crate::fixture::{NOW, events, file, import_later, import_text, look, shop};
use shop::Shop;
use sqlx::PgPool;
use std::time::Duration;

fn of(quantity: &'static str) -> String {
    file(&[&[("Handle", "bowl"), ("Variant SKU", "B"), ("Variant Inventory Qty", quantity)]])
}

/// An order that holds `quantity` of the variant.
async fn reserve(db: &mut sqlx::PgConnection, quantity: i32) {
    sqlx::query("update stock_level set reserved = reserved + $1").bind(quantity).execute(&mut *db).await.unwrap();
    sqlx::query(
        "with placed as (
            insert into orders (id, number, language, currency, email, name, address, country, goods_minor, delivery_minor, tax_minor,
                tax_included, total_minor, method_code, method_name, carrier_code, promised_from, promised_by, state, payment_state, placed_at)
            values (gen_random_uuid(), '1', 'en', 'EUR', 'a@example.com', 'A', '{}', 'ES', 0, 0, 0, true, 0, 'm', 'm', 'c', $2, $2,
                'placed', 'unpaid', $2) returning id
        )
        insert into stock_reservation (order_id, variant_id, quantity, state, expires_at)
            select placed.id, variant.id, $1, 'held', $2 from placed, variant",
    )
    .bind(quantity)
    .bind(NOW)
    .execute(db)
    .await
    .unwrap();
}

async fn level(shop: &Shop) -> String {
    look(shop, "select concat_ws(' ', on_hand, reserved, available, unlimited) from stock_level").await
}

#[sqlx::test]
async fn the_quantity_is_what_is_left_beside_reservations(db: PgPool) {
    let shop = shop(db, "quantity");
    import_text(&shop, &of("10")).await;
    assert_eq!(level(&shop).await, "10 0 10 f");
    reserve(&mut shop.db.acquire().await.unwrap(), 3).await;
    let report = import_later(&shop, &of("10")).await;
    assert_eq!((report.updated, report.unchanged), (1, 0));
    assert_eq!(level(&shop).await, "13 3 10 f");
    assert_eq!(look(&shop, "select string_agg(kind || quantity, ' ' order by at) from stock_movement").await, "import10 import3");
    assert_eq!(events(&shop, "bowl").await, ["product.created", "stock.changed"]);
    assert_eq!(import_later(&shop, &of("10")).await.unchanged, 1);
}

#[sqlx::test]
async fn an_import_waits_for_the_checkout_and_counts_its_reservation(db: PgPool) {
    let shop = shop(db, "waits");
    import_text(&shop, &of("10")).await;
    let mut checkout = shop.db.begin().await.unwrap();
    sqlx::query("select 1 from stock_level for update").execute(&mut *checkout).await.unwrap();
    let text = of("4");
    let sell = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        reserve(&mut checkout, 2).await;
        checkout.commit().await.unwrap();
    };
    let (report, ()) = futures::join!(import_later(&shop, &text), sell);
    assert_eq!(report.updated, 1);
    assert_eq!(level(&shop).await, "6 2 4 f");
}

#[sqlx::test]
async fn a_variant_that_an_order_holds_is_not_removed(db: PgPool) {
    let shop = shop(db, "held");
    import_text(&shop, &of("10")).await;
    reserve(&mut shop.db.acquire().await.unwrap(), 1).await;
    let other =
        file(&[&[("Handle", "bowl"), ("Title", "Another"), ("Option1 Name", "Size"), ("Option1 Value", "S"), ("Variant SKU", "C")]]);
    let report = import_later(&shop, &other).await;
    assert_eq!(
        report.rejections[0].to_string(),
        "line 2, Variant SKU (bowl): the variant `B` is not in the file any more, but an order holds stock of it"
    );
    assert_eq!(look(&shop, "select string_agg(title, ' ' order by language) from product_translation").await, "A bowl A bowl");
    sqlx::query("update stock_reservation set state = 'released'").execute(&shop.db).await.unwrap();
    assert_eq!(import_later(&shop, &other).await.updated, 1);
}

#[sqlx::test]
async fn what_is_made_to_order_or_not_counted_is_unlimited(db: PgPool) {
    let shop = shop(db, "unlimited");
    let text = file(&[
        &[("Handle", "a"), ("Variant Inventory Policy", "continue"), ("Variant Inventory Qty", "-2")],
        &[("Handle", "b"), ("Variant Inventory Tracker", ""), ("Variant Inventory Qty", "")],
    ]);
    import_text(&shop, &text).await;
    let all = "select string_agg(concat_ws(' ', p.handle, v.backorder, v.tracked, s.unlimited, s.available), ', ' order by p.handle)
        from product p join variant v on v.product_id = p.id join stock_level s on s.variant_id = v.id";
    assert_eq!(look(&shop, all).await, "a t t t -2, b f f t 0");
    assert_eq!(import_later(&shop, &text).await.unchanged, 2);
}

#[sqlx::test]
async fn a_file_without_quantities_leaves_the_stock_alone(db: PgPool) {
    let shop = shop(db, "absent");
    import_text(&shop, &of("10")).await;
    let report = import_later(&shop, "Handle,Title,Variant SKU,Variant Price,Variant Inventory Tracker\nbowl,Bowl,B,11.00,shopify\n").await;
    assert_eq!(report.updated, 1);
    assert_eq!(level(&shop).await, "10 0 10 f");
}
