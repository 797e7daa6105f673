//! What is sold, and buying it.

use super::{Answer, Browser};
use domain::Language;
use shop::{
    Shop,
    catalog::import::{self, ImportOptions},
};
use std::io::Cursor;
use time::OffsetDateTime;

/// A product as the merchant writes it into the catalogue.
#[derive(Clone)]
pub struct Ware {
    pub handle: &'static str,
    pub title: &'static str,
    pub titulo: &'static str,
    pub price: &'static str,
    pub stock: u32,
}

pub const BOWL: Ware = Ware { handle: "bowl", title: "Tide Bowl", titulo: "Cuenco Marea", price: "24.90", stock: 50 };

impl Ware {
    /// Its row in the catalogue's file.
    pub fn catalogue(&self) -> String {
        let Self { handle, title, titulo, price, stock } = self;
        format!(
            "Handle,Handle [es],Title,Title [es],Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,\
             Variant Price,Published,Status\n{handle},{handle}-es,{title},{titulo},{handle},shopify,{stock},deny,{price},TRUE,active\n"
        )
    }

    /// Imports it: for the first time, or as it is now.
    pub async fn import(&self, shop: &Shop) {
        let options = ImportOptions { images: None, base_language: Language::En, dry_run: false };
        let report = import::import(shop, Cursor::new(self.catalogue()), &options, |_| {}, OffsetDateTime::now_utc()).await.unwrap();
        assert!(report.rejections.is_empty(), "{:?}", report.rejections);
    }

    /// Its page, in each language under its own address.
    pub fn page(&self, language: &str) -> String {
        if language == "es" { format!("/es/p/{}-es", self.handle) } else { format!("/en/p/{}", self.handle) }
    }

    /// What the product page's form sends.
    pub async fn variant(&self, browser: &Browser) -> String {
        let page = browser.get(&self.page("en")).await;
        field(&page.text, "variant")
    }

    /// Puts one into the cart, as without scripts.
    pub async fn add(&self, browser: &Browser) -> Answer {
        let variant = self.variant(browser).await;
        browser.post("/api/cart/add", &[("variant", &variant), ("quantity", "1")]).await
    }
}

/// The value of a form's field with this name.
pub fn field(page: &str, name: &str) -> String {
    let tag = page.split('<').find(|tag| tag.contains(&format!("name=\"{name}\"")) && tag.contains("value=\"")).expect(name);
    tag.split_once("value=\"").unwrap().1.split('"').next().unwrap().to_owned()
}

/// An address without the shop's own, under which the tests do not reach it.
fn path(address: &str) -> &str {
    let (_, rest) = address.split_once("://").unwrap();
    &rest[rest.find('/').unwrap()..]
}

/// Fills in the checkout and orders what is in the cart; the path of the payment page.
pub async fn order(browser: &Browser, language: &str, email: &str) -> String {
    let from = format!("{}/{language}/checkout", browser.origin);
    let details = [
        ("email", email),
        ("name", "Ángela Núñez"),
        ("line1", "Calle Mayor 1"),
        ("city", "Madrid"),
        ("postcode", "28013"),
        ("country", "ES"),
        ("method", "es-standard"),
    ];
    let placed = browser.send(browser.form("/api/checkout/place", &details).header("referer", from)).await;
    assert!(placed.leads_to().contains("/sandbox/pay/"), "{} {}", placed.leads_to(), placed.text);
    path(placed.leads_to()).to_owned()
}

/// Pays on the payment page and comes back to the shop.
pub async fn pay(browser: &Browser, payment_page: &str) -> Answer {
    let card = [("number", "4242424242424242"), ("expiry", "12 / 40"), ("cvc", "123"), ("name", "A N"), ("method", "card")];
    let paid = browser.post(payment_page, &card).await;
    assert!(paid.leads_to().contains("/checkout/return"), "{} {}", paid.leads_to(), paid.text);
    browser.get(path(paid.leads_to())).await
}
