//! Which process makes a report: another knows at once when it is there no more, however it ended.

use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::time::Duration;

use slipway_contract::id::ReportId;
use slipway_contract::{ErrorCode, Problem};
use slipway_store::ReportRow;

use crate::App;
use crate::problem::from_io;

/// A report whose process was not seen for so long, in milliseconds, was cut off: where files
/// cannot be locked.
const SILENT: i64 = 15_000;
/// Whoever looks whether somebody is at work holds the file for a moment.
const MOMENT: Duration = Duration::from_millis(20);
const LOOKS: u32 = 5;

/// This process makes a report until this is dropped, or the process ends.
pub(super) struct HeldReport {
    path: PathBuf,
    _held: File,
}

impl Drop for HeldReport {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

impl App {
    /// Says that this process makes a report.
    ///
    /// # Errors
    /// Another does.
    pub(super) async fn hold_report(&self, report: ReportId) -> Result<HeldReport, Problem> {
        let path = self.work_file(report);
        let failed = |error: &std::io::Error| from_io("made", &path, error);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| failed(&error))?;
        }
        let mut options = File::options();
        let options = options.create(true).truncate(false).write(true);
        let file = options.open(&path).map_err(|error| failed(&error))?;
        for _ in 0..LOOKS {
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => tokio::time::sleep(MOMENT).await,
                // Where files cannot be locked, the clock tells.
                Ok(()) | Err(TryLockError::Error(_)) => {
                    return Ok(HeldReport { path, _held: file });
                }
            }
        }
        Err(is_made(report))
    }

    /// Whether a process is making this report.
    pub(super) fn is_at_work(&self, row: &ReportRow) -> bool {
        if row.finished_at.is_some() {
            return false;
        }
        let Ok(file) = File::open(self.work_file(row.id)) else {
            return false;
        };
        match file.try_lock_shared() {
            Ok(()) => false,
            Err(TryLockError::WouldBlock) => true,
            Err(TryLockError::Error(_)) => {
                let now = self.runner().world().clock.now();
                now.as_millisecond() - row.seen_at.as_millisecond() < SILENT
            }
        }
    }

    /// Takes away what test runs left behind that ended before their end, and that nobody can go on
    /// with.
    pub(super) async fn tidy_tests(&self) {
        let Ok(entries) = std::fs::read_dir(self.home().folder().join("tests")) else {
            return;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let Ok(report) = name.trim_end_matches(".lock").parse::<ReportId>() else {
                continue;
            };
            // Its maker may be about to write it down.
            let held = File::open(self.work_file(report)).map(|file| file.try_lock_shared());
            let Ok(row) = self.store().report(report).await else {
                continue;
            };
            if matches!(held, Ok(Err(_)))
                || row.is_some_and(|row| self.check_resumable(&row).is_ok())
            {
                continue;
            }
            let path = entry.path();
            let gone = match entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                true => std::fs::remove_dir_all(path),
                false => std::fs::remove_file(path),
            };
            if let Err(error) = gone {
                tracing::warn!(%error, "what a test run left behind was not removed");
            }
        }
    }

    fn work_file(&self, report: ReportId) -> PathBuf {
        let folder = self.home().folder().join("tests");
        folder.join(format!("{report}.lock"))
    }
}

pub(super) fn is_made(report: ReportId) -> Problem {
    let message = format!("the report {} is being made at this moment", report.short());
    Problem::new(ErrorCode::Busy, message)
}
