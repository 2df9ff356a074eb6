//! Snapshots: copies of the database with the contents that it names, each a home of its own in
//! a folder beside the database. They are files and nothing else, so that they can be listed,
//! verified and restored when the database cannot even be opened.
//!
//! See `docs/data.md` for what is kept for how long.

pub(crate) mod contents;
mod copy;
mod create;
mod elsewhere;
mod keep;
mod record;
mod restore;
pub(crate) mod verify;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use slipway_contract::{ContentHash, Timestamp};

use crate::blobs::{Blobs, create_private};
use crate::error::StoreError;
use crate::file;

pub use record::{Reason, Snapshot, Unreadable};
pub use restore::Restored;

/// How old the newest snapshot may be before another is due.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A snapshot's database, as a home's is called.
const DATABASE: &str = "slipway.db";

/// What is being made begins like this, and never counts.
const UNFINISHED: &str = ".new-";

/// The snapshots of one database. All of it blocks.
#[derive(Debug, Clone)]
pub struct Snapshots {
    database: PathBuf,
    folder: PathBuf,
}

impl Snapshots {
    /// The snapshots of the database at this path, in the folder `snapshots` beside it.
    ///
    /// # Errors
    /// The path cannot be written as text.
    pub fn of(database: &Path) -> Result<Self, StoreError> {
        let database = file::absolute(database)?;
        let folder = database.with_file_name("snapshots");
        Ok(Self { database, folder })
    }

    /// Where they lie.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All of them, the newest first, and what lies among them and cannot be read. Changes
    /// nothing, and checks nothing but each one's own description.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn list(&self) -> Result<(Vec<Snapshot>, Vec<Unreadable>), StoreError> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Default::default()),
            Err(error) => return Err(StoreError::io("read", &self.folder)(error)),
        };
        let (mut snapshots, mut unreadable) = (Vec::new(), Vec::new());
        for entry in entries {
            let entry = entry.map_err(StoreError::io("read", &self.folder))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            match record::read(&entry.path(), &name) {
                Ok(snapshot) => snapshots.push(snapshot),
                Err(message) => unreadable.push(Unreadable { name, message }),
            }
        }
        snapshots.sort_by(|a, b| (b.taken_at, &b.name).cmp(&(a.taken_at, &a.name)));
        unreadable.sort_by(|a, b| a.name.cmp(&b.name));
        Ok((snapshots, unreadable))
    }

    /// The snapshot of this name.
    ///
    /// # Errors
    /// [`StoreError::NoSnapshot`], or its description cannot be read.
    pub fn find(&self, name: &str) -> Result<Snapshot, StoreError> {
        let (snapshots, unreadable) = self.list()?;
        if let Some(unreadable) = unreadable.into_iter().find(|other| other.name == name) {
            return Err(StoreError::Snapshot {
                name: unreadable.name,
                faults: vec![unreadable.message],
            });
        }
        let found = snapshots.into_iter().find(|snapshot| snapshot.name == name);
        found.ok_or_else(|| StoreError::NoSnapshot(name.chars().take(80).collect()))
    }

    /// The newest snapshot that is whole, with every content that its database names; where there
    /// is none with all of them, the newest whose database is whole. It takes as long as reading
    /// them. Changes nothing.
    #[must_use]
    pub fn newest_good(&self) -> Option<Snapshot> {
        let (snapshots, _) = self.list().ok()?;
        let mut without_all = None;
        for snapshot in snapshots {
            if without_all.is_some() && !snapshot.lost.is_empty() {
                continue;
            }
            if self.faults(&snapshot).is_empty() {
                if snapshot.lost.is_empty() {
                    return Some(snapshot);
                }
                without_all = Some(snapshot);
            }
        }
        without_all
    }

    /// Where the newest snapshot has this content, if one has it whole.
    #[must_use]
    pub fn copy_of(&self, content: ContentHash) -> Option<PathBuf> {
        let (snapshots, _) = self.list().ok()?;
        let mut kept = snapshots
            .iter()
            .map(|snapshot| Blobs::new(self.path_of(snapshot).join("blobs")));
        let whole = kept.find(|blobs| blobs.get(content).is_ok())?;
        Some(whole.path(content))
    }

    /// Whether none was taken within a day of now, before or after: a clock that was wrong once
    /// keeps nothing from being taken.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn is_due(&self, now: Timestamp) -> Result<bool, StoreError> {
        let (snapshots, _) = self.list()?;
        let recent = |snapshot: &Snapshot| {
            let age = now.duration_since(snapshot.taken_at).unsigned_abs();
            snapshot.sound && age < DAY
        };
        Ok(!snapshots.iter().any(recent))
    }

    fn path_of(&self, snapshot: &Snapshot) -> PathBuf {
        self.folder.join(&snapshot.name)
    }

    /// Keeps other processes from making or dropping snapshots until it is dropped.
    pub(crate) fn lock(&self) -> Result<File, StoreError> {
        create_private(&self.folder).map_err(StoreError::io("created", &self.folder))?;
        let path = self.folder.join(".lock");
        let file = file::private_file(&path).map_err(StoreError::io("opened", &path))?;
        file.lock().map_err(StoreError::io("locked", &path))?;
        Ok(file)
    }
}

/// A snapshot's database, or one that nobody has open, read as it lies: nothing is created beside it.
fn open_immutable(path: &Path) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(file::immutable_uri(path), flags)
}
