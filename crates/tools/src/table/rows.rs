//! A table in memory.

use crate::arguments::{cut, meant, told};
use slipway_agent::ports::tool::ToolError;
use slipway_tables::Cell;

/// The column that holds the source row, as the file counts it.
pub(crate) const ROW: &str = "_row";
/// The column that holds the source file.
pub(crate) const FILE: &str = "_file";
/// The column that says which row a row repeats.
pub(crate) const DUPLICATE_OF: &str = "_duplicate_of";

/// A row, and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// An index into [`Table::files`].
    pub(crate) file: u32,
    /// From 1: the line in a text file, the row in a sheet.
    pub(crate) number: u32,
    pub(crate) cells: Vec<Cell>,
}

/// A table, and what was odd in it.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Row>,
    pub(crate) files: Vec<FileRead>,
    pub(crate) findings: Findings,
}

/// A file that was read.
#[derive(Debug)]
pub(crate) struct FileRead {
    pub(crate) path: String,
    pub(crate) sheet: Option<String>,
    pub(crate) rows: usize,
}

/// What the reader of a result must know.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// The first of them; `total` counts all.
    pub(crate) problems: Vec<Problem>,
    pub(crate) total: usize,
    pub(crate) notes: Vec<String>,
}

/// A cell or row that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) file: String,
    pub(crate) row: u32,
    pub(crate) column: Option<String>,
    pub(crate) value: Option<String>,
    pub(crate) what: String,
}

impl Findings {
    const KEPT: usize = 1_000;
    const LONGEST: usize = 80;

    pub(crate) fn problem(&mut self, mut problem: Problem) {
        self.total += 1;
        if self.problems.len() < Self::KEPT {
            problem.value = problem.value.map(|value| cut(&value, Self::LONGEST));
            self.problems.push(problem);
        }
    }

    pub(crate) fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    pub(crate) fn take(&mut self, other: Self) {
        self.total += other.total;
        let room = Self::KEPT.saturating_sub(self.problems.len());
        self.problems.extend(other.problems.into_iter().take(room));
        other.notes.into_iter().for_each(|note| self.note(note));
    }
}

impl Table {
    /// A column's place, or an error that names the nearest one.
    pub(crate) fn column(&self, name: &str) -> Result<usize, ToolError> {
        position(&self.columns, name)
    }

    /// Where a row stands, as `file:row`.
    pub(crate) fn place(&self, row: &Row) -> String {
        format!("{}:{}", self.file_of(row), row.number)
    }

    pub(crate) fn file_of(&self, row: &Row) -> &str {
        let index = usize::try_from(row.file).unwrap_or(usize::MAX);
        self.files.get(index).map_or("", |file| file.path.as_str())
    }
}

/// A name's place among columns, or an error that names the nearest one.
pub(crate) fn position(columns: &[String], name: &str) -> Result<usize, ToolError> {
    if let Some(index) = columns.iter().position(|column| column == name) {
        return Ok(index);
    }
    let meant = meant(name, columns.iter().map(String::as_str));
    let list: Vec<String> = columns
        .iter()
        .take(60)
        .map(|c| format!("`{}`", cut(c, 60)))
        .collect();
    let list = list.join(", ");
    let name = cut(name, 80);
    Err(told(format!(
        "There is no column `{name}`{meant} (columns: {list})."
    )))
}
