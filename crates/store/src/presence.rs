//! Who has the database open, so that nobody replaces it under them.
//!
//! SQLite's own locks say who reads or writes at this moment. A process that has the database open
//! and does neither would not be noticed, and would go on with a file that is no longer there.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::error::StoreError;
use crate::file::private_file;

/// Says that this process has the database open until it is dropped, or the process ends; waits
/// while another one replaces it. Blocks.
pub(crate) fn shared(database: &Path) -> Result<File, StoreError> {
    let path = path(database);
    let file = private_file(&path).map_err(StoreError::io("opened", &path))?;
    file.lock_shared()
        .map_err(StoreError::io("locked", &path))?;
    Ok(file)
}

/// Keeps everybody else from opening the database until it is dropped.
///
/// # Errors
/// [`StoreError::InUse`] when somebody has it open.
pub(crate) fn alone(database: &Path) -> Result<File, StoreError> {
    let path = path(database);
    let file = private_file(&path).map_err(StoreError::io("opened", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(database.to_owned())),
        Err(TryLockError::Error(error)) => Err(StoreError::io("locked", &path)(error)),
    }
}

fn path(database: &Path) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push(".open");
    PathBuf::from(path)
}
