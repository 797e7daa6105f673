//! `cargo xtask budget`: what a first visit downloads, against limits that the shop keeps to.

use crate::{
    front::site::{kilobytes, manifest},
    process,
};
use anyhow::{Context, Result, ensure};

/// Brotli bytes: what is measured, in which field of the manifest, and how much it may be.
const WASM_LIMIT: u64 = 150_000;
const CSS_LIMIT: u64 = 25_000;

/// Fails when a file of the release build is larger than its limit.
pub fn check() -> Result<()> {
    let manifest = manifest(&process::root()?.join("target/site"))?
        .filter(|manifest| manifest.release)
        .context("there is no release build to measure: run `cargo xtask front --release`")?;
    let mut too_large = Vec::new();
    for (name, path, limit) in [("wasm", &manifest.wasm, WASM_LIMIT), ("css", &manifest.css, CSS_LIMIT)] {
        let bytes = manifest.sizes.get(path).and_then(|size| size.brotli).context("the manifest lacks a size")?;
        println!("{name}: {} of {} as brotli", kilobytes(bytes), kilobytes(limit));
        if bytes > limit {
            too_large.push(name);
        }
    }
    ensure!(too_large.is_empty(), "over the limit: {}", too_large.join(", "));
    Ok(())
}
