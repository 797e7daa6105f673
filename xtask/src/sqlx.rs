//! `cargo xtask sqlx`: the committed descriptions of SQL queries in .sqlx, from which the shop
//! compiles where no database is. One folder for all crates, filled crate by crate.

use crate::{postgres, process};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// The crates that may use the checked macros.
const CRATES: [&str; 2] = ["shop", "server"];
/// A database of its own, so that nobody else's is disturbed.
const DATABASE: &str = "vitrina_prepare";

type Queries = BTreeMap<String, Value>;

/// Writes .sqlx anew.
pub fn prepare() -> Result<()> {
    let root = process::root()?;
    let found = describe(&root)?;
    let committed = root.join(".sqlx");
    fs::create_dir_all(&committed)?;
    for name in read(&committed)?.keys().filter(|name| !found.contains_key(*name)) {
        fs::remove_file(committed.join(name))?;
    }
    for (name, query) in &found {
        let text = serde_json::to_string_pretty(query)? + "\n";
        let file = committed.join(name);
        if !fs::read_to_string(&file).is_ok_and(|old| old == text) {
            fs::write(file, text)?;
        }
    }
    println!(".sqlx: {} queries", found.len());
    Ok(())
}

/// Compares .sqlx with what it should be and names the queries that differ.
pub fn check() -> Result<()> {
    let root = process::root()?;
    let found = describe(&root)?;
    let committed = read(&root.join(".sqlx"))?;
    let mut differences = Vec::new();
    for (name, query) in &found {
        match committed.get(name) {
            None => differences.push(format!("missing: {}", sql(query))),
            Some(old) if old != query => differences.push(format!("changed: {}", sql(query))),
            Some(_) => {}
        }
    }
    let unused = committed.iter().filter(|(name, _)| !found.contains_key(*name));
    differences.extend(unused.map(|(_, query)| format!("unused: {}", sql(query))));
    ensure!(
        differences.is_empty(),
        "{} queries differ from .sqlx; run `cargo xtask sqlx prepare` and commit it\n  {}",
        differences.len(),
        differences.join("\n  ")
    );
    println!(".sqlx: {} queries, all as committed", found.len());
    Ok(())
}

/// Compiles the crates against a database made from the migrations; the macros leave their findings.
fn describe(root: &Path) -> Result<Queries> {
    let cluster = postgres::started()?;
    let url = postgres::migrated(&cluster, DATABASE)?;
    postgres::nested_loops_only(&cluster, DATABASE)?;
    drop(cluster);
    let folder = root.join("target/sqlx");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    for name in CRATES {
        let roots = crate_roots(&root.join(name))?;
        if roots.is_empty() {
            continue;
        }
        // Cargo does not know that the macros look at a database: only a change makes it look again.
        for file in roots {
            fs::File::options().append(true).open(&file)?.set_modified(SystemTime::now())?;
        }
        process::run(
            process::cargo()
                .current_dir(root)
                .args(["check", "--quiet", "--all-targets", "--package", name])
                .env("SQLX_OFFLINE", "false")
                .env("SQLX_OFFLINE_DIR", &folder)
                .env("DATABASE_URL", &url),
        )?;
    }
    read(&folder)
}

/// The files from which cargo judges whether a crate has changed; none when the crate has no
/// checked queries at all, so that its build is left alone.
fn crate_roots(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut sources = Vec::new();
    for part in ["src", "tests"] {
        sources.extend(crate::front::site::walk(&folder.join(part))?);
    }
    sources.retain(|file| file.extension().is_some_and(|ending| ending == "rs"));
    for file in &sources {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        if ["query!(", "query_as!(", "query_scalar!(", "query_file!("].iter().any(|name| text.contains(name)) {
            return Ok(sources.into_iter().filter(|file| is_root(folder, file)).collect());
        }
    }
    Ok(Vec::new())
}

fn is_root(folder: &Path, file: &Path) -> bool {
    let inner = file.strip_prefix(folder).unwrap_or(file);
    inner == Path::new("src/lib.rs") || inner == Path::new("src/main.rs") || inner.parent() == Some(Path::new("tests"))
}

fn read(folder: &Path) -> Result<Queries> {
    let mut queries = Queries::new();
    for file in crate::front::site::walk(folder)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("query-") {
            let text = fs::read_to_string(&file)?;
            queries.insert(name, serde_json::from_str(&text).with_context(|| format!("{} is damaged", file.display()))?);
        }
    }
    Ok(queries)
}

/// A query in one line.
fn sql(query: &Value) -> String {
    let text = query.get("query").and_then(Value::as_str).unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
