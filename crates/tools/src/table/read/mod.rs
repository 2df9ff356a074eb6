//! Reading files as tables.

mod delimited;
mod grid;
mod json;
mod xlsx;

use std::collections::BTreeMap;
use std::io::Seek as _;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use cap_std::fs::File;
use globset::GlobBuilder;
use slipway_agent::policy::{Access, Grants};
use slipway_agent::ports::tool::ToolError;

use super::cell::Cell;
use super::query::Source;
use super::rows::{FileRead, Row, Table};
use super::typing;
use crate::arguments::{cut, told};
use crate::blocking::Stop;
use crate::files::place::{Place, failure};
use crate::files::text::size;
use crate::files::walk::{self, Kind};
use grid::Grid;

/// The largest file that is read.
const LARGEST: u64 = 200_000_000;
const MOST_FILES: usize = 1_000;

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

/// A file to read: a place, or a file below it.
struct Found {
    place: Rc<Place>,
    below: PathBuf,
    shown: String,
}

/// The files that a path or a pattern names, sorted.
fn files(grants: &Grants, path: &str, stop: &Stop) -> Result<Vec<Found>, ToolError> {
    let special = |part: &str| part.contains(['*', '?', '[', '{']);
    let literal = Place::new(grants, path, Access::Read);
    let is_file = |place: &Place| place.dir.is_file(place.name_or_dot());
    if !special(path) || literal.as_ref().is_ok_and(is_file) {
        let place = literal?;
        let shown = place.shown.clone();
        return Ok(vec![Found {
            place: Rc::new(place),
            below: PathBuf::new(),
            shown,
        }]);
    }
    let parts: Vec<&str> = path.split('/').collect();
    let fixed = parts.iter().take_while(|part| !special(part)).count();
    let folder = match parts[..fixed].join("/") {
        folder if folder.is_empty() && path.starts_with('/') => "/".to_owned(),
        folder if folder.is_empty() => ".".to_owned(),
        folder => folder,
    };
    let pattern = parts[fixed..].join("/");
    let glob = GlobBuilder::new(&pattern)
        .literal_separator(true)
        .build()
        .map_err(|error| {
            told(format!(
                "`{}` is no pattern for files: {error}.",
                cut(path, 80)
            ))
        })?
        .compile_matcher();
    let place = Rc::new(Place::new(grants, &folder, Access::Read)?);
    let walked = walk::walk(
        &place,
        pattern.contains('/') || pattern.contains("**"),
        stop,
    )?;
    let found: Vec<Found> = walked
        .entries
        .iter()
        .filter(|entry| entry.kind == Kind::File && glob.is_match(&entry.path))
        .map(|entry| Found {
            place: Rc::clone(&place),
            below: entry.path.clone(),
            shown: walk::shown(&place, entry),
        })
        .collect();
    if found.is_empty() {
        return Err(told(format!(
            "No file matches `{}`; list_files shows what there is.",
            cut(path, 200)
        )));
    }
    if found.len() > MOST_FILES || walked.cut {
        return Err(told(format!(
            "`{}` matches more than {MOST_FILES} files; read a part of them.",
            cut(path, 200)
        )));
    }
    Ok(found)
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

/// Puts a further table's rows below, by the names of the columns.
fn append(whole: &mut Table, part: Table) -> Result<(), ToolError> {
    if whole.files.is_empty() {
        *whole = part;
        return Ok(());
    }
    let paths = |table: &Table| -> String {
        let paths: Vec<&str> = table.files.iter().map(|file| file.path.as_str()).collect();
        cut(&paths.join(", "), 120)
    };
    let lacking = |of: &[String], among: &[String]| -> Vec<String> {
        of.iter()
            .filter(|name| !among.contains(name))
            .map(|name| format!("`{name}`"))
            .collect()
    };
    if !part.columns.iter().any(|name| whole.columns.contains(name)) {
        return Err(told(format!(
            "{} and {} have no column in common ({} and {}); read them apart, or rename their columns.",
            paths(whole),
            paths(&part),
            cut(&whole.columns.join(", "), 200),
            cut(&part.columns.join(", "), 200)
        )));
    }
    let missing = lacking(&whole.columns, &part.columns);
    if !missing.is_empty() {
        whole.findings.note(format!(
            "{} has no column {}; it is empty in its rows.",
            paths(&part),
            missing.join(", ")
        ));
    }
    let new = lacking(&part.columns, &whole.columns);
    if !new.is_empty() {
        whole.findings.note(format!(
            "Only {} has the column {}; it is empty in the other rows.",
            paths(&part),
            new.join(", ")
        ));
    }
    for name in &part.columns {
        if !whole.columns.contains(name) {
            whole.columns.push(name.clone());
            whole
                .rows
                .iter_mut()
                .for_each(|row| row.cells.push(Cell::Empty));
        }
    }
    let places: Vec<Option<usize>> = whole
        .columns
        .iter()
        .map(|name| part.columns.iter().position(|other| other == name))
        .collect();
    let first = u32::try_from(whole.files.len()).unwrap_or(u32::MAX);
    whole.files.extend(part.files);
    whole.rows.extend(part.rows.into_iter().map(|mut row| {
        let mut take = |place: &Option<usize>| {
            place.map_or(Cell::Empty, |place| {
                std::mem::replace(&mut row.cells[place], Cell::Empty)
            })
        };
        let cells = places.iter().map(&mut take).collect();
        Row {
            file: first + row.file,
            number: row.number,
            cells,
        }
    }));
    whole.findings.take(part.findings);
    Ok(())
}

fn rename(table: &mut Table, names: &BTreeMap<String, String>) -> Result<(), ToolError> {
    let places: Vec<(usize, &String)> = names
        .iter()
        .map(|(old, new)| Ok((table.column(old)?, new)))
        .collect::<Result<_, ToolError>>()?;
    for (index, new) in places {
        table.columns[index] = new.trim().to_owned();
    }
    for (index, name) in table.columns.iter().enumerate() {
        if name.is_empty() || name.starts_with('_') {
            return Err(told(format!(
                "A column cannot be renamed to `{}`: names that begin with _ are kept for this tool.",
                cut(name, 60)
            )));
        }
        if table.columns[..index].contains(name) {
            return Err(told(format!(
                "`rename` makes two columns named `{}`.",
                cut(name, 60)
            )));
        }
    }
    Ok(())
}

impl Found {
    fn open(&self) -> Result<File, ToolError> {
        if self.below.as_os_str().is_empty() {
            self.place.open_file()
        } else {
            self.place.open_below(&self.below)
        }
    }
}
