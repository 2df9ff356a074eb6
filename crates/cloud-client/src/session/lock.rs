//! One process at a time.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use crate::error::CloudError;

/// How long others may hold it: as long as a refresh takes at most, with its tries.
const TURNS: u32 = 2_400;
const TURN: Duration = Duration::from_millis(50);

/// Held while it lives; let go of by the system when the process ends in any way.
pub(super) struct Lock {
    _file: File,
}

/// Waits for one's turn.
pub(super) async fn take(path: &Path) -> Result<Lock, CloudError> {
    let failed = |error: std::io::Error| {
        CloudError::System(format!("{} could not be locked: {error}", path.display()))
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(failed)?;
    for _ in 0..TURNS {
        match file.try_lock() {
            Ok(()) => return Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) => tokio::time::sleep(TURN).await,
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
    }
    Err(CloudError::Busy)
}
