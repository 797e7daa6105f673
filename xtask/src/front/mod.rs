//! `cargo xtask front`: the browser's half of the shop, from Rust, CSS and fonts to files in
//! target/site whose names carry a hash of their content and which manifest.json lists.

mod fonts;
mod names;
pub mod site;
mod style;
mod wasm;

use crate::process;
use anyhow::{Context, Result};
use names::{fingerprint, hashed, short};
use site::{Manifest, Site};
use std::{fs, path::Path, time::Instant};

/// The script that starts the WASM and wakes the islands; asks for these two by their plain names.
const BOOT: &str = "app/hydrate/boot.js";
const BOOT_JS: &str = "/pkg/vitrina.js";
const BOOT_WASM: &str = "/pkg/vitrina.wasm";
const BOOT_VITALS: &str = "/pkg/vitals.js";
/// What measures pages, and the library that it imports under this name.
const VITALS: &str = "app/hydrate/vitals.js";
const WEB_VITALS: &str = "node_modules/web-vitals/dist/web-vitals.js";
const VITALS_LIBRARY: &str = "/pkg/web-vitals.js";

/// Builds everything that has changed into target/site.
pub fn build(release: bool) -> Result<()> {
    let began = Instant::now();
    let root = process::root()?;
    let module = wasm::compile(&root, release)?;
    let inputs = inputs(&root, &module, release)?;
    let site = Site::open(&root.join("target/site"), release)?;
    if site.is_up_to_date(&inputs) {
        eprintln!("target/site is up to date");
        return Ok(());
    }
    let manifest = assemble(&root, &module, site, inputs, release)?;
    eprintln!("target/site in {:.1} s", began.elapsed().as_secs_f32());
    for (path, size) in &manifest.sizes {
        if path.starts_with("/pkg/") {
            eprintln!("  {path}: {}", size.words());
        }
    }
    Ok(())
}

/// Everything that decides what the site holds. The WASM module and xtask itself are large and
/// always written by cargo, so that size and time of change say enough about them.
fn inputs(root: &Path, module: &Path, release: bool) -> Result<String> {
    let mut files = vec![root.join(BOOT), root.join(VITALS), root.join("package-lock.json")];
    for folder in ["style", "public"] {
        files.extend(site::walk(&root.join(folder))?);
    }
    files.extend(fonts::read(root)?.into_values().map(|font| font.file));
    fingerprint(&files, &[module, &std::env::current_exe()?], release)
}

fn assemble(root: &Path, module: &Path, mut site: Site, inputs: String, release: bool) -> Result<Manifest> {
    let mut manifest = Manifest { inputs, release, ..Manifest::default() };
    let bound = wasm::bind(root, module, release)?;
    scripts(&bound, &mut site, &mut manifest)?;
    boot(root, &mut site, &mut manifest)?;
    let mut css = style::bundle(root, "main.css")?;
    for (name, font) in fonts::read(root)? {
        let bytes = fs::read(&font.file).with_context(|| format!("cannot read {}", font.file.display()))?;
        let path = site.add(&format!("/pkg/{}", hashed(&name, &short(&bytes))), &bytes)?;
        css = css.replace(&format!("/fonts/{name}"), &path);
        if font.preload {
            manifest.fonts.push(path);
        }
    }
    fonts::refuse_unknown(&css)?;
    manifest.css = site.add(&format!("/pkg/{}", hashed("vitrina.css", &short(css.as_bytes()))), css.as_bytes())?;
    let css = style::bundle(root, "staff.css")?;
    fonts::refuse_unknown(&css)?;
    manifest.staff_css = site.add(&format!("/pkg/{}", hashed("staff.css", &short(css.as_bytes()))), css.as_bytes())?;
    let public = root.join("public");
    for file in site::walk(&public)? {
        let path = format!("/{}", file.strip_prefix(&public)?.to_string_lossy());
        site.add(&path, &fs::read(&file)?)?;
    }
    site.finish(manifest)
}

/// WASM modules are named by their own content. The scripts import one another in a circle, so one
/// hash over all of them names each.
fn scripts(bound: &wasm::Bound, site: &mut Site, manifest: &mut Manifest) -> Result<()> {
    let mut texts = bound.scripts.clone();
    for (stem, bytes) in &bound.chunks {
        let name = hashed(&format!("{stem}.wasm"), &short(bytes));
        manifest.chunks.insert(stem.clone(), site.add(&format!("/pkg/{name}"), bytes)?);
        for text in texts.values_mut() {
            *text = text.replace(&format!("\"./{stem}.wasm\""), &format!("\"./{name}\""));
        }
    }
    manifest.wasm = site.add(&format!("/pkg/{}", hashed("vitrina.wasm", &short(&bound.wasm))), &bound.wasm)?;
    let all: String = texts.iter().flat_map(|(name, text)| [name.as_str(), text.as_str()]).collect();
    let hash = short(all.as_bytes());
    for (name, text) in &texts {
        let text = names::point_imports(text, texts.keys(), &hash);
        let path = site.add(&format!("/pkg/{}", hashed(&names::flat(name), &hash)), text.as_bytes())?;
        if name == "vitrina.js" {
            manifest.js = path;
        }
    }
    manifest.lazy = bound.lazy.clone();
    Ok(())
}

fn boot(root: &Path, site: &mut Site, manifest: &mut Manifest) -> Result<()> {
    // It ends with the address of a map that is not served.
    let library = source(root, WEB_VITALS)?;
    let library = script(site, VITALS_LIBRARY, library.split("//# sourceMappingURL").next().unwrap_or_default())?;
    let vitals = script(site, BOOT_VITALS, &point(root, VITALS, &[(VITALS_LIBRARY, &library)])?)?;
    let addresses = [(BOOT_JS, &manifest.js), (BOOT_WASM, &manifest.wasm), (BOOT_VITALS, &vitals)];
    let text = point(root, BOOT, &addresses)?;
    manifest.boot = script(site, "/pkg/boot.js", &text)?;
    Ok(())
}

/// A script of ours with the addresses of what it asks for by plain names.
fn point(root: &Path, file: &str, addresses: &[(&str, &String)]) -> Result<String> {
    let mut text = source(root, file)?;
    for (plain, address) in addresses {
        anyhow::ensure!(text.contains(plain), "{file} does not mention {plain}");
        text = text.replace(plain, address);
    }
    Ok(text)
}

fn source(root: &Path, file: &str) -> Result<String> {
    let file = root.join(file);
    fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))
}

/// Adds a script under its plain address with the hash of its content.
fn script(site: &mut Site, plain: &str, text: &str) -> Result<String> {
    let name = plain.trim_start_matches("/pkg/");
    site.add(&format!("/pkg/{}", hashed(name, &short(text.as_bytes()))), text.as_bytes())
}
