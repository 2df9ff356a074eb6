//! The editor: a text area, and under it the same text with colours, line numbers and marks.

mod changes;
mod find;
mod highlight;
mod place;
mod row;
mod search;
mod view;

pub(crate) use highlight::{Language, highlight};
pub(crate) use place::Place;
pub(crate) use row::coloured;
pub(crate) use view::{Editor, Target};
