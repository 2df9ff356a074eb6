//! Whether the database is whole.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::snapshots::verify;
use crate::{Store, StoreError, file};

impl Store {
    /// Reads through the database and checks its structure, its indexes and what its rows say of
    /// each other. Takes as long as reading the file.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with the first faults, or the database cannot be read.
    pub async fn check(&self) -> Result<(), StoreError> {
        let path = self.pool().connect_options().get_filename().to_owned();
        tokio::task::spawn_blocking(move || check(&path))
            .await
            .map_err(|error| StoreError::Sql(error.to_string()))?
    }
}

fn check(path: &Path) -> Result<(), StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let faults = Connection::open_with_flags(path, flags)
        .and_then(|connection| verify::in_structure(&connection))
        .map_err(|error| file::damaged_or(path, error))?;
    if faults.is_empty() {
        return Ok(());
    }
    Err(StoreError::Damaged {
        path: path.to_owned(),
        message: faults.join("; "),
    })
}
