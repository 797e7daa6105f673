//! The development and test cluster in target/pg: throwaway, on a unix socket only, shared by the
//! compile-time checks of SQL, the tests and the end-to-end server.

use crate::{
    cluster::{Cluster, Purpose, ROLE},
    process,
};
use anyhow::{Context, Result, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The database that `query!` macros are checked against while developing.
const DEVELOPMENT: &str = "vitrina_dev";

/// True for the words that `run` understands.
pub fn knows(words: &[&str]) -> bool {
    matches!(words, ["start" | "stop" | "status" | "migrate" | "url"] | ["url" | "fresh", _])
}

/// `cargo xtask postgres ...`
pub fn run(words: &[&str]) -> Result<()> {
    match words {
        ["stop"] => open()?.stop(),
        ["status"] => {
            println!("{}", if open()?.is_running() { "running" } else { "stopped" });
            Ok(())
        }
        ["migrate"] => {
            migrated(&started()?, DEVELOPMENT)?;
            Ok(())
        }
        ["url", rest @ ..] => {
            println!("{}", url(&open()?, rest.first().unwrap_or(&DEVELOPMENT)));
            Ok(())
        }
        ["fresh", name] => {
            let cluster = started()?;
            fresh(&cluster, name)?;
            println!("{}", url(&cluster, name));
            Ok(())
        }
        _ => {
            let cluster = started()?;
            if psql(&cluster, DEVELOPMENT, &["-c", "select"]).is_err() {
                migrated(&cluster, DEVELOPMENT)?;
            }
            println!("{}", url(&cluster, DEVELOPMENT));
            Ok(())
        }
    }
}

/// The running cluster; started when it is not.
pub fn started() -> Result<Cluster> {
    let cluster = open()?;
    cluster.start()?;
    Ok(cluster)
}

/// Makes a database anew from shop/migrations and returns its address.
pub fn migrated(cluster: &Cluster, name: &str) -> Result<String> {
    fresh(cluster, name)?;
    let folder = process::root()?.join("shop/migrations");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    for file in &files {
        psql(cluster, name, &["-1", "-f", &file.to_string_lossy()]).with_context(|| format!("the migration {} failed", file.display()))?;
    }
    eprintln!("{name}: {} migrations", files.len());
    Ok(url(cluster, name))
}

/// Leaves the planner of a database no other join than the nested loop. The macros learn from a plan which columns an outer
/// join may leave empty: the ones of its inner side. Only in a nested loop is that always the optional side, whatever the
/// costs that this machine's Postgres is configured with.
pub fn nested_loops_only(cluster: &Cluster, name: &str) -> Result<()> {
    ["hashjoin", "mergejoin"]
        .iter()
        .try_for_each(|join| psql(cluster, "postgres", &["-c", &format!("alter database {name} set enable_{join} = off")]))
}

fn open() -> Result<Cluster> {
    let folder = process::root()?.join("target/pg");
    let bin = std::env::var_os("POSTGRES_BIN").map(PathBuf::from);
    Cluster::open(&folder, Path::new("/tmp"), bin.as_deref(), Purpose::Throwaway)
}

fn fresh(cluster: &Cluster, name: &str) -> Result<()> {
    let plain = name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
    ensure!(plain, "a database's name holds only lowercase letters, digits and _");
    psql(cluster, "postgres", &["-c", &format!("drop database if exists {name} with (force)")])?;
    psql(cluster, "postgres", &["-c", &format!("create database {name}")])
}

fn psql(cluster: &Cluster, database: &str, args: &[&str]) -> Result<()> {
    let output = Command::new("psql")
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-U", ROLE, "-d", database])
        .arg("-h")
        .arg(cluster.socket())
        .args(args)
        .env("PGOPTIONS", "-c client_min_messages=warning")
        .output()
        .context("cannot run psql: run script/setup")?;
    ensure!(output.status.success(), "psql: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(())
}

/// The address in the form that sqlx and libpq both read.
fn url(cluster: &Cluster, database: &str) -> String {
    let mut host = String::new();
    for byte in cluster.socket().as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => host.push(char::from(*byte)),
            _ => host.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("postgres://{ROLE}@localhost/{database}?host={host}")
}
