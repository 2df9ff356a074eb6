//! Planning a run: everything that can be wrong is found before anything starts.

use std::path::PathBuf;
use std::sync::Arc;

use slipway_agent::ports::approvals::Approvals;
use slipway_agent::spec::RunSpec;
use slipway_contract::message::NewFile;
use slipway_contract::model::ModelRef;
use slipway_contract::{ErrorCode, Problem, Usd};
use slipway_runner::{Assembly, Message, Order};
use slipway_store::AgentSource;

use super::attachments;
use crate::approve::{GrantMemory, InCharge, Person};
use crate::problem::from_store;
use crate::rules::rules_for;
use crate::target::{Found, text_of};
use crate::{App, Approve, Target};

/// What is said to an agent when the person says nothing.
const DEFAULT_INPUT: &str = "Do what your instructions say.";

/// How a person wants a run.
#[derive(Debug, Clone, Default)]
pub struct RunOptions {
    /// What the person says.
    pub input: Option<String>,
    /// Images and documents that go with it.
    pub attach: Vec<PathBuf>,
    /// The same, as the window has them.
    pub files: Vec<NewFile>,
    /// Another model than the package's.
    pub model: Option<ModelRef>,
    /// Other models to fall back to than the package's; without it, another model has none.
    pub fallback: Option<Vec<ModelRef>>,
    /// Another budget than the package's.
    pub budget_usd: Option<Usd>,
    /// No budget at all, whatever the package says.
    pub unlimited: bool,
    /// What shall happen when the run asks.
    pub approve: Approve,
    /// Make a recording of this name from the run.
    pub record: Option<String>,
    /// Keep the run off the network.
    pub no_network: bool,
    /// Another working folder than the package's own.
    pub workdir: Option<PathBuf>,
}

/// A run that is ready to be started.
pub struct Planned {
    pub(crate) assembly: Assembly,
    pub(crate) found: Found,
    pub(crate) approve: Approve,
    pub(crate) record: Option<String>,
}

impl Planned {
    /// The run's fixed facts.
    #[must_use]
    pub const fn spec(&self) -> &RunSpec {
        &self.assembly.spec
    }

    /// What the person must know before it starts.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.assembly.notes
    }

    /// The recording that stands for the model, if one does.
    #[must_use]
    pub fn recording(&self) -> Option<&str> {
        let model = &self.assembly.spec.model;
        (model.provider == "recording").then_some(model.model.as_str())
    }
}

impl App {
    /// Plans a run; nothing is started.
    ///
    /// # Errors
    /// The package is not valid, no model can serve it, or the input does not fit.
    pub async fn plan(&self, target: &Target, options: RunOptions) -> Result<Planned, Problem> {
        if let Some(name) = &options.record {
            super::record::check_name(name)?;
        }
        let found = self.find(target, options.workdir.as_deref()).await?;
        let default = found
            .package
            .manifest()
            .input
            .as_ref()
            .and_then(|schema| schema.get("default"));
        let default = default.map(|value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        });
        let input = options.input.clone().or(default);
        let input = input.unwrap_or_else(|| DEFAULT_INPUT.to_owned());
        self.assemble(found, Message::First(input), options).await
    }

    /// Assembles a first or a further run alike: what is granted is what was granted before, and
    /// what the package's origin grants, and nothing that an earlier run was given for itself.
    pub(crate) async fn assemble(
        &self,
        found: Found,
        message: Message,
        options: RunOptions,
    ) -> Result<Planned, Problem> {
        let mut named = options
            .model
            .iter()
            .chain(options.fallback.iter().flatten());
        named.try_for_each(|model| self.check_provider(&model.provider))?;
        let of_package = &found.package.manifest().model;
        let first = options.model.as_ref().unwrap_or(&of_package.model);
        let next = match (&options.fallback, &options.model) {
            (Some(named), _) => named.as_slice(),
            (None, Some(_)) => &[],
            (None, None) => &of_package.fallback,
        };
        self.check_prices_for(std::iter::once(first).chain(next))?;
        self.check_database().await?;
        let agent = &found.package.manifest().agent.name;
        let workdir = text_of(&found.workdir)?;
        let source = source_of(found.folder().map(text_of).transpose()?);
        let behaviour = found.package.behaviour_hash();
        let rules = rules_for(self.store(), agent, &source, workdir, behaviour).await?;
        // A new version asks only for what it adds to what was granted here before.
        let granted = self
            .store()
            .granted(agent, &source, workdir)
            .await
            .map_err(|error| from_store(&error))?;
        let package_files = self.package_files(&found);
        let budget_usd = self.run_budget(&found, &options).await?;
        let attachments = attachments::read(options.attach, options.files).await?;
        let order = Order {
            package_files,
            package: Arc::new(found.package.clone()),
            origin: found.origin.clone(),
            workdir: found.workdir.clone(),
            message,
            attachments,
            model: options.model,
            fallback: options.fallback,
            budget_usd,
            unlimited: options.unlimited,
            granted,
            rules,
            grant_all: options.approve == Approve::Allow,
            network: !options.no_network,
            player: None,
        };
        let mut assembly = self
            .runner()
            .assemble(order)
            .await
            .map_err(|error| self.without_keys(error.to_problem()))?;
        for route in &assembly.spec.fallback {
            if let Err(problem) = self.check_provider(&route.model.provider) {
                let help = problem.help.unwrap_or_default();
                assembly.notes.push(format!(
                    "{} cannot be fallen back to: {}. {help}",
                    route.model, problem.message
                ));
            }
        }
        Ok(Planned {
            assembly,
            found,
            approve: options.approve,
            record: options.record,
        })
    }

    /// What the person asks for this run, or wants for every run whose agent says nothing.
    async fn run_budget(
        &self,
        found: &Found,
        options: &RunOptions,
    ) -> Result<Option<Usd>, Problem> {
        let said = found.package.manifest().limits.budget_usd.is_some();
        if options.budget_usd.is_some() || options.unlimited || said {
            return Ok(options.budget_usd);
        }
        Ok(self.preferences().await?.run_budget)
    }

    /// Where no model can serve because what keeps the keys cannot be read, that is what is wrong.
    fn without_keys(&self, problem: Problem) -> Problem {
        match self.keys().list() {
            Err(unreadable) if problem.code == ErrorCode::NoModel => unreadable,
            _ => problem,
        }
    }

    /// Who answers a run's questions: the person's rules, the person who is there, or whom they
    /// left in charge.
    pub(super) fn in_charge(
        &self,
        spec: &RunSpec,
        approve: Approve,
        person: Option<Arc<dyn Person>>,
    ) -> Arc<dyn Approvals> {
        let rules = self.rules_of(spec);
        Arc::new(InCharge {
            rules,
            approve,
            person,
            turn: tokio::sync::Mutex::default(),
        })
    }

    pub(super) fn memory_of(&self, spec: &RunSpec) -> GrantMemory {
        GrantMemory {
            store: self.store().clone(),
            clock: self.runner().world().clock.clone(),
            agent: spec.agent.clone(),
            source: source_of(spec.folder.as_deref()),
            workdir: spec.workdir.clone(),
        }
    }
}

/// Where a run's package comes from.
pub(crate) fn source_of(folder: Option<&str>) -> AgentSource {
    folder.map_or(AgentSource::Imported, |folder| {
        AgentSource::Folder(folder.to_owned())
    })
}
