//! Spreadsheets that somebody else wrote, read without believing them: the file is measured
//! unpacked before it is read, only cells that are there are kept, and what they come to is
//! bounded. Both a small archive and a small sheet can claim to be huge.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod book;
mod cell;
mod dates;
mod number;
#[cfg(test)]
mod tests;
mod unpacked;

pub use book::{Book, BookError, LAST_COLUMN};
pub use cell::Cell;
pub use dates::{iso_date, iso_moment};
pub use number::of_spreadsheet;
pub use unpacked::Limits;
