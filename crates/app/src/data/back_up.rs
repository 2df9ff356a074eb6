//! Copies of snapshots in another folder, such as on another disk.

use std::path::{Path, PathBuf};

use slipway_agent::ports::clock::Clock as _;
use slipway_contract::data::{BackedUp, ErrandKind};
use slipway_contract::{ErrorCode, Problem};
use slipway_runner::system::SystemClock;
use slipway_store::{Progress, Reason, Snapshot, Snapshots, StoreError};

use super::blocking;
use crate::problem::from_store;
use crate::{App, Home, snapshots};

impl App {
    /// Copies all data, as of now, into a new folder within this one, while runs go on.
    ///
    /// # Errors
    /// The folder cannot be written, the database is not whole, or it was stopped.
    pub async fn back_up_data(&self, folder: &Path) -> Result<BackedUp, Problem> {
        let errand = self.errands().begin(ErrandKind::BackUp)?;
        back_up(self.home(), folder, errand.progress()).await
    }
}

/// Takes a snapshot, copies it into a new folder within this one, and drops it here.
///
/// # Errors
/// The folder cannot be written, there is no database or it is not whole, or it was stopped.
pub async fn back_up(home: &Home, folder: &Path, progress: Progress) -> Result<BackedUp, Problem> {
    if !folder.is_dir() {
        let message = format!("{} is no folder", folder.display());
        return Err(Problem::new(ErrorCode::NotFound, message)
            .help("Choose a folder that is there, such as one on another disk."));
    }
    let taken = snapshots::create(home).await?;
    let (database, folder) = (home.database(), folder.to_owned());
    blocking(move || {
        let copied = copied(&database, &taken, &folder, &progress);
        let (to, bytes) = copied.map_err(|error| from_store(&error))?;
        Ok(BackedUp {
            folder: to.display().to_string(),
            snapshot: taken.name,
            bytes,
        })
    })
    .await
}

fn copied(
    database: &Path,
    taken: &Snapshot,
    folder: &Path,
    progress: &Progress,
) -> Result<(PathBuf, u64), StoreError> {
    let snapshots = Snapshots::of(database)?;
    let copied = snapshots.copy_to(taken, folder, progress);
    // It was taken for the copy alone.
    if let Err(error) = snapshots.drop_one(taken) {
        tracing::warn!(snapshot = taken.name, %error, "the snapshot of a copy was not dropped");
    }
    copied
}

/// Takes a copy in among the snapshots of this home, and says its name. What is there as the
/// database stays; [`snapshots::restore`] puts it in its place.
///
/// # Errors
/// It is no copy, or is not whole.
pub async fn take_in(home: &Home, from: &Path, progress: Progress) -> Result<String, Problem> {
    let (database, from) = (home.database(), from.to_owned());
    let copy = database.file_name().map(|name| from.join(name));
    if !copy.is_some_and(|copy| copy.is_file()) {
        let message = format!("{} is no back-up: no database lies in it", from.display());
        return Err(Problem::new(ErrorCode::NotFound, message).help(
            "Choose the folder that was made for the back-up; its name begins with slipway-.",
        ));
    }
    blocking(move || {
        let taken = Snapshots::of(&database)
            .and_then(|snapshots| snapshots.take_in(&from, &progress))
            .map_err(|error| from_store(&error))?;
        Ok(taken.name)
    })
    .await
}

/// The reason of a snapshot, as it crosses.
pub(super) const fn reason(reason: Reason) -> slipway_contract::data::SnapshotReason {
    use slipway_contract::data::SnapshotReason as Crossing;
    match reason {
        Reason::Daily => Crossing::Daily,
        Reason::BeforeMigration => Crossing::BeforeMigration,
        Reason::ByHand => Crossing::ByHand,
        Reason::Replaced => Crossing::Replaced,
    }
}

/// A name for what is made today in another folder.
pub(super) fn dated(what: &str) -> String {
    let now = SystemClock::default().now();
    let time: String = now.to_string().chars().take(19).collect();
    format!("slipway-{what}-{}", time.replace('T', "-").replace(':', ""))
}
