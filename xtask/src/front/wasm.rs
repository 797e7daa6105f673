//! Rust to WASM: cargo, the split into a main part and lazily loaded ones, wasm-bindgen and
//! wasm-opt. Its outcome is kept in target/front, so that a change of style does not pay for it.

use super::{
    names::{fingerprint, flat},
    site::walk,
};
use crate::process;
use anyhow::{Context, Result, anyhow, ensure};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Child, Command},
};
use wasm_bindgen_cli_support::Bindgen;

/// What wasm-opt may use: all that the browsers named in style.rs understand.
const OPTIMISE: [&str; 10] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--strip-debug",
    "--strip-producers",
];

/// Scripts and modules, under the names by which they call one another.
pub struct Bound {
    pub scripts: BTreeMap<String, String>,
    pub wasm: Vec<u8>,
    pub chunks: BTreeMap<String, Vec<u8>>,
    pub lazy: BTreeMap<String, Vec<String>>,
}

/// Compiles the hydrate crate; a target folder of its own keeps its features away from the server's.
pub fn compile(root: &Path, release: bool) -> Result<PathBuf> {
    let (profile, folder) = if release { ("wasm-release", "wasm-release") } else { ("dev", "debug") };
    process::run(
        process::cargo().current_dir(root).args(["build", "--package", "hydrate", "--lib", "--target", "wasm32-unknown-unknown"]).args([
            "--target-dir",
            "target/front",
            "--profile",
            profile,
        ]),
    )?;
    Ok(root.join("target/front/wasm32-unknown-unknown").join(folder).join("hydrate.wasm"))
}

/// Makes a module ready for the browser, or reads what an earlier run has made of the same module.
pub fn bind(root: &Path, module: &Path, release: bool) -> Result<Bound> {
    let folder = root.join("target/front").join(if release { "bound-release" } else { "bound-dev" });
    let stamp = folder.join("stamp");
    let key = fingerprint(&[root.join("package-lock.json")], &[module, &std::env::current_exe()?], release)?;
    if fs::read_to_string(&stamp).is_ok_and(|old| old == key) {
        return read(&folder);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let main = split(module, &folder)?;
    let mut bindgen = Bindgen::new();
    bindgen.input_path(&main).out_name("vitrina").typescript(false).omit_default_module_path(true);
    bindgen.web(true)?.keep_lld_exports(true).demangle(false).debug(!release).keep_debug(!release);
    bindgen.generate(&folder)?;
    if release {
        optimise(root, &folder)?;
    }
    let bound = read(&folder)?;
    refuse_nameless_imports(&bound.scripts)?;
    fs::write(&stamp, key)?;
    Ok(bound)
}

/// A browser can load neither what the split or wasm-bindgen left without an address ("__wasm_split")
/// nor npm modules; better to learn it here than from a page that stays asleep.
fn refuse_nameless_imports(scripts: &BTreeMap<String, String>) -> Result<()> {
    for (name, text) in scripts {
        let sources = text.lines().filter(|line| line.starts_with("import ")).filter_map(|line| line.rsplit_once("from "));
        for (_, source) in sources {
            let address = source.trim_matches([' ', ';', '"', '\'']);
            ensure!(address.starts_with("./"), "{name} imports {address}, which no browser finds");
        }
    }
    Ok(())
}

/// Takes what lazy islands need out of the main module. Without lazy islands nothing moves, but
/// the linker's relocations, which the split needs, are removed all the same.
fn split(module: &Path, folder: &Path) -> Result<PathBuf> {
    let bytes = fs::read(module).with_context(|| format!("cannot read {}", module.display()))?;
    let main = module.with_file_name("hydrate_main.wasm");
    let mut options = wasm_split_cli_support::Options::new(&bytes);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.main_module = "./vitrina.js";
    options.link_name = "./split.js";
    let outcome = wasm_split_cli_support::transform(options).map_err(|error| anyhow!("cannot split the WASM: {error:?}"))?;
    let lazy: BTreeMap<_, _> = outcome.prefetch_map.into_iter().collect();
    fs::write(folder.join("lazy.json"), serde_json::to_vec(&lazy)?)?;
    Ok(main)
}

/// Runs wasm-opt on all modules side by side. Only npm's: Debian's breaks the WASM and says nothing.
fn optimise(root: &Path, folder: &Path) -> Result<()> {
    let program = root.join("node_modules/.bin/wasm-opt");
    ensure!(program.exists(), "{} is missing: run `npm ci`", program.display());
    let modules: Vec<PathBuf> = walk(folder)?.into_iter().filter(|path| ends_with(path, "wasm")).collect();
    let running: Vec<Child> = modules
        .iter()
        .map(|file| Command::new(&program).args(OPTIMISE).arg(file).arg("-o").arg(file).spawn())
        .collect::<std::io::Result<_>>()
        .context("cannot run wasm-opt")?;
    for (mut child, file) in running.into_iter().zip(&modules) {
        let status = child.wait()?;
        ensure!(status.success(), "wasm-opt failed on {}: {status}", file.display());
    }
    Ok(())
}

fn read(folder: &Path) -> Result<Bound> {
    let mut bound = Bound {
        scripts: BTreeMap::new(),
        wasm: fs::read(folder.join("vitrina_bg.wasm"))?,
        chunks: BTreeMap::new(),
        lazy: serde_json::from_slice(&fs::read(folder.join("lazy.json"))?)?,
    };
    for file in walk(folder)? {
        let name = file.strip_prefix(folder)?.to_string_lossy().into_owned();
        if ends_with(&file, "js") {
            bound.scripts.insert(name, fs::read_to_string(&file)?);
        } else if let Some(stem) = name.strip_suffix(".wasm").filter(|stem| *stem != "vitrina_bg") {
            bound.chunks.insert(flat(stem), fs::read(&file)?);
        }
    }
    if !bound.scripts.get("vitrina.js").is_some_and(|text| text.contains("./split.js")) {
        // Without lazy islands nobody loads the script that fetches their parts.
        bound.scripts.remove("split.js");
    }
    Ok(bound)
}

fn ends_with(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|found| found == ending)
}
