//! What a snapshot says of itself.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use slipway_contract::{ContentHash, Timestamp};

/// The file in a snapshot's folder that describes it.
pub(super) const FILE: &str = "snapshot.json";

const FORMAT: u32 = 1;

/// A description is short unless contents were lost; more than this is none of ours.
const MOST_BYTES: u64 = 8 << 20;

/// Why a snapshot was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The day's.
    Daily,
    /// The database was about to be brought to a newer version.
    BeforeMigration,
    /// A person asked for it.
    ByHand,
    /// It was replaced by another snapshot that was restored.
    Replaced,
}

impl Reason {
    /// Its word, as in a snapshot's name.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::BeforeMigration => "before-migration",
            Self::ByHand => "by-hand",
            Self::Replaced => "replaced",
        }
    }
}

/// A snapshot, as it describes itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The format of this description.
    pub(super) format: u32,
    /// Its folder's name.
    pub name: String,
    /// When it was taken, by the clock of that time.
    pub taken_at: Timestamp,
    /// Why it was taken.
    pub reason: Reason,
    /// The Slipway that took it.
    pub slipway: String,
    /// The newest migration that its database has; none when that could not be read.
    pub migration: Option<i64>,
    /// Whether its database was whole when it was taken. A replaced one may not have been.
    pub sound: bool,
    /// Its database's size in bytes.
    pub bytes: u64,
    /// Its database's SHA-256.
    pub sha256: ContentHash,
    /// How many contents lie beside its database.
    pub contents: u64,
    /// Contents that its database names and that were missing or changed when it was taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<ContentHash>,
}

/// The facts of a new snapshot.
pub(super) struct Facts {
    pub(super) taken_at: Timestamp,
    pub(super) reason: Reason,
    pub(super) migration: Option<i64>,
    pub(super) sound: bool,
    pub(super) bytes: u64,
    pub(super) sha256: ContentHash,
    pub(super) contents: u64,
    pub(super) lost: Vec<ContentHash>,
}

impl Snapshot {
    pub(super) fn new(name: String, facts: Facts) -> Self {
        Self {
            format: FORMAT,
            name,
            taken_at: facts.taken_at,
            reason: facts.reason,
            slipway: env!("CARGO_PKG_VERSION").to_owned(),
            migration: facts.migration,
            sound: facts.sound,
            bytes: facts.bytes,
            sha256: facts.sha256,
            contents: facts.contents,
            lost: facts.lost,
        }
    }
}

/// Something among the snapshots that does not describe itself as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unreadable {
    /// Its name.
    pub name: String,
    /// What is wrong with it.
    pub message: String,
}

/// The name of a snapshot taken now, such as `2026-11-22-100355-daily`.
pub(super) fn name(taken_at: Timestamp, reason: Reason) -> String {
    let time: String = taken_at.to_string().chars().take(19).collect();
    let time = time.replace('T', "-").replace([':', 'Z'], "");
    format!("{time}-{}", reason.word())
}

pub(super) fn read(folder: &Path, name: &str) -> Result<Snapshot, String> {
    let snapshot = read_any(folder)?;
    if snapshot.name != name {
        return Err(format!("its folder was renamed: it is {:?}", snapshot.name));
    }
    Ok(snapshot)
}

/// The same, whatever the folder is called. The name in it is one that a folder can have.
pub(super) fn read_any(folder: &Path) -> Result<Snapshot, String> {
    let told = |error: &dyn std::fmt::Display| format!("{FILE} cannot be read: {error}");
    let file = File::open(folder.join(FILE)).map_err(|error| told(&error))?;
    let mut text = String::new();
    file.take(MOST_BYTES)
        .read_to_string(&mut text)
        .map_err(|error| told(&error))?;
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    let Format { format } = serde_json::from_str(&text).map_err(|error| told(&error))?;
    if format > FORMAT {
        return Err(format!(
            "{FILE} has format {format}, which a newer Slipway wrote"
        ));
    }
    let snapshot: Snapshot = serde_json::from_str(&text).map_err(|error| told(&error))?;
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    if snapshot.name.is_empty() || snapshot.name.len() > 80 || !snapshot.name.chars().all(plain) {
        return Err(format!("{FILE} gives it a name that no snapshot has"));
    }
    Ok(snapshot)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_by_time_and_suit_every_file_system() {
        let at = |text: &str| name(text.parse().unwrap(), Reason::Daily);
        assert_eq!(at("2026-11-22T10:03:55.123Z"), "2026-11-22-100355-daily");
        assert_eq!(at("2026-01-02T00:00:00Z"), "2026-01-02-000000-daily");
        assert!(at("2026-01-02T00:00:00Z") < at("2026-01-02T00:00:01Z"));
    }
}
