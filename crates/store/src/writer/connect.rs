//! The writer's connection.

use std::path::PathBuf;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::Durability;
use crate::Synchronous;

/// How to reach the database.
#[derive(Debug, Clone)]
pub(crate) struct Connect {
    pub(crate) path: PathBuf,
    pub(crate) synchronous: Synchronous,
    pub(crate) busy_timeout: Duration,
}

/// Statements of a run's life, with room to spare.
const STATEMENTS: usize = 64;

impl Connect {
    /// Opens an existing database for writing.
    pub(crate) fn open(&self) -> Result<Connection, rusqlite::Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(self.busy_timeout)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "synchronous", self.level(Durability::Now))?;
        if self.synchronous == Synchronous::Full {
            // macOS keeps a plain fsync in the drive's cache.
            connection.pragma_update(None, "fullfsync", true)?;
            connection.pragma_update(None, "checkpoint_fullfsync", true)?;
        }
        Ok(connection)
    }

    /// SQLite's `synchronous` for a transaction.
    pub(super) const fn level(&self, durability: Durability) -> &'static str {
        match (self.synchronous, durability) {
            (Synchronous::Full, Durability::Now) => "FULL",
            _ => "NORMAL",
        }
    }
}
