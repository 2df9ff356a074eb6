//! Where models work that are compared: a copy of the folder for each, of which only what they
//! changed stays when their runs have ended.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use slipway_contract::run::RunState;
use slipway_contract::{ErrorCode, Problem};
use slipway_runner::system::new_run_id;
use slipway_store::RunQuery;

use super::copies;
use crate::App;
use crate::problem::{from_io, from_store};

/// The file that names the folder of which copies are made, and that whoever works with them holds
/// locked. It is there as long as there is something to be removed.
const OF: &str = "copies-of";

/// The copies of one comparison.
pub(super) struct Places {
    folder: PathBuf,
    from: PathBuf,
    held: File,
}

impl Places {
    fn make(folder: PathBuf, from: &Path) -> Result<Self, Problem> {
        let made = fs::create_dir_all(&folder);
        made.map_err(|error| from_io("made", &folder, &error))?;
        let of = folder.join(OF);
        let write = || {
            let mut held = File::create_new(&of)?;
            held.lock()?;
            held.write_all(from.as_os_str().as_encoded_bytes())?;
            Ok(held)
        };
        let held = write().map_err(|error: std::io::Error| from_io("written", &of, &error))?;
        Ok(Self {
            folder,
            from: from.to_owned(),
            held,
        })
    }

    /// The folder that holds the copies.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Copies the folder for one of the models, and says which links are left out.
    pub(super) async fn copy(&self, name: &Path) -> Result<(PathBuf, Vec<PathBuf>), Problem> {
        let (from, to) = (self.from.clone(), self.folder.join(name));
        let copied = tokio::task::spawn_blocking(move || {
            if from.exists() {
                return copies::copy(&from, &to).map(|left_out| (to, left_out));
            }
            let made = fs::create_dir_all(&to);
            made.map_err(|error| from_io("made", &to, &error))?;
            Ok((to, Vec::new()))
        });
        copied
            .await
            .map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))?
    }
}

impl App {
    /// Begins the copies of a comparison.
    pub(super) fn places(&self, from: &Path) -> Result<Places, Problem> {
        let id = new_run_id(&*self.runner().world().random);
        Places::make(self.home().comparisons().join(id.short()), from)
    }

    /// Removes what these copies hold that nobody changed.
    pub(super) async fn leave(&self, places: Places) {
        drop(places.held);
        self.tidy_comparisons().await;
    }

    /// Removes what is left of copies and is as it was, where their runs have ended, also of those
    /// whose process was killed. Nothing depends on it: what cannot be removed stays.
    pub(crate) async fn tidy_comparisons(&self) {
        let comparisons = self.home().comparisons();
        let listed = tokio::task::spawn_blocking(move || left_over(&comparisons)).await;
        let left = listed.unwrap_or_default();
        if left.is_empty() {
            return;
        }
        let busy = match self.busy_folders().await {
            Ok(busy) => busy,
            Err(problem) => return tracing::debug!(%problem, "copies are left where they are"),
        };
        let tidied = tokio::task::spawn_blocking(move || {
            left.iter().for_each(|comparison| tidy(comparison, &busy));
        });
        let _ = tidied.await;
    }

    /// Where runs work that have not ended.
    async fn busy_folders(&self) -> Result<BTreeSet<PathBuf>, Problem> {
        let open = RunQuery {
            limit: u32::MAX,
            ..RunQuery::of_states(&[
                RunState::Queued,
                RunState::Running,
                RunState::CutOff,
                RunState::Parked,
            ])
        };
        let runs = self.store().runs(&open).await;
        let mut busy = BTreeSet::new();
        for run in runs.map_err(|error| from_store(&error))? {
            busy.insert(PathBuf::from(self.spec_of(run.id).await?.workdir));
        }
        Ok(busy)
    }
}

/// The comparisons of which something is still to be removed.
fn left_over(comparisons: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(comparisons).into_iter().flatten().flatten();
    let folders = entries.map(|entry| entry.path());
    folders.filter(|folder| folder.join(OF).is_file()).collect()
}

fn tidy(comparison: &Path, busy: &BTreeSet<PathBuf>) {
    let of = comparison.join(OF);
    // Whoever compares now holds it.
    let Some(held) = File::open(&of).ok().filter(|file| file.try_lock().is_ok()) else {
        return;
    };
    let Ok(from) = fs::read_to_string(&of) else {
        return;
    };
    let mut is_busy = false;
    for entry in fs::read_dir(comparison).into_iter().flatten().flatten() {
        let copy = entry.path();
        if !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        if busy.contains(&copy) {
            is_busy = true;
        } else {
            copies::remove_unchanged(Path::new(&from), &copy);
        }
    }
    drop(held);
    if !is_busy {
        let _ = fs::remove_file(&of);
        let _ = fs::remove_dir(comparison);
    }
}
