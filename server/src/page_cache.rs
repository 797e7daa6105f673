//! Whole pages, rendered and compressed once for everybody who has nothing personal on them. A page is kept
//! under all that shapes it (its address, language included) until an event changes a product it shows, its
//! own time is over, or this node stops hearing the events.

use app::facts::Facts;
use axum::{body::Bytes, extract::MatchedPath, http::HeaderValue};
use domain::ids::ProductId;
use moka::sync::Cache;
use std::{
    collections::HashMap,
    sync::{
        Arc, OnceLock, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use time::OffsetDateTime;

/// Bytes of pages to keep, compressed and plain.
const CAPACITY: u64 = 64 * 1024 * 1024;
/// The longest a page is kept, whatever happens.
const LONGEST: Duration = Duration::from_secs(600);

/// A rendered page: whole for those with an empty cart, in two halves for the others.
pub struct Page {
    pub plain: Bytes,
    /// Made once it is asked for again.
    pub brotli: OnceLock<Bytes>,
    /// The same for browsers that read no Brotli.
    pub gzip: OnceLock<Bytes>,
    /// Where in `plain` the number on the cart's badge goes.
    pub badge_at: Vec<usize>,
    pub etag: HeaderValue,
    /// The route that made it, for the figures.
    pub route: Option<MatchedPath>,
    facts: Facts,
    /// The count of changes when its rendering began.
    begun: u64,
    /// The count of changes up to which it is known to be true still.
    checked: AtomicU64,
}

#[derive(Clone)]
pub struct PageCache(Arc<Inner>);

struct Inner {
    pages: Cache<String, Arc<Page>>,
    listening: AtomicBool,
    /// Goes up with every change; a page is true while nothing it shows changed after it was begun.
    changes: AtomicU64,
    changed: RwLock<Changed>,
}

#[derive(Default)]
struct Changed {
    products: HashMap<ProductId, u64>,
    any_product: u64,
    everything: u64,
}

impl Default for PageCache {
    fn default() -> Self {
        let pages = Cache::builder()
            .max_capacity(CAPACITY)
            .weigher(|key: &String, page: &Arc<Page>| {
                // Compressed both ways it takes less than half as much again.
                u32::try_from(key.len() + page.plain.len() * 3 / 2 + 512).unwrap_or(u32::MAX)
            })
            .time_to_live(LONGEST)
            .build();
        Self(Arc::new(Inner { pages, listening: AtomicBool::new(false), changes: AtomicU64::new(1), changed: RwLock::default() }))
    }
}

impl PageCache {
    /// The page kept under `key`, if all it says is still true at `now`.
    #[must_use]
    pub fn get(&self, key: &str, now: OffsetDateTime) -> Option<Arc<Page>> {
        if !self.0.listening.load(Ordering::Acquire) {
            return None;
        }
        let page = self.0.pages.get(key)?;
        (page.facts.until.is_none_or(|until| now < until) && self.is_true(&page)).then_some(page)
    }

    /// To be called before rendering begins: changes after it make the page untrue.
    #[must_use]
    pub fn begin(&self) -> u64 {
        self.0.changes.load(Ordering::Acquire)
    }

    /// Makes a page of rendered HTML and keeps it if it may be kept.
    pub fn keep(&self, key: String, parts: RenderedPage, facts: Facts, begun: u64) -> Arc<Page> {
        let RenderedPage { plain, badge_at, etag, route } = parts;
        let (brotli, gzip, checked) = (OnceLock::new(), OnceLock::new(), AtomicU64::new(begun));
        let page = Arc::new(Page { plain, brotli, gzip, badge_at, etag, route, facts, begun, checked });
        self.0.pages.insert(key, Arc::clone(&page));
        page
    }

    /// Something a shopper sees of this product is another.
    pub fn product_changed(&self, product: ProductId) {
        self.change(|changed, count| {
            // Bounded: beyond this it is cheaper to render everything again.
            if changed.products.len() >= 50_000 {
                changed.products.clear();
                changed.everything = count;
            }
            changed.products.insert(product, count);
            changed.any_product = count;
        });
    }

    pub fn everything_changed(&self) {
        self.change(|changed, count| changed.everything = count);
    }

    /// News may be missing from now on.
    pub fn suspend(&self) {
        self.0.listening.store(false, Ordering::Release);
        self.everything_changed();
    }

    pub fn resume(&self) {
        self.everything_changed();
        self.0.listening.store(true, Ordering::Release);
    }

    fn change(&self, change: impl FnOnce(&mut Changed, u64)) {
        let mut changed = self.0.changed.write().unwrap_or_else(PoisonError::into_inner);
        let count = self.0.changes.load(Ordering::Acquire) + 1;
        change(&mut changed, count);
        // Only now, so that whoever sees the new count finds what changed.
        self.0.changes.store(count, Ordering::Release);
    }

    fn is_true(&self, page: &Page) -> bool {
        let count = self.0.changes.load(Ordering::Acquire);
        if page.checked.load(Ordering::Relaxed) == count {
            return true;
        }
        let changed = self.0.changed.read().unwrap_or_else(PoisonError::into_inner);
        let newest = if page.facts.lists_products {
            changed.any_product
        } else {
            page.facts.products.iter().filter_map(|product| changed.products.get(product)).copied().max().unwrap_or(0)
        };
        let is_true = newest.max(changed.everything) <= page.begun;
        if is_true {
            page.checked.store(count, Ordering::Relaxed);
        }
        is_true
    }
}

/// HTML in the forms it is served in.
pub struct RenderedPage {
    pub plain: Bytes,
    pub badge_at: Vec<usize>,
    pub etag: HeaderValue,
    pub route: Option<MatchedPath>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn rendered() -> RenderedPage {
        let etag = HeaderValue::from_static("W/\"page\"");
        RenderedPage { plain: Bytes::from_static(b"page"), badge_at: vec![], etag, route: None }
    }

    fn product(n: u128) -> ProductId {
        ProductId(Uuid::from_u128(n))
    }

    fn facts(products: &[u128], lists_products: bool) -> Facts {
        Facts { products: products.iter().map(|&n| product(n)).collect(), lists_products, shared: true, ..Facts::default() }
    }

    #[test]
    fn a_page_goes_when_what_it_shows_changes_and_stays_otherwise() {
        let (cache, now) = (PageCache::default(), OffsetDateTime::UNIX_EPOCH);
        cache.resume();
        cache.keep("bowl".into(), rendered(), facts(&[1], false), cache.begin());
        cache.keep("list".into(), rendered(), facts(&[1], true), cache.begin());
        cache.product_changed(product(2));
        assert!(cache.get("bowl", now).is_some());
        assert!(cache.get("list", now).is_none());
        cache.product_changed(product(1));
        assert!(cache.get("bowl", now).is_none());
    }

    #[test]
    fn a_change_during_rendering_is_not_lost() {
        let (cache, now) = (PageCache::default(), OffsetDateTime::UNIX_EPOCH);
        cache.resume();
        let begun = cache.begin();
        cache.product_changed(product(1));
        cache.keep("bowl".into(), rendered(), facts(&[1], false), begun);
        assert!(cache.get("bowl", now).is_none());
    }

    #[test]
    fn nothing_is_trusted_while_no_news_comes_in_nor_after_it_was_missed() {
        let (cache, now) = (PageCache::default(), OffsetDateTime::UNIX_EPOCH);
        cache.keep("bowl".into(), rendered(), facts(&[1], false), cache.begin());
        assert!(cache.get("bowl", now).is_none());
        cache.resume();
        assert!(cache.get("bowl", now).is_none());
        cache.keep("bowl".into(), rendered(), facts(&[1], false), cache.begin());
        assert!(cache.get("bowl", now).is_some());
        cache.suspend();
        assert!(cache.get("bowl", now).is_none());
    }

    #[test]
    fn a_page_ends_with_its_own_time() {
        let (cache, now) = (PageCache::default(), OffsetDateTime::UNIX_EPOCH);
        cache.resume();
        let until = now + Duration::from_secs(60);
        cache.keep("bowl".into(), rendered(), Facts { until: Some(until), ..facts(&[1], false) }, cache.begin());
        assert!(cache.get("bowl", now).is_some());
        assert!(cache.get("bowl", until).is_none());
    }
}
