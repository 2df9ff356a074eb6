//! One writer at a time, over all processes.

use std::fs::File;
use std::path::Path;

use crate::error::VaultError;
use crate::replace::make_folder;

/// Held while it lives; let go of by the system when the process ends in any way.
#[derive(Debug)]
pub(crate) struct Lock(File);

impl Lock {
    /// Waits until nobody else reads or writes.
    pub(crate) fn to_write(folder: &Path) -> Result<Self, VaultError> {
        make_folder(folder)?;
        let (file, path) = open(folder)?;
        file.lock().map_err(VaultError::file("locked", &path))?;
        Ok(Self(file))
    }

    /// Waits until nobody writes. None where there is no vault yet.
    pub(crate) fn to_read(folder: &Path) -> Result<Option<Self>, VaultError> {
        if !folder.exists() {
            return Ok(None);
        }
        let (file, path) = open(folder)?;
        file.lock_shared()
            .map_err(VaultError::file("locked", &path))?;
        Ok(Some(Self(file)))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file lets go of it too.
        let _ = self.0.unlock();
    }
}

fn open(folder: &Path) -> Result<(File, std::path::PathBuf), VaultError> {
    let path = folder.join("lock");
    let file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(VaultError::file("opened", &path))?;
    Ok((file, path))
}
