//! Addresses of the catalogue. What is filtered by is always in the address, and nowhere else.

use domain::{
    Language,
    catalog::{ListingQuery, Sort},
};

#[must_use]
pub fn product(language: Language, slug: &str) -> String {
    format!("/{language}/p/{slug}")
}

#[must_use]
pub fn category(language: Language, slug: &str) -> String {
    format!("/{language}/c/{slug}")
}

#[must_use]
pub fn search(language: Language) -> String {
    format!("/{language}/search")
}

/// `path` with the query's pairs behind it.
#[must_use]
pub fn listing(path: &str, query: &ListingQuery) -> String {
    let pairs = serde_urlencoded::to_string(query.to_pairs()).unwrap_or_default();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{pairs}") }
}

/// The listing from its beginning, changed: a position in the old one means nothing in the new.
#[must_use]
pub fn changed(path: &str, query: &ListingQuery, change: impl FnOnce(&mut ListingQuery)) -> String {
    let mut query = ListingQuery { after: None, ..query.clone() };
    change(&mut query);
    listing(path, &query)
}

/// The same listing without the fields of the form that nobody filled in: a browser sends them with scripts off.
#[must_use]
pub fn tidied(path: &str, pairs: &[(String, String)]) -> Option<String> {
    const FIELDS: [&str; 6] = ["q", "o", "min", "max", "stock", "sort"];
    let is_empty = |(key, value): &(String, String)| FIELDS.contains(&key.as_str()) && value.trim().is_empty();
    pairs.iter().any(is_empty).then(|| listing(path, &ListingQuery::from_pairs(pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())))))
}

/// The page as search engines may keep it: nothing chosen, from the beginning.
#[must_use]
pub fn is_plain(query: &ListingQuery) -> bool {
    !query.is_filtered() && query.text.is_empty() && query.after.is_none() && query.sort == Sort::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_begins_the_listing_anew() {
        let query = ListingQuery { text: "cuenco azul".into(), after: Some("x".into()), in_stock: true, ..ListingQuery::default() };
        assert_eq!(listing("/es/search", &query), "/es/search?q=cuenco+azul&stock=1&after=x");
        assert_eq!(changed("/es/search", &query, |query| query.in_stock = false), "/es/search?q=cuenco+azul");
        assert_eq!(listing("/es/c/cuencos", &ListingQuery::default()), "/es/c/cuencos");
    }

    #[test]
    fn fields_that_nobody_filled_in_leave_the_address() {
        let tidied = |query: &str| tidied("/es/search", &serde_urlencoded::from_str::<Vec<_>>(query).unwrap());
        assert_eq!(tidied("q=taza&min=&max=&sort=").as_deref(), Some("/es/search?q=taza"));
        assert_eq!(tidied("q=").as_deref(), Some("/es/search"));
        assert_eq!(tidied("q=taza&min=5&from=a-letter&empty="), None);
    }

    #[test]
    fn only_an_untouched_listing_is_for_search_engines() {
        assert!(is_plain(&ListingQuery::default()));
        assert!(!is_plain(&ListingQuery { sort: Sort::Newest, ..ListingQuery::default() }));
        assert!(!is_plain(&ListingQuery { after: Some("x".into()), ..ListingQuery::default() }));
    }
}
