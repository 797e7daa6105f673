//! The catalogue in schema.org's words, for search engines: where a page stands, what it lists, what a product is
//! and at which prices it is to be had.

use crate::catalog::links;
use domain::{
    Language,
    catalog::{ProductCard, ProductPage, Stock, Variant},
};
use serde_json::{Value, json};

/// From the home page down; the last crumb is the page itself. Each is a name and a path.
#[must_use]
pub fn breadcrumbs(origin: &str, crumbs: &[(String, String)]) -> Value {
    let items: Vec<Value> = crumbs
        .iter()
        .enumerate()
        .map(|(index, (name, path))| json!({"@type": "ListItem", "position": index + 1, "name": name, "item": format!("{origin}{path}")}))
        .collect();
    json!({"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items})
}

#[must_use]
pub fn item_list(origin: &str, language: Language, cards: &[ProductCard]) -> Value {
    let items: Vec<Value> = cards
        .iter()
        .enumerate()
        .map(|(index, card)| {
            json!({"@type": "ListItem", "position": index + 1, "name": card.title, "url": format!("{origin}{}", links::product(language, &card.slug))})
        })
        .collect();
    json!({"@context": "https://schema.org", "@type": "ItemList", "itemListElement": items})
}

#[must_use]
pub fn product(origin: &str, language: Language, page: &ProductPage) -> Value {
    let url = format!("{origin}{}", links::product(language, &page.slug));
    let images: Vec<String> = page.pictures.iter().map(|picture| format!("{origin}{}", picture.src(1280, "webp"))).collect();
    let offers: Vec<Value> = page.variants.iter().map(|variant| offer(&url, origin, page, variant)).collect();
    json!({
        "@context": "https://schema.org",
        "@type": "Product",
        "name": page.title,
        "description": page.seo_description,
        "brand": {"@type": "Brand", "name": page.vendor},
        "url": url,
        "image": images,
        "offers": offers,
    })
}

fn offer(url: &str, origin: &str, page: &ProductPage, variant: &Variant) -> Value {
    let availability = match variant.stock {
        Stock::Available(_) | Stock::Unlimited => "https://schema.org/InStock",
        Stock::MadeToOrder => "https://schema.org/BackOrder",
        Stock::SoldOut => "https://schema.org/OutOfStock",
    };
    let image = variant
        .picture
        .and_then(|index| page.pictures.get(usize::try_from(index).ok()?))
        .map(|picture| format!("{origin}{}", picture.src(1280, "webp")));
    json!({
        "@type": "Offer",
        "sku": variant.sku,
        "url": url,
        "price": variant.price.to_decimal(),
        "priceCurrency": variant.price.currency.code(),
        "availability": availability,
        "itemCondition": "https://schema.org/NewCondition",
        "image": image,
    })
}
