//! Small help with other programs and with the workspace's folders.

use anyhow::{Context, Result, ensure};
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

/// The workspace's root, wherever the command was called.
pub fn root() -> Result<PathBuf> {
    let xtask = std::env::var_os("CARGO_MANIFEST_DIR").context("call it as `cargo xtask`")?;
    let root = Path::new(&xtask).parent().context("xtask lies in the workspace's root")?;
    Ok(root.to_owned())
}

/// The very cargo that started us.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
}

/// Runs a program to its end; anything but success is an error that names it.
pub fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("cannot run {name}"))?;
    ensure!(status.success(), "{name} failed: {status}");
    Ok(())
}
