//! Where the words of a search stand: in a product's title, among its labels, or anywhere. Postgres names those of the
//! first two places, up to a limit: a word that stands in thousands of titles stands in some of the nearest (`order`).

use rustc_hash::FxHashSet;

/// So many products of a place are named at most.
pub(super) const NAMED: usize = 3000;

/// Ids as numbers.
#[derive(Debug)]
pub(super) struct Places {
    titled: FxHashSet<u128>,
    /// Nothing where they were not asked for, because the titles are enough for some pages.
    labelled: Option<FxHashSet<u128>>,
}

impl Places {
    /// From their ids, one after the other. Those labelled include those titled.
    pub(super) fn of(titled: &[u8], labelled: Option<&[u8]>) -> Self {
        let ids = |bytes: &[u8]| bytes.as_chunks::<16>().0.iter().map(|id| u128::from_be_bytes(*id)).collect();
        Self { titled: ids(titled), labelled: labelled.map(ids) }
    }

    /// 0 for all words in the title, 1 for title and labels, 2 for anywhere; nothing where that is not known.
    pub(super) fn of_product(&self, product: u128) -> Option<i64> {
        if self.titled.contains(&product) {
            return Some(0);
        }
        let labelled = self.labelled.as_ref()?;
        if labelled.contains(&product) {
            return Some(1);
        }
        (labelled.len() < NAMED).then_some(2)
    }

    /// Of every place before this one all products are known.
    pub(super) fn first_unknown(&self) -> i64 {
        i64::from(self.titled.len() < NAMED)
    }
}
