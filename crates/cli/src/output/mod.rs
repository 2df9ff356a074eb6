//! Everything that is printed goes through here.

mod advice;
pub(crate) mod amount;
pub(crate) mod brief;
mod json;
mod live;
mod permission;
mod problem;
mod prompt;
pub(crate) mod sanitize;
mod screen;
pub(crate) mod style;
mod table;
mod terminal;
mod view;
mod width;

pub(crate) use advice::worded;
pub(crate) use json::{JsonView, print_error_line, print_json, print_json_lines};
pub(crate) use live::Live;
pub(crate) use problem::{print_note, print_problem};
pub(crate) use prompt::{StdinLines, agreed, choose_pattern, confirmed};
pub(crate) use screen::{Screen, stdout_leads_somewhere};
pub(crate) use table::Table;
pub(crate) use terminal::{Mode, TerminalView, recording_note};
pub(crate) use view::{Facts, View};
