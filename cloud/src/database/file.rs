//! The file of a SQLite database: nobody else reads it, and one program at a time changes its tables.

use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// Makes the file where it is missing, for its owner alone. SQLite gives the files that it adds the same rights.
pub(super) fn make(path: &Path) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            #[cfg(unix)]
            warn_of_readers(path);
            Ok(())
        }
        Err(error) => Err(error).with_context(|| path.display().to_string()),
    }
}

/// Tells of one that others may read: an operator may have wanted that, so it is left as it is.
#[cfg(unix)]
fn warn_of_readers(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path).map_or(0, |about| about.permissions().mode());
    if mode & 0o077 != 0 {
        tracing::warn!(
            file = %path.display(),
            "others on this machine may read the database, in which there are hashes of passwords: `chmod 600` keeps it to its owner"
        );
    }
}

/// The turn to change the tables, which ends when it is dropped. Others wait for it, in other processes, too.
pub(super) async fn turn(path: &Path) -> Result<File> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let name = PathBuf::from(name);
    let taken = tokio::task::spawn_blocking(move || {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let taken = options.open(&name).and_then(|file| {
            file.lock()?;
            Ok(file)
        });
        taken.with_context(|| name.display().to_string())
    });
    taken.await.context("the database's lock")?
}
