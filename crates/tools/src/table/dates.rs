//! Dates as people write them.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::Deserialize;

/// How a column writes its dates, such as `dd/mm/yyyy` or `d. mmm yyyy`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct DateFormat {
    written: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// Four digits.
    Year,
    /// Two digits of this century.
    ShortYear,
    /// One or two digits.
    Month,
    /// English, the first three letters or the whole name.
    MonthName,
    /// One or two digits.
    Day,
    Other(char),
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl DateFormat {
    /// `yyyy-mm-dd`.
    pub(crate) fn iso() -> Self {
        use Part::{Day, Month, Other, Year};
        Self {
            written: "yyyy-mm-dd".into(),
            parts: vec![Year, Other('-'), Month, Other('-'), Day],
        }
    }

    /// The date, where the whole text is one in this format.
    pub(crate) fn read(&self, text: &str) -> Option<Date> {
        let mut rest = text.trim();
        let (mut year, mut month, mut day) = (0, 0, 0);
        for part in &self.parts {
            match part {
                Part::Year => year = digits(&mut rest, 4, 4)?,
                Part::ShortYear => year = 2000 + digits(&mut rest, 2, 2)?,
                Part::Month => month = digits(&mut rest, 1, 2)?,
                Part::Day => day = digits(&mut rest, 1, 2)?,
                Part::MonthName => month = month_name(&mut rest)?,
                Part::Other(c) => rest = rest.strip_prefix(*c)?,
            }
        }
        if !rest.is_empty() {
            return None;
        }
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    }
}

fn digits(rest: &mut &str, least: usize, most: usize) -> Option<i16> {
    let count = rest
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    if count < least {
        return None;
    }
    let (number, after) = rest.split_at(count);
    *rest = after;
    number.parse().ok()
}

fn month_name(rest: &mut &str) -> Option<i16> {
    let end = rest
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    let name = name.to_ascii_lowercase();
    *rest = after;
    let index = MONTHS
        .iter()
        .position(|month| *month == name || month[..3] == name)?;
    i16::try_from(index + 1).ok()
}

impl TryFrom<String> for DateFormat {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl FromStr for DateFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let invalid = || {
            format!(
                "`{text}` is no date format; write it with yyyy (or yy), mm (or mmm for a \
                 month's name) and dd, such as dd/mm/yyyy"
            )
        };
        if text.len() > 40 {
            return Err(invalid());
        }
        let mut parts = Vec::new();
        let letters: Vec<char> = text.chars().collect();
        let mut at = 0;
        while let Some(&c) = letters.get(at) {
            let run = letters[at..]
                .iter()
                .take_while(|other| **other == c)
                .count();
            let (part, taken) = match (c.to_ascii_lowercase(), run) {
                ('y', 4) => (Part::Year, 4),
                ('y', 2) => (Part::ShortYear, 2),
                ('m', 1 | 2) => (Part::Month, run),
                ('m', 3 | 4) => (Part::MonthName, run),
                ('d', 1 | 2) => (Part::Day, run),
                (letter, _) if letter.is_alphanumeric() => return Err(invalid()),
                _ => (Part::Other(c), 1),
            };
            parts.push(part);
            at += taken;
        }
        let once = |wanted: &[Part]| parts.iter().filter(|part| wanted.contains(part)).count() == 1;
        if once(&[Part::Year, Part::ShortYear])
            && once(&[Part::Month, Part::MonthName])
            && once(&[Part::Day])
        {
            Ok(Self {
                written: text.to_owned(),
                parts,
            })
        } else {
            Err(invalid())
        }
    }
}

impl fmt::Display for DateFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// What a text is in the declared formats.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    One(Date),
    None,
    /// It is another date in another declared format.
    Ambiguous,
}

/// Reads a date in one of these formats.
pub(crate) fn read(text: &str, formats: &[DateFormat]) -> Reading {
    let mut found = Reading::None;
    for date in formats.iter().filter_map(|format| format.read(text)) {
        match found {
            Reading::One(earlier) if earlier != date => return Reading::Ambiguous,
            _ => found = Reading::One(date),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn format(text: &str) -> DateFormat {
        text.parse().expect(text)
    }

    #[test]
    fn formats_read_what_they_say() {
        for (written, text, expected) in [
            ("yyyy-mm-dd", "2026-03-09", Some(date(2026, 3, 9))),
            ("dd/mm/yyyy", "09/03/2026", Some(date(2026, 3, 9))),
            ("dd/mm/yyyy", "9/3/2026", Some(date(2026, 3, 9))),
            ("mm/dd/yyyy", "09/03/2026", Some(date(2026, 9, 3))),
            ("d.m.yyyy", "31.12.2025", Some(date(2025, 12, 31))),
            ("d. mmm yyyy", "9. Mar 2026", Some(date(2026, 3, 9))),
            ("mmm d, yyyy", "September 30, 2026", Some(date(2026, 9, 30))),
            ("yyyymmdd", "20260309", Some(date(2026, 3, 9))),
            ("dd.mm.yy", "09.03.26", Some(date(2026, 3, 9))),
            ("dd/mm/yyyy", "2026-03-09", None),
            ("dd/mm/yyyy", "31/02/2026", None),
            ("dd/mm/yyyy", "09/03/2026 10:00", None),
            ("dd/mm/yyyy", "09/03/26", None),
            ("yyyy-mm-dd", "", None),
        ] {
            assert_eq!(format(written).read(text), expected, "{text} as {written}");
        }
    }

    #[test]
    fn what_is_no_format_is_refused() {
        for text in [
            "",
            "dd/mm",
            "yyyy-mm-dd-dd",
            "yyy-mm-dd",
            "date",
            "%Y-%m-%d",
            "yyyy-mm-dd hh:mm",
        ] {
            assert!(text.parse::<DateFormat>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_date_that_reads_in_two_ways_is_not_guessed() {
        let both = [format("dd/mm/yyyy"), format("mm/dd/yyyy")];
        assert_eq!(read("09/03/2026", &both), Reading::Ambiguous);
        assert_eq!(read("31/03/2026", &both), Reading::One(date(2026, 3, 31)));
        assert_eq!(read("03/03/2026", &both), Reading::One(date(2026, 3, 3)));
        assert_eq!(read("2026-03-31", &both), Reading::None);
    }
}
