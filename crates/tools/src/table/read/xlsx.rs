//! Spreadsheets.

use std::fs::File;

use slipway_agent::ports::tool::ToolError;
use slipway_tables::{Book, BookError, Limits};

use super::grid::Grid;
use crate::arguments::{cut, meant, told};
use crate::blocking::Stop;
use crate::files::text::size;

/// Reads one sheet: the named one, or the first that is visible.
pub(super) fn read<'b>(
    file: File,
    sheet: Option<&str>,
    mut grid: Grid<'b>,
    stop: &Stop,
) -> Result<Grid<'b>, ToolError> {
    let shown = grid.file();
    let failed = |error: BookError| match error {
        BookError::TooLarge(most) => told(format!(
            "`{shown}` is too large when it is unpacked (more than {}); save it as CSV.",
            size(most)
        )),
        BookError::Broken(what) => told(format!(
            "`{shown}` cannot be read as a spreadsheet (.xlsx): {what}."
        )),
        BookError::Stopped => told("The call was cancelled."),
    };
    let mut book = Book::open(file, &Limits::default(), &|| stop.is_set()).map_err(failed)?;
    let name = choose(&book, sheet, &mut grid)?;
    let mut rows = book.rows(&name).map_err(failed)?;
    grid.sheet = Some(name);
    while let Some((number, cells)) = rows.next_row().map_err(failed)? {
        stop.check()?;
        grid.push(number, cells, false)?;
    }
    grid.finish()
}

fn choose(
    book: &Book<File>,
    wanted: Option<&str>,
    grid: &mut Grid<'_>,
) -> Result<String, ToolError> {
    let names = book.sheets();
    let list = || cut(&names.join("`, `"), 400);
    let file = grid.file();
    if let Some(wanted) = wanted {
        return book.named(wanted).map(str::to_owned).ok_or_else(|| {
            let meant = meant(wanted, names.iter().copied());
            let wanted = cut(wanted, 60);
            told(format!(
                "`{file}` has no sheet `{wanted}`{meant} (sheets: `{}`).",
                list()
            ))
        });
    }
    let first = book
        .first()
        .ok_or_else(|| told(format!("`{file}` has no sheet with cells.")))?;
    if names.len() > 1 {
        let note = format!("`{file}` has the sheets `{}`; `{first}` was read.", list());
        grid.findings.note(note);
    }
    Ok(first.to_owned())
}
