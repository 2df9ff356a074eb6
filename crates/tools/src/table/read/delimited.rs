//! CSV and its kin.

use std::fs::File;
use std::io::Read as _;

use encoding_rs::Encoding;
use slipway_agent::ports::tool::ToolError;
use slipway_tables::Cell;

use super::grid::Grid;
use crate::arguments::{cut, told};
use crate::blocking::Stop;
use crate::files::place::failure;
use crate::files::text::{Binary, decode};
use crate::table::query::Source;

/// The separators that are tried.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Reads a file whose cells are parted by this separator, or by one that is found out.
pub(super) fn read<'b>(
    mut file: File,
    source: &Source,
    separator: Option<u8>,
    mut grid: Grid<'b>,
    stop: &Stop,
) -> Result<Grid<'b>, ToolError> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)
        .map_err(|error| told(failure(&error, grid.file())))?;
    let text = decoded(bytes, source, &mut grid)?;
    let separator = match (&source.delimiter, separator) {
        (Some(written), _) => written_separator(written)?,
        (None, Some(separator)) => separator,
        (None, None) => sniff(&text),
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut last = (0, false);
    let mut lines = Lines {
        text: text.as_bytes(),
        counted: 0,
        line: 1,
    };
    loop {
        stop.check()?;
        let read = reader.read_record(&mut record);
        let more =
            read.map_err(|error| told(format!("`{}` cannot be read: {error}.", grid.file())))?;
        if !more {
            break;
        }
        let start = record.position().map_or(0, csv::Position::byte);
        let number = lines.at(usize::try_from(start).unwrap_or(usize::MAX));
        last = (
            number,
            record
                .iter()
                .next_back()
                .is_some_and(|cell| cell.contains('\n')),
        );
        let cells = record.iter().map(Cell::text).collect();
        grid.push(number, cells, true)?;
    }
    // A quote that is never closed swallows all rows after it, into one cell.
    if let (row, true) = last
        && text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1
    {
        return Err(told(format!(
            "`{}` has a quote (\") in row {row} that is never closed, so that all rows after it are one cell; correct the file.",
            grid.file()
        )));
    }
    grid.finish()
}

/// Counts lines up to a record. The reader's own count is one short where lines end in CR LF,
/// and knows nothing of empty lines before a record.
struct Lines<'t> {
    text: &'t [u8],
    counted: usize,
    line: u32,
}

impl Lines<'_> {
    fn at(&mut self, record: usize) -> u32 {
        while let Some(byte) = self.text.get(self.counted) {
            let ends = matches!(byte, b'\n' | b'\r');
            if self.counted >= record && !ends {
                break;
            }
            self.counted += 1;
            let half = *byte == b'\r' && self.text.get(self.counted) == Some(&b'\n');
            self.line += u32::from(ends && !half);
        }
        self.line
    }
}

fn decoded(bytes: Vec<u8>, source: &Source, grid: &mut Grid<'_>) -> Result<String, ToolError> {
    if let Some(label) = &source.encoding {
        let encoding = Encoding::for_label(label.as_bytes()).ok_or_else(|| {
            let label = cut(label, 40);
            told(format!(
                "`{label}` is no known encoding; utf-8, utf-16le and windows-1252 are some."
            ))
        })?;
        let (text, _, broken) = encoding.decode(&bytes);
        if broken {
            let name = encoding.name();
            grid.findings.note(format!(
                "`{}` has bytes that are not {name}; they were replaced by �.",
                grid.file()
            ));
        }
        return Ok(text.into_owned());
    }
    let text = decode(bytes)
        .map_err(|Binary| told(format!("`{}` is not text; is it a table?", grid.file())))?;
    if text.encoding == encoding_rs::WINDOWS_1252 {
        let note = format!(
            "`{}` is not UTF-8 and was read as windows-1252; declare `encoding` if letters are wrong.",
            grid.file()
        );
        grid.findings.note(note);
    }
    Ok(text.content)
}

fn written_separator(written: &str) -> Result<u8, ToolError> {
    match written.as_bytes() {
        [byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() && *byte != b'"' => Ok(*byte),
        b"\\t" => Ok(b'\t'),
        _ => Err(told(format!(
            "`{}` is no delimiter; it is one character, such as `;`.",
            cut(written, 20)
        ))),
    }
}

/// The separator that parts the first rows into the same number of cells, more than one.
fn sniff(text: &str) -> u8 {
    const BYTES: usize = 64 * 1024;
    const ROWS: usize = 20;
    let mut end = BYTES.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let score = |separator: u8| {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(&text.as_bytes()[..end]);
        let widths: Vec<usize> = reader
            .records()
            .take(ROWS)
            .filter_map(|record| record.ok().map(|record| record.len()))
            .collect();
        let first = widths.first().copied().unwrap_or(1);
        let same = widths.iter().filter(|width| **width == first).count();
        // First whether it parts at all, then how evenly, then into how many cells.
        (first > 1, same * 100 / widths.len().max(1), first)
    };
    let mut best = SEPARATORS[0];
    for separator in SEPARATORS {
        if score(separator) > score(best) {
            best = separator;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_found_out() {
        for (text, expected) in [
            ("a,b,c\n1,2,3\n", b','),
            ("a;b;c\n1,5;2,5;3\n", b';'),
            ("a\tb\n1,2\t3,4,5\n", b'\t'),
            ("a|b\n1|2\n", b'|'),
            ("name;note\nx;\"a, b, c\"\ny;\"d, e\"\n", b';'),
            ("only\none\n", b','),
            ("", b','),
        ] {
            assert_eq!(char::from(sniff(text)), char::from(expected), "{text:?}");
        }
    }
}
