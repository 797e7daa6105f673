//! Runs `wrk`, which asks for one address as often as it can over many connections, and reads what it prints.

use anyhow::{Context, Result, ensure};
use tokio::process::Command;

pub const CONNECTIONS: u32 = 32;
const SECONDS: u32 = 10;

#[derive(Debug)]
pub struct Rate {
    /// Requests a second.
    pub rate: f64,
    /// Milliseconds.
    pub p50: f64,
    pub p99: f64,
}

/// As a browser that takes Brotli asks.
pub async fn run(url: &str, script: Option<&str>) -> Result<Rate> {
    let mut command = Command::new("wrk");
    // One thread: the other core is the server's.
    command.args(["-t1", "--latency", "-H", "Accept-Encoding: br", &format!("-c{CONNECTIONS}"), &format!("-d{SECONDS}s")]);
    if let Some(script) = script {
        command.args(["-s", script]);
    }
    let output = command.arg(url).output().await.context("wrk is missing: script/setup --bench installs it")?;
    let text = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success() && !text.contains("Non-2xx") && !text.contains("Socket errors"), "wrk met errors at {url}:\n{text}");
    let rate = value_after(&text, "Requests/sec:")?.parse()?;
    Ok(Rate { rate, p50: milliseconds(value_after(&text, "50%")?)?, p99: milliseconds(value_after(&text, "99%")?)? })
}

fn value_after<'a>(text: &'a str, label: &str) -> Result<&'a str> {
    let line = text.lines().map(str::trim).find_map(|line| line.strip_prefix(label));
    line.map(str::trim).with_context(|| format!("wrk said nothing of {label}:\n{text}"))
}

fn milliseconds(text: &str) -> Result<f64> {
    let (number, factor) = if let Some(number) = text.strip_suffix("us") {
        (number, 0.001)
    } else if let Some(number) = text.strip_suffix("ms") {
        (number, 1.0)
    } else {
        (text.strip_suffix('s').context("a duration without a unit")?, 1000.0)
    };
    Ok(number.parse::<f64>()? * factor)
}
