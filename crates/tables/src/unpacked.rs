//! What a spreadsheet holds when it is unpacked, seen before any of it is believed.

use std::io::{self, Read, Seek};

use zip::ZipArchive;

use crate::book::BookError;

/// How much a workbook may hold when it is unpacked, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// All of its parts together.
    pub whole: u64,
    /// Its table of texts, which is kept in memory while a sheet is read.
    pub texts: u64,
    /// The cells that are read: a text that the file has once may stand in many of them.
    pub cells: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            whole: 400_000_000,
            texts: 100_000_000,
            cells: 1_000_000_000,
        }
    }
}

const MOST_PARTS: usize = 10_000;

/// Unpacks every part to nowhere, to see how large the whole is; what an archive says of its
/// sizes may be untrue.
pub(crate) fn measure(
    file: impl Read + Seek,
    limits: &Limits,
    stop: &dyn Fn() -> bool,
) -> Result<(), BookError> {
    let mut archive = ZipArchive::new(file).map_err(BookError::broken)?;
    if archive.len() > MOST_PARTS {
        let parts = archive.len();
        return Err(BookError::broken(format!("it has {parts} parts")));
    }
    let mut left = limits.whole;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(BookError::broken)?;
        let name = part.name().map_err(BookError::broken)?;
        let name = name.to_ascii_lowercase();
        let most = if name.ends_with("sharedstrings.xml") {
            left.min(limits.texts)
        } else {
            left
        };
        let mut references = name.contains("worksheets/").then(References::default);
        let unpacked =
            count(part.take(most + 1), references.as_mut(), stop).map_err(BookError::broken)?;
        if stop() {
            return Err(BookError::Stopped);
        }
        if references.is_some_and(|references| references.broken) {
            return Err(BookError::broken("it names cells that no sheet has"));
        }
        if unpacked > most {
            return Err(BookError::TooLarge(most));
        }
        left -= unpacked;
    }
    Ok(())
}

fn count(
    mut from: impl Read,
    mut references: Option<&mut References>,
    stop: &dyn Fn() -> bool,
) -> io::Result<u64> {
    let mut buffer = vec![0; 256 * 1024];
    let mut total = 0;
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 || stop() {
            return Ok(total);
        }
        if let Some(references) = &mut references {
            references.look(&buffer[..read]);
        }
        total += read as u64;
    }
}

/// Looks for references to cells beyond the last one (XFD1048576) in a sheet's XML, in the
/// attributes `r` and `ref`. The reader counts them without looking for an overflow, and would
/// take such a cell for another one.
#[derive(Default)]
struct References {
    /// The last bytes outside of a reference, the newest lowest.
    last: u64,
    /// The quote that ends the reference.
    quote: Option<u8>,
    letters: u32,
    digits: u32,
    broken: bool,
}

impl References {
    fn look(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match self.quote {
                Some(quote) if quote == *byte => {
                    self.quote = None;
                    self.last = 0;
                }
                Some(_) => self.inside(*byte),
                None => self.outside(*byte),
            }
        }
    }

    fn inside(&mut self, byte: u8) {
        self.letters = if byte.is_ascii_alphabetic() {
            self.letters + 1
        } else {
            0
        };
        self.digits = if byte.is_ascii_digit() {
            self.digits + 1
        } else {
            0
        };
        self.broken |= self.letters > 3 || self.digits > 7;
    }

    fn outside(&mut self, byte: u8) {
        let space = |at: u32| self.last.to_be_bytes()[7 - at as usize].is_ascii_whitespace();
        let ends = |name: &[u8]| self.last.to_be_bytes().ends_with(name);
        if matches!(byte, b'"' | b'\'')
            && ((ends(b"r=") && space(2)) || (ends(b"ref=") && space(4)))
        {
            self.quote = Some(byte);
            (self.letters, self.digits) = (0, 0);
        } else {
            self.last = self.last << 8 | u64::from(byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn archive(parts: &[(&str, usize)]) -> Cursor<Vec<u8>> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, length) in parts {
            archive
                .start_file(*name, SimpleFileOptions::default())
                .unwrap();
            archive.write_all(&vec![b' '; *length]).unwrap();
        }
        archive.finish().unwrap()
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused() {
        let limits = Limits {
            whole: 3_000,
            texts: 1_000,
            ..Limits::default()
        };
        for (parts, fits) in [
            (
                &[
                    ("xl/sharedStrings.xml", 1_000),
                    ("xl/worksheets/sheet1.xml", 2_000),
                ][..],
                true,
            ),
            (&[("xl/sharedStrings.xml", 1_001)], false),
            (&[("xl/SHAREDSTRINGS.xml", 1_001)], false),
            (&[("a", 1_500), ("b", 1_501)], false),
        ] {
            let mut archive = archive(parts);
            assert!(archive.get_ref().len() < 1_000, "it is small as it comes");
            let measured = measure(&mut archive, &limits, &|| false);
            assert_eq!(measured.is_ok(), fits, "{parts:?}");
        }
    }

    #[test]
    fn references_beyond_the_last_cell_are_found() {
        let broken = |xml: &str| {
            let mut references = References::default();
            // In pieces, as it comes from the archive.
            xml.as_bytes()
                .chunks(3)
                .for_each(|piece| references.look(piece));
            references.broken
        };
        for fine in [
            r#"<dimension ref="A1:XFD1048576"/><row r="1048576"><c r="XFD1048576" s="12345678"><v>123456789</v></c>"#,
            r#"<a xr:uid="{00000000-0001}" sqref="ABCDEFG"/>"#,
            r#"<c r="A1"/><c r='B2'/>"#,
        ] {
            assert!(!broken(fine), "{fine}");
        }
        for beyond in [
            r#"<c r="A99999999">"#,
            r#"<c r="ABCD1">"#,
            "<c\nr='A123456789'>",
            r#"<dimension ref="A1:ZZZZ1"/>"#,
        ] {
            assert!(broken(beyond), "{beyond}");
        }
    }
}
