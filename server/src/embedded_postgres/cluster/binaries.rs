//! Finds Postgres' server programs: a named folder, Debian's folders, PATH.

use anyhow::{Context, Result, bail, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const DEBIAN: &str = "/usr/lib/postgresql";

/// A folder with `initdb`, `pg_ctl` and `postgres` of one version.
pub struct Binaries {
    pub folder: PathBuf,
    /// The major version, as `PG_VERSION` spells it: "15".
    pub version: String,
}

impl Binaries {
    /// The named folder, or else the version that made the data, or else the newest there is.
    pub fn find(named: Option<&Path>, wanted: Option<&str>) -> Result<Self> {
        if let Some(folder) = named {
            ensure!(has_programs(folder), "{} holds no initdb and pg_ctl of Postgres", folder.display());
            return Self::of(folder.to_owned());
        }
        let mut found = installed();
        let preferred = found.iter().position(|(version, _)| Some(version.to_string().as_str()) == wanted);
        let newest = found.len().checked_sub(1);
        if let Some(index) = preferred.or(newest) {
            return Self::of(found.swap_remove(index).1);
        }
        match std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).find(|folder| has_programs(folder)) {
            Some(folder) => Self::of(folder),
            None => bail!(
                "found no Postgres: run script/setup, or install it (on Debian: apt-get install postgresql), \
                 or set DATABASE_URL to a Postgres of your own"
            ),
        }
    }

    fn of(folder: PathBuf) -> Result<Self> {
        let program = folder.join("postgres");
        let output = Command::new(&program).arg("--version").output().with_context(|| format!("cannot run {}", program.display()))?;
        // "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"; before a release: "18beta1".
        let words = String::from_utf8_lossy(&output.stdout).into_owned();
        let number = words.split_whitespace().nth(2).unwrap_or_default();
        let version: String = number.chars().take_while(char::is_ascii_digit).collect();
        ensure!(!version.is_empty(), "{} does not tell its version", program.display());
        Ok(Self { folder, version })
    }
}

fn has_programs(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"].iter().all(|name| folder.join(name).exists())
}

/// Debian's installed versions, oldest first.
fn installed() -> Vec<(u32, PathBuf)> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir(DEBIAN)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| has_programs(folder))
        .collect();
    found.sort();
    found
}
