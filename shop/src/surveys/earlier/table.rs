//! A file of answers: what its columns mean, and its rows with the line each begins on.

use super::report::EarlierRefusal;
use csv::{ByteRecord, Reader, ReaderBuilder};
use domain::surveys::Version;
use std::{
    collections::HashSet,
    io::{self, BufRead, Chain},
};

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Column {
    Respondent,
    Version,
    Form,
    Language,
    Finished,
    Week,
    Returning,
    Device,
    Category,
    Carrier,
    TroubleKnown,
    TroubleSaid,
    /// What was answered to the item of this code.
    Answer(String),
    /// Of an export, and made anew or not known of earlier answers.
    Unused(String),
}

const FIXED: [(&str, Column); 14] = [
    ("respondent", Column::Respondent),
    ("pseudonym", Column::Respondent),
    ("version", Column::Version),
    ("form", Column::Form),
    ("language", Column::Language),
    ("finished", Column::Finished),
    ("completed_at", Column::Finished),
    ("week", Column::Week),
    ("returning", Column::Returning),
    ("device", Column::Device),
    ("category", Column::Category),
    ("carrier", Column::Carrier),
    ("trouble_known", Column::TroubleKnown),
    ("trouble_said", Column::TroubleSaid),
];

pub(super) struct Header {
    pub names: Vec<String>,
    /// Side by side with the names; `None`: unknown.
    pub columns: Vec<Option<Column>>,
}

impl Header {
    /// # Errors
    /// It lacks what every file needs, or says something twice.
    pub fn read(names: Vec<String>, versions: &[&Version]) -> Result<Self, EarlierRefusal> {
        let columns: Vec<Option<Column>> = names.iter().map(|name| meaning(name, versions)).collect();
        let mut seen = HashSet::new();
        if let Some((name, _)) = names.iter().zip(&columns).find(|(_, column)| column.as_ref().is_some_and(|column| !seen.insert(column))) {
            return Err(EarlierRefusal::ColumnTwice(name.clone()));
        }
        if !columns.iter().any(|column| matches!(column, Some(Column::Answer(_)))) {
            let first = versions.iter().flat_map(|version| &version.items).next();
            return Err(EarlierRefusal::NoItem(first.map(|item| item.code.clone()).unwrap_or_default()));
        }
        if !columns.iter().any(|column| matches!(column, Some(Column::Finished | Column::Week))) {
            return Err(EarlierRefusal::NoMoment);
        }
        Ok(Self { names, columns })
    }

    pub fn unknown(&self) -> Vec<String> {
        self.names.iter().zip(&self.columns).filter(|(_, column)| column.is_none()).map(|(name, _)| name.clone()).collect()
    }
}

/// Items come before everything else: an instrument names them as it likes.
fn meaning(name: &str, versions: &[&Version]) -> Option<Column> {
    let (small, large) = (name.to_lowercase(), name.to_uppercase());
    let is_item = |code: &str| versions.iter().flat_map(|version| &version.items).any(|item| item.code == code);
    let is_dimension = |code: &str| versions.iter().flat_map(|version| &version.dimensions).any(|dimension| dimension.code == code);
    if is_item(name) {
        return Some(Column::Answer(name.to_owned()));
    }
    if let Some((_, column)) = FIXED.iter().find(|(fixed, _)| *fixed == small) {
        return Some(column.clone());
    }
    let is_made =
        small == "id" || large.strip_suffix("_SECONDS").is_some_and(is_item) || large.strip_suffix("_SCORE").is_some_and(is_dimension);
    if is_made {
        return Some(Column::Unused(small));
    }
    is_item(&large).then_some(Column::Answer(large))
}

pub(super) struct Table<R> {
    reader: Reader<Chain<R, &'static [u8]>>,
    /// Lines end with a carriage return and a line feed; the reader counts the latter to the next row.
    is_crlf: bool,
}

impl<R: BufRead> Table<R> {
    /// Commas, semicolons or tabs divide the cells, whichever the first line has most of.
    pub fn open(mut source: R) -> io::Result<Self> {
        let beginning = source.fill_buf()?;
        let first = beginning.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let is_crlf = first.ends_with(b"\r");
        let count = |divider: u8| first.iter().filter(|byte| **byte == divider).count();
        let divider = [b'\t', b';', b','].into_iter().max_by_key(|divider| count(*divider)).unwrap_or(b',');
        // The last row ends like all others: lines are counted by that.
        let end: &[u8] = if is_crlf { b"\r\n" } else { b"\n" };
        let reader = ReaderBuilder::new().delimiter(divider).has_headers(false).flexible(true).from_reader(source.chain(end));
        Ok(Self { reader, is_crlf })
    }

    /// The names of the columns; none in an empty file.
    pub fn names(&mut self) -> Result<Option<Vec<String>>, csv::Error> {
        let name = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_start_matches('\u{feff}').trim().to_owned();
        Ok(self.next()?.map(|(_, record)| record.iter().map(name).collect()))
    }

    /// The next row and the line that it begins on.
    pub fn next(&mut self) -> Result<Option<(u64, ByteRecord)>, csv::Error> {
        let mut record = ByteRecord::new();
        if !self.reader.read_byte_record(&mut record)? {
            return Ok(None);
        }
        let (began, byte) = record.position().map_or((1, 0), |place| (place.line(), place.byte()));
        // Counted back from the row's end there are no empty lines before it, nor the line feed of the row above.
        let inside = record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
        let from_end = self.reader.position().line().saturating_sub(inside + u64::from(!self.is_crlf));
        Ok(Some((from_end.max(began + u64::from(self.is_crlf && byte > 0)), record)))
    }

    /// How many bytes were read.
    pub fn bytes(&self) -> u64 {
        self.reader.position().byte()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_on_their_lines_in_every_spreadsheets_file() {
        let unix = "\u{feff}A,B\n1,\"x\ny\"\n\n2,z\n";
        let office = "A;B\r\n1;\"x\ny\"\r\n\r\n2;z\r\n";
        for text in [unix, unix.trim_end(), office, office.trim_end()] {
            let mut table = Table::open(text.as_bytes()).unwrap();
            assert_eq!(table.names().unwrap().unwrap(), ["A", "B"]);
            let lines: Vec<u64> = std::iter::from_fn(|| table.next().unwrap().map(|(line, _)| line)).collect();
            assert_eq!(lines, [2, 5], "{text:?}");
        }
    }
}
