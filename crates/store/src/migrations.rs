//! Bringing a database to this version, and refusing one that a newer version wrote.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use rusqlite::{Connection, OptionalExtension};
use sqlx::SqlitePool;
use sqlx::migrate::Migrator;

use crate::error::StoreError;
use crate::file::damaged_or;

static MIGRATOR: LazyLock<Migrator> = LazyLock::new(|| {
    let mut migrator = sqlx::migrate!("../../migrations/desktop");
    // A database may have migrations that are unknown here and yet compatible.
    migrator.set_ignore_missing(true);
    migrator
});

const THIS: &str = env!("CARGO_PKG_VERSION");

/// How a database stands to this binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It has every migration that this binary knows.
    Current,
    /// It lacks some.
    Behind,
}

/// Looks without writing.
pub(crate) fn standing(path: &Path, connection: &Connection) -> Result<Standing, StoreError> {
    let damaged = |error| damaged_or(path, error);
    if !has_table(connection, "_sqlx_migrations").map_err(damaged)? {
        return Ok(Standing::Behind);
    }
    if has_table(connection, "compatibility").map_err(damaged)? {
        refuse_newer(path, connection)?;
    }
    let mut standing = Standing::Current;
    for migration in MIGRATOR.iter() {
        let applied: Option<Vec<u8>> = connection
            .query_row(
                "SELECT checksum FROM _sqlx_migrations WHERE version = ?1",
                [migration.version],
                |row| row.get(0),
            )
            .optional()
            .map_err(damaged)?;
        match applied {
            None => standing = Standing::Behind,
            Some(checksum) if checksum == *migration.checksum => {}
            Some(_) => {
                let message = format!(
                    "its migration {} is not the one that this Slipway has: it was made by an \
                     unfinished version; move it away to begin with an empty one",
                    migration.version
                );
                return Err(StoreError::Migration {
                    path: path.to_owned(),
                    message,
                });
            }
        }
    }
    Ok(standing)
}

fn refuse_newer(path: &Path, connection: &Connection) -> Result<(), StoreError> {
    let needs: Option<(i64, String)> = connection
        .query_row("SELECT migration, slipway FROM compatibility", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()
        .map_err(|error| damaged_or(path, error))?;
    let known = MIGRATOR.iter().map(|migration| migration.version).max();
    match needs {
        Some((migration, needs)) if Some(migration) > known => Err(StoreError::Newer {
            path: path.to_owned(),
            needs,
            this: THIS,
        }),
        _ => Ok(()),
    }
}

fn has_table(connection: &Connection, name: &str) -> Result<bool, rusqlite::Error> {
    connection.table_exists(None, name)
}

/// Runs the missing migrations; the caller holds the [`lock`].
pub(crate) async fn run(path: &Path, pool: &SqlitePool) -> Result<(), StoreError> {
    let result = MIGRATOR.run(pool).await;
    result.map_err(|error| StoreError::Migration {
        path: path.to_owned(),
        message: error.to_string(),
    })
}

/// Keeps other processes from migrating until it is dropped, or this process ends.
pub(crate) async fn lock(database: &Path) -> Result<File, StoreError> {
    let mut path = database.as_os_str().to_owned();
    path.push(".lock");
    let path = PathBuf::from(path);
    let wait = move || {
        let mut options = File::options();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        file.lock()?;
        Ok(file)
    };
    let locked = tokio::task::spawn_blocking(wait).await;
    locked
        .unwrap_or_else(|error| Err(std::io::Error::other(error)))
        .map_err(StoreError::io("locked for its migration", database))
}
