//! Bringing a database to this version, and refusing one that a newer version wrote.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use sqlx::migrate::Migrator;

use crate::error::StoreError;
use crate::file::{damaged_or, private_file};
use crate::snapshots::verify;

static MIGRATOR: LazyLock<Migrator> = LazyLock::new(|| {
    let mut migrator = sqlx::migrate!("../../migrations/desktop");
    // A database may have migrations that are unknown here and yet compatible.
    migrator.set_ignore_missing(true);
    migrator
});

/// As sqlx makes it, which carried out the migrations of earlier versions.
const LIST: &str = "CREATE TABLE IF NOT EXISTS _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL
)";

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

/// Whether a migration was ever carried out: before the first one there is nothing to lose.
pub(crate) fn has_any(connection: &Connection) -> Result<bool, StoreError> {
    Ok(has_table(connection, "_sqlx_migrations")?
        && connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM _sqlx_migrations)",
            [],
            |row| row.get(0),
        )?)
}

/// Carries out the missing migrations, all or none of them: a process that is killed, or a
/// migration that fails, leaves the database as it was. The caller holds the [`lock`].
pub(crate) fn run(path: &Path, connection: &mut Connection) -> Result<(), StoreError> {
    let failed = |message: String| StoreError::Migration {
        path: path.to_owned(),
        message,
    };
    // A table that is replaced is dropped first, which must not take the rows that name it along;
    // what then dangles is found before the commit. Inside a transaction this says nothing.
    connection.pragma_update(None, "foreign_keys", false)?;
    let result = all(connection).map_err(failed);
    connection.pragma_update(None, "foreign_keys", true)?;
    result
}

fn all(connection: &mut Connection) -> Result<(), String> {
    let of_sql = |error: rusqlite::Error| error.to_string();
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(of_sql)?;
    transaction.execute_batch(LIST).map_err(of_sql)?;
    for migration in MIGRATOR.iter() {
        let known = "SELECT EXISTS (SELECT 1 FROM _sqlx_migrations WHERE version = ?1)";
        if transaction
            .query_row(known, [migration.version], |row| row.get(0))
            .map_err(of_sql)?
        {
            continue;
        }
        let named = |error: rusqlite::Error| format!("migration {}: {error}", migration.version);
        transaction
            .execute_batch(migration.sql.as_str())
            .map_err(named)?;
        transaction
            .execute(
                "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (?1, ?2, TRUE, ?3, 0)",
                params![migration.version, &*migration.description, &*migration.checksum],
            )
            .map_err(named)?;
    }
    let faults = verify::in_structure(&transaction).map_err(of_sql)?;
    if !faults.is_empty() {
        return Err(faults.join("; "));
    }
    transaction.commit().map_err(of_sql)
}

/// Keeps other processes from migrating until it is dropped, or this process ends. Blocks.
pub(crate) fn lock(database: &Path) -> Result<File, StoreError> {
    let mut path = database.as_os_str().to_owned();
    path.push(".lock");
    let path = PathBuf::from(path);
    let locked = private_file(&path).and_then(|file| file.lock().map(|()| file));
    locked.map_err(StoreError::io("locked for its migration", database))
}
