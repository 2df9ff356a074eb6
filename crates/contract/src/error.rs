//! Errors as they cross a boundary.

use serde::{Deserialize, Serialize};

use crate::Advice;

/// What a caller may branch on; never the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The package breaks a rule of the format.
    InvalidPackage,
    /// The request itself is wrong.
    InvalidInput,
    /// There is no such agent, run, file.
    NotFound,
    /// It exists already, or changed meanwhile.
    Conflict,
    /// No model can serve the run: no key, no server, no recording.
    NoModel,
    /// A provider of models refused, or does not answer as it should.
    Provider,
    /// Somebody else drives the run.
    Busy,
    /// The run is not in a state that allows this.
    WrongState,
    /// The database or a file could not be read or written.
    Storage,
    /// Nobody is signed in to the cloud on this machine, or not any more.
    NotSignedIn,
    /// The cloud's server wants the person to sign in again first.
    SignInTooOld,
    /// The cloud's server cannot be reached now.
    Unreachable,
    /// The cloud's server refused, or does not answer as it should.
    Cloud,
    /// A fault of Slipway itself.
    Internal,
}

/// An error for a person: what happened, to what, and what they can do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    /// What to branch on.
    pub code: ErrorCode,
    /// What happened, to what.
    pub message: String,
    /// What the person can do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The same, where window and command line do it in different ways.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<Advice>,
    /// The single findings, where there are several (an invalid package).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

impl Problem {
    /// A problem with this code and message.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            help: None,
            advice: None,
            findings: Vec::new(),
        }
    }

    /// The same, with what the person can do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same, with what the person can do in the window's or the command line's own way.
    #[must_use]
    pub const fn advice(mut self, advice: Advice) -> Self {
        self.advice = Some(advice);
        self
    }
}

/// One thing that is wrong in a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The file, from the package's folder.
    pub file: String,
    /// The line, from 1; none when the whole file is meant.
    pub line: Option<u32>,
    /// The column, from 1.
    pub column: Option<u32>,
    /// The key, such as `limits.max_steps`.
    pub key: Option<String>,
    /// What is wrong, what was expected, and the nearest right key.
    pub message: String,
    /// What was probably meant, where the finding has a line and a column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Box<Fix>>,
}

/// A text that may take the place of another, at a [`Finding`]'s line and column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What stands there, exactly.
    pub found: String,
    /// What was probably meant, as the file would have it.
    pub meant: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
        }
        f.write_str(": ")?;
        if let Some(key) = &self.key {
            write!(f, "{key}: ")?;
        }
        f.write_str(&self.message)
    }
}
