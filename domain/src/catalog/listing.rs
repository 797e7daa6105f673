//! A listing of products: what it was asked for, which is its address, and what it shows with its facets.

use super::{PriceRange, ProductCard};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Best match when searching; the shop's own order when browsing.
    #[default]
    Relevance,
    Newest,
    PriceUp,
    PriceDown,
    Title,
}

impl Sort {
    pub const ALL: [Self; 5] = [Self::Relevance, Self::Newest, Self::PriceUp, Self::PriceDown, Self::Title];

    /// As it stands in the address, `?sort=price_up`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Newest => "newest",
            Self::PriceUp => "price_up",
            Self::PriceDown => "price_down",
            Self::Title => "title",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|s| s.code() == code).unwrap_or_default()
    }
}

/// What a listing was asked for. It is the address: `?q=bowl&o=glaze:sand&o=size:l&min=10&max=40&stock=1&sort=price_up&after=..`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ListingQuery {
    pub text: String,
    /// The category's slug in the reader's language.
    pub category: Option<String>,
    /// (option code, value code); values of one option are alternatives, different options must all fit.
    pub options: Vec<(String, String)>,
    /// Whole major units of the shop's currency, as typed into the filter.
    pub price_from: Option<u32>,
    pub price_to: Option<u32>,
    pub in_stock: bool,
    pub sort: Sort,
    /// Opaque position of the last product of the page before.
    pub after: Option<String>,
}

impl ListingQuery {
    /// Reads the decoded pairs of an address; what is not understood is left out.
    #[must_use]
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut query = Self::default();
        for (key, value) in pairs {
            let value = value.trim();
            // Nothing that is stored holds one, and the database takes none.
            if value.contains('\0') {
                continue;
            }
            match key {
                "q" => query.text = value.chars().take(200).collect(),
                "category" if !value.is_empty() => query.category = Some(value.to_owned()),
                "o" => {
                    if let Some((option, value)) = value.split_once(':').filter(|_| query.options.len() < 40) {
                        query.options.push((option.to_owned(), value.to_owned()));
                    }
                }
                "min" => query.price_from = value.parse().ok(),
                "max" => query.price_to = value.parse().ok(),
                "stock" => query.in_stock = value == "1",
                "sort" => query.sort = Sort::from_code(value),
                "after" if !value.is_empty() => query.after = Some(value.to_owned()),
                _ => {}
            }
        }
        query
    }

    /// The pairs of the address, the other way round; `category` is left to the path.
    #[must_use]
    pub fn to_pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        if !self.text.is_empty() {
            pairs.push(("q", self.text.clone()));
        }
        pairs.extend(self.options.iter().map(|(option, value)| ("o", format!("{option}:{value}"))));
        pairs.extend(self.price_from.map(|p| ("min", p.to_string())));
        pairs.extend(self.price_to.map(|p| ("max", p.to_string())));
        if self.in_stock {
            pairs.push(("stock", "1".to_owned()));
        }
        if self.sort != Sort::default() {
            pairs.push(("sort", self.sort.code().to_owned()));
        }
        pairs.extend(self.after.clone().map(|a| ("after", a)));
        pairs
    }

    /// Anything chosen beyond text and category.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        !self.options.is_empty() || self.price_from.is_some() || self.price_to.is_some() || self.in_stock
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetValue {
    pub code: String,
    pub name: String,
    /// Products that would be left if this value were chosen (with what is chosen in the other facets).
    pub count: u32,
    pub selected: bool,
}

/// An option to filter by, such as the glaze.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facet {
    pub code: String,
    pub name: String,
    pub values: Vec<FacetValue>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    pub cards: Vec<ProductCard>,
    /// Products that fit, over all pages.
    pub total: u32,
    /// Value for `after` to see the next page.
    pub next: Option<String>,
    pub facets: Vec<Facet>,
    /// Categories among the results (code is the slug), when the listing is not one category already.
    pub categories: Vec<FacetValue>,
    /// Lowest and highest price that fit the other filters.
    pub prices: Option<PriceRange>,
    pub in_stock_count: u32,
    /// Nothing holds what was typed: these are the results for this instead, the nearest words the shop knows.
    pub did_you_mean: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_is_its_address() {
        let pairs =
            [("q", " bowl "), ("o", "glaze:sand"), ("o", "size:l"), ("min", "10"), ("stock", "1"), ("sort", "price_up"), ("x", "y")];
        let query = ListingQuery::from_pairs(pairs);
        assert_eq!(query.text, "bowl");
        assert_eq!(query.options.len(), 2);
        assert!(query.in_stock && query.is_filtered());
        let again = query.to_pairs();
        assert_eq!(ListingQuery::from_pairs(again.iter().map(|(k, v)| (*k, v.as_str()))), query);
        assert_eq!(ListingQuery::from_pairs([("o", "glaze:\0"), ("category", "\0"), ("q", "a\0")]), ListingQuery::default());
    }

    #[test]
    fn each_filter_alone_is_one_and_words_are_none() {
        for filter in [("o", "glaze:sand"), ("min", "10"), ("max", "40"), ("stock", "1")] {
            assert!(ListingQuery::from_pairs([filter]).is_filtered(), "{filter:?}");
        }
        assert!(!ListingQuery::from_pairs([("q", "bowl"), ("sort", "price_up")]).is_filtered());
    }
}
