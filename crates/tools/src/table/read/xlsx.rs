//! Spreadsheets. The file is measured unpacked before it is read, and only cells that are there
//! are kept: both a small archive and a small sheet can claim to be huge.

use std::fs::File;
use std::io::{self, Read, Seek as _};

use calamine::{CellErrorType, DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx};
use jiff::civil::{Date, DateTime};
use slipway_agent::ports::tool::ToolError;

use super::grid::Grid;
use super::unpacked::{Fault, Limits, measure};
use crate::arguments::{cut, meant, told};
use crate::blocking::Stop;
use crate::table::cell::Cell;
use crate::table::{dates, number};

/// Reads one sheet: the named one, or the first that is visible.
pub(super) fn read<'b>(
    mut file: File,
    sheet: Option<&str>,
    mut grid: Grid<'b>,
    stop: &Stop,
) -> Result<Grid<'b>, ToolError> {
    let shown = grid.file();
    let broken = |what: &dyn std::fmt::Display| {
        told(format!(
            "`{shown}` cannot be read as a spreadsheet (.xlsx): {}.",
            cut(&what.to_string(), 200)
        ))
    };
    measure(&mut file, shown, &Limits::default(), stop).map_err(|fault| match fault {
        Fault::Told(error) => error,
        Fault::Broken(what) => broken(&what),
    })?;
    file.rewind().map_err(|error| broken(&error))?;
    let mut book = Xlsx::new(io::BufReader::new(file)).map_err(|error| broken(&error))?;
    let name = choose(&book, sheet, &mut grid)?;
    let mut cells = book
        .worksheet_cells_reader(&name)
        .map_err(|error| broken(&error))?;
    grid.sheet = Some(name);
    let mut row = (0, Vec::new());
    while let Some(cell) = cells.next_cell().map_err(|error| broken(&error))? {
        let (at, column) = cell.get_position();
        if at < row.0 {
            return Err(broken(&"its rows are not in order"));
        }
        if at > row.0 {
            stop.check()?;
            grid.push(row.0 + 1, std::mem::take(&mut row.1), false)?;
            row.0 = at;
        }
        let column = column as usize;
        let value = read_cell(cell.get_value());
        if value.is_empty() {
            continue;
        }
        if column >= 16_384 {
            return Err(broken(&"a cell is beyond the last column"));
        }
        if row.1.len() <= column {
            row.1.resize(column + 1, Cell::Empty);
        }
        row.1[column] = value;
    }
    grid.push(row.0 + 1, row.1, false)?;
    grid.finish()
}

fn choose<R: Read + io::Seek>(
    book: &Xlsx<R>,
    wanted: Option<&str>,
    grid: &mut Grid<'_>,
) -> Result<String, ToolError> {
    let sheets: Vec<_> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .collect();
    let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    let list = || cut(&names.join("`, `"), 400);
    let file = grid.file();
    if let Some(wanted) = wanted {
        let named = names.iter().find(|name| name.trim() == wanted.trim());
        return named.map(|name| (*name).to_owned()).ok_or_else(|| {
            let meant = meant(wanted, names.iter().copied());
            let wanted = cut(wanted, 60);
            told(format!(
                "`{file}` has no sheet `{wanted}`{meant} (sheets: `{}`).",
                list()
            ))
        });
    }
    let first = sheets
        .iter()
        .find(|sheet| sheet.visible == SheetVisible::Visible)
        .or(sheets.first())
        .ok_or_else(|| told(format!("`{file}` has no sheet with cells.")))?;
    if names.len() > 1 {
        let note = format!(
            "`{file}` has the sheets `{}`; `{}` was read.",
            list(),
            first.name
        );
        grid.findings.note(note);
    }
    Ok(first.name.clone())
}

fn read_cell(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Number((*number).into()),
        DataRef::Float(float) => number::of_spreadsheet(*float)
            .map_or_else(|| Cell::Unreadable(float.to_string().into()), Cell::Number),
        DataRef::String(text) => Cell::text(text),
        DataRef::SharedString(text) => Cell::text(text),
        DataRef::Bool(flag) => Cell::Flag(*flag),
        DataRef::DateTime(moment) => of_serial(*moment),
        DataRef::DateTimeIso(text) => dates::iso_date(text)
            .map(Cell::Date)
            .or_else(|| dates::iso_moment(text).map(Cell::Moment))
            .unwrap_or_else(|| Cell::text(text)),
        DataRef::DurationIso(text) => Cell::text(text),
        DataRef::Error(error) => Cell::Unreadable(error_text(error).into()),
    }
}

/// A spreadsheet's count of days, as what its format shows.
fn of_serial(moment: ExcelDateTime) -> Cell {
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let unreadable = || Cell::Unreadable(moment.as_f64().to_string().into());
    if moment.is_duration() || (0.0..1.0).contains(&moment.as_f64()) {
        // Below a day a time of day; a duration may be longer than one.
        let days = moment.as_f64().trunc();
        let hours = if days.abs() < 1e6 {
            days * 24.0 + f64::from(hour)
        } else {
            return unreadable();
        };
        return Cell::text(&format!("{hours:02}:{minute:02}:{second:02}"));
    }
    let narrow = |value: u8| i8::try_from(value).ok();
    let read = || -> Option<DateTime> {
        let date = Date::new(i16::try_from(year).ok()?, narrow(month)?, narrow(day)?).ok()?;
        let nanos = i32::from(milli) * 1_000_000;
        Some(date.at(narrow(hour)?, narrow(minute)?, narrow(second)?, nanos))
    };
    match read() {
        Some(moment) if moment == moment.date().at(0, 0, 0, 0) => Cell::Date(moment.date()),
        Some(moment) => Cell::Moment(moment),
        None => unreadable(),
    }
}

fn error_text(error: &CellErrorType) -> String {
    error.to_string()
}
