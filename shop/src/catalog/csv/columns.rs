//! The columns: Shopify's, their translations with a language behind (`Title [es]`), specifications as
//! metafields (`Care (product.metafields.specs.care)`), and whatever else a file has.

use domain::{Language, Translated};
use std::collections::HashMap;

pub const HANDLE: &str = "Handle";
pub const TITLE: &str = "Title";
pub const BODY: &str = "Body (HTML)";
pub const VENDOR: &str = "Vendor";
pub const CATEGORY: &str = "Product Category";
pub const KIND: &str = "Type";
pub const TAGS: &str = "Tags";
pub const PUBLISHED: &str = "Published";
pub const OPTION_NAMES: [&str; 3] = ["Option1 Name", "Option2 Name", "Option3 Name"];
pub const OPTION_VALUES: [&str; 3] = ["Option1 Value", "Option2 Value", "Option3 Value"];
pub const SKU: &str = "Variant SKU";
pub const GRAMS: &str = "Variant Grams";
pub const TRACKER: &str = "Variant Inventory Tracker";
pub const QUANTITY: &str = "Variant Inventory Qty";
pub const POLICY: &str = "Variant Inventory Policy";
pub const FULFILMENT: &str = "Variant Fulfillment Service";
pub const PRICE: &str = "Variant Price";
pub const COMPARE_AT: &str = "Variant Compare At Price";
pub const REQUIRES_SHIPPING: &str = "Variant Requires Shipping";
pub const TAXABLE: &str = "Variant Taxable";
pub const BARCODE: &str = "Variant Barcode";
pub const IMAGE_SRC: &str = "Image Src";
pub const IMAGE_POSITION: &str = "Image Position";
pub const IMAGE_ALT: &str = "Image Alt Text";
pub const GIFT_CARD: &str = "Gift Card";
pub const SEO_TITLE: &str = "SEO Title";
pub const SEO_DESCRIPTION: &str = "SEO Description";
pub const VARIANT_IMAGE: &str = "Variant Image";
pub const WEIGHT_UNIT: &str = "Variant Weight Unit";
pub const STATUS: &str = "Status";

/// Shopify's way to write a product without options: one option of this name with one value.
pub const NO_OPTION: &str = "Title";
pub const NO_OPTION_VALUE: &str = "Default Title";

/// Shopify's, in Shopify's order.
pub const STANDARD: [&str; 34] = [
    HANDLE,
    TITLE,
    BODY,
    VENDOR,
    CATEGORY,
    KIND,
    TAGS,
    PUBLISHED,
    OPTION_NAMES[0],
    OPTION_VALUES[0],
    OPTION_NAMES[1],
    OPTION_VALUES[1],
    OPTION_NAMES[2],
    OPTION_VALUES[2],
    SKU,
    GRAMS,
    TRACKER,
    QUANTITY,
    POLICY,
    FULFILMENT,
    PRICE,
    COMPARE_AT,
    REQUIRES_SHIPPING,
    TAXABLE,
    BARCODE,
    IMAGE_SRC,
    IMAGE_POSITION,
    IMAGE_ALT,
    GIFT_CARD,
    SEO_TITLE,
    SEO_DESCRIPTION,
    VARIANT_IMAGE,
    WEIGHT_UNIT,
    STATUS,
];

/// Those that may have a translation.
pub const TRANSLATABLE: [&str; 14] = [
    HANDLE,
    TITLE,
    BODY,
    CATEGORY,
    KIND,
    OPTION_NAMES[0],
    OPTION_VALUES[0],
    OPTION_NAMES[1],
    OPTION_VALUES[1],
    OPTION_NAMES[2],
    OPTION_VALUES[2],
    IMAGE_ALT,
    SEO_TITLE,
    SEO_DESCRIPTION,
];

/// Shopify's columns that mean nothing to us; kept with the variant, like columns nobody knows.
pub const KEPT_WITH_VARIANT: [&str; 2] = [FULFILMENT, WEIGHT_UNIT];

/// The name of a column's translation.
#[must_use]
pub fn in_language(column: &str, language: Language) -> String {
    format!("{column} [{language}]")
}

/// `Title [es]` is the Spanish of `Title`.
fn split_language(name: &str) -> Option<(&str, Language)> {
    let (column, code) = name.strip_suffix(']')?.rsplit_once(" [")?;
    Some((column, code.parse().ok()?))
}

/// A column of specifications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Specification {
    /// The whole name of the column in the base language.
    pub column: String,
    /// The metafield's key.
    pub code: String,
    pub label: Translated,
}

const METAFIELDS: &str = " (product.metafields.specs.";

/// Labels of the specifications that shops like ours have: code, Spanish, English.
const LABELS: [(&str, &str, &str); 5] = [
    ("dimensions", "Dimensiones", "Dimensions"),
    ("capacity", "Capacidad", "Capacity"),
    ("material", "Material", "Material"),
    ("care", "Cuidado", "Care"),
    ("firing", "Cocción", "Firing"),
];

impl Specification {
    fn parse(column: &str, base: Language) -> Option<Self> {
        let (label, rest) = column.split_once(METAFIELDS)?;
        let code = rest.strip_suffix(')').filter(|c| !c.is_empty())?;
        let known = LABELS.iter().find(|(known, ..)| *known == code);
        let in_language = |language| match (known, language) {
            (_, own) if own == base => label,
            (Some((_, es, _)), Language::Es) => es,
            (Some((.., en)), Language::En) => en,
            (None, _) => label,
        };
        let label = Translated(Language::ALL.into_iter().map(|l| (l, in_language(l).to_owned())).collect());
        Some(Self { column: column.to_owned(), code: code.to_owned(), label })
    }

    /// The name of the column that an export writes it to.
    #[must_use]
    pub fn column_name(label: &str, code: &str) -> String {
        format!("{label}{METAFIELDS}{code})")
    }
}

/// The first line of a file.
#[derive(Debug)]
pub struct Header {
    pub names: Vec<String>,
    pub specifications: Vec<Specification>,
    /// Columns we have no use for: kept, and named in the report.
    pub unknown: Vec<String>,
    by_name: HashMap<String, usize>,
    /// Positions in the order of names: a product is the same however its columns are arranged.
    pub sorted: Vec<usize>,
}

impl Header {
    /// `names` must not name a column twice; the error is that name.
    pub fn new(names: Vec<String>, base: Language) -> Result<Self, String> {
        let mut by_name = HashMap::new();
        for (position, name) in names.iter().enumerate() {
            if by_name.insert(name.clone(), position).is_some() {
                return Err(name.clone());
            }
        }
        let mut specifications: Vec<Specification> = Vec::new();
        let mut unknown = Vec::new();
        for name in &names {
            // A twin in the base language itself says nothing that the column does not say.
            let twin = split_language(name).filter(|(_, language)| *language != base);
            let column = twin.map_or(name.as_str(), |(column, _)| column);
            if let Some(found) = Specification::parse(column, base) {
                if specifications.iter().all(|s| s.column != found.column) {
                    specifications.push(found);
                }
            } else if !STANDARD.contains(&name.as_str()) && !TRANSLATABLE.contains(&column) && !name.is_empty() {
                unknown.push(name.clone());
            }
        }
        let mut sorted: Vec<usize> = (0..names.len()).collect();
        sorted.sort_by(|&a, &b| names[a].cmp(&names[b]));
        Ok(Self { names, specifications, unknown, by_name, sorted })
    }

    #[must_use]
    pub fn position(&self, column: &str) -> Option<usize> {
        self.by_name.get(column).copied()
    }

    #[must_use]
    pub fn has(&self, column: &str) -> bool {
        self.by_name.contains_key(column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_tells_translations_specifications_and_strangers_apart() {
        let names = ["Handle", "Title", "Title [es]", "Care (product.metafields.specs.care)", "Care (product.metafields.specs.care) [es]"];
        let names = names.into_iter().chain(["Cost per item", "Vendor [es]", "Title [fr]"]).map(str::to_owned).collect();
        let header = Header::new(names, Language::En).unwrap();
        assert_eq!(header.unknown, ["Cost per item", "Vendor [es]", "Title [fr]"]);
        assert_eq!(header.specifications.len(), 1);
        assert_eq!(header.specifications[0].label.get(Language::Es), "Cuidado");
        assert_eq!(header.specifications[0].label.get(Language::En), "Care");
        let twice = ["Care (product.metafields.specs.care)", "Washing (product.metafields.specs.care)"].map(str::to_owned);
        assert_eq!(Header::new(twice.to_vec(), Language::En).unwrap().specifications.len(), 2);
        assert!(Header::new(vec!["Handle".into(), "Handle".into()], Language::En).is_err());
    }
}
