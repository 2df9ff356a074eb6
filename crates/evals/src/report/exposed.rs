//! Text from outside as reports may show it: nothing in it steers a terminal, hides, or turns the
//! reading direction, and all of it can stand in XML.

use slipway_contract::visible::deceives;

/// Text of several lines, with every character that is not what it seems written as its code.
pub(super) fn lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        // XML 1.0 has no place for these two, which are no characters.
        if deceives(c) || matches!(c, '\u{fffe}' | '\u{ffff}') {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// The same on one line.
pub(super) fn line(text: &str) -> String {
    lines(text).replace('\n', " ⏎ ").replace('\t', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hides_and_everything_fits_into_xml() {
        assert_eq!(
            lines("a\u{1b}[2J\u{202e}b\0\r\n\tc\u{ffff}"),
            "a\\u{1b}[2J\\u{202e}b\\u{0}\\u{d}\n\tc\\u{ffff}"
        );
        assert_eq!(line("a\nb"), "a ⏎ b");
    }
}
