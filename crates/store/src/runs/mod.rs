//! Runs: the table `runs`.

mod asked;
mod expired;
mod find;
mod list;
mod row;

pub use list::{RunCursor, RunQuery};
pub(crate) use row::{HeadRow, HeadText, RunNumber, insert, update, update_figures};
