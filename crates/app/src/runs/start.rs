//! Starting runs, in the foreground and in the background.

use std::path::PathBuf;
use std::sync::Arc;

use slipway_agent::driver::{Control, Outcome};
use slipway_agent::ports::approvals::Approvals;
use slipway_agent::ports::observer::Observer;
use slipway_contract::model::ModelRef;
use slipway_contract::{AgentName, Problem, RunId};
use slipway_runner::Attendance;
use slipway_runner::system::new_run_id;

use super::plan::approvals;
use super::{Planned, RunOptions};
use crate::approve::Remembering;
use crate::target::Found;
use crate::{App, Target};

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
        person: Option<Arc<dyn Approvals>>,
        observer: Arc<dyn Observer>,
        control: Control,
    ) -> Result<RunReport, Problem> {
        let run = new_run_id(&*self.runner().world().random);
        self.before_start(&planned).await?;
        self.drive_new(run, None, planned, person, observer, control)
            .await
    }

    /// A version is made before a run, and a folder's agent is listed where its name is free.
    async fn before_start(&self, planned: &Planned) -> Result<(), Problem> {
        let package = &planned.found.package;
        self.keep_version(package).await?;
        if let Some(folder) = planned.found.folder()
            && let Err(problem) = self.list_folder(folder, package).await
        {
            tracing::debug!(%problem, "the folder's agent is not listed");
        }
        Ok(())
    }

    async fn drive_new(
        &self,
        run: RunId,
        parent: Option<RunId>,
        planned: Planned,
        person: Option<Arc<dyn Approvals>>,
        observer: Arc<dyn Observer>,
        control: Control,
    ) -> Result<RunReport, Problem> {
        let _live = self.live().add(run, control.clone())?;
        if planned.found.own_workdir {
            crate::workdir::furnish(&planned.found.workdir, &planned.found.package)?;
        }
        let memory = self.memory_of(planned.spec());
        let (observer, remembered) = Remembering::new(memory, Vec::new(), observer);
        let attendance = Attendance {
            approvals: approvals(planned.approve, person),
            observer: Arc::new(observer),
            control,
        };
        let Planned {
            assembly,
            found,
            record,
            ..
        } = planned;
        let outcome = match parent {
            None => self.runner().start(run, assembly, &attendance).await,
            Some(parent) => {
                self.runner()
                    .converse(run, parent, assembly, &attendance)
                    .await
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

    /// Starts a run of a listed agent in the background; its events go to [`App::watch`].
    ///
    /// # Errors
    /// As [`App::plan`].
    pub async fn start_run(
        &self,
        agent: &AgentName,
        input: String,
        model: Option<ModelRef>,
    ) -> Result<RunId, Problem> {
        let input = Some(input).filter(|input| !input.trim().is_empty());
        let options = RunOptions {
            input,
            model,
            ..RunOptions::default()
        };
        let planned = self.plan(&Target::Agent(agent.clone()), options).await?;
        self.before_start(&planned).await?;
        self.spawn(None, planned).await
    }

    /// Continues an ended run's conversation in a new run, in the background.
    ///
    /// # Errors
    /// As [`App::plan`]; the run has not ended.
    pub async fn continue_run(&self, parent: RunId, input: String) -> Result<RunId, Problem> {
        let planned = self
            .plan_further(parent, input, RunOptions::default())
            .await?;
        self.spawn(Some(parent), planned).await
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
        person: Option<Arc<dyn Approvals>>,
        observer: Arc<dyn Observer>,
        control: Control,
    ) -> Result<RunReport, Problem> {
        let planned = self.plan_further(parent, input, options).await?;
        let run = new_run_id(&*self.runner().world().random);
        self.drive_new(run, Some(parent), planned, person, observer, control)
            .await
    }

    async fn spawn(&self, parent: Option<RunId>, planned: Planned) -> Result<RunId, Problem> {
        let run = new_run_id(&*self.runner().world().random);
        let app = self.clone();
        self.in_background(run, |observer| async move {
            app.drive_new(run, parent, planned, None, observer, Control::default())
                .await
        })
        .await?;
        Ok(run)
    }
}
