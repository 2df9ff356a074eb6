//! Runs: plan, start, list, show, answer, continue, cancel, export.

mod again;
mod answer;
mod attachments;
mod background;
mod begin;
mod command;
mod compare;
mod elsewhere;
mod expire;
mod export;
mod export_many;
mod output;
mod overview;
mod pieces;
mod plan;
mod read;
mod record;
mod start;
#[cfg(test)]
mod tests;

pub use begin::Ask;
pub use command::ask_command;
pub use elsewhere::Elsewhere;
pub use export_many::ExportPlace;
pub use pieces::fit_for_window;
pub(crate) use plan::source_of;
pub use plan::{Planned, RunOptions};
pub use start::RunReport;

pub(crate) use read::from_journal;
