//! Runs: the table `runs`.

mod asked;
mod expired;
mod find;
mod list;
mod live;
mod row;
mod select;
mod sums;
#[cfg(test)]
mod tests;
mod texts;
mod watch;

pub(crate) use row::{HeadRow, HeadText, RunNumber, insert, update, update_figures};
pub use watch::RunWatch;
