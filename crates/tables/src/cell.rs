//! What stands in one cell.

use std::cmp::Ordering;
use std::fmt;

use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;

/// A cell's value. Numbers are decimals from the file to the result; no float is in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A number.
    Number(Decimal),
    /// A day.
    Date(Date),
    /// A day and a time of it, without a zone.
    Moment(DateTime),
    /// True or false.
    Flag(bool),
    /// A text.
    Text(Box<str>),
    /// What stands there where something else was declared.
    Unreadable(Box<str>),
}

impl Cell {
    /// Text without the white space around it; empty where nothing is left.
    #[must_use]
    pub fn text(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() {
            Self::Empty
        } else {
            Self::Text(text.into())
        }
    }

    /// Whether nothing stands there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// The same for cells that mean the same: numbers by their value, text without regard to
    /// case and repeated white space. None for an empty cell, which is like no other.
    #[must_use]
    pub fn key(&self) -> Option<String> {
        match self {
            Self::Empty => None,
            Self::Number(number) => Some(number.normalize().to_string()),
            Self::Text(text) | Self::Unreadable(text) => {
                let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
                Some(words.join(" "))
            }
            other => Some(other.to_string()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::Date(_) | Self::Moment(_) => 1,
            Self::Flag(_) => 2,
            Self::Text(_) | Self::Unreadable(_) => 3,
            Self::Empty => 4,
        }
    }

    fn as_moment(&self) -> Option<DateTime> {
        match self {
            Self::Date(date) => Some(date.at(0, 0, 0, 0)),
            Self::Moment(moment) => Some(*moment),
            _ => None,
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => Ok(()),
            Self::Number(number) => number.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::Moment(moment) => moment.fmt(f),
            Self::Flag(flag) => flag.fmt(f),
            Self::Text(text) | Self::Unreadable(text) => f.write_str(text),
        }
    }
}

impl PartialOrd for Cell {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Numbers, then dates, flags, text without regard to case; empty cells last.
impl Ord for Cell {
    fn cmp(&self, other: &Self) -> Ordering {
        let alike = || match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.cmp(b),
            (Self::Flag(a), Self::Flag(b)) => a.cmp(b),
            (Self::Text(a) | Self::Unreadable(a), Self::Text(b) | Self::Unreadable(b)) => {
                let lower = |text: &str| text.to_lowercase();
                lower(a).cmp(&lower(b)).then_with(|| a.cmp(b))
            }
            _ => self.as_moment().cmp(&other.as_moment()),
        };
        self.rank().cmp(&other.rank()).then_with(alike)
    }
}
