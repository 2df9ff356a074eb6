//! Runs as files: one of JSON lines each, and a list of them.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use slipway_contract::history::{ExportedRuns, RunFilter, RunQuery};
use slipway_contract::run::RunSummary;
use slipway_contract::{ErrorCode, Problem};

use crate::App;
use crate::packages::write_new;

/// Runs that are asked for at once.
const PAGE: u32 = 200;
/// Names that are tried before giving up.
const TRIES: u32 = 1_000;
/// The folder that is made.
const NAME: &str = "slipway-runs";

/// Where runs go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportPlace {
    /// This folder, which must not be there yet, or be empty.
    New(PathBuf),
    /// A new folder within this one.
    Within(PathBuf),
}

impl App {
    /// Writes the events of each run that the filter leaves to a file of its own in a new folder,
    /// and a list of these runs, as `slipway runs list --json` has it, to `runs.jsonl`. Nothing is
    /// written over. A run whose journal cannot be read is named in the answer.
    ///
    /// # Errors
    /// No run is like that, or the folder or a file cannot be written.
    pub async fn export_runs(
        &self,
        filter: &RunFilter,
        place: &ExportPlace,
    ) -> Result<ExportedRuns, Problem> {
        let mut page = RunQuery {
            filter: filter.clone(),
            limit: PAGE,
            ..RunQuery::default()
        };
        let mut runs = self.list_runs(&page).await?;
        if runs.is_empty() {
            let message = "no run is like that, so nothing was written";
            return Err(Problem::new(ErrorCode::NotFound, message));
        }
        let folder = made(place)?;
        let (mut list, mut written, mut skipped) = (String::new(), 0, Vec::new());
        while let Some(last) = runs.last() {
            page.after = Some(last.id);
            for run in &runs {
                match self
                    .export_run_to(run.id, &folder.join(file_name(run)))
                    .await
                {
                    Ok(_) => written += 1,
                    Err(problem) if problem.code == ErrorCode::Storage && folder.is_dir() => {
                        skipped.push((run.id, problem.to_string()));
                    }
                    Err(problem) => return Err(problem),
                }
                list.push_str(&line(run)?);
            }
            runs = self.list_runs(&page).await?;
        }
        write_new(&folder.join("runs.jsonl"), list.as_bytes())?;
        Ok(ExportedRuns {
            folder: folder.display().to_string(),
            runs: written,
            skipped,
        })
    }
}

/// Sorted by name they are sorted by time.
fn file_name(run: &RunSummary) -> String {
    let at = run.created_at.to_zoned(TimeZone::UTC);
    let at = at.strftime("%Y-%m-%dT%H%M%SZ");
    format!("{at}-{}-{}.jsonl", run.agent, run.id)
}

fn line(run: &RunSummary) -> Result<String, Problem> {
    let line = serde_json::to_string(run).map_err(|error| {
        let message = format!("a run could not be written: {error}");
        Problem::new(ErrorCode::Internal, message)
    })?;
    Ok(line + "\n")
}

fn made(place: &ExportPlace) -> Result<PathBuf, Problem> {
    match place {
        ExportPlace::New(folder) => {
            fs::create_dir_all(folder).map_err(|error| unmade(folder, &error))?;
            let mut inside = fs::read_dir(folder).map_err(|error| unmade(folder, &error))?;
            if inside.next().is_some() {
                let message = format!(
                    "{} holds something already, and nothing is written over it",
                    folder.display()
                );
                return Err(Problem::new(ErrorCode::Conflict, message)
                    .help("Name a folder that is empty or not there yet."));
            }
            Ok(folder.clone())
        }
        ExportPlace::Within(within) => {
            for count in 1..=TRIES {
                let folder = match count {
                    1 => within.join(NAME),
                    count => within.join(format!("{NAME}-{count}")),
                };
                match fs::create_dir(&folder) {
                    Ok(()) => return Ok(folder),
                    Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                    Err(error) => return Err(unmade(&folder, &error)),
                }
            }
            let message = format!("{} is full of folders {NAME}", within.display());
            Err(Problem::new(ErrorCode::Conflict, message).help("Name another folder."))
        }
    }
}

fn unmade(folder: &Path, error: &std::io::Error) -> Problem {
    let message = format!("the folder {} cannot be used: {error}", folder.display());
    Problem::new(ErrorCode::Storage, message).help("Name a folder that you may write to.")
}
