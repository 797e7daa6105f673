//! Which option values the numbers of `search_facet_set` stand for. Its rows never change nor go, so what was read once
//! is kept.

use crate::{Fault, Shop, database};
use rustc_hash::FxHashMap;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError, RwLock},
};

/// Facet value ids by the number of their set.
pub(super) type FacetSets = FxHashMap<i32, Arc<[i32]>>;

/// By database: one process may serve several shops (its tests do).
static KNOWN: RwLock<BTreeMap<String, Arc<FacetSets>>> = RwLock::new(BTreeMap::new());

/// All that is known of the sets, among it the `wanted` ones.
pub(super) async fn holding(shop: &Shop, wanted: impl Iterator<Item = i32>) -> Result<Arc<FacetSets>, Fault> {
    let database = database(&shop.db);
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(&database).cloned().unwrap_or_default();
    let missing: BTreeSet<i32> = wanted.filter(|set| !known.contains_key(set)).collect();
    if missing.is_empty() {
        return Ok(known);
    }
    let missing: Vec<i32> = missing.into_iter().collect();
    let rows = sqlx::query!("select id, value_ids from search_facet_set where id = any($1)", &missing).fetch_all(&shop.db).await?;
    let mut all = FacetSets::clone(&known);
    all.extend(rows.into_iter().map(|row| (row.id, Arc::from(row.value_ids))));
    let all = Arc::new(all);
    KNOWN.write().unwrap_or_else(PoisonError::into_inner).insert(database, all.clone());
    Ok(all)
}
