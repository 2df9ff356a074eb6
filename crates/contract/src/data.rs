//! What is kept on this machine, copies of it, and getting rid of it.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// A kind of what is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataKind {
    /// Agents, versions, runs with their journals, grants, budgets.
    Database,
    /// Long contents and the files of versions.
    Contents,
    /// Copies of both. What they share with the contents is counted there.
    Snapshots,
    /// What went over the wire to models.
    Wire,
    /// Earlier contents of files that tools changed.
    Backups,
    /// Folders in which agents work.
    Work,
    /// The examples and what they wrote.
    Examples,
    /// The names of keys, and the sealed file.
    Keys,
    /// The person's own prices and providers, and who they are in the cloud.
    Settings,
    /// What Slipway did not put there, or does not know.
    Other,
}

impl DataKind {
    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Contents => "contents",
            Self::Snapshots => "snapshots",
            Self::Wire => "wire",
            Self::Backups => "backups",
            Self::Work => "work",
            Self::Examples => "examples",
            Self::Keys => "keys",
            Self::Settings => "settings",
            Self::Other => "other",
        }
    }
}

/// How much of a kind there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataPart {
    /// The kind.
    pub kind: DataKind,
    /// Its size in bytes. A file with several names counts once.
    pub bytes: u64,
    /// How many files.
    pub files: u64,
}

/// Where everything is, and how much it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataPlace {
    /// The folder.
    pub folder: String,
    /// All of it, in bytes.
    pub bytes: u64,
    /// What of it is there, by kind; no kind of which there is nothing.
    pub parts: Vec<DataPart>,
    /// Files and folders that could not be looked at.
    pub unread: u64,
}

/// Why a snapshot was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SnapshotReason {
    /// The day's.
    Daily,
    /// The database was about to be brought to a newer version.
    BeforeMigration,
    /// A person asked for it.
    ByHand,
    /// Another snapshot was restored in its place.
    Replaced,
}

/// A snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotSummary {
    /// Its name.
    pub name: String,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// Why it was taken.
    pub reason: SnapshotReason,
    /// Its database's size in bytes.
    pub bytes: u64,
    /// Whether its database was whole when it was taken.
    pub sound: bool,
    /// How many contents were missing already when it was taken.
    pub lost: u64,
}

/// The snapshots that there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotList {
    /// Those that can be read, the newest first.
    pub snapshots: Vec<SnapshotSummary>,
    /// What lies among them and cannot be read: its name, and why not.
    pub unreadable: Vec<(String, String)>,
}

/// What reading through a snapshot came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotVerdict {
    /// Its name.
    pub name: String,
    /// Whether it can be restored.
    pub good: bool,
    /// What is wrong.
    pub faults: Vec<String>,
}

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoredData {
    /// The snapshot that is the database now.
    pub restored: String,
    /// The snapshot that was made of what was there before; none when there was nothing.
    pub replaced: Option<String>,
}

/// A copy of a snapshot somewhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackedUp {
    /// The folder that was made for it.
    pub folder: String,
    /// The snapshot of which it is a copy.
    pub snapshot: String,
    /// What was copied, in bytes.
    pub bytes: u64,
}

/// Everything as plain files: written, or brought in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedData {
    /// The folder or archive.
    pub path: String,
    /// Agents that are listed.
    pub agents: u64,
    /// Versions of all agents.
    pub versions: u64,
    /// Runs.
    pub runs: u64,
    /// What the person should know.
    pub notes: Vec<String>,
}

/// What was deleted, and what was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedData {
    /// The folder.
    pub folder: String,
    /// What was deleted, in bytes.
    pub bytes: u64,
    /// How many keys were taken out of where they are kept.
    pub keys: u64,
    /// What stayed in the folder: Slipway did not put it there, or was told to leave it.
    pub stayed: Vec<String>,
}

/// What a person types to have everything deleted.
pub const DELETE_WORDS: &str = "delete everything";

/// Long work on the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrandKind {
    /// Reading through snapshots.
    Verify,
    /// Copying a snapshot elsewhere.
    BackUp,
    /// Writing everything as plain files.
    Export,
    /// Checking and bringing in everything.
    Import,
}

/// Long work that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Errand {
    /// What it is.
    pub kind: ErrandKind,
    /// Files or snapshots that are done.
    pub done: u64,
    /// How many there are in all; none where nobody knows yet.
    pub total: Option<u64>,
}

/// What prices are reckoned with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceBook {
    /// The day on which the prices that come with Slipway were read last.
    pub checked: Option<jiff::civil::Date>,
    /// How many models have a price.
    pub priced: u64,
    /// The file in which the person writes prices of their own.
    pub own_file: String,
    /// Whether that file is there.
    pub has_own: bool,
    /// What is wrong with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<crate::Problem>,
}
