//! The database's file: making it, and telling ours from others before anything touches it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::blobs::{create_private, sync_folder};
use crate::error::StoreError;

/// Says in the file's header that it is Slipway's: "SLIP".
const APPLICATION: i32 = 0x534c_4950;

/// Makes the database if there is nothing at the path, and refuses what is not ours.
pub(crate) fn prepare(path: &Path) -> Result<(), StoreError> {
    match fs::metadata(path) {
        Ok(_) => check(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => create(path),
        Err(error) => Err(StoreError::io("read", path)(error)),
    }
}

/// The file appears under its name whole: an empty database that says whose it is.
fn create(path: &Path) -> Result<(), StoreError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    create_private(folder).map_err(StoreError::io("created", folder))?;
    let new = tempfile::Builder::new()
        .prefix(".new-")
        .tempfile_in(folder)
        .map_err(StoreError::io("created", path))?
        .into_temp_path();
    let connection = Connection::open(&new)?;
    connection.pragma_update(None, "application_id", APPLICATION)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.close().map_err(|(_, error)| error)?;
    match new.persist_noclobber(path) {
        // SQLite syncs a file's content, and never the name of one that was there before it came.
        Ok(()) => sync_folder(folder).map_err(StoreError::io("written", folder)),
        // Another process was faster, with the same file.
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => check(path),
        Err(error) => Err(StoreError::io("created", path)(error.error)),
    }
}

/// Whose the database is, by its header. A file in the middle of a checkpoint, whose process was
/// killed or is still at it, is whole only together with its log.
pub(crate) fn check(path: &Path) -> Result<(), StoreError> {
    let found = fs::metadata(path).map_err(StoreError::io("read", path))?;
    if !found.is_file() || found.len() == 0 {
        return Err(StoreError::NotADatabase(path.to_owned()));
    }
    let damaged =
        |error: &rusqlite::Error| error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt);
    let as_it_lies = || application(immutable_uri(path), OpenFlags::SQLITE_OPEN_URI);
    let application = match as_it_lies() {
        Err(error) if damaged(&error) && has_log(path) => application(path, OpenFlags::empty()),
        // Who was at it may have finished, and removed the log, after it was read.
        Err(error) if damaged(&error) => as_it_lies(),
        read => read,
    };
    match application {
        Ok(APPLICATION) => Ok(()),
        Ok(_) => Err(StoreError::Foreign(path.to_owned())),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
            Err(StoreError::NotADatabase(path.to_owned()))
        }
        Err(error) => Err(damaged_or(path, error)),
    }
}

/// Reads the header, as of an immutable file first: nothing is created beside it, and nothing in
/// it is put right. It is read through SQLite, because closing a file that SQLite has open too
/// would drop SQLite's locks on it.
fn application(database: impl AsRef<Path>, flags: OpenFlags) -> Result<i32, rusqlite::Error> {
    let flags = flags | OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database, flags)?;
    connection.pragma_query_value(None, "application_id", |row| row.get(0))
}

/// Whether anything was ever kept in the database.
pub(crate) fn holds_something(path: &Path) -> Result<bool, StoreError> {
    let holds = || -> Result<bool, rusqlite::Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        for table in ["runs", "agents", "versions"] {
            let any = format!("SELECT EXISTS (SELECT 1 FROM {table})");
            if connection.table_exists(None, table)?
                && connection.query_row(&any, [], |row| row.get(0))?
            {
                return Ok(true);
            }
        }
        Ok(false)
    };
    holds().map_err(|error| damaged_or(path, error))
}

/// A file that only its owner may read, opened for writing as it is, or made.
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Whether there is a write-ahead log with something in it.
fn has_log(database: &Path) -> bool {
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    fs::metadata(log).is_ok_and(|log| log.len() > 0)
}

/// A damaged database, or another failure of a statement.
pub(crate) fn damaged_or(path: &Path, error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => StoreError::Damaged {
            path: path.to_owned(),
            message: error.to_string(),
        },
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
            StoreError::io("opened", path)(io::Error::other(error))
        }
        _ => error.into(),
    }
}

/// See <https://sqlite.org/uri.html>.
pub(crate) fn immutable_uri(path: &Path) -> String {
    let mut uri = String::from("file:");
    let text = path.to_string_lossy();
    if cfg!(windows) {
        uri.push('/');
    }
    for character in text.chars() {
        match character {
            '%' => uri.push_str("%25"),
            '?' => uri.push_str("%3f"),
            '#' => uri.push_str("%23"),
            '\\' if cfg!(windows) => uri.push('/'),
            other => uri.push(other),
        }
    }
    uri.push_str("?immutable=1");
    uri
}

/// The path from the root, as text that SQLite takes.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf, StoreError> {
    let absolute = std::path::absolute(path).map_err(StoreError::io("found", path))?;
    match absolute.to_str() {
        Some(text) if !text.contains('\0') => Ok(absolute),
        _ => Err(StoreError::Path(absolute)),
    }
}
