//! Copies of snapshots in another place, such as another disk, and back from there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use slipway_contract::ContentHash;

use super::copy::measure;
use super::restore::copied;
use super::{DATABASE, Snapshot, Snapshots, UNFINISHED, contents, open_immutable, record};
use crate::blobs::{Blobs, sync_file, sync_folder};
use crate::error::StoreError;
use crate::progress::Progress;

/// What the folder of a copy begins with.
const PREFIX: &str = "slipway-";

/// Copies of one name in one folder.
const MOST_OF_ONE_NAME: u32 = 99;

impl Snapshots {
    /// Copies a snapshot into a new folder within this one: a home of its own, which shares
    /// nothing with this one. It appears under its name only when it is whole and on the disk.
    ///
    /// # Errors
    /// There are too many of its name already, a file cannot be written, or it is not wanted any more:
    /// then nothing is left behind.
    pub fn copy_to(
        &self,
        snapshot: &Snapshot,
        folder: &Path,
        progress: &Progress,
    ) -> Result<(PathBuf, u64), StoreError> {
        let folder = std::path::absolute(folder).map_err(StoreError::io("found", folder))?;
        let named = |more: &str| folder.join(format!("{PREFIX}{}{more}", snapshot.name));
        // Two copies of one second; what is taken in goes by the name in its record.
        let others = (2..=MOST_OF_ONE_NAME).map(|number| named(&format!("-{number}")));
        let free = std::iter::once(named(""))
            .chain(others)
            .find(|place| fs::symlink_metadata(place).is_err());
        let to = free.ok_or_else(|| {
            StoreError::io("made", &named(""))(io::ErrorKind::AlreadyExists.into())
        })?;
        let bytes = self.copy(&self.path_of(snapshot), snapshot, &to, progress)?;
        Ok((to, bytes))
    }

    /// Takes a copy in, among the snapshots here, under the name that it has. All of it is checked.
    ///
    /// # Errors
    /// It is none, or is not whole, or is not wanted any more: then nothing changes.
    pub fn take_in(&self, from: &Path, progress: &Progress) -> Result<Snapshot, StoreError> {
        let from = std::path::absolute(from).map_err(StoreError::io("found", from))?;
        let snapshot = record::read_any(&from).map_err(|message| StoreError::Snapshot {
            name: from.display().to_string(),
            faults: vec![message],
        })?;
        if let Ok(here) = self.find(&snapshot.name)
            && here == snapshot
            && self.faults(&here).is_empty()
        {
            return Ok(here);
        }
        let _lock = self.lock()?;
        self.clear_unfinished();
        let to = self.folder.join(&snapshot.name);
        if fs::symlink_metadata(&to).is_ok() {
            return Err(StoreError::io("made", &to)(
                io::ErrorKind::AlreadyExists.into(),
            ));
        }
        self.copy(&from, &snapshot, &to, progress)?;
        let faults = self.faults(&snapshot);
        if faults.is_empty() {
            return Ok(snapshot);
        }
        // What is not whole is no snapshot.
        let _ = fs::remove_dir_all(&to);
        Err(StoreError::Snapshot {
            name: from.display().to_string(),
            faults,
        })
    }

    /// Drops a snapshot that nobody asked for.
    ///
    /// # Errors
    /// Its folder cannot be removed.
    pub fn drop_one(&self, snapshot: &Snapshot) -> Result<(), StoreError> {
        let _lock = self.lock()?;
        let path = self.path_of(snapshot);
        // Out of the list at once: a half-removed snapshot must not pass for one.
        let removed = path.with_file_name(format!("{UNFINISHED}{}", snapshot.name));
        let done = fs::rename(&path, &removed).and_then(|()| fs::remove_dir_all(&removed));
        done.map_err(StoreError::io("removed", &path))
    }

    fn copy(
        &self,
        from: &Path,
        snapshot: &Snapshot,
        to: &Path,
        progress: &Progress,
    ) -> Result<u64, StoreError> {
        let parent = to.parent().unwrap_or(Path::new("/"));
        let written = StoreError::io("written", parent);
        let staged = tempfile::Builder::new()
            .prefix(UNFINISHED)
            .tempdir_in(parent)
            .map_err(written)?;
        let hashes = match snapshot.sound {
            true => contents::named(&open_immutable(&from.join(DATABASE))?)?,
            false => Default::default(),
        };
        progress.of(hashes.len() as u64 + 1);
        let mut bytes = 0;
        progress.step().map_err(|_| StoreError::Stopped)?;
        for name in [DATABASE, "slipway.db-wal", record::FILE] {
            let place = from.join(name);
            if place.exists() {
                copied(&place, &staged.path().join(name))?;
                bytes += fs::metadata(&place).map_or(0, |found| found.len());
            }
        }
        let (ours, theirs) = (
            Blobs::new(staged.path().join("blobs")),
            Blobs::new(from.join("blobs")),
        );
        let new = staged.path().join(DATABASE);
        if measure(&new).map_err(StoreError::io("read", &new))? != (snapshot.bytes, snapshot.sha256)
        {
            return Err(StoreError::Snapshot {
                name: from.display().to_string(),
                faults: vec![format!(
                    "{DATABASE} was changed after the snapshot was taken"
                )],
            });
        }
        for hash in hashes {
            progress.step().map_err(|_| StoreError::Stopped)?;
            if snapshot.lost.contains(&hash) {
                continue;
            }
            bytes += copy_content(hash, &theirs, &ours)?;
        }
        let named = sync_folder(staged.path())
            .and_then(|()| fs::rename(staged.path(), to))
            .and_then(|()| sync_folder(parent));
        named.map_err(StoreError::io("written", to))?;
        // Its name is another now.
        let _ = staged.keep();
        Ok(bytes)
    }
}

/// A file of its own: what shares a file with another place is lost with it.
fn copy_content(hash: ContentHash, from: &Blobs, to: &Blobs) -> Result<u64, StoreError> {
    let content = from.get(hash)?;
    let place = to.path(hash);
    if let Some(folder) = place.parent() {
        crate::blobs::create_private(folder).map_err(StoreError::io("created", folder))?;
    }
    let written = fs::write(&place, &content).and_then(|()| sync_file(&place));
    written.map_err(StoreError::io("written", &place))?;
    Ok(content.len() as u64)
}
