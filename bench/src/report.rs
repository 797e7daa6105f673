//! The figures, each beside what it should be: printed as they come, and written to `target/bench.json`.

use anyhow::Result;
use serde::Serialize;
use serde_json::json;
use std::{fs, process::Command};

const FILE: &str = "target/bench.json";

/// What was measured, how, and on what.
pub struct Report {
    figures: Vec<Figure>,
    notes: Vec<String>,
    load_before: String,
}

#[derive(Serialize)]
struct Figure {
    area: &'static str,
    name: String,
    value: f64,
    unit: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    met: Option<bool>,
}

#[derive(Debug, Clone, Copy)]
pub enum Target {
    AtLeast(f64),
    AtMost(f64),
    None,
}

impl Report {
    pub fn begin() -> Self {
        Self { figures: Vec::new(), notes: Vec::new(), load_before: load() }
    }

    pub fn area(&mut self, title: &str) {
        println!("\n{title}");
    }

    pub fn figure(&mut self, area: &'static str, name: impl Into<String>, value: f64, unit: &'static str, target: Target) {
        let (wanted, met) = match target {
            Target::AtLeast(least) => (Some(format!("at least {least}")), Some(value >= least)),
            Target::AtMost(most) => (Some(format!("at most {most}")), Some(value <= most)),
            Target::None => (None, None),
        };
        let name = name.into();
        let verdict = match met {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "",
        };
        println!("  {name:<64} {:>11} {unit:<10} {:<14} {verdict}", short(value), wanted.as_deref().unwrap_or(""));
        self.figures.push(Figure { area, name, value, unit, target: wanted, met });
    }

    /// Something to know about the figures: a setting that was changed, data that was absent, where the time goes.
    pub fn note(&mut self, text: impl Into<String>) {
        let text = text.into();
        println!("    {text}");
        self.notes.push(text);
    }

    pub fn finish(self) -> Result<()> {
        let missed = self.figures.iter().filter(|figure| figure.met == Some(false)).count();
        let judged = self.figures.iter().filter(|figure| figure.met.is_some()).count();
        let machine = json!({
            "cores": std::thread::available_parallelism()?.get(),
            "kernel": output("uname", &["-sr"]),
            "load_before": self.load_before,
            "load_after": load(),
        });
        let commit = output("git", &["rev-parse", "--short", "HEAD"]);
        let report = json!({ "commit": commit, "machine": machine, "figures": self.figures, "notes": self.notes });
        fs::write(FILE, serde_json::to_string_pretty(&report)?)?;
        println!("\n{} of {judged} targets met. All figures: {FILE}", judged - missed);
        Ok(())
    }
}

fn short(value: f64) -> String {
    if value >= 100.0 {
        format!("{value:.0}")
    } else if value >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

fn load() -> String {
    fs::read_to_string("/proc/loadavg").unwrap_or_default().trim().to_owned()
}

fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}
