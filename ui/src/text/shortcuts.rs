//! Texts of the shortcuts.

use slipway_contract::shortcut::{Scope, Shortcut};

pub(crate) const KEY_CTRL: &str = "Ctrl";
pub(crate) const KEY_SHIFT: &str = "Shift";
pub(crate) const KEY_ESCAPE: &str = "Esc";
pub(crate) const KEY_HOME: &str = "Home";
pub(crate) const KEY_END: &str = "End";
pub(crate) const OR: &str = "or";
pub(crate) const SHORTCUTS_LEAD: &str =
    "Everything in this window can be done with the keyboard alone.";

/// What a shortcut does.
pub(crate) const fn shortcut(shortcut: Shortcut) -> &'static str {
    match shortcut {
        Shortcut::Palette => "Find or run",
        Shortcut::NewAgent => "New agent",
        Shortcut::Home => "Home",
        Shortcut::Agents => "Agents",
        Shortcut::Runs => "Runs",
        Shortcut::Settings => "Settings",
        Shortcut::Shortcuts => "Shortcuts",
        Shortcut::Back => "Back",
        Shortcut::Forward => "Forward",
        Shortcut::NextPane => "Next part of the page",
        Shortcut::PreviousPane => "Part of the page before",
        Shortcut::Menu => "Menus of the window",
        Shortcut::Main => "Do the main thing: run, send, save",
        Shortcut::RunAgent => "Run the agent that is open",
        Shortcut::Tests => "Tests of the agent that is open",
        Shortcut::Find => "Find on this page",
        Shortcut::Close => "Close what is open",
        Shortcut::NextRow => "Next row",
        Shortcut::PreviousRow => "Row before",
        Shortcut::FirstRow => "First row",
        Shortcut::LastRow => "Last row",
        Shortcut::OpenRow => "Open the row",
        Shortcut::Undo => "Undo",
        Shortcut::Redo => "Redo",
    }
}

/// Where shortcuts count.
pub(crate) const fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Everywhere => "Everywhere",
        Scope::Page => "On a page",
        Scope::Lists => "In lists and menus",
        Scope::Text => "In text",
    }
}
