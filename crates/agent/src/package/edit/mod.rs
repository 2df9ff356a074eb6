//! Edits of `agent.toml` by a form: they change what was changed and keep everything else as the
//! author wrote it: comments, order, spacing, the way a value is spelt.

mod comments;
mod kept;
mod list;
mod merge;
#[cfg(test)]
mod tests;
mod walk;

use std::fmt;

use serde_json::Value;
pub use slipway_contract::draft::Step;
use slipway_contract::error::Finding;
use toml_edit::DocumentMut;

use super::document::syntax_findings;
use super::path::MANIFEST;

/// Why an edit cannot be made. The text is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The text is not TOML; each finding says where.
    #[error("agent.toml cannot be edited by form while it is not TOML: {}", .0.first().map(ToString::to_string).unwrap_or_default())]
    Syntax(Vec<Finding>),
    /// The way leads through something that is no table or no list, or beyond a list's end.
    #[error("there is no place `{0}` in agent.toml")]
    NoPlace(String),
    /// TOML has no such value.
    #[error("{0} cannot be written in TOML")]
    Unwritable(&'static str),
}

/// The text of an `agent.toml` that is being edited. It need not be valid: a form may be half
/// filled in. Its `Display` is the text.
#[derive(Debug, Clone)]
pub struct ManifestText {
    document: DocumentMut,
    /// The author's line ends and byte order mark, which TOML's syntax tree does not keep.
    is_crlf: bool,
    has_bom: bool,
}

impl ManifestText {
    /// Takes a text to edit.
    ///
    /// # Errors
    /// [`EditError::Syntax`] when it is not TOML.
    pub fn parse(text: &str) -> Result<Self, EditError> {
        Self::parse_file(MANIFEST, text)
    }

    /// Takes the text of another file of the package that is TOML, such as a suite.
    ///
    /// # Errors
    /// [`EditError::Syntax`] when it is not.
    pub fn parse_file(file: &str, text: &str) -> Result<Self, EditError> {
        let syntax = || EditError::Syntax(syntax_findings(file, text));
        Ok(Self {
            document: text.parse().map_err(|_| syntax())?,
            is_crlf: text.contains("\r\n"),
            has_bom: text.starts_with('\u{feff}'),
        })
    }

    /// The value at a place, as JSON; dates and times are strings.
    #[must_use]
    pub fn get(&self, path: &[Step]) -> Option<Value> {
        walk::find(self.document.as_item(), path).map(merge::to_json)
    }

    /// Puts a value at a place. Tables on the way are made; a list may grow by one at its end.
    /// Where the value is there already, nothing changes.
    ///
    /// # Errors
    /// [`EditError::NoPlace`], and [`EditError::Unwritable`] for `null` and for numbers that TOML
    /// does not have.
    pub fn set(&mut self, path: &[Step], value: &Value) -> Result<(), EditError> {
        let mut edited = self.document.clone();
        walk::set(edited.as_item_mut(), path, value).map_err(|error| error.at(path))?;
        if !kept::settle(&self.document, &mut edited) {
            return Err(Refusal::Unwritable("the value in this place").at(path));
        }
        self.document = edited;
        Ok(())
    }

    /// Takes away what is at a place, with the comments that belong to it: those right above it
    /// and on its line. Says whether there was anything.
    pub fn remove(&mut self, path: &[Step]) -> bool {
        let mut edited = self.document.clone();
        let is_removed =
            walk::remove(edited.as_item_mut(), path) && kept::settle(&self.document, &mut edited);
        if is_removed {
            self.document = edited;
        }
        is_removed
    }
}

impl fmt::Display for ManifestText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.document.to_string();
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        if self.has_bom {
            f.write_str("\u{feff}")?;
        }
        if self.is_crlf {
            f.write_str(&text.replace("\r\n", "\n").replace('\n', "\r\n"))
        } else {
            f.write_str(text)
        }
    }
}

/// Why a value cannot be put somewhere, before it is known where.
enum Refusal {
    NoPlace,
    Unwritable(&'static str),
}

impl Refusal {
    fn at(self, path: &[Step]) -> EditError {
        match self {
            Self::Unwritable(what) => EditError::Unwritable(what),
            Self::NoPlace => {
                let mut place = String::new();
                for step in path {
                    match step {
                        Step::Index(index) => place.push_str(&format!("[{index}]")),
                        Step::Key(key) if place.is_empty() => place.push_str(key),
                        Step::Key(key) => place.push_str(&format!(".{key}")),
                    }
                }
                EditError::NoPlace(place)
            }
        }
    }
}
