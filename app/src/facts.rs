//! What a page says of itself while it is rendered, so that the page cache knows what may drop it.

use domain::ids::ProductId;
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};
use time::OffsetDateTime;

/// Shared between the page being rendered and the cache that will keep it.
#[derive(Debug, Clone, Default)]
pub struct PageFacts(Arc<Mutex<Facts>>);

#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// It shows these products: an event of one of them drops it.
    pub products: BTreeSet<ProductId>,
    /// It lists products: an event of any product drops it.
    pub lists_products: bool,
    /// What it says stops being true then (a cut-off time, midnight).
    pub until: Option<OffsetDateTime>,
    /// It was made for anybody, and may be kept.
    pub shared: bool,
    /// Something could not be read: the next reader may have it.
    pub incomplete: bool,
}

impl Facts {
    #[must_use]
    pub const fn may_be_kept(&self) -> bool {
        self.shared && !self.incomplete
    }
}

impl PageFacts {
    /// The page shows nothing personal: it may be kept until something below changes.
    pub fn share(&self) {
        self.change(|facts| facts.shared = true);
    }

    /// Part of the page is missing: it is given as it is and not kept.
    pub fn lacks_something(&self) {
        self.change(|facts| facts.incomplete = true);
    }

    pub fn shows(&self, product: ProductId) {
        self.change(|facts| {
            facts.products.insert(product);
        });
    }

    pub fn lists_products(&self) {
        self.change(|facts| facts.lists_products = true);
    }

    pub fn true_until(&self, moment: OffsetDateTime) {
        self.change(|facts| facts.until = Some(facts.until.map_or(moment, |earlier| earlier.min(moment))));
    }

    #[must_use]
    pub fn read(&self) -> Facts {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut Facts)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
