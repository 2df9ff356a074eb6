//! Dates and moments in ISO 8601.

use jiff::civil::{Date, DateTime};

/// A date in ISO 8601.
#[must_use]
pub fn iso_date(text: &str) -> Option<Date> {
    let shaped = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
    if shaped { text.parse().ok() } else { None }
}

/// A moment in ISO 8601 without a zone, with seconds.
#[must_use]
pub fn iso_moment(text: &str) -> Option<DateTime> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() >= 19
        && bytes[4] == b'-'
        && matches!(bytes[10], b'T' | b' ')
        && bytes[13] == b':';
    let plain = text
        .bytes()
        .skip(11)
        .all(|byte| matches!(byte, b'0'..=b'9' | b':' | b'.'));
    if shaped && plain {
        text.parse().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn only_iso_dates_are_dates() {
        assert_eq!(iso_date("2026-03-09"), Some(date(2026, 3, 9)));
        assert_eq!(
            iso_moment("2026-03-09T10:30:00"),
            Some(date(2026, 3, 9).at(10, 30, 0, 0))
        );
        for text in [
            "20260309",
            "2026-3-9",
            "2026-03-32",
            "09/03/2026",
            "2026-03-09Z",
            "ä026-03-0",
        ] {
            assert_eq!(iso_date(text), None, "{text}");
        }
        for text in [
            "2026-03-09T10:30:00Z",
            "2026-03-09T10:30:00+01:00",
            "2026-03-09 10",
            "",
        ] {
            assert_eq!(iso_moment(text), None, "{text}");
        }
    }
}
