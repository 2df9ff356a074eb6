//! Runs: plan, start, list, show, answer, continue, cancel, export.

mod answer;
mod attachments;
mod background;
mod expire;
mod export;
mod plan;
mod read;
mod record;
mod start;
#[cfg(test)]
mod tests;

pub(crate) use plan::source_of;
pub use plan::{Planned, RunOptions};
pub use start::RunReport;

pub(crate) use read::from_journal;
