//! What a shopper sees of the catalogue: cards, listings with facets, the product page. Texts are already
//! in the reader's language, prices in the shop's currency.

mod listing;

use crate::{
    Language, Money,
    ids::{CategoryId, ProductId, VariantId},
};
pub use listing::{Facet, FacetValue, Listing, ListingQuery, Sort};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// A photograph with its derived sizes, served from `/media/{hash}/{width}.{avif,webp}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    pub hash: String,
    /// Of the original, in pixels: gives the aspect ratio before the file is there.
    pub width: u32,
    pub height: u32,
    /// Widths that exist, ascending.
    pub widths: Vec<u32>,
    pub alt: String,
}

impl Picture {
    /// The address of the smallest size at least `width` pixels wide (or of the largest there is).
    #[must_use]
    pub fn src(&self, width: u32, format: &str) -> String {
        let found = self.widths.iter().copied().find(|&w| w >= width).or(self.widths.last().copied()).unwrap_or(0);
        format!("/media/{}/{found}.{format}", self.hash)
    }

    #[must_use]
    pub fn srcset(&self, format: &str) -> String {
        self.widths.iter().enumerate().fold(String::new(), |mut set, (index, width)| {
            let comma = if index == 0 { "" } else { ", " };
            // Writing to a String cannot fail.
            let _ = write!(set, "{comma}/media/{}/{width}.{format} {width}w", self.hash);
            set
        })
    }
}

/// The prices of a product's variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRange {
    pub from: Money,
    pub to: Money,
    /// The cheapest variant's former price, when it is reduced.
    pub compare_at: Option<Money>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductCard {
    pub id: ProductId,
    pub slug: String,
    pub title: String,
    pub price: PriceRange,
    pub picture: Option<Picture>,
    /// Some variant can be bought now.
    pub in_stock: bool,
    /// How many variants there are to choose from.
    pub variants: u32,
    /// Pieces left in all variants; nothing where they are not counted, or more can be made.
    pub left: Option<u32>,
}

impl ProductCard {
    /// Up to here a list says how many are left.
    pub const FEW: u32 = 3;

    /// How many are left, when they are few.
    #[must_use]
    pub fn few_left(&self) -> Option<u32> {
        self.left.filter(|left| (1..=Self::FEW).contains(left))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryNode {
    pub id: CategoryId,
    pub slug: String,
    pub name: String,
    pub description: String,
    pub picture: Option<Picture>,
    /// Active products in it and below.
    pub count: u32,
    pub children: Vec<CategoryNode>,
}

/// A category's page: itself, the way to it, and where it is in the other languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryPage {
    pub category: CategoryNode,
    /// From the root to the parent: (slug, name).
    pub ancestors: Vec<(String, String)>,
    pub slugs: Vec<(Language, String)>,
    pub listing: Listing,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomePage {
    /// The merchant's own picture for this page.
    pub scene: Option<Picture>,
    pub categories: Vec<CategoryNode>,
    pub newest: Vec<ProductCard>,
    pub favourites: Vec<ProductCard>,
}

/// What is shown where nothing was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaysOn {
    pub categories: Vec<CategoryNode>,
    pub newest: Vec<ProductCard>,
}

/// One line under the search field while typing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    pub title: String,
    pub slug: String,
    pub kind: SuggestionKind,
    pub picture: Option<Picture>,
    pub price: Option<Money>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SuggestionKind {
    Product,
    Category,
}

/// What may be said of a variant's stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stock {
    /// So many can be bought now.
    Available(u32),
    /// Not counted, always there.
    Unlimited,
    /// None left, made to order.
    MadeToOrder,
    SoldOut,
}

impl Stock {
    /// The most of it that one cart may hold.
    #[must_use]
    pub fn limit(self) -> u32 {
        match self {
            Self::Available(left) => left.min(crate::cart::MAX_QUANTITY),
            Self::Unlimited | Self::MadeToOrder => crate::cart::MAX_QUANTITY,
            Self::SoldOut => 0,
        }
    }

    #[must_use]
    pub fn can_be_bought(self) -> bool {
        self != Self::SoldOut
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionValue {
    pub code: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductOption {
    pub code: String,
    pub name: String,
    pub values: Vec<OptionValue>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    pub id: VariantId,
    pub sku: String,
    /// One value code for each option, in the options' order.
    pub values: Vec<String>,
    pub price: Money,
    pub compare_at: Option<Money>,
    /// The lowest price of the 30 days before a reduction, where there is one (Directive 98/6/EC, art. 6a).
    pub lowest_30_days: Option<Money>,
    pub stock: Stock,
    /// Index into the product's pictures.
    pub picture: Option<u32>,
    pub grams: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductPage {
    pub id: ProductId,
    pub slug: String,
    pub slugs: Vec<(Language, String)>,
    pub title: String,
    /// Cleaned at import: safe to put into a page.
    pub body_html: String,
    pub vendor: String,
    pub seo_title: String,
    pub seo_description: String,
    /// From the root to its own category: (slug, name).
    pub categories: Vec<(String, String)>,
    pub pictures: Vec<Picture>,
    pub options: Vec<ProductOption>,
    pub variants: Vec<Variant>,
    /// (label, value)
    pub specifications: Vec<(String, String)>,
    /// What many who bought it bought with it.
    pub companions: Vec<ProductCard>,
    pub recommendations: Vec<ProductCard>,
}

impl ProductPage {
    /// The variant that has all of `values` (one code for each option, in order).
    #[must_use]
    pub fn variant_with(&self, values: &[String]) -> Option<&Variant> {
        self.variants.iter().find(|v| v.values == values)
    }

    /// The one shown first: the first that can be bought, else the first.
    #[must_use]
    pub fn default_variant(&self) -> Option<&Variant> {
        self.variants.iter().find(|v| v.stock.can_be_bought()).or(self.variants.first())
    }
}

/// Where a page that was asked for by slug is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Found<T> {
    Here(T),
    /// It has another slug now: redirect for good.
    Moved(String),
    Nowhere,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_asked_for_in_a_size_that_exists() {
        let picture = Picture { hash: "ab".into(), width: 1100, height: 1100, widths: vec![320, 640, 1100], alt: String::new() };
        assert_eq!(picture.src(400, "webp"), "/media/ab/640.webp");
        assert_eq!(picture.src(4000, "avif"), "/media/ab/1100.avif");
        assert_eq!(picture.srcset("webp"), "/media/ab/320.webp 320w, /media/ab/640.webp 640w, /media/ab/1100.webp 1100w");
    }
}
