//! What can be bought, as somebody finds it who looks at every product; and who lets some of it stand for others.

use anyhow::{Result, ensure};
use domain::{
    Language,
    catalog::{Found, Stock},
    ids::VariantId,
};
use shop::{
    Shop,
    catalog::product::{self, SitemapKind},
};
use time::OffsetDateTime;

pub struct Shelves(Vec<Goods>);

#[derive(Debug, Clone, Copy)]
struct Goods {
    id: VariantId,
    /// `None`: not counted, or made to order.
    left: Option<u32>,
    made_to_order: bool,
}

/// What was taken from a shelf.
#[derive(Debug, Clone, Copy)]
pub struct Taken {
    pub variant: VariantId,
    pub quantity: u32,
    pub made_to_order: bool,
}

/// So many of each stay where they are: a shop that is sold out would sell nothing to whoever tries it.
const STAY: u32 = 2;

impl Shelves {
    /// By category, so that a taste is a place on them.
    ///
    /// # Errors
    /// Nothing is for sale.
    pub async fn of(shop: &Shop, now: OffsetDateTime) -> Result<Self> {
        let mut products = Vec::new();
        for entry in product::slugs_for_sitemap(shop).await? {
            if entry.kind != SitemapKind::Product || entry.language != Language::En {
                continue;
            }
            if let Found::Here(page) = product::page(shop, Language::En, &entry.slug, now).await? {
                products.push((page.categories.clone(), page.slug.clone(), page.variants));
            }
        }
        products.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        let goods = products.into_iter().flat_map(|(.., variants)| variants).filter_map(|variant| {
            let (left, made_to_order) = match variant.stock {
                Stock::Available(left) => (Some(left), false),
                Stock::Unlimited => (None, false),
                Stock::MadeToOrder => (None, true),
                Stock::SoldOut => return None,
            };
            Some(Goods { id: variant.id, left, made_to_order })
        });
        let goods: Vec<Goods> = goods.collect();
        ensure!(!goods.is_empty(), "this shop has nothing to sell; open it once with --demo, or import products");
        Ok(Self(goods))
    }

    /// So many from there, or from the next place that has as many.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
    pub fn take(&mut self, place: f64, quantity: u32) -> Option<Taken> {
        let count = self.0.len();
        let first = ((place * count as f64) as usize).min(count - 1);
        let places = (0..count).map(|step| (first + step) % count);
        let enough = |goods: &Goods| goods.left.is_none_or(|left| left >= quantity + STAY);
        let place = places.into_iter().find(|place| enough(&self.0[*place]))?;
        let goods = &mut self.0[place];
        goods.left = goods.left.map(|left| left - quantity);
        Some(Taken { variant: goods.id, quantity, made_to_order: goods.made_to_order })
    }

    pub fn put_back(&mut self, taken: &[Taken]) {
        for one in taken {
            if let Some(left) = self.0.iter_mut().find(|goods| goods.id == one.variant).and_then(|goods| goods.left.as_mut()) {
                *left += one.quantity;
            }
        }
    }
}
