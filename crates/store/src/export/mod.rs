//! Everything that is kept here as plain files, and back: the layout is in `docs/export.md`.
//!
//! An export is read in one transaction, so that it is as of one moment, and names every file
//! with its size and SHA-256. An import checks all of it before anything is written, and then
//! writes all of it in one transaction.

mod apply;
mod check;
mod error;
mod journals;
mod layout;
mod listing;
mod rows;
mod sink;
mod source;
mod tables;
mod write;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};
use slipway_contract::{AgentName, ContentHash};

use crate::{Progress, Store, StoreError};
pub use error::ExportError;
pub use source::Source;

/// How many of each an export holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportCounts {
    /// Agents that are listed.
    pub agents: u64,
    /// Versions of all agents.
    pub versions: u64,
    /// Drafts: what was not saved as a version.
    pub drafts: u64,
    /// Runs.
    pub runs: u64,
    /// Events of all runs.
    pub events: u64,
    /// Permissions that were granted, and rules.
    pub permissions: u64,
}

/// What lies in an agent's folder and was not saved as a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderDraft {
    /// The agent.
    pub agent: AgentName,
    /// The hash of the files.
    pub hash: ContentHash,
    /// The files.
    pub files: Vec<(String, Vec<u8>)>,
}

/// A file of settings, by its name in the home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsFile {
    /// Such as `prices.toml`.
    pub name: String,
    /// Its content.
    pub content: Vec<u8>,
}

impl Store {
    /// Writes everything to a new folder or, where the name ends in `.tar`, `.tar.gz` or `.tgz`,
    /// to an archive. Runs may go on meanwhile.
    ///
    /// # Errors
    /// Something is there already, or a file cannot be written; then nothing is left behind.
    pub async fn export_all(
        &self,
        to: &Path,
        folders: Vec<FolderDraft>,
        settings: Vec<SettingsFile>,
        progress: Progress,
    ) -> Result<ExportCounts, ExportError> {
        let (database, blobs) = (self.database(), self.blobs().clone());
        let to = to.to_owned();
        blocking(move || {
            let connection = open(&database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            write::export(&connection, &blobs, folders, settings, &to, progress)
        })
        .await
    }

    /// Reads and checks an export without writing anything of it here.
    ///
    /// # Errors
    /// It is none, was cut off or changed, or holds what this version cannot keep.
    pub async fn check_export(
        &self,
        from: &Path,
        progress: Progress,
    ) -> Result<Source, ExportError> {
        let (database, from) = (self.database(), from.to_owned());
        blocking(move || {
            let connection = open(&database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            let scratch = database.parent().unwrap_or(Path::new("."));
            let source = Source::open(&from, scratch, progress)?;
            check::check(
                &source,
                &tables::kept(&connection)?,
                migration(&connection)?,
            )?;
            Ok(source)
        })
        .await
    }

    /// Brings in everything of an export that was checked: all or nothing. Runs that were going
    /// on are cut off, as after a crash; parked ones stay parked.
    ///
    /// # Errors
    /// There is something here already, or the database cannot be written.
    pub async fn import_all(&self, source: Source) -> Result<ExportCounts, ExportError> {
        let (database, blobs) = (self.database(), self.blobs().clone());
        blocking(move || {
            let mut connection = open(&database, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            apply::import(&mut connection, &blobs, &source)
        })
        .await
    }

    fn database(&self) -> PathBuf {
        self.pool().connect_options().get_filename().to_owned()
    }
}

fn open(database: &Path, flags: OpenFlags) -> Result<Connection, ExportError> {
    let connection = Connection::open_with_flags(database, flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}

/// The newest migration of a database.
fn migration(connection: &Connection) -> Result<i64, rusqlite::Error> {
    let newest = "SELECT coalesce(max(version), 0) FROM _sqlx_migrations";
    connection.query_row(newest, [], |row| row.get(0))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ExportError> + Send + 'static,
) -> Result<T, ExportError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| StoreError::Sql(error.to_string()))?
}
