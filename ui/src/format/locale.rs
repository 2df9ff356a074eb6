//! How the language of the system writes numbers, amounts and dates: facts, asked of the browser once.

use std::sync::OnceLock;

/// A part of how a date or a time is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// These characters.
    Text(String),
    /// The day of the week.
    Weekday,
    /// The day of the month.
    Day,
    /// The month.
    Month,
    /// The year.
    Year,
    /// The hour.
    Hour,
    /// The minute.
    Minute,
    /// Before or after noon.
    Half,
}

/// A date or a time, in its parts.
pub(crate) type Pattern = Vec<Piece>;

/// How numbers, amounts and dates are written. Digits are always 0 to 9, so that columns line up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Locale {
    /// Between the whole and the rest of a number.
    pub(crate) decimal: String,
    /// Between thousands.
    pub(crate) group: String,
    /// Digits of the last group, and of those before: 3 and 2 in India.
    pub(crate) groups: (usize, usize),
    /// Fewer digits than these are not grouped.
    pub(crate) grouped_from: usize,
    /// What stands before and after an amount in dollars.
    pub(crate) dollars: (String, String),
    /// The days of the week from Monday, in full and short.
    pub(crate) weekdays: [(String, String); 7],
    /// The months, in full and short, as they are written in a date.
    pub(crate) months: [(String, String); 12],
    /// A day as a heading, of this year and of another one.
    pub(crate) day: (Pattern, Pattern),
    /// A day in few characters, of this year and of another one.
    pub(crate) date: (Pattern, Pattern),
    /// A time of day.
    pub(crate) clock: Pattern,
    /// The words for before and after noon; with them the hours end at 12.
    pub(crate) halves: Option<(String, String)>,
}

static CURRENT: OnceLock<Locale> = OnceLock::new();

/// The locale of the window; English until another one is set.
pub(crate) fn current() -> &'static Locale {
    CURRENT.get_or_init(Locale::english)
}

/// Sets the locale of the window, before anything is written in it.
pub(crate) fn set(locale: Locale) {
    // A second one would mix two ways of writing on one page.
    let _ = CURRENT.set(locale);
}

impl Locale {
    /// English, as the window's texts are.
    pub(crate) fn english() -> Self {
        let text = |text: &str| Piece::Text(text.to_owned());
        let both = |name: &str| (name.to_owned(), name.chars().take(3).collect());
        let date = vec![Piece::Day, text(" "), Piece::Month];
        let with_year = |date: &Pattern| {
            let mut date = date.clone();
            date.extend([text(" "), Piece::Year]);
            date
        };
        let mut day = vec![Piece::Weekday, text(" ")];
        day.extend(date.clone());
        Self {
            decimal: ".".to_owned(),
            group: ",".to_owned(),
            groups: (3, 3),
            grouped_from: 4,
            dollars: ("$".to_owned(), String::new()),
            weekdays: [
                "Monday",
                "Tuesday",
                "Wednesday",
                "Thursday",
                "Friday",
                "Saturday",
                "Sunday",
            ]
            .map(both),
            months: [
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ]
            .map(both),
            day: (day.clone(), with_year(&day)),
            date: (date.clone(), with_year(&date)),
            clock: vec![Piece::Hour, text(":"), Piece::Minute],
            halves: None,
        }
    }

    /// The digits of a whole number, in groups.
    pub(crate) fn grouped(&self, digits: &str) -> String {
        if digits.len() < self.grouped_from {
            return digits.to_owned();
        }
        let (last, others) = self.groups;
        let mut text = String::with_capacity(digits.len() + digits.len() / 2);
        for (place, digit) in digits.chars().enumerate() {
            let left = digits.len() - place;
            let parted = left == last
                || left > last
                    && (left - last)
                        .checked_rem(others)
                        .is_some_and(|rest| rest == 0);
            if place > 0 && parted {
                text.push_str(&self.group);
            }
            text.push(digit);
        }
        text
    }

    /// A decimal number of this form, `1234.50`, as it is written here.
    pub(crate) fn number(&self, plain: &str) -> String {
        match plain.split_once('.') {
            Some((whole, rest)) => format!("{}{}{rest}", self.grouped(whole), self.decimal),
            None => self.grouped(plain),
        }
    }

    /// An amount of this form, `$1234.50`, with whatever stands before the sign.
    pub(crate) fn amount(&self, plain: &str) -> String {
        let Some((before, number)) = plain.split_once('$') else {
            return plain.to_owned();
        };
        let (open, close) = &self.dollars;
        format!("{before}{open}{}{close}", self.number(number))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::format) fn german() -> Locale {
        let text = |text: &str| Piece::Text(text.to_owned());
        Locale {
            decimal: ",".to_owned(),
            group: ".".to_owned(),
            dollars: (String::new(), "\u{a0}$".to_owned()),
            day: (
                vec![
                    Piece::Weekday,
                    text(", "),
                    Piece::Day,
                    text(". "),
                    Piece::Month,
                ],
                Vec::new(),
            ),
            ..Locale::english()
        }
    }

    #[test]
    fn numbers_are_grouped_as_the_place_does() {
        let english = Locale::english();
        assert_eq!(english.number("1234567.50"), "1,234,567.50");
        assert_eq!(english.number("999"), "999");
        assert_eq!(german().number("1234567.50"), "1.234.567,50");
        let indian = Locale {
            groups: (3, 2),
            ..Locale::english()
        };
        assert_eq!(indian.number("12345678"), "1,23,45,678");
        let spanish = Locale {
            grouped_from: 5,
            ..german()
        };
        assert_eq!(spanish.number("1234"), "1234");
        assert_eq!(spanish.number("12345"), "12.345");
    }

    #[test]
    fn amounts_keep_their_decimals_and_what_stands_before_them() {
        assert_eq!(Locale::english().amount("$1234.5678"), "$1,234.5678");
        assert_eq!(german().amount("$17.24"), "17,24\u{a0}$");
        assert_eq!(german().amount("under $0.0001"), "under 0,0001\u{a0}$");
        assert_eq!(german().amount("-$2.00"), "-2,00\u{a0}$");
        assert_eq!(german().amount("unknown"), "unknown");
    }
}
