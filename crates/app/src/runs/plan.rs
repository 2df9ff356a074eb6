//! Planning a run: everything that can be wrong is found before anything starts.

use std::path::PathBuf;
use std::sync::Arc;

use slipway_agent::ports::approvals::Approvals;
use slipway_agent::spec::RunSpec;
use slipway_contract::model::ModelRef;
use slipway_contract::{Problem, Usd};
use slipway_runner::{Assembly, Order};

use crate::approve::{Everything, GrantMemory, Nobody, Remembering};
use crate::problem::from_store;
use crate::target::Found;
use crate::{App, Approve, Target};

/// What is said to an agent when the person says nothing.
const DEFAULT_INPUT: &str = "Do what your instructions say.";

/// How a person wants a run.
#[derive(Debug, Clone, Default)]
pub struct RunOptions {
    /// What the person says.
    pub input: Option<String>,
    /// Another model than the package's.
    pub model: Option<ModelRef>,
    /// Another budget than the package's.
    pub budget_usd: Option<Usd>,
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
        let package = found.package.clone();
        let workdir = found.workdir.to_string_lossy().into_owned();
        let agent = &package.manifest().agent.name;
        // A new version asks only for what it adds to what was granted here before.
        let grants = self
            .store()
            .grants(Some(agent))
            .await
            .map_err(|error| from_store(&error))?;
        let granted = grants
            .into_iter()
            .filter(|grant| grant.workdir == workdir)
            .map(|grant| grant.permission)
            .collect();
        let default = package
            .manifest()
            .input
            .as_ref()
            .and_then(|schema| schema.get("default"));
        let default = default.map(|value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        });
        let order = Order {
            package,
            origin: found.origin,
            workdir: found.workdir.clone(),
            input: options
                .input
                .or(default)
                .unwrap_or_else(|| DEFAULT_INPUT.to_owned()),
            model: options.model,
            budget_usd: options.budget_usd,
            granted,
            grant_all: options.approve == Approve::Allow,
            network: !options.no_network,
        };
        let assembly = self
            .runner()
            .assemble(order)
            .await
            .map_err(|error| error.to_problem())?;
        Ok(Planned {
            assembly,
            found,
            approve: options.approve,
            record: options.record,
        })
    }

    pub(crate) fn memory_of(&self, spec: &RunSpec) -> GrantMemory {
        let clock = self.runner().world().clock.clone();
        GrantMemory {
            agent: spec.agent.clone(),
            workdir: spec.workdir.clone(),
            clock,
        }
    }

    /// Who answers a run's questions: the person who is there, or whom they left in charge.
    pub(crate) fn approvals(
        &self,
        approve: Approve,
        person: Option<Arc<dyn Approvals>>,
        memory: GrantMemory,
    ) -> Arc<dyn Approvals> {
        match (approve, person) {
            (Approve::Allow, _) => Arc::new(Everything),
            (Approve::Never, _) | (Approve::Ask, None) => Arc::new(Nobody),
            (Approve::Ask, Some(inner)) => Arc::new(Remembering {
                inner,
                store: self.store().clone(),
                memory,
            }),
        }
    }
}
