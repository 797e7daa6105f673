//! `server quality`: a survey's answers in, reliability, structure, drivers and differences out.

use super::{
    quality_table,
    sheet::{self, Mistakes, Sheet},
};
use anyhow::{Context, Result, bail, ensure};
use quality::analysis::{self, Item, Scale, Survey};
use std::{path::PathBuf, str::FromStr};

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Analyse a CSV file with a column an item and a row a person; empty or NA is an answer not given.
    Analyse {
        file: PathBuf,
        /// The lowest and the highest answer.
        #[arg(long, value_name = "LOW-HIGH", default_value = "1-5", allow_hyphen_values = true)]
        range: Range,
        /// Scales and the columns of their items; a minus after an item turns it round: 'EFF=EFF1,EFF2;PRI=PRI1,PRI2-'
        #[arg(long)]
        scales: Scales,
        /// A column of numbers to explain by the scales.
        #[arg(long, value_name = "COLUMN")]
        outcome: Option<String>,
        /// A column of groups to compare.
        #[arg(long, value_name = "COLUMN")]
        group: Option<String>,
        /// For programs instead of people.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Clone, Copy)]
pub struct Range {
    low: f64,
    high: f64,
}

#[derive(Debug, Clone)]
pub struct Scales(Vec<(String, Vec<Column>)>);

#[derive(Debug, Clone)]
struct Column {
    name: String,
    turned: bool,
}

impl FromStr for Range {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let ends = text.char_indices().skip(1).find(|(_, letter)| *letter == '-').map(|(at, _)| (&text[..at], &text[at + 1..]));
        let number = |text: &str| text.trim().parse().ok().filter(|number: &f64| number.is_finite());
        let ends = ends.and_then(|(low, high)| Some(Self { low: number(low)?, high: number(high)? }));
        ends.filter(|range| range.low < range.high).ok_or_else(|| "a range looks like 1-5".to_owned())
    }
}

impl FromStr for Scales {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let scales: Result<Vec<_>, String> = text.split(';').filter(|part| !part.trim().is_empty()).map(scale).collect();
        let scales = scales?;
        if scales.is_empty() {
            return Err("name at least one scale: 'EFF=EFF1,EFF2'".to_owned());
        }
        if let Some(name) = sheet::repeated(scales.iter().map(|(name, _)| name.as_str())).first() {
            return Err(format!("the scale {name} is there twice"));
        }
        let items = scales.iter().flat_map(|(_, items)| items.iter().map(|item| item.name.as_str()));
        if let Some(name) = sheet::repeated(items).first() {
            return Err(format!("the item {name} is there twice; an item belongs to one scale"));
        }
        Ok(Self(scales))
    }
}

fn scale(text: &str) -> Result<(String, Vec<Column>), String> {
    let (name, items) = text.split_once('=').ok_or_else(|| format!("\"{}\" is no scale: 'NAME=ITEM,ITEM'", text.trim()))?;
    let items: Vec<Column> = items.split(',').map(str::trim).filter(|item| !item.is_empty()).map(column).collect();
    let name = name.trim();
    if name.is_empty() || items.is_empty() {
        return Err(format!("\"{}\" needs a name and items: 'NAME=ITEM,ITEM'", text.trim()));
    }
    Ok((name.to_owned(), items))
}

fn column(item: &str) -> Column {
    let (name, turned) = item.strip_suffix('-').map_or((item, false), |name| (name, true));
    Column { name: name.trim().to_owned(), turned }
}

/// # Errors
/// The file or the question has mistakes; they are named.
pub fn run(command: &Command) -> Result<()> {
    let Command::Analyse { file, range, scales, outcome, group, json } = command;
    let mut mistakes = Mistakes::default();
    let sheet = Sheet::read(file, &mut mistakes)?;
    let survey = survey(&sheet, *range, scales, outcome.as_deref(), group.as_deref(), &mut mistakes)
        .with_context(|| format!("{} was not analysed", file.display()))?;
    mistakes.none(file)?;
    let analysis = analysis::analyse(&survey);
    sheet::say(&if *json { serde_json::to_string_pretty(&analysis)? + "\n" } else { quality_table::write(&analysis) })
}

fn survey(
    sheet: &Sheet,
    range: Range,
    scales: &Scales,
    outcome: Option<&str>,
    group: Option<&str>,
    mistakes: &mut Mistakes,
) -> Result<Survey> {
    let mut survey = Survey::default();
    for (name, items) in &scales.0 {
        let mut scale = Scale { name: name.clone(), items: Vec::new() };
        for Column { name, turned } in items {
            let answers = sheet.numbers(sheet.column(name)?, mistakes, |answer| range.accept(answer));
            let turn = |answer: f64| if *turned { range.low + range.high - answer } else { answer };
            scale.items.push(Item { name: name.clone(), answers: answers.into_iter().map(|answer| answer.map(turn)).collect() });
        }
        survey.scales.push(scale);
    }
    if let Some(name) = outcome {
        ensure!(!scales.has(name), "{name} is an item: an outcome is explained by the scales, not by itself");
        survey.outcome = Some(sheet.numbers(sheet.column(name)?, mistakes, |_| Ok(())));
    }
    if let Some(name) = group {
        let column = sheet.column(name)?;
        let cell = |cell: &String| (!sheet::is_missing(cell)).then(|| cell.clone());
        let groups: Vec<Option<String>> = sheet.rows.iter().map(|row| cell(&row.cells[column])).collect();
        let count = groups.iter().flatten().collect::<std::collections::BTreeSet<_>>().len();
        if count > MOST_GROUPS {
            bail!("{name} has {count} different values: groups of people are at most {MOST_GROUPS}");
        }
        survey.groups = Some(groups);
    }
    Ok(survey)
}

/// More are no groups but names or numbers.
const MOST_GROUPS: usize = 40;

impl Range {
    fn accept(self, answer: f64) -> Result<(), String> {
        let within = (self.low..=self.high).contains(&answer);
        if within { Ok(()) } else { Err(format!("is outside of {} to {}", self.low, self.high)) }
    }
}

impl Scales {
    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(_, items)| items.iter().any(|item| item.name == name))
    }
}
