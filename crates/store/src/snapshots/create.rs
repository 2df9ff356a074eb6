//! Taking a snapshot.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use slipway_contract::{ContentHash, Timestamp};
use tempfile::TempDir;

use super::record::{self, Facts};
use super::{DATABASE, Reason, Snapshot, Snapshots, UNFINISHED, contents, copy, keep, verify};
use crate::blobs::{Blobs, sync_folder};
use crate::error::StoreError;
use crate::file::{self, private_file};

impl Snapshots {
    /// Takes a snapshot while others may write, verifies it, and drops old ones that it makes
    /// superfluous. It appears under its name only when it is whole and on the disk.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the database is not whole: nothing is kept, nothing dropped.
    pub fn create(&self, reason: Reason, now: Timestamp) -> Result<Snapshot, StoreError> {
        file::check(&self.database)?;
        let _lock = self.lock()?;
        self.take(reason, now)
    }

    /// Takes the day's snapshot if none was taken within a day and there is something to keep.
    ///
    /// # Errors
    /// As [`Self::create`].
    pub fn create_daily(&self, now: Timestamp) -> Result<Option<Snapshot>, StoreError> {
        if !self.is_due(now)? || !file::holds_something(&self.database)? {
            return Ok(None);
        }
        let _lock = self.lock()?;
        // Another process may have been at it meanwhile.
        if self.is_due(now)? {
            self.take(Reason::Daily, now).map(Some)
        } else {
            Ok(None)
        }
    }

    fn take(&self, reason: Reason, now: Timestamp) -> Result<Snapshot, StoreError> {
        self.clear_unfinished();
        let new = self.begin()?;
        let database = new.path().join(DATABASE);
        copy::database(&self.database, &database)?;
        let faults = verify::in_database(&database);
        if !faults.is_empty() {
            return Err(StoreError::Damaged {
                path: self.database.clone(),
                message: faults.join("; "),
            });
        }
        let snapshot = self.describe(new.path(), reason, now, true)?;
        let snapshot = self.publish(new, snapshot)?;
        self.drop_old(&snapshot, now);
        Ok(snapshot)
    }

    /// An empty folder for a new snapshot; it goes when it is dropped.
    pub(super) fn begin(&self) -> Result<TempDir, StoreError> {
        tempfile::Builder::new()
            .prefix(UNFINISHED)
            .tempdir_in(&self.folder)
            .map_err(StoreError::io("created", &self.folder))
    }

    /// Takes the contents that the database in this folder names, and says what is there.
    pub(super) fn describe(
        &self,
        folder: &Path,
        reason: Reason,
        now: Timestamp,
        sound: bool,
    ) -> Result<Facts, StoreError> {
        let database = folder.join(DATABASE);
        let (migration, hashes) = if sound {
            let connection = super::open_immutable(&database)?;
            let newest = "SELECT max(version) FROM _sqlx_migrations";
            let migration = connection.query_row(newest, [], |row| row.get(0));
            (migration.unwrap_or(None), contents::named(&connection)?)
        } else {
            Default::default()
        };
        let blobs = Blobs::new(folder.join("blobs"));
        let lost = contents::take(&hashes, &self.blobs(), &blobs)?;
        if !lost.is_empty() {
            let names: Vec<String> = lost.iter().map(ContentHash::short).collect();
            tracing::warn!(
                lost = names.join(" "),
                "stored contents are missing or changed, and not in the snapshot"
            );
        }
        let (bytes, sha256) =
            copy::measure(&database).map_err(StoreError::io("read", &database))?;
        Ok(Facts {
            taken_at: now,
            reason,
            migration,
            sound,
            bytes,
            sha256,
            contents: (hashes.len() - lost.len()) as u64,
            lost,
        })
    }

    /// Gives a finished folder its name.
    pub(super) fn publish(&self, new: TempDir, facts: Facts) -> Result<Snapshot, StoreError> {
        let name = self.free_name(&record::name(facts.taken_at, facts.reason));
        let snapshot = Snapshot::new(name, facts);
        let path = self.path_of(&snapshot);
        let file = new.path().join(record::FILE);
        let written = || -> std::io::Result<()> {
            let mut described = private_file(&file)?;
            described.write_all(&serde_json::to_vec_pretty(&snapshot)?)?;
            described.sync_all()?;
            sync_folder(new.path())?;
            fs::rename(new.path(), &path)?;
            sync_folder(&self.folder)
        };
        written().map_err(StoreError::io("written", &path))?;
        // Its name is another now.
        let _ = new.keep();
        Ok(snapshot)
    }

    pub(super) fn blobs(&self) -> Blobs {
        Blobs::new(self.database.with_file_name("blobs"))
    }

    fn free_name(&self, name: &str) -> String {
        let taken = |name: &str| self.folder.join(name).exists();
        if !taken(name) {
            return name.to_owned();
        }
        let numbered = (2_u32..).map(|number| format!("{name}-{number}"));
        let mut free = numbered.filter(|name| !taken(name));
        free.next().unwrap_or_else(|| name.to_owned())
    }

    /// What a killed process left; whoever still makes one holds the lock.
    pub(super) fn clear_unfinished(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return;
        };
        for entry in entries.flatten() {
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                // It only takes space; the next one tries again.
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }

    /// Old ones go after a new one is whole. One that cannot be removed is tried again next time.
    fn drop_old(&self, newest: &Snapshot, now: Timestamp) {
        let Ok((snapshots, _)) = self.list() else {
            return;
        };
        for old in keep::superfluous(&snapshots, newest, now) {
            let path = self.path_of(old);
            // Out of the list at once: a half-removed snapshot must not pass for one.
            let removed = path.with_file_name(format!("{UNFINISHED}{}", old.name));
            let done = fs::rename(&path, &removed).and_then(|()| fs::remove_dir_all(&removed));
            match done {
                Ok(()) => tracing::info!(snapshot = old.name, "an old snapshot was dropped"),
                Err(error) => {
                    tracing::warn!(snapshot = old.name, %error, "an old snapshot cannot be dropped");
                }
            }
        }
    }
}
