//! A CSV file of somebody's, and what is wrong with it by line and column.

use anyhow::{Context, Result, bail, ensure};
use std::{
    collections::BTreeSet,
    fs,
    io::{self, ErrorKind, Write},
    path::Path,
    str,
};

/// Mistakes that are printed one by one; of the rest only the number is.
const SHOWN: usize = 20;

pub struct Sheet {
    pub header: Vec<String>,
    pub rows: Vec<Row>,
    /// Where cells are divided by semicolons or tabs, numbers may have a comma.
    pub comma: bool,
}

pub struct Row {
    pub line: u64,
    pub cells: Vec<String>,
}

/// What is wrong with a file by its lines, collected so that it can be mended at once.
#[derive(Default)]
pub struct Mistakes(Vec<(u64, String)>);

impl Sheet {
    /// Reads a file with a header. Commas, semicolons or tabs divide its cells, whichever the first line has most of.
    ///
    /// Rows of the wrong length are mistakes and left out.
    ///
    /// # Errors
    /// The file cannot be read, is not UTF-8 or is empty.
    pub fn read(file: &Path, mistakes: &mut Mistakes) -> Result<Self> {
        let mut sheet = Self::read_ragged(file)?;
        ensure!(!sheet.rows.is_empty(), "{} has a header and nothing below it", file.display());
        let wanted = sheet.header.len();
        for row in sheet.rows.extract_if(.., |row| row.cells.len() != wanted) {
            mistakes.row(row.line, &format!("{} cells, but the header has {wanted}", row.cells.len()));
        }
        Ok(sheet)
    }

    /// As [`Sheet::read`], with rows of any length.
    pub fn read_ragged(file: &Path) -> Result<Self> {
        let bytes = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
        let text = match str::from_utf8(&bytes) {
            Ok(text) => text.trim_start_matches('\u{feff}'),
            Err(error) => {
                let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
                bail!("{} is not UTF-8: line {line} has bytes that are no letter; save it as \"CSV UTF-8\"", file.display());
            }
        };
        let first = text.lines().next().unwrap_or_default();
        let count = |divider: u8| first.bytes().filter(|byte| *byte == divider).count();
        let divider = [b'\t', b';', b','].into_iter().max_by_key(|divider| count(*divider)).unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(divider)
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.with_context(|| format!("{} is no CSV file", file.display()))?;
            let line = record.position().map_or(0, |position| line_of(text, position));
            rows.push(Row { line, cells: record.iter().map(str::to_owned).collect() });
        }
        ensure!(!rows.is_empty(), "{} is empty", file.display());
        let header = rows.remove(0).cells;
        Ok(Self { header, rows, comma: divider != b',' })
    }

    /// Where a column is.
    ///
    /// # Errors
    /// There is none of that name, or several.
    pub fn column(&self, name: &str) -> Result<usize> {
        let mut places = (0..self.header.len()).filter(|place| self.header[*place] == name);
        match (places.next(), places.next()) {
            (Some(place), None) => Ok(place),
            (Some(_), Some(_)) => bail!("there are several columns \"{name}\""),
            _ => bail!("there is no column \"{name}\"; the file has {}", self.header.join(", ")),
        }
    }

    /// A column's numbers; empty and NA are none.
    pub fn numbers(&self, column: usize, mistakes: &mut Mistakes, accept: impl Fn(f64) -> Result<(), String>) -> Vec<Option<f64>> {
        let read = |row: &Row| {
            let cell = row.cells[column].as_str();
            if is_missing(cell) {
                return None;
            }
            let number = self.number(cell).ok_or_else(|| "is no number".to_owned()).and_then(|number| accept(number).map(|()| number));
            number.map_err(|why| mistakes.cell(row.line, &self.header[column], &format!("\"{cell}\" {why}"))).ok()
        };
        self.rows.iter().map(read).collect()
    }

    pub fn number(&self, cell: &str) -> Option<f64> {
        let number: Option<f64> = if self.comma { cell.replacen(',', ".", 1).parse().ok() } else { cell.parse().ok() };
        number.filter(|number| number.is_finite())
    }
}

/// The reader counts from where the last record ended: blank lines before a record are skipped here.
fn line_of(text: &str, position: &csv::Position) -> u64 {
    let from = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let blank = text.as_bytes().get(from..).unwrap_or_default().iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
    position.line() + blank.filter(|byte| **byte == b'\n').count() as u64
}

pub fn is_missing(cell: &str) -> bool {
    cell.is_empty() || cell.eq_ignore_ascii_case("NA")
}

impl Mistakes {
    pub fn row(&mut self, line: u64, why: &str) {
        self.0.push((line, format!("line {line}: {why}")));
    }

    pub fn cell(&mut self, line: u64, column: &str, why: &str) {
        self.0.push((line, format!("line {line}, column {column}: {why}")));
    }

    /// # Errors
    /// There are mistakes; they are named, in the order of the file.
    pub fn none(mut self, file: &Path) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        self.0.sort_by_key(|(line, _)| *line);
        let mut shown: Vec<String> = self.0.iter().take(SHOWN).map(|(_, mistake)| format!("  {mistake}")).collect();
        if self.0.len() > SHOWN {
            shown.push(format!("  and {} more", self.0.len() - SHOWN));
        }
        bail!("{} was not analysed:\n{}", file.display(), shown.join("\n"))
    }
}

/// Prints; a reader who has seen enough (`| head`) is no error.
pub fn say(text: &str) -> Result<()> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Names that stand twice in a list.
pub fn repeated<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    names.into_iter().filter(|name| !seen.insert(*name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(text: &str) -> (Sheet, Mistakes) {
        let file = std::env::temp_dir().join(format!("sheet-{}.csv", uuid::Uuid::new_v4()));
        fs::write(&file, text).unwrap();
        let mut mistakes = Mistakes::default();
        let sheet = Sheet::read(&file, &mut mistakes).unwrap();
        fs::remove_file(file).unwrap();
        (sheet, mistakes)
    }

    #[test]
    fn a_spreadsheets_file_is_understood() {
        let (sheet, mut mistakes) = sheet("\u{feff}A;B\r\n1,5;NA\r\n2;\r\n");
        assert_eq!(sheet.numbers(sheet.column("A").unwrap(), &mut mistakes, |_| Ok(())), [Some(1.5), Some(2.0)]);
        assert_eq!(sheet.numbers(sheet.column("B").unwrap(), &mut mistakes, |_| Ok(())), [None, None]);
        assert!(mistakes.none(Path::new("a.csv")).is_ok());
        assert!(sheet.column("C").unwrap_err().to_string().contains("the file has A, B"));
    }

    #[test]
    fn mistakes_are_named_by_line_and_column_in_the_files_order() {
        let (sheet, mut mistakes) = sheet("A,B\n1,2\n\n9,foo\n3\n2,7\n");
        let accept = |number: f64| if number <= 5.0 { Ok(()) } else { Err("is outside of 1 to 5".to_owned()) };
        (0..2).for_each(|column| drop(sheet.numbers(column, &mut mistakes, accept)));
        let said = mistakes.none(Path::new("a.csv")).unwrap_err().to_string();
        assert_eq!(
            said.lines().collect::<Vec<_>>(),
            [
                "a.csv was not analysed:",
                "  line 4, column A: \"9\" is outside of 1 to 5",
                "  line 4, column B: \"foo\" is no number",
                "  line 5: 1 cells, but the header has 2",
                "  line 6, column B: \"7\" is outside of 1 to 5",
            ]
        );
    }
}
