//! One product's page: texts, pictures, variants with price and stock, and what goes with it.

use super::{
    browse::rows::{CardRow, PictureRow, cards},
    menu,
};
use crate::{Outcome, Shop};
use domain::{
    Currency, Language, Money, Translated,
    catalog::{CategoryNode, Found, OptionValue, ProductOption, ProductPage, Stock, Variant},
    ids::{ProductId, VariantId},
};
use serde::Deserialize;
use sqlx::types::{Json, Uuid};
use std::collections::HashMap;
use time::OffsetDateTime;

/// Cards beside a product, of each kind.
const RECOMMENDATIONS: i64 = 4;

#[derive(Debug, Deserialize)]
struct MediaRow {
    id: Uuid,
    #[serde(flatten)]
    picture: PictureRow,
}

#[derive(Debug, Deserialize)]
struct OptionRow {
    code: String,
    name: Translated,
    values: Vec<ValueRow>,
}

#[derive(Debug, Deserialize)]
struct ValueRow {
    id: Uuid,
    code: String,
    name: Translated,
}

#[derive(Debug, Deserialize)]
struct VariantRow {
    id: Uuid,
    sku: String,
    grams: u32,
    media: Option<Uuid>,
    minor: i64,
    compare_at: Option<i64>,
    lowest: Option<i64>,
    tracked: bool,
    backorder: bool,
    available: i64,
    /// One value of each option, in no order.
    values: Vec<Uuid>,
}

/// The page of the product that `slug` leads to. A slug of another language, or one it had before, leads to the one it
/// has in this language; a product that is not on sale is nowhere.
///
/// # Errors
/// The database refused it.
pub async fn page(shop: &Shop, language: Language, slug: &str, now: OffsetDateTime) -> Outcome<Found<ProductPage>> {
    if slug.contains('\0') {
        return Ok(Found::Nowhere);
    }
    let currency = shop.settings.currency;
    let found = sqlx::query_file!("src/catalog/product/page.sql", language.code(), slug, currency.code(), now, RECOMMENDATIONS)
        .fetch_optional(&shop.db)
        .await?;
    let Some(row) = found else { return Ok(Found::Nowhere) };
    if row.slug != slug {
        return Ok(Found::Moved(row.slug));
    }
    // Without a price in the shop's currency nothing of it can be sold.
    if row.variants.0.is_empty() {
        return Ok(Found::Nowhere);
    }
    let media: Vec<Uuid> = row.pictures.0.iter().map(|media| media.id).collect();
    let codes = codes(&row.options.0);
    let menu = menu::categories(shop, language).await?;
    Ok(Found::Here(ProductPage {
        id: ProductId(row.id),
        slug: row.slug,
        slugs: row.slugs.0,
        title: row.title,
        body_html: row.body_html,
        vendor: row.vendor,
        seo_title: row.seo_title,
        seo_description: row.seo_description,
        categories: row.category_id.and_then(|category| way_to(&menu, category)).unwrap_or_default(),
        pictures: row.pictures.0.into_iter().filter_map(|media| media.picture.picture(language)).collect(),
        variants: row.variants.0.into_iter().map(|variant| variant.priced(currency, &media, &codes)).collect(),
        options: row.options.0.into_iter().map(|option| option.named(language)).collect(),
        specifications: row
            .specifications
            .0
            .iter()
            .map(|(label, value)| (label.get(language).to_owned(), value.get(language).to_owned()))
            .collect(),
        companions: cards(row.companions.0, language, currency),
        recommendations: cards(row.recommendations.0, language, currency),
    }))
}

/// From the root down to `category`: (slug, name).
fn way_to(nodes: &[CategoryNode], category: Uuid) -> Option<Vec<(String, String)>> {
    nodes.iter().find_map(|node| {
        let below = if node.id.0 == category { Vec::new() } else { way_to(&node.children, category)? };
        Some([vec![(node.slug.clone(), node.name.clone())], below].concat())
    })
}

/// The code of each option value, and at which place its option stands.
fn codes(options: &[OptionRow]) -> HashMap<Uuid, (usize, String)> {
    let of_option = |(place, option): (usize, &OptionRow)| -> Vec<(Uuid, (usize, String))> {
        option.values.iter().map(|value| (value.id, (place, value.code.clone()))).collect()
    };
    options.iter().enumerate().flat_map(of_option).collect()
}

impl OptionRow {
    fn named(self, language: Language) -> ProductOption {
        let value = |value: ValueRow| OptionValue { name: value.name.get(language).to_owned(), code: value.code };
        ProductOption { name: self.name.get(language).to_owned(), code: self.code, values: self.values.into_iter().map(value).collect() }
    }
}

impl VariantRow {
    /// `media` are the ids of the pictures that are shown, in their order; `codes` the places and codes of option values.
    fn priced(self, currency: Currency, media: &[Uuid], codes: &HashMap<Uuid, (usize, String)>) -> Variant {
        let money = |minor| Money::new(minor, currency);
        let mut values: Vec<&(usize, String)> = self.values.iter().filter_map(|value| codes.get(value)).collect();
        values.sort_unstable_by_key(|(place, _)| *place);
        let position = self.media.and_then(|own| media.iter().position(|&id| id == own));
        Variant {
            stock: self.stock(),
            id: VariantId(self.id),
            values: values.into_iter().map(|(_, code)| code.clone()).collect(),
            sku: self.sku,
            price: money(self.minor),
            compare_at: self.compare_at.map(money),
            lowest_30_days: self.lowest.map(money),
            picture: position.and_then(|index| u32::try_from(index).ok()),
            grams: self.grams,
        }
    }

    fn stock(&self) -> Stock {
        match u32::try_from(self.available) {
            _ if !self.tracked => Stock::Unlimited,
            // More can be had than there are: the number would only mislead.
            Ok(1..) if self.backorder => Stock::Unlimited,
            Ok(available @ 1..) => Stock::Available(available),
            _ if self.backorder => Stock::MadeToOrder,
            _ => Stock::SoldOut,
        }
    }
}

/// An address for search engines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitemapEntry {
    pub kind: SitemapKind,
    pub language: Language,
    pub slug: String,
    /// A category's is that of the product in it that was changed last; none while it is empty.
    pub updated_at: Option<OffsetDateTime>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SitemapKind {
    Product,
    Category,
}

/// The addresses of all products on sale and of all categories, in every language they are written in.
///
/// # Errors
/// The database refused it.
pub async fn slugs_for_sitemap(shop: &Shop) -> Outcome<Vec<SitemapEntry>> {
    let rows = sqlx::query!(
        r#"
        select false as "is_category!", t.language as "language!", t.slug as "slug!", p.updated_at
        from product p
        join product_translation t on t.product_id = p.id
        where p.status = 'active' and p.published
        union all
        select true, t.language, t.slug, (
            select max(p.updated_at) from product p where p.category_id = t.category_id and p.status = 'active' and p.published
        )
        from category_translation t
        order by 1 desc, 2, 3
        "#
    )
    .fetch_all(&shop.db)
    .await?;
    // A language that the shop no longer speaks has no addresses.
    let entries = rows.into_iter().filter_map(|row| {
        let kind = if row.is_category { SitemapKind::Category } else { SitemapKind::Product };
        Some(SitemapEntry { kind, language: row.language.parse().ok()?, slug: row.slug, updated_at: row.updated_at })
    });
    Ok(entries.collect())
}
