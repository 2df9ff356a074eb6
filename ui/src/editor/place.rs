//! Places in a text. A text area counts UTF-16 units, a host lines and characters, and we bytes.

/// A place as a host names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// The line, from 1.
    pub(crate) line: usize,
    /// The character in the line, from 1.
    pub(crate) column: usize,
}

impl Place {
    /// The byte at which it is; the nearest one where the text is shorter.
    pub(crate) fn byte(self, text: &str) -> usize {
        let start = line_start(text, self.line.saturating_sub(1));
        let line = text[start..].split('\n').next().unwrap_or_default();
        let before = line.chars().take(self.column.saturating_sub(1));
        start + before.map(char::len_utf8).sum::<usize>()
    }
}

/// The byte at which a line begins, counted from 0.
pub(super) fn line_start(text: &str, line: usize) -> usize {
    match line.checked_sub(1) {
        None => 0,
        Some(breaks) => text
            .match_indices('\n')
            .nth(breaks)
            .map_or(text.len(), |(at, _)| at + 1),
    }
}

/// The UTF-16 units before a byte.
pub(super) fn units(text: &str, byte: usize) -> u32 {
    let before = text.get(..byte).unwrap_or(text);
    let units = before.chars().map(char::len_utf16).sum::<usize>();
    u32::try_from(units).unwrap_or(u32::MAX)
}

/// The line in which a UTF-16 unit is, from 0.
pub(super) fn line_of_unit(text: &str, unit: u32) -> usize {
    let mut left = unit as usize;
    let mut line = 0;
    for c in text.chars() {
        if left == 0 {
            break;
        }
        left = left.saturating_sub(c.len_utf16());
        line += usize::from(c == '\n');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "eins\nzwei 🧾 é\n\nvier";

    #[test]
    fn a_place_is_found_in_bytes_and_in_units() {
        let byte = |line, column| Place { line, column }.byte(TEXT);
        assert_eq!(byte(1, 1), 0);
        assert_eq!(&TEXT[byte(2, 8)..], "é\n\nvier");
        assert_eq!(&TEXT[byte(4, 1)..], "vier");
        assert_eq!(byte(2, 99), TEXT.find("\n\n").unwrap(), "a line has an end");
        assert_eq!(byte(99, 1), TEXT.len());
        assert_eq!(units(TEXT, byte(2, 8)), 13, "the receipt is two units");
    }

    #[test]
    fn a_unit_is_in_one_line() {
        let line = |unit| line_of_unit(TEXT, unit);
        assert_eq!(
            [
                line(0),
                line(4),
                line(5),
                line(14),
                line(15),
                line(16),
                line(99)
            ],
            [0, 0, 1, 1, 2, 3, 3]
        );
    }
}
