//! Versions and drafts of an agent, and what differs between two of them.

use serde::{Deserialize, Serialize};

use crate::error::Finding;
use crate::{AgentName, ContentHash, Timestamp};

/// Why a version was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionReason {
    /// A person saved it.
    Saved,
    /// A run was started: every run is of a version.
    BeforeRun,
    /// It came from outside.
    Imported,
    /// A person went back to it.
    Restored,
}

impl VersionReason {
    /// The word as it is stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::BeforeRun => "before_run",
            Self::Imported => "imported",
            Self::Restored => "restored",
        }
    }
}

/// Once that a version was made of an agent; the same version may have been made several times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionEntry {
    /// The version.
    pub version: ContentHash,
    /// When it was made.
    pub made_at: Timestamp,
    /// Why.
    pub why: VersionReason,
    /// What the person wrote about it.
    pub note: Option<String>,
    /// How many runs of it this agent has.
    pub runs: u64,
}

/// What came of saving an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedVersion {
    /// The agent.
    pub agent: AgentName,
    /// The version that it has now.
    pub version: ContentHash,
    /// Whether anything was saved: not when the newest version is the same.
    pub saved: bool,
}

/// What came of going back to a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoredVersion {
    /// The agent.
    pub agent: AgentName,
    /// The version that it has again.
    pub version: ContentHash,
    /// What was there before.
    pub before: ContentHash,
    /// Whether what was there had not been saved, and was saved as a version first.
    pub saved_first: bool,
    /// Whether that version came from elsewhere than the present one, so that what was granted to
    /// the present one is asked again.
    pub asks_again: bool,
}

/// A file of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftFile {
    /// The path in the package.
    pub path: String,
    /// Its bytes.
    pub size: u64,
    /// The hash of its content.
    pub content: ContentHash,
}

/// An agent as it is being edited: saved, but no version yet. It may be invalid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The agent.
    pub agent: AgentName,
    /// The hash of its files; who writes says which one they saw.
    pub hash: ContentHash,
    /// The agent's newest version.
    pub version: ContentHash,
    /// Whether it differs from that version.
    pub changed: bool,
    /// The folder that is the draft, for an agent of a folder.
    pub folder: Option<String>,
    /// Its files, by path.
    pub files: Vec<DraftFile>,
    /// Why it cannot be run or saved as a version; empty when it can.
    pub findings: Vec<Finding>,
}

/// What differs between two packages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PackageDiff {
    /// What changes in meaning, in plain words.
    pub meaning: Vec<String>,
    /// The files that differ, by path.
    pub files: Vec<FileDiff>,
}

/// How a file differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDiff {
    /// The path; the new one of a file that was renamed.
    pub path: String,
    /// The path before, of a file that was renamed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<String>,
    /// The file before; none when it is new.
    pub before: Option<FileFacts>,
    /// The file after; none when it is gone.
    pub after: Option<FileFacts>,
    /// What changed in its text; none for a file that is no text, or too long to compare.
    pub hunks: Option<Vec<Hunk>>,
}

/// A file by its size and hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    /// Its bytes.
    pub size: u64,
    /// The hash of its content.
    pub content: ContentHash,
}

/// Lines that changed, with a few around them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hunk {
    /// The number of its first line before, from 1.
    pub before_line: usize,
    /// The number of its first line after, from 1.
    pub after_line: usize,
    /// The lines.
    pub lines: Vec<DiffLine>,
}

/// A line of a [`Hunk`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffLine {
    /// What happened to it.
    pub change: LineChange,
    /// The line, without its line feed.
    pub text: String,
    /// Whether the file ends here without a line feed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_line_feed: bool,
}

/// What happened to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineChange {
    /// It stayed.
    Same,
    /// It is gone.
    Removed,
    /// It is new.
    Added,
}

/// One side of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffSide {
    /// The hash of its files.
    pub version: ContentHash,
    /// Whether it is what the agent is now, saved or not.
    pub draft: bool,
}

impl DiffSide {
    /// A version.
    #[must_use]
    pub const fn version(version: ContentHash) -> Self {
        Self {
            version,
            draft: false,
        }
    }
}

/// What differs between two states of an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentDiff {
    /// The agent.
    pub agent: AgentName,
    /// Before.
    pub from: DiffSide,
    /// After.
    pub to: DiffSide,
    /// The difference.
    #[serde(flatten)]
    pub diff: PackageDiff,
}
