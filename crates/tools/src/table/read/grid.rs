//! The cells of one file, and which of its rows is the header.

use std::collections::HashSet;

use slipway_agent::ports::tool::ToolError;
use slipway_tables::Cell;

use super::Budget;
use crate::arguments::{cut, told};
use crate::table::rows::{Findings, Problem};

/// More columns than a person could name; a sheet has up to 16,384.
const MOST_COLUMNS: usize = 1_000;

/// A file's rows as they come, the header apart.
pub(crate) struct Grid<'b> {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<(u32, Vec<Cell>)>,
    pub(crate) sheet: Option<String>,
    pub(crate) findings: Findings,
    file: &'b str,
    header_row: HeaderRow,
    budget: &'b mut Budget,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HeaderRow {
    FirstFilled,
    At(u32),
    None,
    Found,
}

impl<'b> Grid<'b> {
    pub(super) fn new(file: &'b str, header_row: Option<u32>, budget: &'b mut Budget) -> Self {
        Self {
            header: Vec::new(),
            rows: Vec::new(),
            sheet: None,
            findings: Findings::default(),
            file,
            header_row: match header_row {
                None => HeaderRow::FirstFilled,
                Some(0) => HeaderRow::None,
                Some(row) => HeaderRow::At(row),
            },
            budget,
        }
    }

    pub(super) fn file(&self) -> &'b str {
        self.file
    }

    /// Takes a row; an empty one is no row. `whole` rows have a cell for every column, as in
    /// CSV, where a row with fewer cells has probably lost one.
    pub(super) fn push(
        &mut self,
        number: u32,
        mut cells: Vec<Cell>,
        whole: bool,
    ) -> Result<(), ToolError> {
        if cells.iter().all(Cell::is_empty) {
            return Ok(());
        }
        match self.header_row {
            HeaderRow::At(row) if number < row => return Ok(()),
            HeaderRow::FirstFilled | HeaderRow::At(_) => {
                if let HeaderRow::At(row) = self.header_row
                    && number > row
                {
                    return Err(told(format!(
                        "Row {row} of `{}` is empty and cannot be the header.",
                        self.file
                    )));
                }
                self.header_row = HeaderRow::Found;
                let names = cells.iter().map(ToString::to_string).collect();
                return self.set_header(names);
            }
            HeaderRow::None => {
                self.header_row = HeaderRow::Found;
                self.set_header(vec![String::new(); cells.len()])?;
            }
            HeaderRow::Found => {}
        }
        let (found, expected) = (cells.len(), self.header.len());
        let beyond = cells.iter().skip(expected).any(|cell| !cell.is_empty());
        if beyond || (whole && found < expected) {
            self.problem(
                number,
                None,
                format!("the row has {found} cells and the header {expected}"),
            );
        }
        cells.truncate(expected);
        cells.resize(expected, Cell::Empty);
        self.keep(number, cells)
    }

    /// Takes a row whose cells come with their names, which may be new.
    pub(super) fn push_named(
        &mut self,
        number: u32,
        named: Vec<(String, Cell)>,
    ) -> Result<(), ToolError> {
        let mut cells = vec![Cell::Empty; self.header.len()];
        for (name, cell) in named {
            let name = name.trim();
            let index = match self.header.iter().position(|known| known == name) {
                Some(index) => index,
                None => {
                    self.set_header(
                        self.header
                            .iter()
                            .cloned()
                            .chain([name.to_owned()])
                            .collect(),
                    )?;
                    cells.push(Cell::Empty);
                    self.header.len() - 1
                }
            };
            cells[index] = cell;
        }
        self.keep(number, cells)
    }

    fn keep(&mut self, number: u32, cells: Vec<Cell>) -> Result<(), ToolError> {
        self.budget.take(cells.len(), self.file)?;
        self.rows.push((number, cells));
        Ok(())
    }

    /// All rows are in: they are made equally long.
    pub(super) fn finish(mut self) -> Result<Self, ToolError> {
        let row = match self.header_row {
            HeaderRow::At(row) => Some(row),
            _ => None,
        };
        if let Some(row) = row {
            return Err(told(format!(
                "`{}` has no row {row}, which was to be the header.",
                self.file
            )));
        }
        let width = self.header.len();
        for (_, cells) in &mut self.rows {
            cells.resize(width, Cell::Empty);
        }
        if self.header.is_empty() {
            self.findings.note(format!("`{}` is empty.", self.file));
        }
        Ok(self)
    }

    pub(super) fn problem(&mut self, row: u32, value: Option<String>, what: impl Into<String>) {
        self.findings.problem(Problem {
            file: self.file.to_owned(),
            row,
            column: None,
            value,
            what: what.into(),
        });
    }

    /// Names for all columns: an empty one gets its number, a repeated one its count.
    fn set_header(&mut self, names: Vec<String>) -> Result<(), ToolError> {
        let filled = names.iter().rposition(|name| !name.trim().is_empty());
        let width = match filled {
            Some(last) => last + 1,
            None => names.len(),
        };
        if width > MOST_COLUMNS {
            return Err(told(format!(
                "`{}` has {width} columns; at most {MOST_COLUMNS} are read.",
                self.file
            )));
        }
        let mut taken = HashSet::new();
        let mut header = Vec::with_capacity(width);
        for (index, name) in names.into_iter().take(width).enumerate() {
            let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
            // Names that begin with _ are this tool's own.
            let name = name.trim_start_matches('_');
            let base = if name.is_empty() {
                format!("column_{}", index + 1)
            } else {
                cut(name, 200)
            };
            let mut unique = base.clone();
            let mut count = 1;
            while !taken.insert(unique.clone()) {
                count += 1;
                unique = format!("{base}_{count}");
            }
            header.push(unique);
        }
        self.header = header;
        Ok(())
    }
}
