//! Whole catalogues of others, where they are at hand: all of it comes in, and the same goes out.

use crate::fixture::{assert_comes_back, shop};
use sqlx::PgPool;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A file below the workspace or beside it; says so when it is absent.
fn find(path: &str) -> Option<(PathBuf, String)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    if let Ok(text) = fs::read_to_string(&file) {
        return Some((file, text));
    }
    println!("skipped: {path} is absent");
    None
}

async fn comes_back(db: PgPool, name: &str, path: &str, with_pictures: bool) {
    let Some((file, text)) = find(path) else { return };
    let shop = shop(db, name);
    let images = file.parent().filter(|_| with_pictures).map(Path::to_owned);
    assert_comes_back(&shop, &text, images).await;
}

#[sqlx::test]
async fn the_retail_catalogue(db: PgPool) {
    comes_back(db, "retail", "../shared/catalog/retail.csv", false).await;
}

#[sqlx::test]
async fn the_outdoor_catalogue_with_its_pictures(db: PgPool) {
    comes_back(db, "outdoor", "../shared/catalog/outdoor/outdoor.csv", true).await;
}

#[sqlx::test]
async fn the_demonstration_catalogue(db: PgPool) {
    comes_back(db, "demonstration", "demo/catalog.csv", false).await;
}
