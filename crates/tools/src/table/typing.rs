//! What the cells of a file hold: as their column is declared, else as they show it themselves.

use std::collections::BTreeMap;

use slipway_agent::ports::tool::ToolError;
use slipway_tables::{Cell, iso_date, iso_moment};

use super::dates::{self, DateFormat, Reading};
use super::number::{self, Separator};
use super::query::Declared;
use super::rows::{Problem, Table, position};

/// Gives every cell its type. What does not fit its column is kept as it stands and reported.
pub(crate) fn apply(
    table: &mut Table,
    declared: &BTreeMap<String, Declared>,
) -> Result<(), ToolError> {
    let mut kinds: Vec<Option<&Declared>> = vec![None; table.columns.len()];
    for (name, declared) in declared {
        kinds[position(&table.columns, name)?] = Some(declared);
    }
    for row in &mut table.rows {
        for (index, cell) in row.cells.iter_mut().enumerate() {
            let before = std::mem::replace(cell, Cell::Empty);
            match read(before, kinds[index]) {
                Ok(read) => *cell = read,
                Err((text, what)) => {
                    table.findings.problem(Problem {
                        file: table.files[row.file as usize].path.clone(),
                        row: row.number,
                        column: Some(table.columns[index].clone()),
                        value: Some(text.to_string()),
                        what,
                    });
                    *cell = Cell::Unreadable(text);
                }
            }
        }
    }
    note_mixed(table, &kinds);
    Ok(())
}

/// What a text shows by itself, where it can be read in one way only.
fn shown(text: &str) -> Option<Cell> {
    match text {
        "true" => return Some(Cell::Flag(true)),
        "false" => return Some(Cell::Flag(false)),
        _ => {}
    }
    number::plain(text)
        .map(Cell::Number)
        .or_else(|| iso_date(text).map(Cell::Date))
        .or_else(|| iso_moment(text).map(Cell::Moment))
}

fn read(cell: Cell, declared: Option<&Declared>) -> Result<Cell, (Box<str>, String)> {
    let declared = match (declared, cell) {
        (_, Cell::Empty) => return Ok(Cell::Empty),
        // A cell that the file itself cannot read: #DIV/0!.
        (_, Cell::Unreadable(text)) => return Err((text, "it is an error in the file".into())),
        (None, Cell::Text(text)) => return Ok(shown(&text).unwrap_or(Cell::Text(text))),
        (None, cell) => return Ok(cell),
        (Some(declared), cell) => (declared, cell),
    };
    match declared {
        (Declared::Text, cell) => Ok(Cell::text(&cell.to_string())),
        (Declared::Number { .. }, cell @ Cell::Number(_))
        | (Declared::Date { .. }, cell @ Cell::Date(_)) => Ok(cell),
        (Declared::Number { decimal }, cell) => as_number(&cell.to_string(), *decimal),
        (Declared::Date { .. }, Cell::Moment(moment)) => Ok(Cell::Date(moment.date())),
        (Declared::Date { formats }, cell) => as_date(&cell.to_string(), formats),
    }
}

fn as_number(text: &str, separator: Separator) -> Result<Cell, (Box<str>, String)> {
    let other = match separator {
        Separator::Point => Separator::Comma,
        Separator::Comma => Separator::Point,
    };
    match number::declared(text, separator) {
        Some(number) => Ok(Cell::Number(number)),
        None if number::declared(text, other).is_some() => Err((
            text.into(),
            "it is a number only with the other decimal separator".into(),
        )),
        None => Err((text.into(), "it is not a number".into())),
    }
}

fn as_date(text: &str, formats: &[DateFormat]) -> Result<Cell, (Box<str>, String)> {
    match dates::read(text, formats) {
        Reading::One(date) => Ok(Cell::Date(date)),
        Reading::Ambiguous => Err((
            text.into(),
            "it is a different date in each of the declared formats".into(),
        )),
        Reading::None => {
            let formats: Vec<String> = formats.iter().map(ToString::to_string).collect();
            let formats = formats.join(" or ");
            Err((
                text.into(),
                format!("it is not a date in the form {formats}"),
            ))
        }
    }
}

/// Says where a column holds numbers or dates and something else as well, undeclared: nobody
/// should take its sum without knowing.
fn note_mixed(table: &mut Table, kinds: &[Option<&Declared>]) {
    for (index, name) in table.columns.iter().enumerate() {
        if kinds[index].is_some() {
            continue;
        }
        let (mut typed, mut text) = (0_usize, 0_usize);
        let mut first = None;
        for row in &table.rows {
            match row.cells.get(index) {
                Some(Cell::Number(_) | Cell::Date(_) | Cell::Moment(_)) => typed += 1,
                Some(cell @ (Cell::Text(_) | Cell::Unreadable(_))) => {
                    text += 1;
                    first = first.or(Some((row, cell)));
                }
                _ => {}
            }
        }
        // A column of names may hold a number now and then.
        if let Some((row, cell)) = first
            && typed > text
        {
            let place = table.place(row);
            let cell = crate::arguments::cut(&cell.to_string(), 60);
            let note = format!(
                "`{name}` holds {typed} numbers or dates and {text} other texts (the first: `{cell}` at {place}); \
                 declare it under `columns` so that all of it is read or reported."
            );
            table.findings.note(note);
        }
    }
}
