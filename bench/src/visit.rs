//! What a first visit downloads, and what Lighthouse says, in Chromium driven from Node.

use crate::{
    report::{Report, Target},
    served::Served,
};
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::collections::BTreeMap;
use tokio::process::Command;

const PRODUCT: &str = "/en/p/tide-bowl";

#[derive(Deserialize)]
struct Visit {
    /// Bytes over the network by kind.
    bytes: BTreeMap<String, f64>,
    main_wasm: f64,
    largest_font: f64,
    /// What the first paint waits for, besides style sheets.
    blocking: Vec<String>,
}

pub async fn bytes(report: &mut Report, shop: &Served) -> Result<()> {
    report.area("The first visit to a product page, nothing kept by the browser");
    let visit: Visit = node("bench/visit.mjs", &[&format!("{}{PRODUCT}", shop.origin())]).await?;
    for (kind, bytes) in &visit.bytes {
        let target = if kind == "css" { Target::AtMost(25.0) } else { Target::None };
        report.figure("visit", format!("over the network: {kind}"), bytes / 1024.0, "KB", target);
    }
    let all: f64 = visit.bytes.iter().filter(|(kind, _)| *kind != "pictures").map(|(_, bytes)| bytes).sum();
    report.figure("visit", "all without pictures", all / 1024.0, "KB", Target::AtMost(350.0));
    report.figure("visit", "main WASM", visit.main_wasm / 1024.0, "KB", Target::AtMost(150.0));
    report.figure("visit", "largest font", visit.largest_font / 1024.0, "KB", Target::AtMost(40.0));
    let blocking = f64::from(u32::try_from(visit.blocking.len())?);
    report.figure("visit", "what the first paint waits for, besides CSS", blocking, "files", Target::AtMost(0.0));
    Ok(())
}

#[derive(Deserialize)]
struct Judged {
    page: String,
    /// The median of the runs, 0 to 100, by category.
    scores: BTreeMap<String, f64>,
    largest_contentful_paint: f64,
    total_blocking_time: f64,
    layout_shift: f64,
    /// What cost points, by the last run.
    complaints: Vec<String>,
}

pub async fn lighthouse(report: &mut Report, shop: &Served) -> Result<()> {
    report.area("Lighthouse, mobile preset, median of 5");
    let pages: Vec<Judged> = node("bench/lighthouse.mjs", &[&shop.origin()]).await?;
    for judged in pages {
        for (category, score) in &judged.scores {
            let least = if category == "performance" { 98.0 } else { 100.0 };
            report.figure("lighthouse", format!("{}: {category}", judged.page), *score, "", Target::AtLeast(least));
        }
        report.figure(
            "lighthouse",
            format!("{}: largest contentful paint", judged.page),
            judged.largest_contentful_paint,
            "ms",
            Target::None,
        );
        report.figure("lighthouse", format!("{}: total blocking time", judged.page), judged.total_blocking_time, "ms", Target::None);
        report.figure("lighthouse", format!("{}: layout shift", judged.page), judged.layout_shift, "", Target::None);
        for complaint in judged.complaints {
            report.note(format!("{}: {complaint}", judged.page));
        }
    }
    Ok(())
}

async fn node<T: for<'a> Deserialize<'a>>(script: &str, arguments: &[&str]) -> Result<T> {
    let output = Command::new("node").arg(script).args(arguments).output().await.context("node is missing")?;
    ensure!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).with_context(|| format!("{script} printed {}", String::from_utf8_lossy(&output.stdout)))
}
