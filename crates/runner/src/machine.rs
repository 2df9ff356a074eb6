//! This machine as a runner's world.

use std::path::Path;
use std::sync::Arc;

use slipway_agent::ports::clock::Clock;
use slipway_agent::ports::journal::Journal;
use slipway_agent::ports::lease::Leases;
use slipway_agent::ports::ledger::BudgetLedger;
use slipway_agent::ports::secrets::Secrets;
use slipway_agent::ports::wire::WireLog;
use slipway_contract::tool::ToolSummary;
use slipway_net::{Guarded, SystemLookup};
use slipway_providers::{Environment, OwnPrices, Providers, Registry};
use slipway_tools::{Backups, Deps};

use crate::system::SystemRandom;
use crate::{Runner, World};

/// What the person says of models in files of their own.
pub struct Own {
    /// What models cost.
    pub prices: OwnPrices,
    /// The providers that are known with theirs, or why theirs cannot be read.
    pub providers: Result<Registry, String>,
}

impl Default for Own {
    /// Nothing: what Slipway ships with counts.
    fn default() -> Self {
        Self {
            prices: OwnPrices::default(),
            providers: Ok(Registry::built_in().clone()),
        }
    }
}

impl Runner {
    /// A runner on this machine, over a store, for a person who says this. Tools keep earlier
    /// contents of files in `backups`.
    #[must_use]
    pub fn on_this_machine(
        clock: Arc<dyn Clock>,
        journal: Arc<dyn Journal>,
        leases: Arc<dyn Leases>,
        ledger: Arc<dyn BudgetLedger>,
        secrets: Arc<dyn Secrets>,
        own: Own,
        backups: &Path,
    ) -> Self {
        let tools = slipway_tools::built_in(&Deps {
            clock: clock.clone(),
            backups: Backups::new(backups),
            http: Guarded::new(Arc::new(SystemLookup)),
        });
        Self::new(World {
            journal,
            leases,
            ledger,
            clock,
            random: Arc::new(SystemRandom),
            providers: providers_of(secrets, own),
            tools: tools.into(),
            wire: Arc::new(()),
            pace: None,
        })
    }

    /// The same, for a person who says this.
    #[must_use]
    pub fn for_person(&self, secrets: Arc<dyn Secrets>, own: Own) -> Self {
        Self::new(World {
            providers: providers_of(secrets, own),
            ..self.world().clone()
        })
    }

    /// The same, keeping what goes over the wire here.
    #[must_use]
    pub fn keeping_wire(self, wire: Arc<dyn WireLog>) -> Self {
        Self::new(World {
            wire,
            ..self.world().clone()
        })
    }
}

fn providers_of(secrets: Arc<dyn Secrets>, own: Own) -> Arc<Providers> {
    let Own { prices, providers } = own;
    let known = providers.as_ref().unwrap_or(Registry::built_in());
    let environment = Environment::for_providers(known, |name| std::env::var(name).ok());
    let providers = Providers::new(secrets, environment)
        .with_own_prices(prices)
        .with_own_providers(providers);
    Arc::new(providers)
}

/// The built-in tools' names.
#[must_use]
pub fn tool_names() -> Vec<String> {
    slipway_tools::definitions()
        .into_iter()
        .map(|tool| tool.definition.name)
        .collect()
}

/// The built-in tools, for listings.
#[must_use]
pub fn tool_summaries() -> Vec<ToolSummary> {
    slipway_tools::definitions()
}

#[cfg(test)]
mod tests {
    use slipway_agent::memory::clock::ManualClock;
    use slipway_agent::memory::journal::MemoryJournal;
    use slipway_agent::memory::lease::MemoryLeases;
    use slipway_agent::memory::ledger::MemoryLedger;
    use slipway_agent::memory::secrets::MemorySecrets;

    use super::*;

    #[test]
    fn only_tools_that_stay_here_are_local() {
        let clock = Arc::new(ManualClock::automatic());
        let leases = MemoryLeases::new(clock.clone());
        let backups = tempfile::tempdir().unwrap();
        let runner = Runner::on_this_machine(
            clock,
            Arc::new(MemoryJournal::new(leases.clone())),
            Arc::new(leases),
            Arc::new(MemoryLedger::default()),
            Arc::new(MemorySecrets::default()),
            Own::default(),
            backups.path(),
        );
        let local = runner.local_tools();
        assert!(!local.contains(&"http_request".to_owned()), "{local:?}");
        let mut expected = tool_names();
        expected.retain(|name| name != "http_request");
        assert_eq!(local, expected);
        assert!(local.contains(&"write_file".to_owned()), "{local:?}");
    }
}
