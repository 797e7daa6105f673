//! target/site: what the server hands out as it is. Files are written beside and renamed, the
//! manifest last, so that a running server never sees half a site.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

/// What the server reads: plain names to addresses, and what each costs to download.
#[derive(Default, Serialize, Deserialize)]
pub struct Manifest {
    pub css: String,
    /// What pages of the desk load besides.
    pub staff_css: String,
    pub js: String,
    pub wasm: String,
    pub boot: String,
    /// Those that pages should preload.
    pub fonts: Vec<String>,
    /// Lazily loaded parts of the WASM: name -> address.
    pub chunks: BTreeMap<String, String>,
    /// Which of the parts each lazy island needs.
    pub lazy: BTreeMap<String, Vec<String>>,
    pub release: bool,
    /// Of every file in the site, by its address.
    pub sizes: BTreeMap<String, Size>,
    /// What the site was made from; the same again means nothing to do.
    pub inputs: String,
}

/// Bytes of one file; the compressed ones only where there is a compressed sibling.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct Size {
    pub raw: u64,
    pub gzip: Option<u64>,
    pub brotli: Option<u64>,
}

impl Size {
    /// For people: "312.4 KB, 91.0 KB as brotli".
    pub fn words(self) -> String {
        let brotli = self.brotli.map(|bytes| format!(", {} as brotli", kilobytes(bytes))).unwrap_or_default();
        format!("{}{brotli}", kilobytes(self.raw))
    }
}

/// 1 KB is 1000 bytes, as Lighthouse counts.
pub fn kilobytes(bytes: u64) -> String {
    format!("{}.{} KB", bytes / 1000, bytes % 1000 / 100)
}

/// The folder while it is being filled.
pub struct Site {
    folder: PathBuf,
    compress: bool,
    before: Option<Manifest>,
    sizes: BTreeMap<String, Size>,
}

impl Site {
    /// Opens the folder (made when missing) and reads what it holds.
    pub fn open(folder: &Path, compress: bool) -> Result<Self> {
        fs::create_dir_all(folder.join("pkg"))?;
        Ok(Self { folder: folder.to_owned(), compress, before: manifest(folder)?, sizes: BTreeMap::new() })
    }

    /// True when the site was made from these very inputs and is still whole.
    pub fn is_up_to_date(&self, inputs: &str) -> bool {
        self.before.as_ref().is_some_and(|manifest| manifest.inputs == inputs && manifest.sizes.keys().all(|path| self.file(path).exists()))
    }

    /// Adds a file at an address, compressed siblings and all; returns the address.
    pub fn add(&mut self, path: &str, bytes: &[u8]) -> Result<String> {
        let file = self.file(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        let unchanged = fs::read(&file).is_ok_and(|old| old == bytes);
        if !unchanged {
            // First: between old siblings and a new file the browser would be given the old.
            forget_siblings(&file)?;
            replace(&file, bytes)?;
        }
        let mut size = Size { raw: bytes.len() as u64, gzip: None, brotli: None };
        if self.compress && is_compressible(path) {
            size.gzip = Some(sibling(&file, "gz", || gzip(bytes))?);
            size.brotli = Some(sibling(&file, "br", || brotli(bytes))?);
        }
        self.sizes.insert(path.to_owned(), size);
        Ok(path.to_owned())
    }

    /// Writes the manifest and removes what neither this nor the former manifest names: pages that
    /// are open keep the files they were made with.
    pub fn finish(self, mut manifest: Manifest) -> Result<Manifest> {
        let mut named: BTreeSet<PathBuf> = self.sizes.keys().map(|path| self.file(path)).collect();
        if let Some(before) = &self.before {
            named.extend(before.sizes.keys().filter(|path| path.starts_with("/pkg/")).map(|path| self.file(path)));
        }
        named.insert(self.folder.join("manifest.json"));
        manifest.sizes = self.sizes;
        replace(&self.folder.join("manifest.json"), &serde_json::to_vec_pretty(&manifest)?)?;
        for file in walk(&self.folder)? {
            let original = match file.extension().and_then(|ending| ending.to_str()) {
                Some("br" | "gz") => file.with_extension(""),
                _ => file.clone(),
            };
            if !named.contains(&original) {
                fs::remove_file(&file)?;
            }
        }
        Ok(manifest)
    }

    fn file(&self, path: &str) -> PathBuf {
        self.folder.join(path.trim_start_matches('/'))
    }
}

/// The manifest of a site, when there is one that this build understands.
pub fn manifest(folder: &Path) -> Result<Option<Manifest>> {
    match fs::read(folder.join("manifest.json")) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).context("cannot read target/site/manifest.json"),
    }
}

/// All files under a folder, sorted; none when it does not exist.
pub fn walk(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if !folder.exists() {
            continue;
        }
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}

fn replace(file: &Path, bytes: &[u8]) -> Result<()> {
    let beside = file.with_extension("part");
    fs::write(&beside, bytes).with_context(|| format!("cannot write {}", beside.display()))?;
    fs::rename(&beside, file).with_context(|| format!("cannot write {}", file.display()))
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

fn forget_siblings(file: &Path) -> Result<()> {
    for ending in ["gz", "br"] {
        match fs::remove_file(beside(file, ending)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error).context("cannot tidy target/site"),
            _ => {}
        }
    }
    Ok(())
}

/// Makes a compressed sibling unless it is there, and returns its size.
fn sibling(file: &Path, ending: &str, compress: impl FnOnce() -> Result<Vec<u8>>) -> Result<u64> {
    let path = beside(file, ending);
    if !path.exists() {
        replace(&path, &compress()?)?;
    }
    Ok(fs::metadata(&path)?.len())
}

fn is_compressible(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    matches!(ending, "js" | "css" | "wasm" | "svg" | "txt" | "json" | "webmanifest" | "html" | "xml" | "ico")
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

fn brotli(mut bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut bytes, &mut packed, &parameters)?;
    Ok(packed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An empty folder, gone at the end of the test.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("vitrina-site-{}-{name}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn fill(folder: &Folder, files: &[(&str, &str)]) {
        let mut site = Site::open(&folder.0, true).unwrap();
        for (path, text) in files {
            site.add(path, text.as_bytes()).unwrap();
        }
        site.finish(Manifest { inputs: files.len().to_string(), ..Manifest::default() }).unwrap();
    }

    #[test]
    fn a_changed_file_gets_new_siblings() {
        let folder = Folder::new("siblings");
        fill(&folder, &[("/robots.txt", "old")]);
        fill(&folder, &[("/robots.txt", "quite new")]);
        let mut unpacked = String::new();
        let packed = fs::read(folder.0.join("robots.txt.gz")).unwrap();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(packed.as_slice()), &mut unpacked).unwrap();
        assert_eq!(unpacked, "quite new");
    }

    #[test]
    fn hashed_files_outlive_one_build_and_plain_ones_none() {
        let folder = Folder::new("stale");
        fill(&folder, &[("/pkg/a.1.css", "one"), ("/plain.txt", "one")]);
        fill(&folder, &[("/pkg/a.2.css", "two")]);
        assert!(folder.0.join("pkg/a.1.css.br").exists(), "open pages still ask for it");
        assert!(!folder.0.join("plain.txt").exists());
        assert!(!folder.0.join("plain.txt.gz").exists());
        fill(&folder, &[("/pkg/a.3.css", "three")]);
        assert!(!folder.0.join("pkg/a.1.css").exists());
        assert!(!folder.0.join("pkg/a.1.css.br").exists());
    }

    #[test]
    fn a_site_is_up_to_date_while_it_is_whole() {
        let folder = Folder::new("whole");
        fill(&folder, &[("/pkg/a.1.css", "one")]);
        assert!(Site::open(&folder.0, true).unwrap().is_up_to_date("1"));
        assert!(!Site::open(&folder.0, true).unwrap().is_up_to_date("2"));
        fs::remove_file(folder.0.join("pkg/a.1.css")).unwrap();
        assert!(!Site::open(&folder.0, true).unwrap().is_up_to_date("1"));
    }
}
