//! Writing recordings of attempts into the agent's package.

use std::collections::{BTreeMap, BTreeSet};

use slipway_agent::package::{PackagePath, put_in_folder};
use slipway_contract::test::Outcome;
use slipway_contract::{ErrorCode, Problem};
use slipway_evals::execute::{Done, Work, recording_name};
use slipway_evals::suite::CaseId;

use super::running::Keeping;
use crate::App;
use crate::problem::from_package;
use crate::target::Found;

/// What a recording of a test says of itself.
const NOTE: &str = "Recorded from a test. The model's answers are played.";

/// Which recordings were written so far in this test run.
pub(super) struct Kept {
    /// The name of each case's recording.
    names: BTreeMap<CaseId, String>,
    written: BTreeSet<CaseId>,
    passed: BTreeSet<CaseId>,
}

impl Kept {
    /// Nothing yet of these attempts. A case that names a recording which no other names writes it
    /// anew; any other gets one of its own.
    pub(super) fn of(work: &[Work]) -> Self {
        let mut by_name: BTreeMap<&str, BTreeSet<&CaseId>> = BTreeMap::new();
        for one in work {
            if let Some(name) = one.case.case().recording.as_deref() {
                by_name.entry(name).or_default().insert(&one.id.case);
            }
        }
        let name = |one: &Work| {
            let named = one.case.case().recording.as_deref();
            let alone =
                named.filter(|name| by_name.get(name).is_some_and(|cases| cases.len() == 1));
            alone.map_or_else(|| recording_name(&one.case), str::to_owned)
        };
        Self {
            names: work
                .iter()
                .map(|one| (one.id.case.clone(), name(one)))
                .collect(),
            written: BTreeSet::new(),
            passed: BTreeSet::new(),
        }
    }

    /// Writes the recording of an attempt: of several the first that passed, else the first.
    pub(super) async fn keep(
        &mut self,
        app: &App,
        found: &Found,
        done: &Done,
        keeping: &mut Keeping,
    ) {
        let case = &done.id.case;
        let passed = done.attempt.outcome == Outcome::Passed;
        let is_better = passed && !self.passed.contains(case);
        if done.journal.is_empty() || (self.written.contains(case) && !is_better) {
            return;
        }
        let Some(name) = self.names.get(case) else {
            return;
        };
        let path = format!("recordings/{name}.jsonl");
        let written = match slipway_runner::recording_of(&done.journal, NOTE) {
            Ok(bytes) => app.put_file(found, &path, bytes).await,
            Err(error) => Err(Problem::new(ErrorCode::WrongState, error.to_string())),
        };
        match written {
            Ok(()) => {
                self.written.insert(case.clone());
                if passed {
                    self.passed.insert(case.clone());
                }
                if !keeping.recorded.contains(&path) {
                    keeping.recorded.push(path);
                }
            }
            Err(problem) => {
                keeping.notes.push(format!(
                    "{path} was not written, and is as it was: {}",
                    problem.message
                ));
                keeping.unrecorded.push(path);
            }
        }
    }
}

impl App {
    /// Puts a file into the package that was found: into its folder, else into the agent's draft.
    /// It is there whole, or as it was.
    pub(super) async fn put_file(
        &self,
        found: &Found,
        path: &str,
        bytes: Vec<u8>,
    ) -> Result<(), Problem> {
        let Some(folder) = found.folder() else {
            let agent = &found.package.manifest().agent.name;
            return self
                .edit_draft(agent, None, path, Some(bytes))
                .await
                .map(drop);
        };
        let path: PackagePath = path
            .parse()
            .map_err(|fault| Problem::new(ErrorCode::InvalidInput, format!("{fault}: {path:?}")))?;
        let _lock = self.lock_drafts().await?;
        put_in_folder(folder, &path, Some(&bytes)).map_err(|error| from_package(&error))
    }
}
