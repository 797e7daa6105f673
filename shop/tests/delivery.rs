//! What somebody is told of delivery before any address is known.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "what cannot be set up fails the test")]

mod shelf;

use domain::{Currency, Language::En, Money, ids::CartId};
use shelf::{NOW, queries::counted};
use shop::{Actor, delivery};
use sqlx::PgPool;
use time::macros::date;
use uuid::Uuid;

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn a_parcel_goes_to_the_country_named_at_checkout_else_to_the_shops_own(db: PgPool) {
    let shop = shelf::shop(db.clone());
    let going = async |draft: &str| {
        let cart = Uuid::now_v7();
        sqlx::query("insert into cart (id, currency, language, created_at, updated_at, expires_at, draft) values ($1, 'EUR', 'en', $2, $2, $2, $3::jsonb)")
            .bind(cart).bind(NOW).bind(draft).execute(&db).await.unwrap();
        delivery::destination(&shop, &Actor::Guest { cart: Some(CartId(cart)) }).await.unwrap().code
    };
    assert_eq!(delivery::destination(&shop, &Actor::Guest { cart: None }).await.unwrap().code, "ES");
    assert_eq!(going("{}").await, "ES");
    assert_eq!(going(r#"{"country": ""}"#).await, "ES");
    assert_eq!(going(r#"{"country": "FR"}"#).await, "FR");
    assert_eq!(going(r#"{"country": "<b>"}"#).await, "ES");
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn every_way_is_listed_with_what_it_costs_and_when_it_arrives(db: PgPool) {
    let shop = shelf::shop(db.clone());
    sqlx::query("update shipping_method set active = false where code = 'es-express'").execute(&db).await.unwrap();
    delivery::forget(&shop);
    let listed = delivery::overview(&shop, NOW, En).await.unwrap();
    let zones: Vec<_> = listed.zones.iter().map(|zone| (zone.name.as_str(), zone.methods.len())).collect();
    assert_eq!(
        zones,
        [("Spain", 1), ("Balearic and Canary Islands, Ceuta and Melilla", 1), ("European Union", 2), ("Rest of the world", 1)]
    );
    let standard = &listed.zones[0].methods[0];
    assert_eq!((standard.name.as_str(), standard.carrier.as_str()), ("Standard", "Correos Express"));
    assert_eq!(
        standard.tariff.rates.iter().map(|(grams, price)| (*grams, price.minor)).collect::<Vec<_>>(),
        [(2000, 490), (10_000, 690), (30_000, 1290)]
    );
    assert_eq!(standard.tariff.free_from.unwrap().minor, 9000);
    // Wednesday before the cut-off: packed on Thursday, one or two working days on its way.
    assert_eq!((standard.dates.earliest, standard.dates.latest), (date!(2026 - 11 - 20), date!(2026 - 11 - 23)));
    assert_eq!(listed.order_until.date(), date!(2026 - 11 - 18));
    // In memory: told again without asking.
    assert_eq!(counted(delivery::tariffs(&shop, delivery::home(&shop.settings), NOW)).await.1, 0);
}

#[sqlx::test(migrator = "shop::MIGRATOR")]
async fn islands_are_gone_to_by_their_own_way_only(db: PgPool) {
    let shop = shelf::shop(db);
    let to = async |region| {
        let goods = Money::new(10_000, Currency::EUR);
        let parcel = delivery::Consignment { country: "ES", region, grams: 400, goods, backordered: false };
        delivery::methods_for(&shop, &parcel, NOW, En).await.unwrap()
    };
    let (mainland, island) = (to("").await, to("TF").await);
    assert_eq!(mainland.iter().map(|method| method.code.as_str()).collect::<Vec<_>>(), ["es-standard", "es-express"]);
    assert_eq!(island.iter().map(|method| method.code.as_str()).collect::<Vec<_>>(), ["es-far-standard"]);
    assert!(island[0].price.minor > mainland[0].price.minor && island[0].dates.latest > mainland[0].dates.latest);
    assert_eq!(to(domain::address::spanish_region("07001")).await, island);
}
