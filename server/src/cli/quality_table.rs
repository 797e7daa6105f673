//! An analysis of answers as tables for people.

use quality::analysis::{Analysis, FactorModel, GroupsResult, Named, Notes, ScaleResult};
use std::fmt::Write;

const NONE: &str = "-";

pub fn write(analysis: &Analysis) -> String {
    let mut out = String::new();
    for (name, scale) in &analysis.scales.0 {
        of_scale(&mut out, name, scale);
    }
    if let Some(model) = &analysis.factor_model {
        of_factors(&mut out, model);
    }
    if let Some(drivers) = &analysis.drivers {
        line(&mut out, format!("What the outcome depends on: {} people, R² {}", drivers.n, number(drivers.r2)));
        line(&mut out, format!("  {:<12} {:>8} {:>8}", "", "LMG", "Johnson"));
        for ((name, lmg), (_, johnson)) in drivers.lmg.0.iter().zip(&drivers.johnson.0) {
            line(&mut out, format!("  {name:<12} {:>8} {:>8}", number(*lmg), number(*johnson)));
        }
        out.push('\n');
    }
    if let Some(groups) = &analysis.groups {
        of_groups(&mut out, groups);
    }
    notes(&mut out, &analysis.notes);
    out
}

fn line(out: &mut String, text: impl AsRef<str>) {
    out.push_str(text.as_ref().trim_end());
    out.push('\n');
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.to_owned(), |value| format!("{value:.3}"))
}

fn interval(value: Option<(f64, f64)>) -> String {
    value.map_or_else(String::new, |(low, high)| format!(" ({low:.3} to {high:.3})"))
}

fn probability(value: Option<f64>) -> String {
    match value {
        Some(value) if value < 0.0001 => "<.0001".to_owned(),
        Some(value) => format!("{value:.4}"),
        None => NONE.to_owned(),
    }
}

fn of_scale(out: &mut String, name: &str, scale: &ScaleResult) {
    line(out, format!("{name}: {} people, {} of them answered every item", scale.rows, scale.n));
    line(out, format!("  mean  {}{}", number(scale.mean), interval(scale.mean_interval)));
    // With gaps it is alpha of pairs that has the interval.
    let (of_all, of_pairs) = if scale.n == scale.rows { (scale.alpha_interval, None) } else { (None, scale.alpha_interval) };
    let others = format!("pairwise {}{}, full information {}", number(scale.alpha_pairwise), interval(of_pairs), number(scale.alpha_fiml));
    line(out, format!("  alpha {}{}; {others}", number(scale.alpha), interval(of_all)));
    line(out, format!("  omega {}", number(scale.omega)));
    line(out, format!("  {:<12} {:>6} {:>8} {:>8} {:>10} {:>16}", "", "n", "mean", "sd", "item-rest", "alpha if dropped"));
    for (name, item) in &scale.items.0 {
        let (mean, sd) = (number(item.mean), number(item.sd));
        let (rest, dropped) = (number(item.rest_correlation), number(item.alpha_if_dropped));
        line(out, format!("  {name:<12} {:>6} {mean:>8} {sd:>8} {rest:>10} {dropped:>16}", item.n));
    }
    notes(out, &scale.notes);
    out.push('\n');
}

fn of_factors(out: &mut String, model: &FactorModel) {
    line(out, format!("Factor model: {} people who answered every item", model.n));
    if let Some(df) = model.df {
        line(out, format!("  chi2 {} with {df} df, p {}", number(model.chi2), probability(model.p)));
        line(out, format!("  CFI {}  TLI {}  SRMR {}", number(model.cfi), number(model.tli), number(model.srmr)));
        line(out, format!("  RMSEA {}{} (90 %)", number(model.rmsea), interval(model.rmsea_interval)));
        for (name, loading) in &model.loadings.0 {
            line(out, format!("  {name:<12} {:>8}", number(*loading)));
        }
        for (place, (name, row)) in model.correlations.0.iter().enumerate() {
            for (other, correlation) in row.0.iter().take(place) {
                line(out, format!("  {other} with {name}: {}", number(*correlation)));
            }
        }
    }
    out.push('\n');
}

fn of_groups(out: &mut String, groups: &Named<GroupsResult>) {
    line(out, "Differences between groups");
    for (scale, result) in &groups.0 {
        match result {
            GroupsResult::Two { groups: [first, second], difference, t, df, p, p_holm, .. } => {
                let test = format!("t {} with {} df, p {}, Holm's {}", number(*t), number(*df), probability(*p), probability(*p_holm));
                line(out, format!("  {scale:<12} {first} less {second}: {}; {test}", number(*difference)));
            }
            GroupsResult::More { pairs } => {
                for pair in pairs {
                    let [first, second] = &pair.groups;
                    let test = format!("t {} with {} df, p {}", number(pair.t), number(pair.df), probability(pair.p));
                    line(
                        out,
                        format!("  {scale:<12} {first} less {second}: {}{}; {test}", number(pair.difference), interval(pair.interval)),
                    );
                }
            }
        }
    }
    out.push('\n');
}

fn notes(out: &mut String, notes: &Notes) {
    for (key, why) in &notes.0 {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "  no {key}: {why}");
    }
}
