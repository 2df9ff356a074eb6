//! Snapshots as the window has them: listed, taken, read through, restored while it is open.

use std::path::Path;
use std::time::Duration;

use slipway_agent::ports::clock::Clock as _;
use slipway_contract::data::{
    ErrandKind, RestoredData, SnapshotList, SnapshotSummary, SnapshotVerdict,
};
use slipway_contract::{ErrorCode, Problem};
use slipway_runner::system::SystemClock;
use slipway_store::Snapshot;

use super::back_up::{reason, take_in};
use crate::problem::from_store;
use crate::{App, Home, snapshots};

/// How long connections of this very process may take to close.
const PATIENCE: usize = 50;
/// How often it is tried meanwhile.
const LOOK: Duration = Duration::from_millis(100);

impl App {
    /// The snapshots that there are.
    ///
    /// # Errors
    /// Their folder cannot be read.
    pub async fn list_snapshots(&self) -> Result<SnapshotList, Problem> {
        let (found, unreadable) = snapshots::list(self.home()).await?;
        let unreadable = unreadable.into_iter();
        Ok(SnapshotList {
            snapshots: found.into_iter().map(summary).collect(),
            unreadable: unreadable
                .map(|other| (other.name, other.message))
                .collect(),
        })
    }

    /// Takes a snapshot now, verified, while runs go on.
    ///
    /// # Errors
    /// The database is not whole, or the disk is full.
    pub async fn take_snapshot(&self) -> Result<SnapshotSummary, Problem> {
        snapshots::create(self.home()).await.map(summary)
    }

    /// Reads through one snapshot, or all of them.
    ///
    /// # Errors
    /// There is no snapshot of this name, or it was stopped.
    pub async fn verify_snapshots(
        &self,
        name: Option<String>,
    ) -> Result<Vec<SnapshotVerdict>, Problem> {
        let errand = self.errands().begin(ErrandKind::Verify)?;
        let progress = errand.progress();
        let names = match name {
            Some(name) => vec![name],
            None => {
                let all = snapshots::list(self.home()).await?.0;
                all.into_iter().map(|snapshot| snapshot.name).collect()
            }
        };
        progress.of(names.len() as u64);
        let mut verdicts = Vec::new();
        for name in names {
            let found = snapshots::verify(self.home(), Some(name)).await?;
            verdicts.extend(found.into_iter().map(|found| SnapshotVerdict {
                name: found.name,
                good: found.good,
                faults: found.faults,
            }));
            progress
                .step()
                .map_err(|_| from_store(&slipway_store::StoreError::Stopped))?;
        }
        Ok(verdicts)
    }

    /// Closes the data, makes a snapshot the database, and says that it may be opened anew. What
    /// was there before becomes a snapshot.
    ///
    /// # Errors
    /// A run is under way, there is no such snapshot, it is not whole, or another process has the
    /// database open: then everything is as before, and may be opened anew too.
    pub async fn restore_snapshot(&self, name: &str) -> Result<RestoredData, Problem> {
        self.check_idle()?;
        let verdict = snapshots::verify(self.home(), Some(name.to_owned())).await?;
        // What cannot be restored closes nothing.
        if let Some(bad) = verdict.iter().find(|verdict| !verdict.good) {
            let message = format!("the snapshot {} is not whole", bad.name);
            let help = bad.faults.join("; ");
            return Err(Problem::new(ErrorCode::Storage, message).help(help));
        }
        self.alone(async |home| put_in_place(&home, name).await)
            .await
    }

    /// Takes a copy of a snapshot in, and restores it.
    ///
    /// # Errors
    /// As [`Self::restore_snapshot`], or it is no copy.
    pub async fn restore_back_up(&self, folder: &Path) -> Result<RestoredData, Problem> {
        self.check_idle()?;
        let name = {
            let errand = self.errands().begin(ErrandKind::BackUp)?;
            take_in(self.home(), folder, errand.progress()).await?
        };
        self.restore_snapshot(&name).await
    }
}

async fn put_in_place(home: &Home, name: &str) -> Result<RestoredData, Problem> {
    let clock = SystemClock::default();
    let mut looks = 0..PATIENCE;
    loop {
        match snapshots::restore(home, name.to_owned()).await {
            // Connections of this process that were let go of close by themselves.
            Err(problem) if problem.code == ErrorCode::Busy && looks.next().is_some() => {
                clock.sleep(LOOK).await;
            }
            Err(problem) => return Err(problem),
            Ok(done) => {
                return Ok(RestoredData {
                    restored: done.snapshot.name,
                    replaced: done.replaced.map(|replaced| replaced.name),
                });
            }
        }
    }
}

fn summary(snapshot: Snapshot) -> SnapshotSummary {
    SnapshotSummary {
        taken_at: snapshot.taken_at,
        reason: reason(snapshot.reason),
        bytes: snapshot.bytes,
        sound: snapshot.sound,
        lost: snapshot.lost.len() as u64,
        name: snapshot.name,
    }
}
