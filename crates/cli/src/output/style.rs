//! The colours of the terminal, each for one meaning.

use anstyle::{AnsiColor, Style};

/// What stands in the background.
pub(crate) const FAINT: Style = Style::new().dimmed();
/// What is to be seen first.
pub(crate) const STRONG: Style = Style::new().bold();
/// It went well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// It did not.
pub(crate) const BAD: Style = AnsiColor::Red.on_default();
/// A person is needed, or should know.
pub(crate) const ATTENTION: Style = AnsiColor::Yellow.on_default();
/// A name, or something to type.
pub(crate) const NAME: Style = AnsiColor::Cyan.on_default();

/// The text in this style.
pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}
