//! Tables of cases: each row fills the variables of a case.

mod delimited;
mod json_lines;
mod spreadsheet;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use slipway_agent::package::document::{Reader, Section, Text};
use slipway_agent::package::{Files, PackagePath};

use super::files::in_tests;
use super::name::is_variable;
use super::variables::Variables;

/// The most bytes of a table: 16 MiB.
const MAX_BYTES: usize = 16 << 20;
/// The most rows of a table.
const MAX_ROWS: usize = 50_000;
/// The most columns of a table.
const MAX_COLUMNS: usize = 200;
/// The column that names a row, where there is one.
const NAME: &str = "name";

/// A row of a case's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What people call it: its column `name`, or its number from 1.
    pub label: String,
    /// Its values, by column.
    pub values: Variables,
}

/// Tables that were read already: cases may share one.
#[derive(Debug, Default)]
pub(super) struct Cache(HashMap<Source, Result<Arc<[Row]>, String>>);

/// A file, and the sheet of it.
type Source = (PackagePath, Option<String>);

/// The rows of a case's `table`; none where it has none.
pub(super) fn read(
    reader: &mut Reader<'_>,
    case: &Section<'_>,
    package: &Files,
    cache: &mut Cache,
) -> Arc<[Row]> {
    let sheet = reader.text(case, "sheet", Text::Line(100));
    let Some(found) = case.get("table") else {
        if let Some(sheet) = sheet {
            let message = "names a sheet, and there is no `table` that has one";
            reader.report(&sheet.span, &sheet.key, message);
        }
        return Arc::default();
    };
    if !found.value.is_str() {
        let what = "a file such as \"tests/cases.csv\"";
        if found.value.is_array() {
            return written_down(reader, case).into();
        }
        reader.expected(&format!("{what}, or rows as `[[case.table]]`"), &found);
        return Arc::default();
    }
    let Some(text) = reader.text(case, "table", Text::Line(200)) else {
        return Arc::default();
    };
    let Some(path) = reader.parsed(text, |text| in_tests(text, package)) else {
        return Arc::default();
    };
    let sheet = sheet.map(|sheet| sheet.value.to_owned());
    let source = (path.value.clone(), sheet.clone());
    let rows = cache.0.entry(source).or_insert_with(|| {
        let bytes = package.get(path.value.as_str()).unwrap_or_default();
        rows(path.value.as_str(), sheet.as_deref(), bytes).map(Arc::from)
    });
    match rows {
        Ok(rows) => Arc::clone(rows),
        Err(why) => {
            reader.report(&path.span, &path.key, &format!("`{}`: {why}", path.value));
            Arc::default()
        }
    }
}

/// `[[case.table]]`: rows in the suite itself.
fn written_down(reader: &mut Reader<'_>, case: &Section<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    for section in reader.tables(case, "table") {
        let mut values = Variables::new();
        for (column, found) in section.iter() {
            let value = slipway_agent::package::document::json(reader, &found);
            values.extend(value.map(|value| (column.to_owned(), json_lines::told(&value))));
        }
        match Table::default().and(values.into_iter().collect()) {
            Ok(row) => rows.push(row),
            Err(why) => reader.report(&section.span, &section.key, &why),
        }
    }
    for (index, row) in rows.iter_mut().enumerate() {
        row.label = label(&row.values, index);
    }
    rows
}

fn rows(path: &str, sheet: Option<&str>, bytes: &[u8]) -> Result<Vec<Row>, String> {
    if bytes.len() > MAX_BYTES {
        return Err(format!(
            "it has {} bytes, and a table has at most {} MiB",
            bytes.len(),
            MAX_BYTES >> 20
        ));
    }
    let ending = path
        .rsplit_once('.')
        .map_or("", |(_, ending)| ending)
        .to_ascii_lowercase();
    if sheet.is_some() && ending != "xlsx" {
        return Err(format!(
            "a file that ends with .{ending} has no sheets: leave out `sheet`"
        ));
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let table = match ending.as_str() {
        "csv" => delimited::read(bytes, b','),
        "tsv" => delimited::read(bytes, b'\t'),
        "jsonl" | "ndjson" => json_lines::read(bytes),
        "xlsx" => spreadsheet::read(bytes, sheet),
        "xls" | "ods" => {
            Err("of spreadsheets .xlsx alone is read: save it as that, or as CSV".to_owned())
        }
        _ => Err("a table of cases ends with .csv, .tsv, .jsonl or .xlsx".to_owned()),
    }?;
    if table.0.is_empty() {
        return Err("it has no row, so there is no case".to_owned());
    }
    Ok(table.0)
}

/// Rows within the limits.
#[derive(Debug, Default)]
struct Table(Vec<Row>);

impl Table {
    /// Adds a row of columns with their values.
    fn push(&mut self, cells: Vec<(String, String)>) -> Result<(), String> {
        if self.0.len() == MAX_ROWS {
            return Err(format!(
                "it has more than {MAX_ROWS} rows, which are the most"
            ));
        }
        let row = self.and(cells)?;
        self.0.push(row);
        Ok(())
    }

    fn and(&self, cells: Vec<(String, String)>) -> Result<Row, String> {
        columns(cells.iter().map(|(column, _)| column.as_str()))?;
        let values: BTreeMap<_, _> = cells.into_iter().collect();
        Ok(Row {
            label: label(&values, self.0.len()),
            values,
        })
    }
}

fn label(values: &Variables, index: usize) -> String {
    const LONGEST: usize = 80;
    match values
        .get(NAME)
        .map(|name| name.trim())
        .filter(|name| !name.is_empty())
    {
        Some(name) => name
            .chars()
            .map(|c| {
                if slipway_contract::visible::deceives(c) {
                    ' '
                } else {
                    c
                }
            })
            .take(LONGEST)
            .collect(),
        None => format!("row {}", index + 1),
    }
}

/// Checks the names of a table's columns.
fn columns<'c>(names: impl IntoIterator<Item = &'c str>) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !is_variable(name) {
            let shown: String = name.chars().take(40).collect();
            return Err(format!(
                "the column {shown:?} cannot be a variable: its name begins with a letter and has letters, digits and `_` alone"
            ));
        }
        if !seen.insert(name) {
            return Err(format!("the column {name:?} is there twice"));
        }
        if seen.len() > MAX_COLUMNS {
            return Err(format!(
                "it has more than {MAX_COLUMNS} columns, which are the most"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(path: &str, text: &str) -> Result<Vec<Row>, String> {
        rows(path, None, text.as_bytes())
    }

    #[test]
    fn each_row_fills_the_columns() {
        let csv = "\u{feff}name,total,text\nlodging,42,\"a, b\nc\"\n,43,\"\"\"q\"\"\"\n";
        let rows = read_as("tests/a.csv", csv).unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].label, "lodging");
        assert_eq!(rows[0].values["text"], "a, b\nc");
        assert_eq!(
            (rows[1].label.as_str(), rows[1].values["text"].as_str()),
            ("row 2", "\"q\"")
        );
        let lines =
            "{\"total\": 42, \"deep\": {\"a\": [1]}}\n\n{\"total\": \"x\", \"deep\": null}\n";
        let rows = read_as("tests/a.jsonl", lines).unwrap();
        assert_eq!(rows[0].values["total"], "42");
        assert_eq!(rows[0].values["deep"], "{\"a\":[1]}");
        assert_eq!(
            (
                rows[1].values["total"].as_str(),
                rows[1].values["deep"].as_str()
            ),
            ("x", "")
        );
    }

    #[test]
    fn what_is_no_table_says_why() {
        let many = format!("a\n{}", "1\n".repeat(MAX_ROWS + 1));
        let wide: Vec<String> = (0..=MAX_COLUMNS).map(|n| format!("c{n}")).collect();
        let wide = format!("{}\n{}\n", wide.join(","), vec!["1"; wide.len()].join(","));
        let deep = format!("{{\"a\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        for (path, text, told) in [
            ("tests/a.csv", "", "no row"),
            ("tests/a.csv", "a,b\n", "no row"),
            ("tests/a.csv", "a,b\n1\n", "line 2"),
            ("tests/a.csv", "a,a\n1,2\n", "there twice"),
            ("tests/a.csv", "a b\n1\n", "cannot be a variable"),
            ("tests/a.csv", many.as_str(), "50000 rows"),
            ("tests/a.csv", wide.as_str(), "200 columns"),
            ("tests/a.jsonl", "[1]\n", "line 1"),
            ("tests/a.jsonl", "{\"a\": 1}\n{\"b\": 1}\n", "line 2"),
            ("tests/a.jsonl", "{\"a\": 1}\n{", "line 2"),
            ("tests/a.jsonl", deep.as_str(), "line 1"),
            ("tests/a.ods", "x", "or as CSV"),
            ("tests/a.md", "x", ".csv"),
        ] {
            let why = read_as(path, text).unwrap_err();
            assert!(why.contains(told), "{path}: {why}");
        }
        assert!(
            rows("tests/a.csv", None, b"a\n\xff\xfe\n")
                .unwrap_err()
                .contains("UTF-8")
        );
        assert!(
            rows("tests/a.jsonl", None, b"{\"a\": \"\xff\"}\n")
                .unwrap_err()
                .contains("UTF-8")
        );
        let large = vec![b'a'; MAX_BYTES + 1];
        assert!(
            rows("tests/a.csv", None, &large)
                .unwrap_err()
                .contains("at most 16 MiB")
        );
    }
}
