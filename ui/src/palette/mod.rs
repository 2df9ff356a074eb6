//! The command palette: find or run anything without leaving the keyboard.

mod entries;
mod matching;
mod view;

pub(crate) use view::Palette;
