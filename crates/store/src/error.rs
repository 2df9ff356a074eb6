//! Why the store failed.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ffi;
use slipway_contract::ContentHash;
use slipway_contract::RunId;

use crate::writer::WriteFailure;

/// Why the store could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The folder or a file could not be read or written.
    #[error("{path} could not be {attempted}: {source}", path = path.display())]
    Io {
        /// What was tried: `created`, `read` …
        attempted: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The work was stopped before it was done.
    #[error("it was stopped, and nothing of it is left")]
    Stopped,
    /// The path cannot be written as text.
    #[error("the database cannot lie at {path}: the path is not valid Unicode", path = .0.display())]
    Path(PathBuf),
    /// The file is no database.
    #[error("{path} is not a Slipway database, and was left as it is", path = .0.display())]
    NotADatabase(PathBuf),
    /// The file is another program's database.
    #[error(
        "{path} is a database of another program, and was left as it is: choose another folder",
        path = .0.display()
    )]
    Foreign(PathBuf),
    /// The database was written by a newer version.
    #[error(
        "{path} was last opened by a newer Slipway, and was left as it is: it needs version {needs} or later, and this is {this}",
        path = path.display()
    )]
    Newer {
        /// The database.
        path: PathBuf,
        /// The oldest version that can open it.
        needs: String,
        /// This version.
        this: &'static str,
    },
    /// The database is damaged.
    #[error("{path} is damaged and was left as it is ({message})", path = path.display())]
    Damaged {
        /// The database.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// SQLite came upon damage in the middle of its work.
    #[error("the database could not be read or written: {0}")]
    Corrupt(String),
    /// The database could not be brought to this version.
    #[error("{path} could not be brought to this version of Slipway: {message}", path = path.display())]
    Migration {
        /// The database.
        path: PathBuf,
        /// What went wrong.
        message: String,
    },
    /// No snapshot could be taken before the database was brought to this version.
    #[error(
        "{path} was not brought to this version of Slipway and is as it was: no snapshot could be taken before ({source})",
        path = path.display()
    )]
    BeforeMigration {
        /// The database.
        path: PathBuf,
        /// Why not.
        source: Box<StoreError>,
    },
    /// Another program has the database open.
    #[error(
        "{path} is open in another program, and was left as it is: close Slipway's window, wait for runs to end or stop them, and try again",
        path = .0.display()
    )]
    InUse(PathBuf),
    /// There is no snapshot of this name.
    #[error("there is no snapshot {0:?}")]
    NoSnapshot(String),
    /// A snapshot is not whole.
    #[error("the snapshot {name} is not whole ({})", faults.join("; "))]
    Snapshot {
        /// Its name.
        name: String,
        /// What is wrong.
        faults: Vec<String>,
    },
    /// Several runs begin with these digits.
    #[error("{}", ambiguity(prefix, matches))]
    Ambiguous {
        /// The digits that were given.
        prefix: String,
        /// The first ten of the runs.
        matches: Vec<RunId>,
    },
    /// A row says what cannot be.
    #[error("the database's {what} cannot be read: {message}")]
    Unreadable {
        /// The table, and the row where known.
        what: String,
        /// What is wrong.
        message: String,
    },
    /// A content-addressed file is missing or is not what its name says.
    #[error("the stored content {hash} cannot be used: {message}", hash = hash.short())]
    Content {
        /// Its hash.
        hash: ContentHash,
        /// What is wrong.
        message: String,
    },
    /// Another program kept the database locked for longer than is waited.
    #[error("another program keeps the database locked")]
    Busy,
    /// A statement failed.
    #[error("the database could not be read or written: {0}")]
    Sql(String),
}

fn ambiguity(prefix: &str, matches: &[RunId]) -> String {
    let runs: Vec<_> = matches.iter().map(ToString::to_string).collect();
    let runs = runs.join(", ");
    format!("several runs begin with {prefix}, such as {runs}: write more digits")
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|error| error.code());
        let code = code.and_then(|code| code.parse().ok());
        if code.is_some_and(is_damage_code) {
            Self::Corrupt(error.to_string())
        } else if code.is_some_and(is_busy_code) {
            Self::Busy
        } else {
            Self::Sql(error.to_string())
        }
    }
}

/// Of an extended result code of SQLite. See <https://sqlite.org/rescode.html>.
const fn is_damage_code(code: i32) -> bool {
    matches!(code & 0xff, ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB)
}

/// Of an extended result code of SQLite, too.
pub(crate) const fn is_busy_code(code: i32) -> bool {
    matches!(code & 0xff, ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED)
}

impl From<WriteFailure> for StoreError {
    fn from(failure: WriteFailure) -> Self {
        match failure {
            WriteFailure::Busy => Self::Busy,
            WriteFailure::Failed(message) => Self::Sql(message),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let code = error.sqlite_error().map(|error| error.extended_code);
        if code.is_some_and(is_damage_code) {
            Self::Corrupt(error.to_string())
        } else if code.is_some_and(is_busy_code) {
            Self::Busy
        } else {
            Self::Sql(error.to_string())
        }
    }
}

impl StoreError {
    /// A damaged database needs another one in its place; anything else does not.
    #[must_use]
    pub const fn is_damage(&self) -> bool {
        match self {
            Self::Damaged { .. } | Self::NotADatabase(_) | Self::Corrupt(_) => true,
            Self::BeforeMigration { source, .. } => source.is_damage(),
            _ => false,
        }
    }

    pub(crate) fn before_migration(path: &Path) -> impl FnOnce(Self) -> Self {
        let path = path.to_owned();
        move |source| Self::BeforeMigration {
            path,
            source: Box::new(source),
        }
    }

    pub(crate) fn io(
        attempted: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io {
            attempted,
            path,
            source,
        }
    }
}
