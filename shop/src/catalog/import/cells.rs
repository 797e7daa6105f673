//! The cells of one product's rows: texts, numbers and flags, and a finding for each that is none.

use super::{parse::Reading, report::Finding};
use crate::catalog::csv::{columns as column, index::Row};
use domain::{Language, Money, Translated};
use std::collections::BTreeMap;

/// Enough of a cell to recognise it by.
const EXCERPT: usize = 60;
/// Far above any stock and far below what the database can hold.
const LARGEST_QUANTITY: i32 = 1_000_000_000;

pub struct Cells<'a> {
    pub handle: &'a str,
    pub rows: &'a [Row],
    pub reading: Reading<'a>,
    pub findings: Vec<Finding>,
}

impl<'a> Cells<'a> {
    pub fn new(handle: &'a str, rows: &'a [Row], reading: Reading<'a>) -> Self {
        Self { handle, rows, reading, findings: Vec::new() }
    }

    /// Without the spaces around it; empty when the file has no such column.
    pub fn text(&self, row: usize, column: &str) -> &'a str {
        let cells = &self.rows[row].cells;
        self.reading.header.position(column).and_then(|position| cells.get(position)).map_or("", |text| text.trim())
    }

    /// The name of a column or of its translation.
    pub fn column_in(&self, column: &str, language: Language) -> String {
        if language == self.reading.base { column.to_owned() } else { column::in_language(column, language) }
    }

    pub fn reject(&mut self, row: usize, column: &str, reason: String) {
        let line = self.rows.get(row).map_or(0, |row| row.line);
        self.findings.push(Finding { line, column: Some(column.to_owned()), handle: self.handle.to_owned(), reason });
    }

    /// Something of the product, on the row that says it.
    pub fn reject_product(&mut self, column: &str, reason: String) {
        let row = (0..self.rows.len()).find(|&row| !self.text(row, column).is_empty()).unwrap_or(0);
        self.reject(row, column, reason);
    }

    /// What the product's rows say in this column: all the same, or nothing.
    pub fn of_product(&mut self, column: &str) -> String {
        let said: Vec<usize> = (0..self.rows.len()).filter(|&row| !self.text(row, column).is_empty()).collect();
        let Some((&first, others)) = said.split_first() else { return String::new() };
        let text = self.text(first, column);
        if let Some(&other) = others.iter().find(|&&row| self.text(row, column) != text) {
            let (line, there) = (self.rows[first].line, excerpt(text));
            self.reject(other, column, format!("`{}` here, but `{there}` on line {line}", excerpt(self.text(other, column))));
        }
        text.to_owned()
    }

    pub fn translated_of_product(&mut self, column: &str) -> Translated {
        let mut texts = BTreeMap::new();
        for language in Language::ALL {
            let text = self.of_product(&self.column_in(column, language));
            if !text.is_empty() {
                texts.insert(language, text);
            }
        }
        Translated(texts)
    }

    pub fn translated(&self, row: usize, column: &str) -> Translated {
        let text = |language| self.text(row, &self.column_in(column, language)).to_owned();
        Translated(Language::ALL.into_iter().map(|l| (l, text(l))).filter(|(_, text)| !text.is_empty()).collect())
    }

    /// True where nothing is said.
    pub fn flag_of_product(&mut self, column: &str) -> bool {
        let text = self.of_product(column);
        flag(&text).unwrap_or_else(|reason| {
            self.reject_product(column, reason);
            true
        })
    }

    /// True where nothing is said.
    pub fn flag(&mut self, row: usize, column: &str) -> bool {
        flag(self.text(row, column)).unwrap_or_else(|reason| {
            self.reject(row, column, reason);
            true
        })
    }

    /// An amount that is not below zero, or none.
    pub fn amount(&mut self, row: usize, column: &str) -> Option<Money> {
        let text = self.text(row, column);
        if text.is_empty() {
            return None;
        }
        match Money::parse(text, self.reading.currency) {
            Ok(amount) if amount.minor >= 0 => return Some(amount),
            Ok(_) => self.reject(row, column, format!("`{text}` is below zero")),
            Err(_) => {
                let reason = format!("`{}` is not an amount of {}, such as 12.50", excerpt(text), self.reading.currency);
                self.reject(row, column, reason);
            }
        }
        None
    }

    /// A whole number, or none.
    pub fn quantity(&mut self, row: usize, column: &str) -> Option<i32> {
        let text = self.text(row, column);
        if text.is_empty() {
            return None;
        }
        let number = whole(text).filter(|number| number.abs() <= LARGEST_QUANTITY);
        if number.is_none() {
            self.reject(row, column, format!("`{}` is not a whole number", excerpt(text)));
        }
        number
    }

    /// The picture's position, or the next one after `count` pictures.
    pub fn position(&mut self, row: usize, count: usize) -> u32 {
        let next = u32::try_from(count + 1).unwrap_or(u32::MAX);
        let given = self.quantity(row, column::IMAGE_POSITION);
        match given.map(u32::try_from) {
            Some(Ok(position)) => position,
            Some(Err(_)) => {
                self.reject(row, column::IMAGE_POSITION, "is below zero".to_owned());
                next
            }
            None => next,
        }
    }

    /// Columns of no use to us that speak of the product: those that only its first row fills.
    pub fn kept_with_product(&self) -> BTreeMap<String, String> {
        let header = self.reading.header;
        let unknown = header.unknown.iter().map(String::as_str).filter(|column| !self.is_of_variants(column));
        self.kept(0, unknown.chain([column::GIFT_CARD]))
    }

    /// Columns of no use to us that speak of the variant on this row.
    pub fn kept_with_variant(&self, row: usize) -> BTreeMap<String, String> {
        let unknown = self.reading.header.unknown.iter().map(String::as_str).filter(|column| self.is_of_variants(column));
        self.kept(row, unknown.chain(column::KEPT_WITH_VARIANT))
    }

    fn is_of_variants(&self, column: &str) -> bool {
        (1..self.rows.len()).any(|row| !self.text(row, column).is_empty())
    }

    fn kept<'c>(&self, row: usize, columns: impl Iterator<Item = &'c str>) -> BTreeMap<String, String> {
        let texts = columns.map(|column| (column.to_owned(), self.text(row, column).to_owned()));
        texts.filter(|(_, text)| !text.is_empty()).collect()
    }
}

/// As it can stand in a sentence.
pub fn excerpt(text: &str) -> String {
    let short: String = text.chars().take(EXCERPT).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

fn flag(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "" | "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(format!("`{}` is neither TRUE nor FALSE", excerpt(text))),
    }
}

/// Whole numbers also come as `330.0`.
fn whole(text: &str) -> Option<i32> {
    let (number, decimals) = text.split_once('.').unwrap_or((text, ""));
    decimals.bytes().all(|digit| digit == b'0').then(|| number.parse().ok()).flatten()
}
