//! A row of a file of answers, understood: or every reason why it cannot be.

use super::{
    moment,
    table::{Column, Header},
};
use crate::{Settings, catalog::import::Finding};
use csv::ByteRecord;
use domain::{
    Language,
    surveys::{Answer, DOES_NOT_APPLY, Device, Form, Item, Part, Version, read},
};
use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

/// The longest name of a category, a carrier or a respondent, in bytes.
const LONGEST_NAME: usize = 250;
/// What the table of answers writes for groups that few people have.
const OTHER: &str = "other";

/// What files are read with.
pub(super) struct Reading<'a> {
    pub settings: &'a Settings,
    pub header: &'a Header,
    /// The newest first.
    pub versions: &'a [(Uuid, Version)],
    /// All rows are of this version, whatever they say.
    pub version: Option<i32>,
    /// What was finished earlier is kept no more.
    pub oldest: OffsetDateTime,
    pub now: OffsetDateTime,
}

/// What somebody answered, as it is written.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Earlier {
    pub id: Uuid,
    pub version: Uuid,
    pub form: &'static str,
    pub language: &'static str,
    pub returning: Option<bool>,
    pub device: Option<&'static str>,
    pub category: Option<String>,
    pub carrier: Option<String>,
    pub trouble_known: bool,
    pub trouble_said: Option<bool>,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// In the order of the instrument.
    pub items: Vec<Uuid>,
    pub values: Vec<Valued>,
    pub words: Vec<Worded>,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Valued {
    pub item: Uuid,
    /// None: it does not apply.
    pub value: Option<i16>,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Worded {
    pub item: Uuid,
    pub body: String,
}

/// A row with who answered, as far as it says so.
pub(super) fn understand(record: &ByteRecord, line: u64, reading: &Reading<'_>) -> Result<(Option<String>, Earlier), Vec<Finding>> {
    let mut cells = Cells::new(record, line, reading.header)?;
    let respondent = cells.take(&Column::Respondent, name);
    let version = version(&mut cells, reading);
    let at = finished(&mut cells, reading);
    let trouble_known = cells.take(&Column::TroubleKnown, flag).unwrap_or(false);
    let trouble_said = cells.take(&Column::TroubleSaid, flag);
    let mut earlier = Earlier {
        id: Uuid::new_v4(),
        version: version.map_or_else(Uuid::nil, |(id, _)| *id),
        form: cells
            .take(&Column::Form, |text| Form::from_code(text).ok_or("is neither full nor short".into()))
            .unwrap_or(Form::Full)
            .code(),
        language: language(&mut cells, reading).code(),
        returning: cells.take(&Column::Returning, flag),
        device: cells.take(&Column::Device, device).flatten(),
        category: cells.take(&Column::Category, segment).flatten(),
        carrier: cells.take(&Column::Carrier, segment).flatten(),
        trouble_known,
        trouble_said,
        at: at.unwrap_or(reading.now),
        items: Vec::new(),
        values: Vec::new(),
        words: Vec::new(),
    };
    if let Some((_, version)) = version {
        answers(&mut cells, version, &mut earlier);
    }
    if cells.findings.is_empty() && earlier.items.is_empty() {
        cells.findings.push(cells.finding(None, "there is no answer in it".to_owned()));
    }
    if cells.findings.is_empty() { Ok((respondent, earlier)) } else { Err(cells.findings) }
}

fn version<'a>(cells: &mut Cells<'_>, reading: &Reading<'a>) -> Option<&'a (Uuid, Version)> {
    let of = |number: i32| reading.versions.iter().find(|(_, version)| version.number == number);
    let newest = reading.versions.first();
    if let Some(number) = reading.version {
        return of(number);
    }
    let known = |text: &str| text.parse().ok().and_then(of).ok_or_else(|| format!("there is no version {text} of the instrument here"));
    let before = cells.findings.len();
    let said = cells.take(&Column::Version, known);
    if cells.findings.len() > before { None } else { said.or(newest) }
}

/// By the moment, else by the week.
fn finished(cells: &mut Cells<'_>, reading: &Reading<'_>) -> Option<OffsetDateTime> {
    let before = cells.findings.len();
    let within = |at: OffsetDateTime| {
        if at > reading.now {
            return Err("is in the future".to_owned());
        }
        if at < reading.oldest { Err("is longer ago than answers are kept".to_owned()) } else { Ok(at.to_offset(time::UtcOffset::UTC)) }
    };
    let exact = cells.take(&Column::Finished, |text| moment::moment(text, reading.settings).and_then(within));
    let at = exact.or_else(|| cells.take(&Column::Week, |text| moment::week(text, reading.settings).and_then(within)));
    if at.is_none() && cells.findings.len() == before {
        cells.findings.push(cells.finding(None, "nothing says when it was finished".to_owned()));
    }
    at
}

fn language(cells: &mut Cells<'_>, reading: &Reading<'_>) -> Language {
    let said = cells.take(&Column::Language, |text| text.parse().map_err(|_| format!("{text} is no language of the shop")));
    said.unwrap_or(reading.settings.base_language)
}

fn flag(text: &str) -> Result<bool, String> {
    match text.to_lowercase().as_str() {
        "1" | "yes" | "true" => Ok(true),
        "0" | "no" | "false" => Ok(false),
        _ => Err("is neither 1 nor 0".to_owned()),
    }
}

fn name(text: &str) -> Result<String, String> {
    let is_name = text.len() <= LONGEST_NAME && !text.chars().any(char::is_control);
    is_name.then(|| text.to_owned()).ok_or_else(|| format!("is longer than {LONGEST_NAME} bytes, or no text"))
}

fn segment(text: &str) -> Result<Option<String>, String> {
    if text == OTHER { Ok(None) } else { name(text).map(Some) }
}

fn device(text: &str) -> Result<Option<&'static str>, String> {
    match (text, Device::from_code(text)) {
        (OTHER, _) => Ok(None),
        (_, Some(device)) => Ok(Some(device.code())),
        _ => Err("is none of phone, tablet and desktop".to_owned()),
    }
}

/// Every answer of the row, in the order of the instrument.
fn answers(cells: &mut Cells<'_>, version: &Version, earlier: &mut Earlier) {
    let given = cells.answers();
    for (code, _) in &given {
        if !version.items.iter().any(|item| item.code == *code) {
            cells.findings.push(cells.finding(Some(code), format!("version {} does not ask this", version.number)));
        }
    }
    let had_none = !earlier.trouble_known && earlier.trouble_said == Some(false);
    for item in &version.items {
        let Some((code, text)) = given.iter().find(|(code, _)| *code == item.code) else { continue };
        let answer = if had_none && version.part_of(item) == Part::Recovery {
            Err("is answered, but the row says that there was no problem".to_owned())
        } else {
            answer(item, text)
        };
        match answer {
            Ok(Answer::Words(body)) => earlier.words.push(Worded { item: item.id, body }),
            Ok(Answer::Value(value)) => earlier.values.push(Valued { item: item.id, value: Some(value) }),
            Ok(Answer::DoesNotApply) => earlier.values.push(Valued { item: item.id, value: None }),
            Ok(_) => continue,
            Err(reason) => {
                cells.findings.push(cells.finding(Some(code), reason));
                continue;
            }
        }
        earlier.items.push(item.id);
    }
}

/// As people answer it, NA in either case, and whole numbers as programs write them.
fn answer(item: &Item, text: &str) -> Result<Answer, String> {
    let Some(scale) = &item.scale else {
        return read(None, text).map_err(|_| "is too long".to_owned());
    };
    let sent = if text.eq_ignore_ascii_case(DOES_NOT_APPLY) { DOES_NOT_APPLY } else { text.strip_suffix(".0").unwrap_or(text) };
    let reason = || format!("{text:?} is neither from {} to {} nor NA", scale.lowest, scale.highest);
    read(Some(scale), sent).map_err(|_| reason())
}

/// The cells of a row, and what is wrong with them.
struct Cells<'a> {
    header: &'a Header,
    texts: Vec<&'a str>,
    line: u64,
    findings: Vec<Finding>,
}

impl<'a> Cells<'a> {
    fn new(record: &'a ByteRecord, line: u64, header: &'a Header) -> Result<Self, Vec<Finding>> {
        let mut cells = Self { header, texts: Vec::with_capacity(record.len()), line, findings: Vec::new() };
        let (has, needs) = (record.len(), header.names.len());
        if has != needs {
            return Err(vec![cells.finding(None, format!("the row has {has} cells, the header has {needs}"))]);
        }
        for (bytes, name) in record.iter().zip(&header.names) {
            let text = std::str::from_utf8(bytes).unwrap_or_else(|_| {
                cells.findings.push(cells.finding(Some(name), "is not UTF-8".to_owned()));
                ""
            });
            cells.texts.push(text.trim());
        }
        Ok(cells)
    }

    fn finding(&self, column: Option<&str>, reason: String) -> Finding {
        Finding { line: self.line, column: column.map(str::to_owned), handle: String::new(), reason }
    }

    /// What a column says, where it says anything that can be understood.
    fn take<T>(&mut self, column: &Column, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let place = self.header.columns.iter().position(|known| known.as_ref() == Some(column))?;
        let text = self.texts[place];
        if text.is_empty() {
            return None;
        }
        let found = read(text);
        found.map_err(|reason| self.findings.push(self.finding(Some(&self.header.names[place]), reason))).ok()
    }

    /// The codes of items with what was answered.
    fn answers(&self) -> Vec<(&'a str, &'a str)> {
        let columns = self.header.columns.iter().zip(&self.texts);
        let given = columns.filter_map(|(column, text)| match column {
            Some(Column::Answer(code)) if !text.is_empty() => Some((code.as_str(), *text)),
            _ => None,
        });
        given.collect()
    }
}
