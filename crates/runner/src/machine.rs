//! This machine as a runner's world.

use std::path::Path;
use std::sync::Arc;

use slipway_agent::ports::journal::Journal;
use slipway_agent::ports::lease::Leases;
use slipway_agent::ports::ledger::BudgetLedger;
use slipway_contract::tool::ToolSummary;
use slipway_providers::Providers;

use crate::system::{EnvironmentSecrets, SystemClock, SystemRandom};
use crate::{RunError, Runner, World};

impl Runner {
    /// A runner on this machine, over a store. Tools keep earlier contents of files in `backups`.
    ///
    /// # Errors
    /// [`RunError::Environment`] when an address in the environment is no address.
    pub fn on_this_machine(
        journal: Arc<dyn Journal>,
        leases: Arc<dyn Leases>,
        ledger: Arc<dyn BudgetLedger>,
        backups: &Path,
    ) -> Result<Self, RunError> {
        let clock = Arc::new(SystemClock::default());
        let providers = Providers::new(Arc::new(EnvironmentSecrets), |name| std::env::var(name).ok())?;
        let tools = slipway_tools::built_in(clock.clone(), backups);
        Ok(Self::new(World {
            journal,
            leases,
            ledger,
            clock,
            random: Arc::new(SystemRandom),
            providers: Arc::new(providers),
            tools: tools.into(),
        }))
    }
}

/// The built-in tools' names.
#[must_use]
pub fn tool_names() -> Vec<String> {
    slipway_tools::summaries().into_iter().map(|tool| tool.definition.name).collect()
}

/// The built-in tools, for listings.
#[must_use]
pub fn tool_summaries() -> Vec<ToolSummary> {
    slipway_tools::summaries()
}
