//! A draft as its page shows it, and how a form changes it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ContentHash;
use crate::permission::Permission;
use crate::version::Draft;

/// One step of the way to a value of `agent.toml`: `"tools"`, then `1`, then `"approval"`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Step {
    /// A place in a list, from 0.
    Index(usize),
    /// A key of a table.
    Key(String),
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

/// A change of `agent.toml` by a form. Everything else in it stays as its author wrote it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManifestChange {
    /// Where.
    pub at: Vec<Step>,
    /// What is there from now on; none takes away what is there.
    pub value: Option<Value>,
}

impl ManifestChange {
    /// Puts a value at a place.
    #[must_use]
    pub fn set(at: Vec<Step>, value: impl Into<Value>) -> Self {
        Self {
            at,
            value: Some(value.into()),
        }
    }

    /// Takes away what is at a place.
    #[must_use]
    pub const fn remove(at: Vec<Step>) -> Self {
        Self { at, value: None }
    }
}

/// What a file of a draft gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewContent {
    /// A text.
    Text(String),
    /// Any bytes, in Base64.
    Base64(String),
}

/// A draft with what its page needs beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DraftPage {
    /// The draft.
    pub draft: Draft,
    /// The agent's title; its name while `agent.toml` does not say one.
    pub title: String,
    /// The text of `agent.toml`; none where there is none, or it is no text.
    pub manifest: Option<String>,
    /// What it says, as JSON; none while it is not TOML.
    pub values: Option<Value>,
    /// About how many tokens the instructions are for a model.
    pub instruction_tokens: u64,
    /// What the draft asks for; none while `agent.toml` is not valid.
    pub asks: Option<Vec<Permission>>,
    /// That of it for which the newest version did not ask.
    pub asks_anew: Vec<Permission>,
}

/// A file of a draft, to look at and to edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftText {
    /// Its path in the package.
    pub path: String,
    /// The hash of its content; who saves it says that they saw this.
    pub content: ContentHash,
    /// Its bytes.
    pub size: u64,
    /// Its text; none for a file that is no text, or too large to be shown.
    pub text: Option<String>,
    /// Its text in the agent's newest version, where it is one.
    pub base: Option<String>,
}

/// Which of two texts stays the draft's; the other is kept as a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// The one that was being written.
    Mine,
    /// The one that somebody else saved meanwhile.
    Theirs,
}
