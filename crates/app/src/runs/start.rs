//! Starting runs, in the foreground and in the background.

use std::path::PathBuf;
use std::sync::Arc;

use slipway_agent::driver::{Control, Outcome};
use slipway_agent::ports::approvals::Approvals;
use slipway_agent::ports::observer::Observer;
use slipway_contract::event::RunEvent;
use slipway_contract::model::ModelRef;
use slipway_contract::{AgentName, Problem, RunId};
use slipway_runner::Attendance;
use slipway_runner::system::new_run_id;
use tokio::sync::broadcast;

use super::{Planned, RunOptions};
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
}

/// Sends a background run's events to whoever watches.
struct Broadcast(broadcast::Sender<RunEvent>);

impl Observer for Broadcast {
    fn event(&self, event: &RunEvent) {
        // Nobody watching is no error.
        let _ = self.0.send(event.clone());
    }
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
        self.keep_version(&planned.found.package).await?;
        if let Some(folder) = &planned.found.folder
            && let Err(problem) = self.add_folder(folder).await
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
        let _live = self.live().add(run, control.clone());
        let approvals = self.approvals(planned.approve, person, self.memory_of(planned.spec()));
        let attendance = Attendance {
            approvals,
            observer,
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
        }
        .map_err(|error| error.to_problem())?;
        let recording = match record {
            Some(name) if matches!(outcome, Outcome::Ended(_)) => {
                Some(self.record(run, &found, &name).await?)
            }
            _ => None,
        };
        Ok(RunReport {
            run,
            outcome,
            recording,
        })
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
        Ok(self.spawn(None, planned))
    }

    /// Continues an ended run's conversation in a new run, in the background.
    ///
    /// # Errors
    /// As [`App::plan`]; the run has not ended.
    pub async fn continue_run(&self, parent: RunId, input: String) -> Result<RunId, Problem> {
        let planned = self
            .plan_further(parent, input, RunOptions::default())
            .await?;
        Ok(self.spawn(Some(parent), planned))
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

    fn spawn(&self, parent: Option<RunId>, planned: Planned) -> RunId {
        let run = new_run_id(&*self.runner().world().random);
        let (app, observer) = (self.clone(), self.broadcast());
        tokio::spawn(async move {
            let driven = app
                .drive_new(run, parent, planned, None, observer, Control::default())
                .await;
            if let Err(problem) = driven {
                tracing::error!(%run, %problem, "a run could not be driven on");
            }
        });
        run
    }

    pub(crate) fn broadcast(&self) -> Arc<dyn Observer> {
        Arc::new(Broadcast(self.events().clone()))
    }
}
