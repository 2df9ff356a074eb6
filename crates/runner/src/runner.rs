//! The runner: starts, continues and takes up runs.

use std::sync::Arc;

use slipway_agent::driver::{self, Control, Outcome, Ports, Resolution};
use slipway_agent::event::Recorded;
use slipway_agent::machine::{Edit, State, fold, fork_point};
use slipway_agent::memory::journal::MemoryJournal;
use slipway_agent::memory::lease::MemoryLeases;
use slipway_agent::memory::ledger::MemoryLedger;
use slipway_agent::package::Package;
use slipway_agent::ports::approvals::Approvals;
use slipway_agent::ports::clock::Clock;
use slipway_agent::ports::journal::{Journal, JournalError};
use slipway_agent::ports::lease::Leases;
use slipway_agent::ports::ledger::BudgetLedger;
use slipway_agent::ports::model::Model;
use slipway_agent::ports::observer::Observer;
use slipway_agent::ports::prices::{Prices, TokenCounter};
use slipway_agent::ports::random::Random;
use slipway_agent::ports::tool::Tool;
use slipway_agent::ports::wire::WireLog;
use slipway_agent::spec::RunSpec;
use slipway_contract::model::ModelRef;
use slipway_contract::model::ModelSummary;
use slipway_contract::run::End;
use slipway_contract::{RunId, StepId};
use slipway_providers::{Providers, RecordingFile, Resolved};

use crate::pace::Paced;
use crate::routes::port;
use crate::{Assembly, Pace, RunError};

/// What all runs of a process share.
#[derive(Clone)]
pub struct World {
    /// The journal.
    pub journal: Arc<dyn Journal>,
    /// The leases, of the same store.
    pub leases: Arc<dyn Leases>,
    /// The money.
    pub ledger: Arc<dyn BudgetLedger>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
    /// The models.
    pub providers: Arc<Providers>,
    /// The tools that exist.
    pub tools: Arc<[Arc<dyn Tool>]>,
    /// Who keeps what goes over the wire.
    pub wire: Arc<dyn WireLog>,
    /// The pace at which models are called; none where each run calls as it likes.
    pub pace: Option<Arc<Pace>>,
}

/// Who attends one run.
#[derive(Clone)]
pub struct Attendance {
    /// Who is asked.
    pub approvals: Arc<dyn Approvals>,
    /// Who watches.
    pub observer: Arc<dyn Observer>,
    /// How it is stopped.
    pub control: Control,
}

/// Starts, continues and takes up runs.
#[derive(Clone)]
pub struct Runner {
    world: World,
}

impl Runner {
    /// The models that a provider itself says its key may use.
    ///
    /// # Errors
    /// [`RunError::Model`] where it cannot be asked, [`RunError::Provider`] where it does not say.
    pub async fn models_of(&self, provider: &str) -> Result<Vec<ModelSummary>, RunError> {
        let providers = &self.world().providers;
        let listed = providers.ask_for_models(provider).await?;
        Ok(providers.summaries(&listed).await)
    }

    /// A runner in this world.
    #[must_use]
    pub const fn new(world: World) -> Self {
        Self { world }
    }

    /// The world.
    #[must_use]
    pub const fn world(&self) -> &World {
        &self.world
    }

    /// The same machine for runs that nobody keeps: their journals, leases and money lie in memory,
    /// and go with the last clone.
    #[must_use]
    pub fn in_memory(&self) -> Self {
        let leases = MemoryLeases::new(self.world.clock.clone());
        let ledger = MemoryLedger::default();
        Self::new(World {
            journal: Arc::new(MemoryJournal::new(leases.clone()).settling(ledger.clone())),
            leases: Arc::new(leases),
            ledger: Arc::new(ledger),
            wire: Arc::new(()),
            ..self.world.clone()
        })
    }

    /// The same, with these tools.
    #[must_use]
    pub fn with_tools(&self, tools: Arc<[Arc<dyn Tool>]>) -> Self {
        Self::new(World {
            tools,
            ..self.world.clone()
        })
    }

    /// The same, calling models at this pace.
    #[must_use]
    pub fn at_pace(&self, pace: Arc<Pace>) -> Self {
        Self::new(World {
            pace: Some(pace),
            ..self.world.clone()
        })
    }

    /// Starts a run and drives it until it ends, parks or is let go of.
    ///
    /// # Errors
    /// [`RunError::Drive`].
    pub async fn start(
        &self,
        run: RunId,
        assembly: Assembly,
        attendance: &Attendance,
    ) -> Result<Outcome, RunError> {
        let ports = self.ports(assembly.model, assembly.tools, attendance);
        Ok(driver::start(&ports, run, assembly.spec, &attendance.control).await?)
    }

    /// Continues an ended run's conversation in a new run.
    ///
    /// # Errors
    /// [`RunError::Drive`].
    pub async fn converse(
        &self,
        run: RunId,
        parent: RunId,
        assembly: Assembly,
        attendance: &Attendance,
    ) -> Result<Outcome, RunError> {
        let ports = self.ports(assembly.model, assembly.tools, attendance);
        Ok(driver::converse(&ports, run, parent, assembly.spec, &attendance.control).await?)
    }

    /// Makes a step of a run again, or goes on from an edited one, in a new run.
    ///
    /// # Errors
    /// [`RunError::Drive`].
    pub async fn fork(
        &self,
        run: RunId,
        parent: RunId,
        from: (StepId, Option<Edit>),
        assembly: Assembly,
        attendance: &Attendance,
    ) -> Result<Outcome, RunError> {
        let ports = self.ports(assembly.model, assembly.tools, attendance);
        let (spec, control) = (assembly.spec, &attendance.control);
        Ok(driver::fork(&ports, run, parent, from, spec, control).await?)
    }

    /// Takes up a run, with the answer to what it asks. `package` is its version.
    ///
    /// # Errors
    /// [`RunError::Model`] when its model cannot be had any more, [`RunError::NoNetwork`] when it
    /// is on the network by now and the run may not use it, and [`RunError::Drive`].
    pub async fn resume(
        &self,
        run: RunId,
        package: &Package,
        resolution: Option<Resolution>,
        attendance: &Attendance,
    ) -> Result<Outcome, RunError> {
        let state = self.state_of(run).await?;
        let (Some(spec), Some(first)) = (state.spec(), state.model_in_force()) else {
            return Err(unknown(run));
        };
        let place = (spec.network, package, spec.workdir.as_str());
        let left = state.routes_left().iter().map(|route| &route.model);
        let chain: Vec<ModelRef> = std::iter::once(first).chain(left).cloned().collect();
        let model = port(self.find_models(chain, place).await?);
        let tools = spec
            .tools
            .iter()
            .filter_map(|tool| self.tool(&tool.definition.name))
            .collect();
        let ports = self.ports(model, tools, attendance);
        Ok(driver::resume(&ports, run, resolution, &attendance.control).await?)
    }

    /// Ends a run that nobody drives as cancelled.
    ///
    /// # Errors
    /// [`RunError::Drive`].
    pub async fn cancel(&self, run: RunId, attendance: &Attendance) -> Result<Outcome, RunError> {
        let ports = self.ports(Arc::new(NoModel), Arc::new([]), attendance);
        Ok(driver::cancel(&ports, run).await?)
    }

    /// Ends a run that nobody drives if a question of it has expired, and says how it ended then.
    ///
    /// # Errors
    /// [`RunError::Drive`].
    pub async fn expire(
        &self,
        run: RunId,
        attendance: &Attendance,
    ) -> Result<Option<End>, RunError> {
        let ports = self.ports(Arc::new(NoModel), Arc::new([]), attendance);
        Ok(driver::expire(&ports, run).await?)
    }

    /// A run's fixed facts.
    ///
    /// # Errors
    /// [`RunError::Drive`] when there is no such run or its journal cannot be read.
    pub async fn spec_of(&self, run: RunId) -> Result<RunSpec, RunError> {
        let state = self.state_of(run).await?;
        state.spec().cloned().ok_or_else(|| unknown(run))
    }

    async fn state_of(&self, run: RunId) -> Result<State, RunError> {
        let events = self.events_of(run).await?;
        Ok(fold(&events).map_err(driver::DriveError::from)?)
    }

    async fn events_of(&self, run: RunId) -> Result<Vec<Recorded>, RunError> {
        let events = self.world.journal.read(run).await;
        Ok(events.map_err(driver::DriveError::from)?)
    }

    /// A run's fixed facts, with the models that are in force at its end, or before this step of
    /// it: what goes on from there goes on with them.
    ///
    /// # Errors
    /// As [`Self::spec_of`]; there is no such step.
    pub async fn spec_to_go_on(
        &self,
        run: RunId,
        before: Option<StepId>,
    ) -> Result<RunSpec, RunError> {
        let events = self.events_of(run).await?;
        let end = fold(&events).map_err(driver::DriveError::from)?;
        let mut spec = end.spec().cloned().ok_or_else(|| unknown(run))?;
        let at = match before {
            None => end,
            Some(step) => {
                let point = fork_point(&events, step, None);
                point.map_err(driver::DriveError::from)?.state
            }
        };
        // A step of the prefix may be from before this run had its models.
        let same = |of: &RunSpec| of.model == spec.model && of.fallback == spec.fallback;
        if at.spec().is_some_and(same)
            && let Some(model) = at.model_in_force()
        {
            (spec.context_tokens, spec.fallback) = (at.window(), at.routes_left().to_vec());
            spec.model = model.clone();
        }
        Ok(spec)
    }

    pub(crate) async fn model(
        &self,
        model: &ModelRef,
        package: &Package,
        workdir: &str,
    ) -> Result<Resolved, RunError> {
        let recordings: Vec<RecordingFile> = package
            .files()
            .recordings()
            .filter_map(|name| {
                let bytes = package.files().get(&format!("recordings/{name}.jsonl"))?;
                Some(RecordingFile {
                    name: name.to_owned(),
                    bytes: bytes.into(),
                })
            })
            .collect();
        Ok(self
            .world
            .providers
            .find(model, &recordings, workdir)
            .await?)
    }

    /// A model that is asked outside of a run, such as one that judges.
    ///
    /// # Errors
    /// [`RunError::Model`] when it cannot be had.
    pub async fn single(&self, model: &ModelRef) -> Result<Arc<dyn Model>, RunError> {
        let found = self.world.providers.find(model, &[], "").await?;
        Ok(match self.world.pace.clone() {
            Some(pace) => Arc::new(Paced {
                model: found.model,
                pace,
            }),
            None => found.model,
        })
    }

    /// The tools that cannot leave this machine.
    pub(crate) fn local_tools(&self) -> Vec<String> {
        let local = self
            .world
            .tools
            .iter()
            .filter(|tool| !tool.leaves_machine());
        local.map(|tool| tool.definition().name.clone()).collect()
    }

    pub(crate) fn tool(&self, name: &str) -> Option<Arc<dyn Tool>> {
        self.world
            .tools
            .iter()
            .find(|tool| tool.definition().name == name)
            .cloned()
    }

    fn ports(
        &self,
        model: Arc<dyn Model>,
        tools: Arc<[Arc<dyn Tool>]>,
        attendance: &Attendance,
    ) -> Ports {
        let World {
            journal,
            leases,
            ledger,
            clock,
            random,
            providers,
            wire,
            pace,
            tools: _,
        } = self.world.clone();
        let model = match pace {
            Some(pace) => Arc::new(Paced { model, pace }),
            None => model,
        };
        let prices: Arc<dyn Prices> = providers;
        let tokens: Arc<dyn TokenCounter> = Arc::new(slipway_providers::Estimate);
        Ports {
            model,
            tools,
            approvals: attendance.approvals.clone(),
            journal,
            leases,
            ledger,
            prices,
            tokens,
            clock,
            random,
            observer: attendance.observer.clone(),
            wire,
        }
    }
}

fn unknown(run: RunId) -> RunError {
    driver::DriveError::from(JournalError::Unknown(run)).into()
}

/// Stands where no model will be called.
struct NoModel;

#[async_trait::async_trait]
impl Model for NoModel {
    async fn call(
        &self,
        _: &slipway_agent::ports::model::ModelRequest,
        _: &dyn slipway_agent::ports::model::Deltas,
    ) -> Result<slipway_agent::ports::model::ModelResponse, slipway_agent::ports::model::ModelError>
    {
        Err(slipway_agent::ports::model::ModelError::new(
            slipway_agent::ports::model::ModelErrorKind::Unsupported,
            "this run is being ended, so no model is called",
        ))
    }
}
