//! Putting a snapshot in the database's place.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};
use slipway_contract::Timestamp;

use super::{DATABASE, Reason, Snapshot, Snapshots, contents, copy, open_immutable, verify};
use crate::blobs::{Blobs, create_private, sync_file, sync_folder};
use crate::error::StoreError;
use crate::{file, migrations, presence};

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What is the database now.
    pub snapshot: Snapshot,
    /// What was the database before; none when there was none.
    pub replaced: Option<Snapshot>,
}

/// What there is to put aside.
enum Before {
    Nothing,
    /// One file that nobody has open, its log folded in.
    Settled,
    /// It cannot be opened: the file as it is, and its log.
    Unopenable,
}

impl Snapshots {
    /// Makes a snapshot the database, in one step that is done or not, after keeping the present
    /// database as a snapshot of its own. Works also when that cannot be opened.
    ///
    /// # Errors
    /// [`StoreError::Snapshot`] when the snapshot is not whole, [`StoreError::Newer`] when this
    /// Slipway cannot open it, [`StoreError::InUse`] while somebody has the database open: then
    /// everything is as before.
    pub fn restore(&self, name: &str, now: Timestamp) -> Result<Restored, StoreError> {
        let snapshot = self.find(name)?;
        let faults = self.faults(&snapshot);
        if !faults.is_empty() {
            return Err(StoreError::Snapshot {
                name: snapshot.name,
                faults,
            });
        }
        let source = self.path_of(&snapshot);
        let hashes = {
            let database = source.join(DATABASE);
            let connection = open_immutable(&database)?;
            migrations::standing(&database, &connection)?;
            contents::named(&connection)?
        };
        let _alone = presence::alone(&self.database)?;
        let _lock = self.lock()?;
        self.clear_unfinished();

        let lost = contents::take(&hashes, &Blobs::new(source.join("blobs")), &self.blobs())?;
        if let Some(hash) = lost.iter().find(|hash| !snapshot.lost.contains(hash)) {
            return Err(StoreError::Snapshot {
                name: snapshot.name,
                faults: vec![format!("the content {} cannot be read", hash.short())],
            });
        }
        let staged = self.begin()?;
        let new = staged.path().join(DATABASE);
        copied(&source.join(DATABASE), &new)?;
        if copy::measure(&new).map_err(StoreError::io("read", &new))?
            != (snapshot.bytes, snapshot.sha256)
        {
            let message = "the copy of the snapshot differs from it".to_owned();
            return Err(StoreError::io("written", &new)(io::Error::other(message)));
        }

        let before = self.settle()?;
        let replaced = self.put_aside(&before, now)?;
        // A log that stayed would be taken for the new file's.
        for ending in ["-wal", "-shm"] {
            removed(&beside(&self.database, ending))?;
        }
        let swapped = fs::rename(&new, &self.database)
            .and_then(|()| sync_folder(self.database.parent().unwrap_or(Path::new("."))));
        swapped.map_err(StoreError::io("replaced", &self.database))?;
        Ok(Restored { snapshot, replaced })
    }

    /// Makes the present database one file. Whoever has it open, whatever program that is, is
    /// noticed here.
    fn settle(&self) -> Result<Before, StoreError> {
        let path = &self.database;
        match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Before::Nothing),
            Err(error) => return Err(StoreError::io("read", path)(error)),
            Ok(found) if !found.is_file() => return Err(StoreError::NotADatabase(path.clone())),
            Ok(_) => {}
        }
        match file::check(path) {
            Ok(()) => {}
            Err(StoreError::Damaged { .. } | StoreError::NotADatabase(_)) => {
                return Ok(Before::Unopenable);
            }
            Err(error) => return Err(error),
        }
        let settled = || -> Result<(), rusqlite::Error> {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(path, flags)?;
            connection.busy_timeout(Duration::ZERO)?;
            connection.pragma_update(None, "journal_mode", "DELETE")?;
            connection.close().map_err(|(_, error)| error)
        };
        match settled() {
            Ok(()) => Ok(Before::Settled),
            Err(error) => match error.sqlite_error_code() {
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                    Err(StoreError::InUse(path.clone()))
                }
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                    Ok(Before::Unopenable)
                }
                _ => Err(file::damaged_or(path, error)),
            },
        }
    }

    fn put_aside(&self, before: &Before, now: Timestamp) -> Result<Option<Snapshot>, StoreError> {
        let sound = match before {
            Before::Nothing => return Ok(None),
            Before::Settled => verify::in_database(&self.database).is_empty(),
            Before::Unopenable => false,
        };
        let new = self.begin()?;
        copied(&self.database, &new.path().join(DATABASE))?;
        let log = beside(&self.database, "-wal");
        if log.exists() {
            copied(&log, &new.path().join(format!("{DATABASE}-wal")))?;
        }
        let facts = self.describe(new.path(), Reason::Replaced, now, sound)?;
        self.publish(new, facts).map(Some)
    }
}

/// A file of its own, on the disk when this returns: the first one goes on to change.
pub(super) fn copied(from: &Path, to: &Path) -> Result<(), StoreError> {
    let copied = || -> io::Result<()> {
        if let Some(folder) = to.parent() {
            create_private(folder)?;
        }
        drop(file::private_file(to)?);
        fs::copy(from, to)?;
        sync_file(to)
    };
    copied().map_err(StoreError::io("written", to))
}

fn removed(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::io("removed", path)(error))
        }
        _ => Ok(()),
    }
}

fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push(ending);
    PathBuf::from(path)
}
