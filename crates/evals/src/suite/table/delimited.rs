//! Tables as CSV (RFC 4180) and with tabs.

use super::{Table, columns};

pub(super) fn read(bytes: &[u8], delimiter: u8) -> Result<Table, String> {
    std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8 text: save it as UTF-8".to_owned())?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .from_reader(bytes);
    let told = |error: csv::Error| {
        let line = error.position().map_or(0, csv::Position::line);
        match error.kind() {
            csv::ErrorKind::UnequalLengths {
                expected_len, len, ..
            } => format!(
                "line {line} has {len} cells, and the first line names {expected_len} columns"
            ),
            _ => format!("line {line}: {error}"),
        }
    };
    let header: Vec<String> = {
        let header = reader.headers().map_err(told)?;
        header.iter().map(|name| name.trim().to_owned()).collect()
    };
    if header.iter().all(String::is_empty) {
        return Ok(Table::default());
    }
    columns(header.iter().map(String::as_str))?;
    let mut table = Table::default();
    for record in reader.records() {
        let record = record.map_err(told)?;
        let cells = header.iter().cloned().zip(record.iter().map(str::to_owned));
        table.push(cells.collect())?;
    }
    Ok(table)
}
