//! Tables that people open in a spreadsheet: comma-separated, with a mark that tells it that this is UTF-8, and with
//! nothing in them that it would run as a formula.

use crate::Fault;

/// A table with its header.
pub(crate) fn write<R, C, S>(header: &[&str], rows: R) -> Result<String, Fault>
where
    R: IntoIterator<Item = C>,
    C: IntoIterator<Item = S>,
    S: AsRef<str>,
{
    Ok(format!("{}{}", begin(header)?, lines(rows)?))
}

/// The beginning of a table that is written piece by piece.
pub(crate) fn begin<S: AsRef<str>>(header: &[S]) -> Result<String, Fault> {
    Ok(format!("\u{feff}{}", lines([header])?))
}

/// Rows without a header.
pub(crate) fn lines<R, C, S>(rows: R) -> Result<String, Fault>
where
    R: IntoIterator<Item = C>,
    C: IntoIterator<Item = S>,
    S: AsRef<str>,
{
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        let cells: Vec<_> = row.into_iter().map(|cell| tame(cell.as_ref())).collect();
        writer.write_record(cells).map_err(Fault::new)?;
    }
    let bytes = writer.into_inner().map_err(|error| Fault::new(error.to_string()))?;
    String::from_utf8(bytes).map_err(Fault::new)
}

/// Customers write some of the cells: one that begins like a formula is text.
fn tame(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_customer_writes_is_never_run() {
        let table = write(&["a", "b"], [["=HYPERLINK(\"x\")", "-12.5"], ["Ñu, \"así\"", "-1+1"]]).unwrap();
        assert_eq!(table, "\u{feff}a,b\n\"'=HYPERLINK(\"\"x\"\")\",-12.5\n\"Ñu, \"\"así\"\"\",'-1+1\n");
    }
}
