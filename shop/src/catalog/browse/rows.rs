//! Cards of products and categories as the database hands them over, in JSON: `product_card` and `category_card`
//! are its views.

use domain::{
    Currency, Language, Money, Translated,
    catalog::{CategoryNode, Picture, PriceRange, ProductCard},
    ids::{CategoryId, ProductId},
};
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

#[derive(Debug, Deserialize)]
pub(in crate::catalog) struct PictureRow {
    hash: Option<String>,
    width: Option<u32>,
    height: Option<u32>,
    widths: Option<Vec<u32>>,
    alt: Option<Translated>,
}

impl PictureRow {
    /// Nothing when the picture could not be had.
    pub(in crate::catalog) fn picture(self, language: Language) -> Option<Picture> {
        Some(Picture {
            hash: self.hash?,
            width: self.width.unwrap_or(0),
            height: self.height.unwrap_or(0),
            widths: self.widths.unwrap_or_default(),
            alt: self.alt.unwrap_or_default().get(language).to_owned(),
        })
    }
}

#[derive(Debug, Deserialize)]
pub(in crate::catalog) struct CardRow {
    product_id: Uuid,
    slug: String,
    title: String,
    from_minor: i64,
    to_minor: i64,
    compare_at_minor: Option<i64>,
    in_stock: bool,
    variants: u32,
    pieces: Option<u32>,
    #[serde(flatten)]
    picture: PictureRow,
}

impl CardRow {
    pub(in crate::catalog) fn card(self, language: Language, currency: Currency) -> ProductCard {
        let money = |minor| Money::new(minor, currency);
        ProductCard {
            id: ProductId(self.product_id),
            slug: self.slug,
            title: self.title,
            price: PriceRange { from: money(self.from_minor), to: money(self.to_minor), compare_at: self.compare_at_minor.map(money) },
            picture: self.picture.picture(language),
            in_stock: self.in_stock,
            variants: self.variants,
            left: self.pieces,
        }
    }
}

pub(in crate::catalog) fn cards(rows: Vec<CardRow>, language: Language, currency: Currency) -> Vec<ProductCard> {
    rows.into_iter().map(|row| row.card(language, currency)).collect()
}

#[derive(Debug, Deserialize)]
pub(in crate::catalog) struct CategoryRow {
    pub(in crate::catalog) id: Uuid,
    pub(in crate::catalog) parent_id: Option<Uuid>,
    pub(in crate::catalog) slug: String,
    pub(in crate::catalog) name: String,
    pub(in crate::catalog) description: String,
    #[serde(flatten)]
    picture: PictureRow,
}

/// Builds the tree below `parent` (the roots, without one). `own` says how many products a category itself holds;
/// a node counts those below it too. Rows stay in their order.
pub(in crate::catalog) fn tree(
    rows: Vec<CategoryRow>,
    own: &HashMap<Uuid, u32>,
    parent: Option<Uuid>,
    language: Language,
) -> Vec<CategoryNode> {
    let mut children: HashMap<Option<Uuid>, Vec<CategoryRow>> = HashMap::new();
    for row in rows {
        children.entry(row.parent_id).or_default().push(row);
    }
    branch(&mut children, own, parent, language)
}

fn branch(
    children: &mut HashMap<Option<Uuid>, Vec<CategoryRow>>,
    own: &HashMap<Uuid, u32>,
    parent: Option<Uuid>,
    language: Language,
) -> Vec<CategoryNode> {
    // Taken out, so that a category that was made its own ancestor ends the walk.
    let rows = children.remove(&parent).unwrap_or_default();
    let node = |row: CategoryRow| {
        let below = branch(children, own, Some(row.id), language);
        CategoryNode {
            id: CategoryId(row.id),
            count: own.get(&row.id).copied().unwrap_or(0) + below.iter().map(|child| child.count).sum::<u32>(),
            slug: row.slug,
            name: row.name,
            description: row.description,
            picture: row.picture.picture(language),
            children: below,
        }
    };
    rows.into_iter().map(node).collect()
}
