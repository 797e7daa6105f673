//! A product as a file tells it: what an import understood, and what an export loads to write it.

use domain::{Language, Money, Translated};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    pub handle: String,
    /// `active`, `draft` or `archived`.
    pub status: String,
    pub published: bool,
    pub vendor: String,
    pub tags: Vec<String>,
    pub kind: Translated,
    /// The category's names from the root down; empty for none.
    pub category: Vec<Translated>,
    /// In every language of the shop.
    pub texts: BTreeMap<Language, Texts>,
    pub options: Vec<ProductOption>,
    pub specifications: Vec<Specification>,
    pub pictures: Vec<Picture>,
    pub variants: Vec<Variant>,
    /// Product columns of no use to us, by name.
    pub kept: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    pub slug: String,
    pub title: String,
    pub body_html: String,
    pub seo_title: String,
    pub seo_description: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductOption {
    pub name: Translated,
    pub values: Vec<Translated>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Specification {
    pub code: String,
    pub label: Translated,
    pub value: Translated,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub source: String,
    pub alt: Translated,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    pub sku: Option<String>,
    pub barcode: String,
    pub grams: i32,
    pub requires_shipping: bool,
    pub taxable: bool,
    /// May be sold beyond what is in stock.
    pub backorder: bool,
    /// Stock is counted.
    pub tracked: bool,
    /// What is left to be sold; none when the file does not say.
    pub available: Option<i32>,
    pub price: Money,
    pub compare_at: Option<Money>,
    /// Index of its value in each of the product's options.
    pub values: Vec<usize>,
    /// Index into the product's pictures.
    pub picture: Option<usize>,
    /// Variant columns of no use to us, by name.
    pub kept: BTreeMap<String, String>,
}

impl Variant {
    /// Never sold out.
    #[must_use]
    pub fn is_unlimited(&self) -> bool {
        self.backorder || !self.tracked
    }
}
