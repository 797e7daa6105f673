//! `server baskets`: a file of baskets in, what is bought together out.

use super::sheet::{self, Sheet, is_missing};
use anyhow::{Result, ensure};
use quality::baskets::{self, Baskets, Rule};
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Analyse a CSV file of baskets: two columns (basket, item), or a column an item with 0 and 1, or a basket a line.
    Analyse {
        file: PathBuf,
        /// The least share of baskets with all of a rule's items.
        #[arg(long, value_parser = share)]
        support: f64,
        /// The least share of baskets with a rule's first items that also have its last.
        #[arg(long, value_parser = share)]
        confidence: f64,
        /// For programs instead of people.
        #[arg(long)]
        json: bool,
    },
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share: &f64| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "a share is from 0 to 1, as 0.01".to_owned())
}

/// # Errors
/// The file cannot be read, or too much of it is frequent.
pub fn run(command: &Command) -> Result<()> {
    let Command::Analyse { file, support, confidence, json } = command;
    ensure!(*support > 0.0, "--support must be more than 0");
    let baskets = baskets_of(&Sheet::read_ragged(file)?);
    ensure!(!baskets.is_empty(), "{} has no baskets", file.display());
    let found = baskets::analyse(&baskets, *support, *confidence)?;
    sheet::say(&if *json { serde_json::to_string_pretty(&as_json(&found))? + "\n" } else { table(&found) })
}

/// By the file's shape.
fn baskets_of(sheet: &Sheet) -> Vec<BTreeSet<String>> {
    let all_of = |accept: &dyn Fn(&str) -> bool| sheet.rows.iter().flat_map(|row| &row.cells).all(|cell| accept(cell));
    let is_wide = sheet.rows.iter().all(|row| row.cells.len() == sheet.header.len());
    if is_wide && !sheet.rows.is_empty() && all_of(&|cell| yes(cell).is_some()) {
        let names = |cells: &[String]| {
            sheet.header.iter().zip(cells).filter(|(_, cell)| yes(cell) == Some(true)).map(|(name, _)| name.clone()).collect()
        };
        return sheet.rows.iter().map(|row| names(&row.cells)).collect();
    }
    if let Some((basket, item)) = pair_columns(sheet).filter(|_| is_wide) {
        let mut together: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for row in sheet.rows.iter().filter(|row| !is_missing(&row.cells[item])) {
            together.entry(&row.cells[basket]).or_default().insert(row.cells[item].clone());
        }
        return together.into_values().collect();
    }
    let lines = std::iter::once(&sheet.header).chain(sheet.rows.iter().map(|row| &row.cells));
    lines.map(|cells| cells.iter().filter(|cell| !is_missing(cell)).cloned().collect()).collect()
}

fn yes(cell: &str) -> Option<bool> {
    match cell.to_ascii_lowercase().as_str() {
        "1" | "1.0" | "true" => Some(true),
        "" | "0" | "0.0" | "false" | "na" => Some(false),
        _ => None,
    }
}

/// The columns of basket and item, by name; of two columns, the first and the second.
fn pair_columns(sheet: &Sheet) -> Option<(usize, usize)> {
    let find = |words: &[&str]| {
        sheet.header.iter().position(|name| {
            let name = name.to_lowercase();
            words.iter().any(|word| name.starts_with(word))
        })
    };
    let named = find(&["basket", "order", "transaction", "invoice"]).zip(find(&["item", "product", "sku", "article"]));
    named.or((sheet.header.len() == 2).then_some((0, 1)))
}

fn as_json(found: &Baskets) -> serde_json::Value {
    let n = found.baskets as f64;
    let set = |set: &baskets::Frequent| json!({ "items": set.items, "count": set.count, "support": set.count as f64 / n });
    let rule = |Rule { given, then, count, support, confidence, lift }: &Rule| {
        json!({
            "antecedents": given, "consequents": then, "count": count,
            "support": support, "confidence": confidence, "lift": lift,
        })
    };
    json!({
        "baskets": found.baskets,
        "itemsets": found.sets.iter().map(set).collect::<Vec<_>>(),
        "rules": found.rules.iter().map(rule).collect::<Vec<_>>(),
    })
}

fn table(found: &Baskets) -> String {
    let mut lines = vec![
        format!("{} baskets, {} frequent sets, {} rules", found.baskets, found.sets.len(), found.rules.len()),
        format!("{:>9} {:>10} {:>7}  rule", "support", "confidence", "lift"),
    ];
    for Rule { given, then, support, confidence, lift, .. } in &found.rules {
        lines.push(format!("{support:>9.4} {confidence:>10.4} {lift:>7.3}  {} -> {}", given.join(", "), then.join(", ")));
    }
    lines.join("\n") + "\n"
}
