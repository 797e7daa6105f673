//! A product as the rows of a file: the product's own cells on its first row, a variant and a picture on
//! each row as long as there are any.

use super::{
    columns as column,
    model::{Picture, Product, Variant},
};
use domain::{Language, Translated};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The cells of a row that are not empty, by column.
pub type Cells = BTreeMap<String, String>;

/// Which variant and which picture each row shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    pub variants: usize,
    pub pictures: usize,
    pub rows: Vec<(Option<usize>, Option<usize>)>,
}

impl Layout {
    /// Variants and pictures side by side, none left out.
    #[must_use]
    pub fn usual(product: &Product) -> Self {
        let (variants, pictures) = (product.variants.len(), product.pictures.len());
        let up_to = |index: usize, count: usize| (index < count).then_some(index);
        let rows = (0..variants.max(pictures).max(1)).map(|row| (up_to(row, variants), up_to(row, pictures))).collect();
        Self { variants, pictures, rows }
    }

    #[must_use]
    pub fn fits(&self, product: &Product) -> bool {
        self.variants == product.variants.len() && self.pictures == product.pictures.len()
    }
}

/// The product's rows, with the base columns in `base` and translations where they say something else.
#[must_use]
pub fn rows(product: &Product, layout: &Layout, base: Language) -> Vec<Cells> {
    let row = |(index, &(variant, picture)): (usize, &(Option<usize>, Option<usize>))| {
        let mut row = Row { cells: Cells::new(), base };
        row.put(column::HANDLE, &product.handle);
        if index == 0 {
            row.put_product(product);
        }
        if let Some(variant) = variant.and_then(|v| product.variants.get(v)) {
            row.put_variant(product, variant);
        }
        if let Some((position, picture)) = picture.and_then(|p| Some((p + 1, product.pictures.get(p)?))) {
            row.put_picture(position, picture);
        }
        row.cells
    };
    layout.rows.iter().enumerate().map(row).collect()
}

struct Row {
    cells: Cells,
    base: Language,
}

impl Row {
    fn put(&mut self, column: &str, text: &str) {
        if !text.is_empty() {
            self.cells.insert(column.to_owned(), text.to_owned());
        }
    }

    fn put_flag(&mut self, column: &str, flag: bool) {
        self.put(column, if flag { "TRUE" } else { "FALSE" });
    }

    /// The text in the base language and, where there are any, its translations.
    fn put_translated(&mut self, column: &str, text: &Translated) {
        self.put(column, text.get(self.base));
        for language in other_languages(self.base) {
            self.put(&column::in_language(column, language), text.0.get(&language).map_or("", String::as_str));
        }
    }

    /// A text that exists in every language: a translation is only one when it differs.
    fn put_texts<'a>(&mut self, column: &str, text: impl Fn(Language) -> &'a str) {
        let base = text(self.base);
        self.put(column, base);
        for language in other_languages(self.base) {
            let translation = text(language);
            self.put(&column::in_language(column, language), if translation == base { "" } else { translation });
        }
    }

    fn put_product(&mut self, product: &Product) {
        let texts = |language: Language| product.texts.get(&language).or_else(|| product.texts.values().next());
        for language in other_languages(self.base) {
            let slug = |language| texts(language).map_or("", |t| t.slug.as_str());
            let differs = slug(language) != slug(self.base);
            self.put(&column::in_language(column::HANDLE, language), if differs { slug(language) } else { "" });
        }
        self.put_texts(column::TITLE, |language| texts(language).map_or("", |t| t.title.as_str()));
        self.put_texts(column::BODY, |language| texts(language).map_or("", |t| t.body_html.as_str()));
        self.put_texts(column::SEO_TITLE, |language| texts(language).map_or("", |t| t.seo_title.as_str()));
        self.put_texts(column::SEO_DESCRIPTION, |language| texts(language).map_or("", |t| t.seo_description.as_str()));
        self.put(column::VENDOR, &product.vendor);
        self.put(column::TAGS, &product.tags.join(", "));
        self.put_flag(column::PUBLISHED, product.published);
        self.put(column::STATUS, &product.status);
        self.put_translated(column::KIND, &product.kind);
        self.put_category(&product.category);
        self.put_option_names(product);
        for specification in &product.specifications {
            let name = column::Specification::column_name(specification.label.get(self.base), &specification.code);
            self.put_translated(&name, &specification.value);
        }
        self.put_kept(&product.kept);
    }

    fn put_category(&mut self, category: &[Translated]) {
        let path = |language| category.iter().map(|name| name.get(language)).collect::<Vec<_>>().join(" > ");
        let paths: BTreeMap<Language, String> = Language::ALL.into_iter().map(|l| (l, path(l))).collect();
        self.put_texts(column::CATEGORY, |language| paths.get(&language).map_or("", String::as_str));
    }

    fn put_option_names(&mut self, product: &Product) {
        if product.options.is_empty() {
            self.put(column::OPTION_NAMES[0], column::NO_OPTION);
        }
        for (name, option) in column::OPTION_NAMES.iter().zip(&product.options) {
            self.put_translated(name, &option.name);
        }
    }

    fn put_variant(&mut self, product: &Product, variant: &Variant) {
        if product.options.is_empty() {
            self.put(column::OPTION_VALUES[0], column::NO_OPTION_VALUE);
        }
        for ((name, option), &value) in column::OPTION_VALUES.iter().zip(&product.options).zip(&variant.values) {
            if let Some(value) = option.values.get(value) {
                self.put_translated(name, value);
            }
        }
        self.put(column::SKU, variant.sku.as_deref().unwrap_or_default());
        self.put(column::GRAMS, &if variant.grams == 0 { String::new() } else { variant.grams.to_string() });
        self.put(column::TRACKER, if variant.tracked { "shopify" } else { "" });
        // Nobody counts what is not tracked.
        let counted = variant.available.filter(|&left| variant.tracked || left != 0);
        self.put(column::QUANTITY, &counted.map(|left| left.to_string()).unwrap_or_default());
        self.put(column::POLICY, if variant.backorder { "continue" } else { "deny" });
        self.put(column::PRICE, &variant.price.to_decimal());
        self.put(column::COMPARE_AT, &variant.compare_at.map(domain::Money::to_decimal).unwrap_or_default());
        self.put_flag(column::REQUIRES_SHIPPING, variant.requires_shipping);
        self.put_flag(column::TAXABLE, variant.taxable);
        self.put(column::BARCODE, &variant.barcode);
        let picture = variant.picture.and_then(|p| product.pictures.get(p));
        self.put(column::VARIANT_IMAGE, picture.map_or("", |p| p.source.as_str()));
        self.put_kept(&variant.kept);
    }

    fn put_picture(&mut self, position: usize, picture: &Picture) {
        self.put(column::IMAGE_SRC, &picture.source);
        self.put(column::IMAGE_POSITION, &position.to_string());
        self.put_translated(column::IMAGE_ALT, &picture.alt);
    }

    fn put_kept(&mut self, kept: &BTreeMap<String, String>) {
        for (name, text) in kept {
            self.put(name, text);
        }
    }
}

fn other_languages(base: Language) -> impl Iterator<Item = Language> {
    Language::ALL.into_iter().filter(move |language| *language != base)
}
