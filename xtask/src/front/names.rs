//! Names that carry a hash of the content, and the fingerprint of all inputs.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::{fs, path::PathBuf, time::UNIX_EPOCH};

/// A short hash of some content: 64 bits are plenty against chance.
pub fn short(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes)[..8])
}

/// "vitrina.css" with its hash before the ending.
pub fn hashed(name: &str, hash: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}.{hash}.{ending}"),
        None => format!("{name}.{hash}"),
    }
}

/// wasm-bindgen puts scripts of other crates into folders; all of ours lie side by side.
pub fn flat(name: &str) -> String {
    name.replace('/', "-")
}

/// Points the imports among the scripts to their hashed names.
///
/// Only after `from`: the same words as keys of an object are names that the WASM itself uses.
pub fn point_imports<'a>(text: &str, scripts: impl Iterator<Item = &'a String>, hash: &str) -> String {
    let mut text = text.to_owned();
    for name in scripts {
        let target = hashed(&flat(name), hash);
        for quote in ['"', '\''] {
            text = text.replace(&format!("from {quote}./{name}{quote}"), &format!("from {quote}./{target}{quote}"));
        }
    }
    text
}

/// A hash over the content of `files` and over size and time of change of `built`.
pub fn fingerprint(files: &[PathBuf], built: &[&std::path::Path], release: bool) -> Result<String> {
    let mut digest = Sha256::new();
    digest.update([u8::from(release)]);
    for file in files {
        let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        digest.update(file.as_os_str().as_encoded_bytes());
        digest.update(Sha256::digest(&bytes));
    }
    for file in built {
        let metadata = fs::metadata(file).with_context(|| format!("cannot read {}", file.display()))?;
        digest.update(metadata.len().to_le_bytes());
        digest.update(metadata.modified()?.duration_since(UNIX_EPOCH)?.as_nanos().to_le_bytes());
    }
    Ok(hex::encode(digest.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_stands_before_the_ending() {
        assert_eq!(hashed("vitrina.css", "ab"), "vitrina.ab.css");
    }

    #[test]
    fn imports_are_pointed_but_keys_are_left() {
        let text = "import * as a from \"./split.js\";\nimport b from './snippets/x/inline0.js';\n({\"./split.js\": a})";
        let names = ["split.js".to_owned(), "snippets/x/inline0.js".to_owned()];
        assert_eq!(
            point_imports(text, names.iter(), "ab"),
            "import * as a from \"./split.ab.js\";\nimport b from './snippets-x-inline0.ab.js';\n({\"./split.js\": a})"
        );
    }
}
