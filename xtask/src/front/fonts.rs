//! Fonts come from npm packages; style/fonts.json says which files under which names:
//! `{"inter.woff2": "node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2"}`.
//! The style sheet asks for `/fonts/inter.woff2`; the build points it to the hashed name. A font
//! that a first screen does not need is `{"file": "node_modules/...", "preload": false}`.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// A listed font.
pub struct Font {
    pub file: PathBuf,
    /// Whether pages ask for it before they have read the style sheet.
    pub preload: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Plain(String),
    Full { file: String, preload: bool },
}

/// The listed fonts by name. None when there is no list.
pub fn read(root: &Path) -> Result<BTreeMap<String, Font>> {
    let list = root.join("style/fonts.json");
    if !list.exists() {
        return Ok(BTreeMap::new());
    }
    let entries: BTreeMap<String, Entry> =
        serde_json::from_str(&fs::read_to_string(&list)?).context("style/fonts.json is not a list of fonts")?;
    let font = |(name, entry)| {
        let (file, preload) = match entry {
            Entry::Plain(file) => (file, true),
            Entry::Full { file, preload } => (file, preload),
        };
        let file = root.join(file);
        ensure!(file.exists(), "style/fonts.json: {} is missing; run `npm ci`", file.display());
        Ok((name, Font { file, preload }))
    };
    entries.into_iter().map(font).collect()
}

/// Fails when the style sheet still asks for a font that is not in the list.
pub fn refuse_unknown(css: &str) -> Result<()> {
    if let Some(start) = css.find("/fonts/") {
        let name: String = css[start..].chars().take_while(|letter| !"\"')".contains(*letter)).collect();
        anyhow::bail!("the style sheet asks for {name}, which style/fonts.json does not list");
    }
    Ok(())
}
