//! Products and categories for tests, written straight into the tables.

use serde_json::{Value, json};
use shop::new_id;
use sqlx::{PgConnection, PgPool};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// A product; each value of the first option is a variant of it with every value of the second, and so on.
#[derive(Clone)]
pub struct Goods {
    pub en: &'static str,
    pub es: &'static str,
    pub body_en: &'static str,
    pub body_es: &'static str,
    pub kind: &'static str,
    pub tags: Vec<String>,
    pub category: Option<Uuid>,
    pub options: Vec<(&'static str, Vec<&'static str>)>,
    pub minor: i64,
    pub compare_at_minor: Option<i64>,
    /// Pieces of each variant.
    pub stock: i32,
    pub backorder: bool,
    pub tracked: bool,
    pub status: &'static str,
    pub created_at: OffsetDateTime,
}

impl Default for Goods {
    fn default() -> Self {
        Self {
            en: "Thing",
            es: "Cosa",
            body_en: "",
            body_es: "",
            kind: "",
            tags: Vec::new(),
            category: None,
            options: Vec::new(),
            minor: 1000,
            compare_at_minor: None,
            stock: 5,
            backorder: false,
            tracked: true,
            status: "active",
            created_at: super::NOW - Duration::days(100),
        }
    }
}

/// A written product.
pub struct Added {
    pub product: Uuid,
    pub variants: Vec<Uuid>,
}

pub fn slug(text: &str) -> String {
    let plain: String = text
        .to_lowercase()
        .chars()
        .map(|c| match c {
            'á' => 'a',
            'é' => 'e',
            'í' => 'i',
            'ó' => 'o',
            'ú' => 'u',
            'ñ' => 'n',
            c => c,
        })
        .collect();
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

fn both(text: &str) -> Value {
    json!({ "en": text, "es": text })
}

/// A category with the slugs of its names.
pub async fn category(db: &PgPool, parent: Option<Uuid>, en: &str, es: &str) -> Uuid {
    let id = new_id(super::NOW);
    sqlx::query("insert into category (id, parent_id, path, position) values ($1, $2, $3, (select count(*) from category))")
        .bind(id)
        .bind(parent)
        .bind(format!("{en} {id}"))
        .execute(db)
        .await
        .unwrap();
    for (language, name) in [("en", en), ("es", es)] {
        sqlx::query("insert into category_translation (category_id, language, name, slug) values ($1, $2, $3, $4)")
            .bind(id)
            .bind(language)
            .bind(name)
            .bind(slug(name))
            .execute(db)
            .await
            .unwrap();
    }
    id
}

/// Writes the product in one transaction, as an import would.
pub async fn add(db: &PgPool, goods: Goods) -> Added {
    let mut transaction = db.begin().await.unwrap();
    let product = new_id(goods.created_at);
    sqlx::query(
        "insert into product (id, handle, status, kind, tags, category_id, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $7)",
    )
    .bind(product)
    .bind(format!("{} {product}", goods.en))
    .bind(goods.status)
    .bind(goods.kind)
    .bind(&goods.tags)
    .bind(goods.category)
    .bind(goods.created_at)
    .execute(&mut *transaction)
    .await
    .unwrap();
    for (language, title, body) in [("en", goods.en, goods.body_en), ("es", goods.es, goods.body_es)] {
        sqlx::query("insert into product_translation (product_id, language, slug, title, body_html) values ($1, $2, $3, $4, $5)")
            .bind(product)
            .bind(language)
            .bind(slug(title))
            .bind(title)
            .bind(body)
            .execute(&mut *transaction)
            .await
            .unwrap();
    }
    let choices = options(&mut transaction, product, &goods).await;
    let mut variants = Vec::new();
    for (position, values) in (0..).zip(choices) {
        variants.push(variant(&mut transaction, product, position, &values, &goods).await);
    }
    transaction.commit().await.unwrap();
    Added { product, variants }
}

/// Every way to choose one value of each option.
async fn options(db: &mut PgConnection, product: Uuid, goods: &Goods) -> Vec<Vec<Uuid>> {
    let mut choices: Vec<Vec<Uuid>> = vec![Vec::new()];
    for (position, (code, values)) in (0_i32..).zip(&goods.options) {
        let option = new_id(goods.created_at);
        sqlx::query("insert into product_option (id, product_id, position, code, name) values ($1, $2, $3, $4, $5)")
            .bind(option)
            .bind(product)
            .bind(position)
            .bind(code)
            .bind(both(code))
            .execute(&mut *db)
            .await
            .unwrap();
        let mut longer = Vec::new();
        for (position, value) in (0_i32..).zip(values) {
            let id = new_id(goods.created_at);
            sqlx::query("insert into product_option_value (id, option_id, position, code, name) values ($1, $2, $3, $4, $5)")
                .bind(id)
                .bind(option)
                .bind(position)
                .bind(value)
                .bind(both(value))
                .execute(&mut *db)
                .await
                .unwrap();
            longer.extend(choices.iter().map(|choice| choice.iter().copied().chain([id]).collect::<Vec<_>>()));
        }
        choices = longer;
    }
    choices
}

async fn variant(db: &mut PgConnection, product: Uuid, position: i32, values: &[Uuid], goods: &Goods) -> Uuid {
    let id = new_id(goods.created_at);
    sqlx::query("insert into variant (id, product_id, position, sku, backorder, tracked) values ($1, $2, $3, $4, $5, $6)")
        .bind(id)
        .bind(product)
        .bind(position)
        .bind(id.to_string())
        .bind(goods.backorder)
        .bind(goods.tracked)
        .execute(&mut *db)
        .await
        .unwrap();
    for (position, value) in (0_i32..).zip(values) {
        sqlx::query("insert into variant_option_value (variant_id, option_value_id, position) values ($1, $2, $3)")
            .bind(id)
            .bind(value)
            .bind(position)
            .execute(&mut *db)
            .await
            .unwrap();
    }
    sqlx::query("insert into price (variant_id, currency, minor, compare_at_minor) values ($1, 'EUR', $2, $3)")
        .bind(id)
        .bind(goods.minor)
        .bind(goods.compare_at_minor)
        .execute(&mut *db)
        .await
        .unwrap();
    sqlx::query("insert into stock_level (variant_id, on_hand, unlimited) values ($1, $2, $3)")
        .bind(id)
        .bind(goods.stock)
        .bind(goods.backorder || !goods.tracked)
        .execute(&mut *db)
        .await
        .unwrap();
    id
}
