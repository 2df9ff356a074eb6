//! An answer as the model gets it, and as files hold it.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use slipway_agent::ports::tool::ToolError;
use slipway_tables::Cell;

use super::evaluate::{Answer, Counts};
use super::rows::{FileRead, Findings, Problem, Row, Table};
use crate::arguments::{cut, told};

const MOST_PROBLEMS: usize = 50;
const MOST_FILES: usize = 30;
const LONGEST_CELL: usize = 500;
/// What the rows of one result take at most, so that a table cannot fill the model's context.
const MOST_CHARACTERS: usize = 60_000;

/// What a column of an answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Empty,
    Integer,
    Decimal,
    Date,
    Moment,
    Flag,
    Text,
    Mixed,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Date => "date",
            Self::Moment => "date and time",
            Self::Flag => "true or false",
            Self::Text => "text",
            Self::Mixed => "mixed",
        }
    }

    fn of(cell: &Cell) -> Self {
        match cell {
            Cell::Empty => Self::Empty,
            Cell::Number(number) if number.scale() == 0 && i64::try_from(*number).is_ok() => {
                Self::Integer
            }
            Cell::Number(_) => Self::Decimal,
            Cell::Date(_) => Self::Date,
            Cell::Moment(_) => Self::Moment,
            Cell::Flag(_) => Self::Flag,
            Cell::Text(_) => Self::Text,
            Cell::Unreadable(_) => Self::Mixed,
        }
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (a, b) if a == b => a,
            (Self::Empty, other) | (other, Self::Empty) => other,
            (Self::Integer | Self::Decimal, Self::Integer | Self::Decimal) => Self::Decimal,
            _ => Self::Mixed,
        }
    }
}

/// The kind of each column.
fn kinds(table: &Table) -> Vec<Kind> {
    let mut kinds = vec![Kind::Empty; table.columns.len()];
    for row in &table.rows {
        for (kind, cell) in kinds.iter_mut().zip(&row.cells) {
            *kind = kind.and(Kind::of(cell));
        }
    }
    kinds
}

/// The answer for the model: columns with their kinds, rows as lists, counts and findings.
/// Whole numbers are JSON numbers, decimals are text, so that no digit is lost.
pub(crate) fn for_model(answer: &Answer) -> Value {
    let Answer { table, counts } = answer;
    let kinds = kinds(table);
    let columns: Vec<Value> = table
        .columns
        .iter()
        .zip(&kinds)
        .map(|(name, kind)| json!({"name": name, "type": kind.word()}))
        .collect();
    let mut rows = Vec::new();
    let mut length = 0;
    for Row { cells, .. } in &table.rows {
        let row: Vec<Value> = cells
            .iter()
            .zip(&kinds)
            .map(|(cell, kind)| cell_value(cell, *kind))
            .collect();
        length += row
            .iter()
            .map(|cell| cell.as_str().map_or(8, str::len) + 4)
            .sum::<usize>();
        if length > MOST_CHARACTERS && !rows.is_empty() {
            break;
        }
        rows.push(Value::Array(row));
    }
    let mut counts = *counts;
    counts.returned = rows.len();
    let mut told = json!({ "columns": columns, "rows": rows });
    describe(&mut told, table, counts);
    told
}

fn cell_value(cell: &Cell, kind: Kind) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Flag(flag) => json!(flag),
        Cell::Number(number) if kind == Kind::Integer => {
            i64::try_from(*number).map_or_else(|_| json!(number.to_string()), |whole| json!(whole))
        }
        other => json!(cut(&other.to_string(), LONGEST_CELL)),
    }
}

/// Counts, files, problems and notes: what the model must know of an answer besides its rows.
pub(crate) fn describe(told: &mut Value, table: &Table, counts: Counts) {
    told["counts"] = json!({
        "read": counts.read,
        "matched": counts.matched,
        "returned": counts.returned,
    });
    if counts.grouped {
        told["counts"]["groups"] = json!(counts.total);
    }
    let files: Vec<Value> = table.files.iter().take(MOST_FILES).map(file).collect();
    told["files"] = json!(files);
    if table.files.len() > MOST_FILES {
        told["files_total"] = json!(table.files.len());
    }
    let Findings {
        problems,
        total,
        notes,
    } = &table.findings;
    if *total > 0 {
        told["problems"] = problems.iter().take(MOST_PROBLEMS).map(problem).collect();
        told["problems_total"] = json!(total);
    }
    let mut notes = notes.clone();
    if counts.returned < counts.total {
        notes.push(format!(
            "{} of {} rows are returned; group, filter, or use `offset`, or save_table for all of them.",
            counts.returned, counts.total
        ));
    }
    if !notes.is_empty() {
        told["notes"] = json!(notes);
    }
}

fn file(file: &FileRead) -> Value {
    let mut value = json!({"path": file.path, "rows": file.rows});
    if let Some(sheet) = &file.sheet {
        value["sheet"] = json!(sheet);
    }
    value
}

/// A problem as an object, without what it lacks.
pub(crate) fn problem(problem: &Problem) -> Value {
    let mut value = Map::new();
    value.insert("file".into(), json!(problem.file));
    value.insert("row".into(), json!(problem.row));
    if let Some(column) = &problem.column {
        value.insert("column".into(), json!(column));
    }
    if let Some(cell) = &problem.value {
        value.insert("value".into(), json!(cell));
    }
    value.insert("problem".into(), json!(problem.what));
    Value::Object(value)
}

/// How a table is written to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Csv,
    Tsv,
    Json,
    JsonLines,
}

impl Target {
    /// By the end of the file's name.
    pub(crate) fn of(path: &str) -> Result<Self, ToolError> {
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        match extension.to_ascii_lowercase().as_str() {
            "csv" => Ok(Self::Csv),
            "tsv" => Ok(Self::Tsv),
            "json" => Ok(Self::Json),
            "jsonl" | "ndjson" => Ok(Self::JsonLines),
            _ => Err(told(format!(
                "`{}` must end in .csv, .tsv, .json or .jsonl, which says how the table is written.",
                cut(path, 120)
            ))),
        }
    }
}

/// The table as a file holds it, with every digit of its numbers.
pub(crate) fn write(table: &Table, target: Target) -> Result<Vec<u8>, ToolError> {
    match target {
        Target::Csv => delimited(table, b','),
        Target::Tsv => delimited(table, b'\t'),
        Target::Json => Ok(json(table, "[\n", ",\n", "\n]\n")),
        Target::JsonLines => Ok(json(table, "", "\n", "\n")),
    }
}

fn delimited(table: &Table, separator: u8) -> Result<Vec<u8>, ToolError> {
    let failed =
        |error: csv::Error| ToolError::Fatal(format!("a table could not be written: {error}"));
    let mut writer = csv::WriterBuilder::new()
        .delimiter(separator)
        .from_writer(Vec::new());
    writer.write_record(&table.columns).map_err(failed)?;
    for row in &table.rows {
        let cells = row.cells.iter().map(ToString::to_string);
        writer.write_record(cells).map_err(failed)?;
    }
    writer
        .into_inner()
        .map_err(|error| ToolError::Fatal(format!("a table could not be written: {error}")))
}

fn json(table: &Table, open: &str, between: &str, close: &str) -> Vec<u8> {
    let names: Vec<String> = table
        .columns
        .iter()
        .map(|name| json!(name).to_string())
        .collect();
    let mut out = String::from(open);
    for (index, row) in table.rows.iter().enumerate() {
        if index > 0 {
            out.push_str(between);
        }
        out.push('{');
        for (column, (name, cell)) in names.iter().zip(&row.cells).enumerate() {
            let comma = if column == 0 { "" } else { ", " };
            let value = match cell {
                Cell::Empty => "null".to_owned(),
                // The digits as they are: serde_json would make a float of them.
                Cell::Number(number) => number.to_string(),
                Cell::Flag(flag) => flag.to_string(),
                other => json!(other.to_string()).to_string(),
            };
            // Writing to a string cannot fail.
            write!(out, "{comma}{name}: {value}").ok();
        }
        out.push('}');
    }
    if !table.rows.is_empty() || !open.is_empty() {
        out.push_str(close);
    }
    out.into_bytes()
}
