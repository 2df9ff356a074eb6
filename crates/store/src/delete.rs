//! Deleting a database with all that belongs to it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::StoreError;
use crate::snapshots::Snapshots;
use crate::{file, presence};

/// Deletes the database at this path, its contents and its snapshots, for good. What says who has
/// it open stays, so that nobody opens it meanwhile. Blocks.
///
/// # Errors
/// [`StoreError::InUse`] while somebody has it open: then nothing was deleted.
pub fn delete(database: &Path) -> Result<(), StoreError> {
    let database = file::absolute(database)?;
    let _alone = presence::alone(&database)?;
    let snapshots = Snapshots::of(&database)?;
    {
        // One that is being taken reads what is deleted here.
        let _lock = snapshots.lock()?;
        // The log goes with the database: alone, neither is whole.
        for ending in ["", "-wal", "-shm", ".damaged"] {
            removed(fs::remove_file, &beside(&database, ending))?;
        }
        removed(fs::remove_dir_all, &database.with_file_name("blobs"))?;
    }
    removed(fs::remove_dir_all, snapshots.folder())
}

fn removed(remove: fn(PathBuf) -> io::Result<()>, path: &Path) -> Result<(), StoreError> {
    match remove(path.to_owned()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::io("deleted", path)(error))
        }
        _ => Ok(()),
    }
}

fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push(ending);
    PathBuf::from(path)
}
