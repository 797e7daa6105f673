//! The tree of categories that every page's menu shows. It is asked for with every page that is rendered and changes
//! rarely: a process that hears the database's news keeps it until they say that it changed.

use super::browse::nodes;
use crate::{Outcome, Shop, database};
use domain::{Language, catalog::CategoryNode};
use sqlx::PgPool;
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

#[derive(Default)]
struct Menu {
    /// The news that would make a tree untrue are heard.
    trusted: bool,
    /// Goes up with every change: a tree whose reading began before is not kept after it.
    changes: u64,
    trees: HashMap<Language, Arc<[CategoryNode]>>,
}

/// By database: one process may serve several shops (its tests do).
static MENUS: RwLock<BTreeMap<String, Menu>> = RwLock::new(BTreeMap::new());

/// All categories as a tree, in the shop's order. How many products each holds may be from a while ago.
///
/// # Errors
/// The database refused it.
pub async fn categories(shop: &Shop, language: Language) -> Outcome<Arc<[CategoryNode]>> {
    let database = database(&shop.db);
    let known = |menu: &Menu| (menu.changes, menu.trees.get(&language).cloned());
    let (changes, tree) = read().get(&database).map(known).unzip();
    if let Some(tree) = tree.flatten() {
        return Ok(tree);
    }
    let tree: Arc<[CategoryNode]> = nodes(shop, language).await?.into();
    if let Some(menu) = write().get_mut(&database).filter(|menu| menu.trusted && Some(menu.changes) == changes) {
        menu.trees.insert(language, tree.clone());
    }
    Ok(tree)
}

/// From now on [`forget`] is called whenever a category changes.
pub fn trust(db: &PgPool) {
    change(db, |menu| menu.trusted = true);
}

/// News may be missed from now on.
pub fn distrust(db: &PgPool) {
    change(db, |menu| menu.trusted = false);
}

/// A category is another now.
pub fn forget(db: &PgPool) {
    change(db, |_| ());
}

fn change(db: &PgPool, change: impl FnOnce(&mut Menu)) {
    let mut menus = write();
    let menu = menus.entry(database(db)).or_default();
    menu.changes += 1;
    menu.trees.clear();
    change(menu);
}

fn read() -> RwLockReadGuard<'static, BTreeMap<String, Menu>> {
    MENUS.read().unwrap_or_else(PoisonError::into_inner)
}

fn write() -> RwLockWriteGuard<'static, BTreeMap<String, Menu>> {
    MENUS.write().unwrap_or_else(PoisonError::into_inner)
}
