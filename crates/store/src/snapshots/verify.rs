//! Whether a snapshot is whole.

use std::path::Path;

use rusqlite::Connection;

use super::{DATABASE, Snapshot, Snapshots, contents, copy, open_immutable};
use crate::blobs::Blobs;

/// Faults that are told at once.
const TOLD: usize = 5;

impl Snapshots {
    /// What is wrong with a snapshot; nothing when it is whole. Reads all of it, changes nothing.
    #[must_use]
    pub fn faults(&self, snapshot: &Snapshot) -> Vec<String> {
        if !snapshot.sound {
            return vec!["its database was damaged when it was put aside".to_owned()];
        }
        let folder = self.path_of(snapshot);
        let database = folder.join(DATABASE);
        match copy::measure(&database) {
            Err(error) => return vec![format!("{DATABASE} cannot be read: {error}")],
            Ok(found) if found != (snapshot.bytes, snapshot.sha256) => {
                return vec![format!(
                    "{DATABASE} was changed after the snapshot was taken"
                )];
            }
            Ok(_) => {}
        }
        let mut faults = in_database(&database);
        if faults.is_empty() {
            faults = in_contents(snapshot, &database, &Blobs::new(folder.join("blobs")));
        }
        faults
    }
}

/// Damage of a database that nobody writes to.
pub(super) fn in_database(path: &Path) -> Vec<String> {
    match open_immutable(path).and_then(|connection| in_structure(&connection)) {
        Ok(faults) => faults,
        Err(error) => vec![error.to_string()],
    }
}

/// What SQLite itself finds.
pub(crate) fn in_structure(connection: &Connection) -> Result<Vec<String>, rusqlite::Error> {
    let faults: Vec<String> = connection
        .prepare(&format!("PRAGMA integrity_check({TOLD})"))?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    if faults != ["ok"] {
        return Ok(faults);
    }
    let mut dangling = connection.prepare("PRAGMA foreign_key_check")?;
    let dangling = dangling.query_map([], |row| {
        let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
        Ok(format!(
            "a row of {table} names one of {parent} that is not there"
        ))
    })?;
    dangling.take(TOLD).collect()
}

fn in_contents(snapshot: &Snapshot, database: &Path, blobs: &Blobs) -> Vec<String> {
    let connection = match open_immutable(database) {
        Ok(connection) => connection,
        Err(error) => return vec![error.to_string()],
    };
    match contents::named(&connection) {
        Err(error) => vec![error.to_string()],
        Ok(hashes) => hashes
            .into_iter()
            .filter(|hash| !snapshot.lost.contains(hash))
            .filter_map(|hash| blobs.get(hash).err())
            .take(TOLD)
            .map(|error| error.to_string())
            .collect(),
    }
}
