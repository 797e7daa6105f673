//! Products as a file tells them, read from the database a batch at a time.

use crate::catalog::csv::{
    given::Extra,
    model::{Picture, Product, ProductOption, Specification, Texts, Variant},
};
use domain::{Currency, Language, Money, Translated};
use sqlx::{PgConnection, types::Json};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Of each category its names from the root down.
pub type Categories = HashMap<Uuid, Vec<Translated>>;

pub async fn categories(db: &mut PgConnection) -> Result<Categories, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select c.id, c.parent_id, jsonb_object_agg(t.language, t.name) as "name!: Json<Translated>"
            from category c join category_translation t on t.category_id = c.id group by c.id"#
    )
    .fetch_all(db)
    .await?;
    let nodes: HashMap<Uuid, (Option<Uuid>, Translated)> = rows.into_iter().map(|row| (row.id, (row.parent_id, row.name.0))).collect();
    let path = |id: Uuid| {
        let above = std::iter::successors(nodes.get(&id), |(parent, _)| nodes.get(parent.as_ref()?));
        let mut names: Vec<Translated> = above.map(|(_, name)| name.clone()).collect();
        names.reverse();
        names
    };
    Ok(nodes.keys().map(|&id| (id, path(id))).collect())
}

/// The products of `ids`, in their order.
pub async fn products(
    db: &mut PgConnection,
    ids: &[Uuid],
    categories: &Categories,
    currency: Currency,
) -> Result<Vec<(Product, Extra)>, sqlx::Error> {
    let mut texts = texts(db, ids).await?;
    let mut options = options(db, ids).await?;
    let mut specifications = specifications(db, ids).await?;
    let mut pictures = pictures(db, ids).await?;
    let mut variants = variants(db, ids, currency).await?;
    let rows = sqlx::query!(
        r#"select id, handle, status, published, vendor, kind_translations as "kind: Json<Translated>", tags, category_id,
                extra as "extra: Json<Extra>"
            from product where id = any($1) order by created_at, id"#,
        ids
    )
    .fetch_all(db)
    .await?;
    let products = rows.into_iter().map(|row| {
        let options = options.remove(&row.id).unwrap_or_default();
        let pictures = pictures.remove(&row.id).unwrap_or_default();
        let variants = variants.remove(&row.id).unwrap_or_default();
        let product = Product {
            kind: row.kind.0,
            category: row.category_id.and_then(|id| categories.get(&id)).cloned().unwrap_or_default(),
            texts: texts.remove(&row.id).unwrap_or_default(),
            specifications: specifications.remove(&row.id).unwrap_or_default(),
            variants: variants.into_iter().map(|variant| variant.placed(&options, &pictures)).collect(),
            options: options.into_iter().map(StoredOption::without_ids).collect(),
            pictures: pictures.into_iter().map(|(_, picture)| picture).collect(),
            handle: row.handle,
            status: row.status,
            published: row.published,
            vendor: row.vendor,
            tags: row.tags,
            kept: row.extra.columns.clone(),
        };
        (product, row.extra.0)
    });
    Ok(products.collect())
}

async fn texts(db: &mut PgConnection, ids: &[Uuid]) -> Result<HashMap<Uuid, BTreeMap<Language, Texts>>, sqlx::Error> {
    let rows = sqlx::query!(
        "select product_id, language, slug, title, body_html, seo_title, seo_description from product_translation
            where product_id = any($1)",
        ids
    )
    .fetch_all(db)
    .await?;
    let mut found: HashMap<Uuid, BTreeMap<Language, Texts>> = HashMap::new();
    for row in rows {
        // A language that the shop does not speak any more is not written.
        let Ok(language) = row.language.parse() else { continue };
        let texts = Texts {
            slug: row.slug,
            title: row.title,
            body_html: row.body_html,
            seo_title: row.seo_title,
            seo_description: row.seo_description,
        };
        found.entry(row.product_id).or_default().insert(language, texts);
    }
    Ok(found)
}

struct StoredOption {
    id: Uuid,
    name: Translated,
    values: Vec<(Uuid, Translated)>,
}

impl StoredOption {
    fn without_ids(self) -> ProductOption {
        ProductOption { name: self.name, values: self.values.into_iter().map(|(_, value)| value).collect() }
    }
}

async fn options(db: &mut PgConnection, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<StoredOption>>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select o.product_id, o.id, o.name as "name: Json<Translated>", v.id as value_id, v.name as "value: Json<Translated>"
            from product_option o join product_option_value v on v.option_id = o.id
            where o.product_id = any($1) order by o.product_id, o.position, v.position"#,
        ids
    )
    .fetch_all(db)
    .await?;
    let mut found: HashMap<Uuid, Vec<StoredOption>> = HashMap::new();
    for row in rows {
        let options = found.entry(row.product_id).or_default();
        let value = (row.value_id, row.value.0);
        match options.last_mut() {
            Some(option) if option.id == row.id => option.values.push(value),
            _ => options.push(StoredOption { id: row.id, name: row.name.0, values: vec![value] }),
        }
    }
    Ok(found)
}

async fn specifications(db: &mut PgConnection, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Specification>>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select product_id, code, label as "label: Json<Translated>", value as "value: Json<Translated>"
            from product_specification where product_id = any($1) order by product_id, position"#,
        ids
    )
    .fetch_all(db)
    .await?;
    let mut found: HashMap<Uuid, Vec<Specification>> = HashMap::new();
    for row in rows {
        let specification = Specification { code: row.code, label: row.label.0, value: row.value.0 };
        found.entry(row.product_id).or_default().push(specification);
    }
    Ok(found)
}

async fn pictures(db: &mut PgConnection, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<(Uuid, Picture)>>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select product_id as "product_id!", id, source, alt as "alt: Json<Translated>" from media
            where product_id = any($1) order by product_id, position"#,
        ids
    )
    .fetch_all(db)
    .await?;
    let mut found: HashMap<Uuid, Vec<(Uuid, Picture)>> = HashMap::new();
    for row in rows {
        found.entry(row.product_id).or_default().push((row.id, Picture { source: row.source, alt: row.alt.0 }));
    }
    Ok(found)
}

struct StoredVariant {
    variant: Variant,
    /// Ids where the model has indices.
    values: Vec<Uuid>,
    picture: Option<Uuid>,
}

impl StoredVariant {
    fn placed(self, options: &[StoredOption], pictures: &[(Uuid, Picture)]) -> Variant {
        let index = |(option, value): (&StoredOption, &Uuid)| option.values.iter().position(|(id, _)| id == value);
        Variant {
            values: options.iter().zip(&self.values).filter_map(index).collect(),
            picture: self.picture.and_then(|picture| pictures.iter().position(|(id, _)| *id == picture)),
            ..self.variant
        }
    }
}

async fn variants(db: &mut PgConnection, ids: &[Uuid], currency: Currency) -> Result<HashMap<Uuid, Vec<StoredVariant>>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select v.product_id, v.sku, v.barcode, v.grams, v.requires_shipping, v.taxable, v.backorder, v.tracked, v.media_id,
                v.extra as "kept: Json<BTreeMap<String, String>>", coalesce(p.minor, 0) as "minor!", p.compare_at_minor,
                coalesce(s.available, 0) as "available!",
                array(select option_value_id from variant_option_value o where o.variant_id = v.id order by o.position) as "values!"
            from variant v
            left join price p on p.variant_id = v.id and p.currency = $2
            left join stock_level s on s.variant_id = v.id
            where v.product_id = any($1) order by v.product_id, v.position"#,
        ids,
        currency.code()
    )
    .fetch_all(db)
    .await?;
    let mut found: HashMap<Uuid, Vec<StoredVariant>> = HashMap::new();
    for row in rows {
        let variant = Variant {
            sku: row.sku,
            barcode: row.barcode,
            grams: row.grams,
            requires_shipping: row.requires_shipping,
            taxable: row.taxable,
            backorder: row.backorder,
            tracked: row.tracked,
            available: Some(row.available),
            price: Money::new(row.minor, currency),
            compare_at: row.compare_at_minor.map(|minor| Money::new(minor, currency)),
            values: Vec::new(),
            picture: None,
            kept: row.kept.0,
        };
        found.entry(row.product_id).or_default().push(StoredVariant { variant, values: row.values, picture: row.media_id });
    }
    Ok(found)
}
