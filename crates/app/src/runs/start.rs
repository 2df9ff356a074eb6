//! Starting runs, in the foreground and in the background.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use slipway_agent::driver::{Control, Outcome};
use slipway_agent::machine::Edit;
use slipway_agent::ports::observer::Observer;
use slipway_contract::version::VersionReason;
use slipway_contract::{Problem, RunId, StepId};
use slipway_runner::Attendance;
use slipway_runner::system::new_run_id;
use slipway_store::Made;

use super::{Planned, RunOptions};
use crate::App;
use crate::approve::{Person, Remembering};
use crate::target::Found;

/// What a new run begins with.
pub(super) enum Beginning {
    /// Its input.
    New,
    /// A further message to this run.
    Further(RunId),
    /// A step of this run, made again or edited.
    Fork(RunId, StepId, Option<Edit>),
}

/// What came of a run that was driven in the foreground.
#[derive(Debug, Clone, PartialEq)]
pub struct RunReport {
    /// The run.
    pub run: RunId,
    /// How the driver let go of it.
    pub outcome: Outcome,
    /// The recording that was made of it.
    pub recording: Option<PathBuf>,
    /// What else the person must know, such as why no recording was made.
    pub note: Option<String>,
}

impl App {
    /// Starts a planned run and drives it until it ends, parks or is let go of.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub async fn run(
        &self,
        planned: Planned,
        person: Option<Arc<dyn Person>>,
        observer: Arc<dyn Observer>,
        control: Control,
    ) -> Result<RunReport, Problem> {
        let run = new_run_id(&*self.runner().world().random);
        self.before_start(&planned).await?;
        self.drive_new(run, Beginning::New, planned, person, observer, control)
            .await
    }

    /// The same, unattended and of an agent that is not to be listed for it.
    pub(crate) async fn run_unlisted(
        &self,
        planned: Planned,
        observer: Arc<dyn Observer>,
        control: Control,
    ) -> Result<RunReport, Problem> {
        let run = new_run_id(&*self.runner().world().random);
        self.keep_version(&planned.found.package).await?;
        self.drive_new(run, Beginning::New, planned, None, observer, control)
            .await
    }

    /// A version is made before a run, and a folder's agent is listed where its name is free.
    pub(super) async fn before_start(&self, planned: &Planned) -> Result<(), Problem> {
        let package = &planned.found.package;
        self.keep_version(package).await?;
        let Some(folder) = planned.found.folder() else {
            return self.settle_draft(package).await;
        };
        let made = Made::by(VersionReason::BeforeRun);
        if let Err(problem) = self.list_folder(folder, package, &made).await {
            tracing::debug!(%problem, "the folder's agent is not listed");
        }
        Ok(())
    }

    pub(super) async fn drive_new(
        &self,
        run: RunId,
        beginning: Beginning,
        planned: Planned,
        person: Option<Arc<dyn Person>>,
        observer: Arc<dyn Observer>,
        control: Control,
    ) -> Result<RunReport, Problem> {
        let _live = self.live().add(run, control.clone())?;
        if planned.found.own_workdir {
            crate::workdir::furnish(&planned.found.workdir, &planned.found.package)?;
        }
        if let Some(folder) = &planned.spec().package_files {
            crate::workdir::keep_files(Path::new(folder), &planned.found.package)?;
        }
        let memory = self.memory_of(planned.spec());
        let (observer, remembered) = Remembering::new(memory, Vec::new(), observer);
        let attendance = Attendance {
            approvals: self.in_charge(planned.spec(), planned.approve, person),
            observer: Arc::new(observer),
            control,
        };
        let Planned {
            assembly,
            found,
            record,
            ..
        } = planned;
        let runner = self.runner();
        // A first run's notes are told before it starts.
        let notes = match beginning {
            Beginning::New => Vec::new(),
            Beginning::Further(_) | Beginning::Fork(..) => assembly.notes.clone(),
        };
        let outcome = match beginning {
            Beginning::New => Box::pin(runner.start(run, assembly, &attendance)).await,
            Beginning::Further(parent) => {
                Box::pin(runner.converse(run, parent, assembly, &attendance)).await
            }
            Beginning::Fork(parent, step, edit) => {
                let from = (step, edit);
                Box::pin(runner.fork(run, parent, from, assembly, &attendance)).await
            }
        };
        remembered.written().await;
        let outcome = outcome.map_err(|error| error.to_problem())?;
        let recorded = match record {
            Some(name) => Some(self.record_of(run, &outcome, &found, &name).await),
            None => None,
        };
        let (recording, note) = match recorded {
            None => (None, None),
            Some(Ok(place)) => (Some(place), None),
            Some(Err(note)) => (None, Some(note)),
        };
        let note = Some(notes.into_iter().chain(note).collect::<Vec<_>>().join("\n"));
        let note = note.filter(|note| !note.is_empty());
        Ok(RunReport {
            run,
            outcome,
            recording,
            note,
        })
    }

    /// The recording's place, or why there is none: what came of the run is told in any case.
    async fn record_of(
        &self,
        run: RunId,
        outcome: &Outcome,
        found: &Found,
        name: &str,
    ) -> Result<PathBuf, String> {
        match outcome {
            Outcome::Ended(_) => self
                .record(run, found, name)
                .await
                .map_err(|problem| format!("no recording was made: {}", problem.message)),
            Outcome::Parked(_) => Err("no recording was made because the run is parked".to_owned()),
            Outcome::Detached => {
                Err("no recording was made because the run has not ended".to_owned())
            }
        }
    }

    /// Continues an ended run's conversation in a new run and drives it.
    ///
    /// # Errors
    /// As [`App::plan`]; the run has not ended.
    pub async fn converse(
        &self,
        parent: RunId,
        input: String,
        options: RunOptions,
        person: Option<Arc<dyn Person>>,
        observer: Arc<dyn Observer>,
        control: Control,
    ) -> Result<RunReport, Problem> {
        let planned = self.plan_further(parent, input, options).await?;
        let run = new_run_id(&*self.runner().world().random);
        let beginning = Beginning::Further(parent);
        self.drive_new(run, beginning, planned, person, observer, control)
            .await
    }

    /// Makes a step of a run again, or goes on from it as the person edited it, in a new run that
    /// shares what was before, and drives it. The other run stays as it is.
    ///
    /// # Errors
    /// As [`App::plan`]; there is no such step, or the edit does not fit it.
    #[expect(
        clippy::too_many_arguments,
        reason = "as converse, and what is made again"
    )]
    pub async fn retry(
        &self,
        parent: RunId,
        step: StepId,
        edit: Option<Edit>,
        options: RunOptions,
        person: Option<Arc<dyn Person>>,
        observer: Arc<dyn Observer>,
        control: Control,
    ) -> Result<RunReport, Problem> {
        let planned = self.plan_again(parent, step, options).await?;
        let run = new_run_id(&*self.runner().world().random);
        let beginning = Beginning::Fork(parent, step, edit);
        self.drive_new(run, beginning, planned, person, observer, control)
            .await
    }
}
