//! A shop on the test's own database, and short ways to import, export and look.

use domain::{Currency, Language, delivery::Handling};
use payments::{Payments, PaymentsConfig};
use shop::{
    Failure, Settings, Shop,
    catalog::{
        export::export,
        import::{ImportOptions, ImportRefusal, Report, import},
    },
    settings::Secret,
};
use sqlx::PgPool;
use std::{
    collections::BTreeMap,
    fs,
    io::{Cursor, Read, Seek},
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};
use time::{Duration, OffsetDateTime, Time, macros::datetime};

pub const NOW: OffsetDateTime = datetime!(2026-03-02 10:00 UTC);

/// A row's cells by column, without the empty ones.
pub type Cells = BTreeMap<String, String>;

/// `name` tells the tests' data folders apart.
pub fn shop(db: PgPool, name: &str) -> Shop {
    let data_folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&data_folder);
    let payments = Payments::new(PaymentsConfig {
        secret_key: "sk_test_123".into(),
        base_url: Some("http://127.0.0.1:9".into()),
        webhook_secrets: vec!["whsec_123".into()],
        timeout: std::time::Duration::from_secs(1),
    });
    let settings = Settings {
        shop_name: "Barro Claro".into(),
        public_url: "http://localhost:3000".into(),
        mail_from: "hola@example.com".into(),
        currency: Currency::EUR,
        home_country: "ES".into(),
        base_language: Language::En,
        time_zone: "Europe/Madrid".into(),
        handling: Handling { cut_off: Time::from_hms(14, 0, 0).unwrap(), days: 1, backorder_days: 15 },
        secret: Secret("secret".into()),
        data_folder,
        smtp_url: None,
        inbound_address: None,
        files_url: None,
        payment_window: Duration::minutes(30),
        reservation_grace: Duration::minutes(5),
    };
    Shop {
        db,
        payments: Arc::new(payments.unwrap()),
        settings: Arc::new(settings),
        hints: shop::chat::Hints::default(),
        counts: Arc::default(),
        answers: Arc::default(),
    }
}

pub fn options() -> ImportOptions {
    ImportOptions { images: None, base_language: Language::En, dry_run: false }
}

pub async fn import_text(shop: &Shop, text: &str) -> Report {
    import(shop, Cursor::new(text), &options(), |_| (), NOW).await.unwrap()
}

pub async fn import_later(shop: &Shop, text: &str) -> Report {
    import(shop, Cursor::new(text), &options(), |_| (), NOW + Duration::days(1)).await.unwrap()
}

pub async fn dry_run(shop: &Shop, text: &str) -> Report {
    let options = ImportOptions { dry_run: true, ..options() };
    import(shop, Cursor::new(text), &options, |_| (), NOW).await.unwrap()
}

pub async fn refusal(shop: &Shop, text: &str) -> ImportRefusal {
    match import(shop, Cursor::new(text), &options(), |_| (), NOW).await {
        Err(Failure::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

pub async fn import_from(shop: &Shop, source: impl Read + Seek, images: Option<PathBuf>) -> Report {
    import(shop, source, &ImportOptions { images, ..options() }, |_| (), NOW).await.unwrap()
}

pub async fn exported(shop: &Shop) -> String {
    let mut out = Vec::new();
    export(shop, &mut out).await.unwrap();
    String::from_utf8(out).unwrap()
}

/// A file with these rows, of which only the cells that matter are named. The first row of a handle has all that a
/// product needs.
pub fn file(rows: &[&[(&str, &str)]]) -> String {
    let usual = [("Title", "A bowl"), ("Variant Price", "10.00"), ("Variant Inventory Tracker", "shopify")];
    let mut names = vec!["Handle", "Title", "Variant Price", "Variant Inventory Tracker", "Variant Inventory Qty"];
    for (name, _) in rows.iter().copied().flatten() {
        if !names.contains(name) {
            names.push(name);
        }
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&names).unwrap();
    let mut handles = Vec::new();
    for row in rows {
        let given = |name: &str| row.iter().find(|(column, _)| *column == name).map(|(_, text)| *text);
        let is_first = !handles.contains(&given("Handle"));
        handles.push(given("Handle"));
        let usual = |name: &str| usual.iter().find(|(column, _)| is_first && *column == name).map(|(_, text)| *text);
        writer.write_record(names.iter().map(|name| given(name).or_else(|| usual(name)).unwrap_or(""))).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// The rows of a file; empty cells and absent columns are the same.
pub fn rows(text: &str) -> Vec<Cells> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let cells = |record: csv::StringRecord| {
        names.iter().zip(&record).filter(|(_, cell)| !cell.is_empty()).map(|(name, cell)| (name.clone(), cell.to_owned())).collect()
    };
    reader.records().map(|record| cells(record.unwrap())).collect()
}

/// Imports a file into an empty shop: nothing may be rejected, a second time changes nothing, and the export is the file.
pub async fn assert_comes_back(shop: &Shop, text: &str, images: Option<PathBuf>) {
    let start = Instant::now();
    let first = import_from(shop, Cursor::new(text), images.clone()).await;
    assert_eq!(first.rejections, []);
    let imported = start.elapsed();
    let second = import_from(shop, Cursor::new(text), images).await;
    println!("{} products: imported in {imported:.1?}, again in {:.1?}", first.created, start.elapsed() - imported);
    assert_eq!((second.created, second.updated, second.unchanged, second.rejected), (0, 0, first.created, 0));
    let (given, back) = (rows(text), rows(&exported(shop).await));
    assert_eq!(given.len(), back.len());
    for (line, (given, back)) in given.iter().zip(&back).enumerate() {
        assert_eq!(given, back, "row {}", line + 1);
    }
}

/// One text from the database.
pub async fn look(shop: &Shop, sql: &'static str) -> String {
    let found: Option<String> = sqlx::query_scalar(sql).fetch_one(&shop.db).await.unwrap();
    found.unwrap_or_default()
}

/// The kinds of the events about `handle`, in the order they happened.
pub async fn events(shop: &Shop, handle: &str) -> Vec<String> {
    sqlx::query_scalar("select e.kind from event e join product p on p.id = e.subject where p.handle = $1 order by e.at, e.kind")
        .bind(handle)
        .fetch_all(&shop.db)
        .await
        .unwrap()
}
