//! Reading files as tables.

mod append;
mod delimited;
mod files;
mod grid;
mod json;
mod xlsx;

use std::io::Seek as _;
use std::path::Path;

use cap_std::fs::File;
use slipway_agent::policy::Grants;
use slipway_agent::ports::tool::ToolError;

use super::query::Source;
use super::rows::{FileRead, Row, Table};
use super::typing;
use crate::arguments::{cut, told};
use crate::blocking::Stop;
use crate::files::place::failure;
use crate::files::text::size;
use append::{append, rename};
use files::files;
use grid::Grid;

/// The largest file that is read.
const LARGEST: u64 = 200_000_000;

/// How much one query may read, over all of its files.
#[derive(Debug)]
pub(crate) struct Budget {
    rows: usize,
    cells: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            rows: 2_000_000,
            cells: 20_000_000,
        }
    }
}

impl Budget {
    fn take(&mut self, cells: usize, file: &str) -> Result<(), ToolError> {
        let too_large = || {
            told(format!(
                "`{file}` makes the table too large: at most 2,000,000 rows and 20,000,000 cells \
                 are read at once. Read fewer files, or a part of them."
            ))
        };
        self.rows = self.rows.checked_sub(1).ok_or_else(too_large)?;
        self.cells = self.cells.checked_sub(cells.max(1)).ok_or_else(too_large)?;
        Ok(())
    }
}

/// The kind of a file, by the end of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Tsv,
    JsonLines,
    Json,
    Xlsx,
}

impl Format {
    fn of(path: &str) -> Option<Self> {
        let extension = Path::new(path).extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "csv" | "txt" => Some(Self::Csv),
            "tsv" | "tab" => Some(Self::Tsv),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            "json" => Some(Self::Json),
            "xlsx" | "xlsm" => Some(Self::Xlsx),
            _ => None,
        }
    }
}

/// Reads sources as one table; a column that a file lacks is empty in its rows.
pub(crate) fn sources(
    grants: &Grants,
    sources: &[Source],
    budget: &mut Budget,
    stop: &Stop,
) -> Result<Table, ToolError> {
    let mut whole = Table::default();
    for source in sources {
        let part = one(grants, source, budget, stop)?;
        append(&mut whole, part)?;
    }
    Ok(whole)
}

/// Reads the files of one source as one table.
pub(crate) fn one(
    grants: &Grants,
    source: &Source,
    budget: &mut Budget,
    stop: &Stop,
) -> Result<Table, ToolError> {
    let mut table = Table::default();
    let mut skipped = Vec::new();
    for found in files(grants, &source.path, stop)? {
        let Some(format) = Format::of(&found.shown) else {
            skipped.push(found.shown);
            continue;
        };
        let grid = grid(found.open()?, format, &found.shown, source, budget, stop)?;
        let part = as_table(grid, found.shown.clone());
        append(&mut table, part)?;
    }
    if table.files.is_empty() {
        return Err(told(format!(
            "`{}` is no table; .csv, .tsv, .jsonl, .json and .xlsx files are read.",
            cut(&source.path, 200)
        )));
    }
    if !skipped.is_empty() {
        let list = cut(&skipped.join(", "), 300);
        table
            .findings
            .note(format!("Not read, since they are no tables: {list}."));
    }
    rename(&mut table, &source.rename)?;
    typing::apply(&mut table, &source.columns)?;
    Ok(table)
}

fn grid<'b>(
    file: File,
    format: Format,
    shown: &'b str,
    source: &Source,
    budget: &'b mut Budget,
    stop: &Stop,
) -> Result<Grid<'b>, ToolError> {
    let failed = |error: std::io::Error| told(failure(&error, shown));
    let mut file = file.into_std();
    let bytes = file.metadata().map_err(failed)?.len();
    if bytes > LARGEST {
        return Err(told(format!(
            "`{shown}` has {}; files of up to {} are read.",
            size(bytes),
            size(LARGEST)
        )));
    }
    file.rewind().map_err(failed)?;
    let grid = Grid::new(shown, source.header_row, budget);
    match format {
        Format::Csv => delimited::read(file, source, None, grid, stop),
        Format::Tsv => delimited::read(file, source, Some(b'\t'), grid, stop),
        Format::JsonLines => json::read_lines(file, grid, stop),
        Format::Json => json::read_list(file, grid, stop),
        Format::Xlsx => xlsx::read(file, source.sheet.as_deref(), grid, stop),
    }
}

fn as_table(grid: Grid<'_>, path: String) -> Table {
    let mut table = Table {
        columns: grid.header,
        findings: grid.findings,
        ..Table::default()
    };
    table.files.push(FileRead {
        path,
        sheet: grid.sheet,
        rows: grid.rows.len(),
    });
    table.rows = grid
        .rows
        .into_iter()
        .map(|(number, cells)| Row {
            file: 0,
            number,
            cells,
        })
        .collect();
    table
}
