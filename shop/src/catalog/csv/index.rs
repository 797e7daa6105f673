//! Where each product's rows are in a file. They may stand apart, and a file may be larger than memory: a first
//! pass notes their places by handle, and each product's rows are then read from there.

use super::columns::{self as column, Header};
use crate::catalog::import::{Finding, ImportRefusal};
use csv::{ByteRecord, Position, Reader, ReaderBuilder};
use domain::Language;
use std::{
    collections::{HashMap, HashSet},
    io::{self, Read, Seek, SeekFrom},
};

/// More than any description needs; text search would refuse a megabyte.
const LONGEST_CELL: usize = 400_000;
/// What stands in an index of the database must fit into one of its pages.
const LONGEST_NAME: usize = 250;

/// A file whose rows can be visited again.
pub struct Table<R> {
    reader: Reader<R>,
    /// Lines end with a carriage return and a line feed; the reader counts the latter to the next row.
    is_crlf: bool,
}

/// The rows of one product.
#[derive(Debug)]
pub struct Group {
    pub handle: String,
    /// In the order of the file, with the line each begins on.
    pub places: Vec<Position>,
    /// Some row of it cannot be read: none is imported.
    pub is_spoiled: bool,
}

#[derive(Debug)]
pub struct Row {
    pub line: u64,
    /// One for each name of the header.
    pub cells: Vec<String>,
}

/// Why a file cannot be read at all.
pub enum Unreadable {
    Refused(ImportRefusal),
    Io(csv::Error),
}

impl From<csv::Error> for Unreadable {
    fn from(error: csv::Error) -> Self {
        Self::Io(error)
    }
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        Self::Io(error.into())
    }
}

impl<R: Read + Seek> Table<R> {
    /// Reads the header.
    pub fn open(mut source: R, base: Language) -> Result<(Self, Header), Unreadable> {
        let is_crlf = ends_lines_with_crlf(&mut source)?;
        let reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(source);
        let mut table = Self { reader, is_crlf };
        let Some((_, first)) = table.next()? else { return Err(Unreadable::Refused(ImportRefusal::Empty)) };
        let names = first.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
        let header = Header::new(names, base).map_err(|twice| Unreadable::Refused(ImportRefusal::ColumnTwice(twice)))?;
        match [column::HANDLE, column::TITLE, column::PRICE].into_iter().find(|needed| !header.has(needed)) {
            Some(missing) => Err(Unreadable::Refused(ImportRefusal::NoColumn(missing))),
            None => Ok((table, header)),
        }
    }

    /// Visits every row once: the products in order of their first rows, and what is wrong with single rows.
    pub fn index(&mut self, header: &Header) -> Result<(Vec<Group>, Vec<Finding>), csv::Error> {
        let mut groups: Vec<Group> = Vec::new();
        let mut by_handle: HashMap<String, usize> = HashMap::new();
        let (mut findings, mut swallowed) = (Vec::new(), HashSet::new());
        while let Some((place, record)) = self.next()? {
            let handle = handle_of(&record, header);
            let problem = problem_of(&record, header, &handle, place.line());
            if record.len() != header.names.len() {
                swallowed.extend(handles_inside(&record));
            }
            if !handle.is_empty() {
                let index = *by_handle.entry(handle.clone()).or_insert_with(|| {
                    groups.push(Group { handle, places: Vec::new(), is_spoiled: false });
                    groups.len() - 1
                });
                groups[index].places.push(place);
                groups[index].is_spoiled |= problem.is_some();
            }
            findings.extend(problem);
        }
        for group in groups.iter_mut().filter(|group| !group.is_spoiled && swallowed.contains(&group.handle)) {
            group.is_spoiled = true;
            let reason = "some of its rows are inside a malformed row, perhaps after a quotation mark that was not closed".to_owned();
            let line = group.places.first().map_or(0, Position::line);
            findings.push(Finding { line, column: None, handle: group.handle.clone(), reason });
        }
        Ok((groups, findings))
    }

    /// The product's rows, or what is wrong with their cells.
    pub fn rows(&mut self, group: &Group, header: &Header) -> Result<Result<Vec<Row>, Vec<Finding>>, csv::Error> {
        let (mut rows, mut findings) = (Vec::with_capacity(group.places.len()), Vec::new());
        for place in &group.places {
            self.reader.seek(place.clone())?;
            let mut record = ByteRecord::new();
            self.reader.read_byte_record(&mut record)?;
            let line = place.line();
            let mut cells = Vec::with_capacity(record.len());
            for (name, bytes) in header.names.iter().zip(&record) {
                let finding = |reason| Finding { line, column: Some(name.clone()), handle: group.handle.clone(), reason };
                match text_of(name, bytes) {
                    Ok(text) => cells.push(text),
                    Err(reason) => findings.push(finding(reason)),
                }
            }
            rows.push(Row { line, cells });
        }
        Ok(if findings.is_empty() { Ok(rows) } else { Err(findings) })
    }

    /// The next row and its place, whose line is the one that the row begins on.
    fn next(&mut self) -> Result<Option<(Position, ByteRecord)>, csv::Error> {
        let mut record = ByteRecord::new();
        if !self.reader.read_byte_record(&mut record)? {
            return Ok(None);
        }
        let mut place = record.position().cloned().unwrap_or_else(Position::new);
        // The reader counts line feeds up to where it began to look: before empty lines, and before the line
        // feed that still belongs to the row above. Counted back from the row's end there are neither.
        let inside = record.as_slice().iter().filter(|&&byte| byte == b'\n').count() as u64;
        let from_end = self.reader.position().line().saturating_sub(inside + u64::from(!self.is_crlf));
        let line = from_end.max(place.line() + u64::from(self.is_crlf && place.byte() > 0));
        place.set_line(line);
        Ok(Some((place, record)))
    }
}

fn ends_lines_with_crlf(source: &mut (impl Read + Seek)) -> io::Result<bool> {
    let mut beginning = Vec::new();
    source.by_ref().take(1 << 16).read_to_end(&mut beginning)?;
    source.seek(SeekFrom::Start(0))?;
    let first = beginning.iter().position(|&byte| byte == b'\n');
    Ok(first.is_some_and(|at| at > 0 && beginning[at - 1] == b'\r'))
}

fn handle_of(record: &ByteRecord, header: &Header) -> String {
    let cell = header.position(column::HANDLE).and_then(|position| record.get(position)).unwrap_or_default();
    std::str::from_utf8(cell).unwrap_or_default().trim().to_owned()
}

fn problem_of(record: &ByteRecord, header: &Header, handle: &str, line: u64) -> Option<Finding> {
    let (has, needs) = (record.len(), header.names.len());
    let finding =
        |column: Option<&str>, reason| Some(Finding { line, column: column.map(str::to_owned), handle: handle.to_owned(), reason });
    if has != needs {
        return finding(header.names.get(has).map(String::as_str), format!("the row has {has} cells, the header has {needs}"));
    }
    if handle.is_empty() {
        return finding(Some(column::HANDLE), "is empty: nobody knows which product this row belongs to".to_owned());
    }
    None
}

/// Handles at the beginnings of lines inside a malformed row: a quotation mark that was not closed swallows rows.
fn handles_inside(record: &ByteRecord) -> HashSet<String> {
    let lines = record.iter().flat_map(|cell| cell.split(|&byte| byte == b'\n').skip(1));
    lines
        .filter_map(|line| std::str::from_utf8(line.split(|&byte| byte == b',').next()?).ok())
        .map(|handle| handle.trim().to_owned())
        .filter(|handle| !handle.is_empty())
        .collect()
}

fn text_of(column: &str, bytes: &[u8]) -> Result<String, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned())?;
    let is_name = [column::HANDLE, column::SKU].contains(&column)
        || column.starts_with("Handle [")
        || column::OPTION_NAMES.iter().chain(&column::OPTION_VALUES).any(|option| column.starts_with(option));
    let longest = if is_name || column.starts_with(column::CATEGORY) { LONGEST_NAME } else { LONGEST_CELL };
    if text.len() > longest {
        return Err(format!("is longer than {longest} bytes"));
    }
    if text.contains('\0') {
        return Err("contains a null character".to_owned());
    }
    Ok(text.to_owned())
}
