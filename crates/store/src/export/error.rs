//! Why an export could not be written or brought in.

use std::io;
use std::path::{Path, PathBuf};

use crate::{Stopped, StoreError};

/// Why an export could not be written or brought in. Nothing was brought in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// There is something where the export should go.
    #[error("{} is there already, and nothing is written over it", .0.display())]
    Occupied(PathBuf),
    /// A file or folder could not be read or written.
    #[error("{} could not be {attempted}: {source}", path.display())]
    Io {
        /// What was tried.
        attempted: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is no such file or folder, or it is no export.
    #[error("{} is no export of Slipway: {message}", path.display())]
    Foreign {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        message: String,
    },
    /// The export was cut off or changed, or was made to deceive.
    #[error("the export is refused, and nothing was brought in: {file}: {message}")]
    Refused {
        /// The file in it.
        file: String,
        /// What is wrong.
        message: String,
    },
    /// A newer version wrote it.
    #[error(
        "the export was written by Slipway {needs}, and this is {this}, which does not know all that is in it",
        this = env!("CARGO_PKG_VERSION")
    )]
    Newer {
        /// The version that wrote it.
        needs: String,
    },
    /// It was stopped before it was done.
    #[error("it was stopped, and nothing of it is left")]
    Stopped,
    /// There is something here already.
    #[error(
        "there is something here already ({0}), and an export is brought into an empty home only"
    )]
    NotEmpty(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ExportError {
    pub(super) fn io(
        attempted: &'static str,
        path: &Path,
    ) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Io {
            attempted,
            path,
            source,
        }
    }

    pub(super) fn refused(file: &str, message: impl Into<String>) -> Self {
        Self::Refused {
            file: shown(file),
            message: message.into(),
        }
    }
}

impl From<Stopped> for ExportError {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

impl From<rusqlite::Error> for ExportError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// A name from outside as it may be shown.
pub(super) fn shown(name: &str) -> String {
    name.chars()
        .take(300)
        .flat_map(char::escape_debug)
        .collect()
}
