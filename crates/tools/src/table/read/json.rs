//! JSON lines, and JSON files that are a list of objects.

use std::fmt;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use slipway_agent::ports::tool::ToolError;
use slipway_tables::Cell;

use super::grid::Grid;
use crate::arguments::{cut, told};
use crate::blocking::Stop;
use crate::files::place::failure;

/// The longest line, and the largest list: they are taken apart in memory.
const LONGEST: u64 = 64_000_000;

/// Reads one object a line. A line that is none is reported, and the others are read.
pub(super) fn read_lines<'b>(
    file: File,
    mut grid: Grid<'b>,
    stop: &Stop,
) -> Result<Grid<'b>, ToolError> {
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    for number in 1.. {
        stop.check()?;
        line.clear();
        let read = reader
            .by_ref()
            .take(LONGEST)
            .read_until(b'\n', &mut line)
            .map_err(|error| told(failure(&error, grid.file())))?;
        if read == 0 {
            break;
        }
        if read as u64 == LONGEST {
            return Err(told(format!(
                "Line {number} of `{}` is longer than 64 MB.",
                grid.file()
            )));
        }
        let text = line
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(&line)
            .trim_ascii();
        if text.is_empty() {
            continue;
        }
        match serde_json::from_slice::<Fields>(text) {
            Ok(fields) => grid.push_named(number, fields.cells())?,
            Err(error) => {
                let value = cut(&String::from_utf8_lossy(text), 80);
                grid.problem(
                    number,
                    Some(value),
                    format!("the line is no JSON object: {error}"),
                );
            }
        }
    }
    grid.finish()
}

/// Reads a list of objects; the rows count from 1.
pub(super) fn read_list<'b>(
    file: File,
    mut grid: Grid<'b>,
    stop: &Stop,
) -> Result<Grid<'b>, ToolError> {
    let mut bytes = Vec::new();
    file.take(LONGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| told(failure(&error, grid.file())))?;
    if bytes.len() as u64 > LONGEST {
        return Err(told(format!(
            "`{}` is larger than 64 MB, the most for a JSON list; JSON lines may be larger.",
            grid.file()
        )));
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let rows: Vec<Fields> = serde_json::from_slice(text).map_err(|error| {
        told(format!(
            "`{}` is no JSON list of objects: {error}.",
            grid.file()
        ))
    })?;
    for (number, fields) in (1..).zip(rows) {
        stop.check()?;
        grid.push_named(number, fields.cells())?;
    }
    grid.finish()
}

/// An object's fields in their order, the values as they are written: a number keeps all of its
/// digits.
struct Fields(Vec<(String, Box<RawValue>)>);

impl Fields {
    fn cells(self) -> Vec<(String, Cell)> {
        self.0
            .into_iter()
            .map(|(name, value)| (name, cell(value.get())))
            .collect()
    }
}

fn cell(written: &str) -> Cell {
    match written.as_bytes().first() {
        Some(b'n') => Cell::Empty,
        Some(b't') => Cell::Flag(true),
        Some(b'f') => Cell::Flag(false),
        Some(b'"') => match serde_json::from_str::<String>(written) {
            Ok(text) => Cell::text(&text),
            Err(_) => Cell::Unreadable(written.into()),
        },
        Some(b'-' | b'0'..=b'9') => {
            let exponent = written.contains(['e', 'E']);
            let number = if exponent {
                Decimal::from_scientific(written)
            } else {
                Decimal::from_str_exact(written)
            };
            number.map_or_else(|_| Cell::Unreadable(written.into()), Cell::Number)
        }
        // A list or an object inside: its text.
        _ => Cell::text(written),
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Fields;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Fields, A::Error> {
                Err(serde::de::Error::custom(
                    "a list where an object is expected",
                ))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}
