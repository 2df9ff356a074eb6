//! A workbook (.xlsx), its sheets, and their rows.

use std::io::{BufReader, Read, Seek};

use calamine::{
    DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx, XlsxCellReader,
};
use jiff::civil::{Date, DateTime};

use crate::cell::Cell;
use crate::unpacked::{Limits, measure};
use crate::{iso_date, iso_moment, of_spreadsheet};

/// The most columns that a sheet has.
pub const LAST_COLUMN: usize = 16_384;

/// Why a workbook is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BookError {
    /// Unpacked, it or its cells together would take more bytes than this.
    #[error("it is too large when it is unpacked (more than {} MB)", .0 / 1_000_000)]
    TooLarge(u64),
    /// It is no workbook, or a damaged one; with what is wrong.
    #[error("it cannot be read as a spreadsheet (.xlsx): {0}")]
    Broken(String),
    /// Nobody waits for it any more.
    #[error("reading it was stopped")]
    Stopped,
}

impl BookError {
    pub(crate) fn broken(what: impl std::fmt::Display) -> Self {
        const SHOWN: usize = 200;
        Self::Broken(what.to_string().chars().take(SHOWN).collect())
    }
}

/// A workbook that was measured.
pub struct Book<F: Read + Seek> {
    book: Xlsx<BufReader<F>>,
    /// Bytes that its cells may still come to.
    left: u64,
    most: u64,
}

impl<F: Read + Seek> std::fmt::Debug for Book<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Book")
            .field("sheets", &self.sheets())
            .finish()
    }
}

impl<F: Read + Seek> Book<F> {
    /// Measures a file and opens it. `stop` is asked now and then whether to go on.
    ///
    /// # Errors
    /// See [`BookError`].
    pub fn open(mut file: F, limits: &Limits, stop: &dyn Fn() -> bool) -> Result<Self, BookError> {
        measure(&mut file, limits, stop)?;
        file.rewind().map_err(BookError::broken)?;
        let book = Xlsx::new(BufReader::new(file)).map_err(BookError::broken)?;
        Ok(Self {
            book,
            left: limits.cells,
            most: limits.cells,
        })
    }

    /// The names of its sheets that have cells, in their order.
    pub fn sheets(&self) -> Vec<&str> {
        self.worksheets().map(|sheet| sheet.name.as_str()).collect()
    }

    /// The first sheet that is visible, else the first.
    pub fn first(&self) -> Option<&str> {
        let mut sheets = self.worksheets();
        let visible = |sheet: &&calamine::Sheet| sheet.visible == SheetVisible::Visible;
        let first = sheets.next()?;
        let found = std::iter::once(first).chain(sheets).find(visible);
        Some(found.unwrap_or(first).name.as_str())
    }

    /// The sheet of this name; white space around names does not count.
    pub fn named(&self, wanted: &str) -> Option<&str> {
        self.sheets()
            .into_iter()
            .find(|name| name.trim() == wanted.trim())
    }

    fn worksheets(&self) -> impl Iterator<Item = &calamine::Sheet> {
        let all = self.book.sheets_metadata().iter();
        all.filter(|sheet| sheet.typ == SheetType::WorkSheet)
    }

    /// The rows of a sheet that have cells, in their order.
    ///
    /// # Errors
    /// See [`BookError`].
    pub fn rows(&mut self, sheet: &str) -> Result<Rows<'_, F>, BookError> {
        let cells = self
            .book
            .worksheet_cells_reader(sheet)
            .map_err(BookError::broken)?;
        Ok(Rows {
            cells,
            row: 0,
            begun: Vec::new(),
            is_over: false,
            left: &mut self.left,
            most: self.most,
        })
    }
}

/// The rows of a sheet.
pub struct Rows<'b, F: Read + Seek> {
    cells: XlsxCellReader<'b, BufReader<F>>,
    row: u32,
    begun: Vec<Cell>,
    is_over: bool,
    left: &'b mut u64,
    most: u64,
}

impl<F: Read + Seek> std::fmt::Debug for Rows<'_, F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").field("row", &self.row).finish()
    }
}

impl<F: Read + Seek> Rows<'_, F> {
    /// The next row with its number, from 1; a cell that is not there is empty. None when there is
    /// no more.
    ///
    /// # Errors
    /// See [`BookError`].
    pub fn next_row(&mut self) -> Result<Option<(u32, Vec<Cell>)>, BookError> {
        while !self.is_over {
            let Some(cell) = self.cells.next_cell().map_err(BookError::broken)? else {
                self.is_over = true;
                break;
            };
            let (at, column) = cell.get_position();
            let value = read_cell(cell.get_value());
            let ended = self.row;
            if at < ended {
                return Err(BookError::broken("its rows are not in order"));
            }
            let whole = (at > ended).then(|| std::mem::take(&mut self.begun));
            self.row = at;
            self.put(column as usize, value)?;
            if let Some(cells) = whole.filter(|cells| !cells.is_empty()) {
                return Ok(Some((ended + 1, cells)));
            }
        }
        let cells = std::mem::take(&mut self.begun);
        Ok((!cells.is_empty()).then_some((self.row + 1, cells)))
    }

    fn put(&mut self, column: usize, value: Cell) -> Result<(), BookError> {
        if value.is_empty() {
            return Ok(());
        }
        if column >= LAST_COLUMN {
            return Err(BookError::broken("a cell is beyond the last column"));
        }
        // One text of the file may stand in any number of cells.
        let bytes = match &value {
            Cell::Text(text) | Cell::Unreadable(text) => text.len(),
            _ => 0,
        };
        let missing = (column + 1).saturating_sub(self.begun.len());
        let bytes = (bytes + missing * size_of::<Cell>()) as u64;
        *self.left = self
            .left
            .checked_sub(bytes)
            .ok_or(BookError::TooLarge(self.most))?;
        if missing > 0 {
            self.begun.resize(column + 1, Cell::Empty);
        }
        self.begun[column] = value;
        Ok(())
    }
}

fn read_cell(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Number((*number).into()),
        DataRef::Float(float) => of_spreadsheet(*float)
            .map_or_else(|| Cell::Unreadable(float.to_string().into()), Cell::Number),
        DataRef::String(text) => Cell::text(text),
        DataRef::SharedString(text) => Cell::text(text),
        DataRef::Bool(flag) => Cell::Flag(*flag),
        DataRef::DateTime(moment) => of_serial(*moment),
        DataRef::DateTimeIso(text) => iso_date(text)
            .map(Cell::Date)
            .or_else(|| iso_moment(text).map(Cell::Moment))
            .unwrap_or_else(|| Cell::text(text)),
        DataRef::DurationIso(text) => Cell::text(text),
        DataRef::Error(error) => Cell::Unreadable(error.to_string().into()),
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
