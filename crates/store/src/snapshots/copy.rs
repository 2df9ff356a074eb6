//! A copy of a database, as of one moment, while others write to it.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest as _, Sha256};
use slipway_contract::ContentHash;

use crate::blobs::sync_file;
use crate::error::StoreError;
use crate::file::{damaged_or, private_file};

/// How long to wait for a program that keeps the database locked.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

/// Copies page by page, so that a damage is copied and found, and never repaired in silence. In
/// WAL mode the writers go on meanwhile. The copy is one file that survives a loss of power.
pub(super) fn database(from: &Path, to: &Path) -> Result<(), StoreError> {
    private_file(to).map_err(StoreError::io("created", to))?;
    let copied = || -> Result<StepResult, rusqlite::Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let source = Connection::open_with_flags(from, flags)?;
        source.busy_timeout(PATIENCE)?;
        let mut target = Connection::open_with_flags(to, flags)?;
        // It is synced as a whole below.
        target.pragma_update(None, "synchronous", "OFF")?;
        let backup = Backup::new(&source, &mut target)?;
        let result = loop {
            match backup.step(-1)? {
                StepResult::More => {}
                ended => break ended,
            }
        };
        drop(backup);
        if result == StepResult::Done {
            target.pragma_update(None, "journal_mode", "DELETE")?;
        }
        Ok(result)
    };
    match copied().map_err(|error| damaged_or(from, error))? {
        StepResult::Done => sync_file(to).map_err(StoreError::io("written", to)),
        _ => Err(StoreError::InUse(from.to_owned())),
    }
}

/// The size and hash of a file that SQLite does not have open.
pub(super) fn measure(path: &Path) -> io::Result<(u64, ContentHash)> {
    let mut file = File::open(path)?;
    let (mut hasher, mut bytes) = (Sha256::new(), 0);
    let mut buffer = vec![0; 256 << 10];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((bytes, ContentHash::from_bytes(hasher.finalize().into())));
        }
        hasher.update(&buffer[..read]);
        bytes += read as u64;
    }
}
