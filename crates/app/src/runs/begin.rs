//! Beginning runs in the background: anew, from another run's end, or from one of its steps.

use slipway_agent::driver::Control;
use slipway_agent::machine::Edit;
use slipway_contract::again::StepEdit;
use slipway_contract::message::NewFile;
use slipway_contract::model::ModelRef;
use slipway_contract::{AgentName, Problem, RunId, StepId};
use slipway_runner::Message;
use slipway_runner::system::new_run_id;

use super::start::Beginning;
use super::{Planned, RunOptions};
use crate::{App, Target};

/// What a person says to an agent.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// The words.
    pub input: String,
    /// Another model than the one that would be asked.
    pub model: Option<ModelRef>,
    /// Images and documents that go with it.
    pub files: Vec<NewFile>,
}

impl Ask {
    fn options(self) -> RunOptions {
        RunOptions {
            input: Some(self.input).filter(|input| !input.trim().is_empty()),
            model: self.model,
            files: self.files,
            ..RunOptions::default()
        }
    }
}

impl App {
    /// Starts a run of a listed agent in the background; its events go to [`App::watch`].
    ///
    /// # Errors
    /// As [`App::plan`].
    pub async fn start_run(&self, agent: &AgentName, ask: Ask) -> Result<RunId, Problem> {
        let target = Target::Agent(agent.clone());
        let planned = self.plan(&target, ask.options()).await?;
        self.before_start(&planned).await?;
        self.spawn(Beginning::New, planned).await
    }

    /// Starts a run as another was started, of the same version in the same folder, with another
    /// input, in the background.
    ///
    /// # Errors
    /// As [`App::plan`]; there is no such run.
    pub async fn start_again(&self, run: RunId, ask: Ask) -> Result<RunId, Problem> {
        let planned = self
            .plan_anew(run, ask.input.clone(), ask.options())
            .await?;
        self.spawn(Beginning::New, planned).await
    }

    /// Continues an ended run's conversation in a new run, in the background.
    ///
    /// # Errors
    /// As [`App::plan`]; the run has not ended.
    pub async fn continue_run(&self, parent: RunId, ask: Ask) -> Result<RunId, Problem> {
        let (input, options) = (ask.input.clone(), ask.options());
        let planned = self.plan_further(parent, input, options).await?;
        self.spawn(Beginning::Further(parent), planned).await
    }

    /// Makes a step of a run again, or goes on from it as the person edited it, in a new run in the
    /// background.
    ///
    /// # Errors
    /// As [`App::retry`].
    pub async fn retry_run(
        &self,
        parent: RunId,
        step: StepId,
        edit: Option<StepEdit>,
        model: Option<ModelRef>,
    ) -> Result<RunId, Problem> {
        let options = RunOptions {
            model,
            ..RunOptions::default()
        };
        let planned = self.plan_again(parent, step, options).await?;
        let edit = edit.map(|edit| match edit {
            StepEdit::Answer { content } => Edit::Answer(content),
            StepEdit::Result { result } => Edit::Result(result),
        });
        self.spawn(Beginning::Fork(parent, step, edit), planned)
            .await
    }

    /// Plans a run as another was planned, with another input.
    pub(crate) async fn plan_anew(
        &self,
        run: RunId,
        input: String,
        options: RunOptions,
    ) -> Result<Planned, Problem> {
        let spec = self.spec_of(run).await?;
        self.plan_as(spec, Message::First(input), options).await
    }

    async fn spawn(&self, beginning: Beginning, planned: Planned) -> Result<RunId, Problem> {
        let run = new_run_id(&*self.runner().world().random);
        let app = self.clone();
        self.in_background(run, |observer| async move {
            app.drive_new(run, beginning, planned, None, observer, Control::default())
                .await
        })
        .await?;
        Ok(run)
    }
}
