//! What the tests of the catalogue start from: a shop on the test's own database, with settings that never change.

#![allow(dead_code, reason = "every test binary uses another part")]

pub mod goods;
pub mod queries;

use domain::{Currency, Language, delivery::Handling};
use payments::{Payments, PaymentsConfig};
use shop::{Settings, Shop, settings::Secret};
use sqlx::PgPool;
use std::{sync::Arc, time::Duration};
use time::{
    OffsetDateTime,
    macros::{datetime, time},
};

/// A Wednesday morning.
pub const NOW: OffsetDateTime = datetime!(2026-11-18 09:00 UTC);

/// A shop whose payment service nobody answers at.
pub fn shop(db: PgPool) -> Shop {
    let payments = Payments::new(PaymentsConfig {
        secret_key: "sk_test_0".into(),
        base_url: Some("http://127.0.0.1:9".into()),
        webhook_secrets: vec!["whsec_0".into()],
        timeout: Duration::from_secs(1),
    })
    .unwrap();
    Shop {
        db,
        payments: Arc::new(payments),
        settings: Arc::new(settings()),
        hints: shop::chat::Hints::default(),
        counts: Arc::default(),
        answers: Arc::default(),
    }
}

pub fn settings() -> Settings {
    Settings {
        shop_name: "Barro Claro".into(),
        public_url: "http://localhost:3000".into(),
        mail_from: "taller@example.com".into(),
        currency: Currency::EUR,
        home_country: "ES".into(),
        base_language: Language::En,
        time_zone: "Europe/Madrid".into(),
        handling: Handling { cut_off: time!(14:00), days: 1, backorder_days: 10 },
        secret: Secret("for tests only".into()),
        data_folder: std::env::temp_dir().join("vitrina-tests"),
        smtp_url: None,
        inbound_address: None,
        files_url: None,
        payment_window: time::Duration::minutes(30),
        reservation_grace: time::Duration::minutes(10),
    }
}
