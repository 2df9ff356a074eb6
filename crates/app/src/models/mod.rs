//! Models and their providers: listed, tested, and side by side.

mod compare;
mod copies;
mod test;
mod trial;

use slipway_contract::model::ModelSummary;
use slipway_contract::provider::{ProviderSummary, ProviderTest};
use slipway_contract::tool::ToolSummary;
use slipway_contract::Problem;

use crate::App;

pub use compare::Compared;

impl App {
    /// The models that can be used now, and why others cannot. With a wrong `prices.toml`
    /// ([`App::check_prices`]) the prices are those that Slipway ships with.
    pub async fn list_models(&self) -> Vec<ModelSummary> {
        self.runner().world().providers.list().await
    }

    /// The providers that are known, and the servers of this machine that answer.
    pub async fn list_providers(&self) -> Vec<ProviderSummary> {
        self.runner().world().providers.list_providers().await
    }

    /// The models that a provider itself says its key may use.
    ///
    /// # Errors
    /// There is no such provider or no key, or the provider does not answer as it should.
    pub async fn ask_for_models(&self, provider: &str) -> Result<Vec<ModelSummary>, Problem> {
        let listed = self.runner().models_of(provider).await;
        listed.map_err(|error| error.to_problem())
    }

    /// Asks a provider whether it takes its key. It costs nothing.
    pub async fn test_provider(&self, provider: &str) -> ProviderTest {
        let world = self.runner().world();
        let begun = world.clock.monotonic();
        let listed = self.runner().models_of(provider).await;
        let took = world.clock.monotonic().saturating_sub(begun);
        let (models, problem) = match listed {
            Ok(listed) => (u32::try_from(listed.len()).unwrap_or(u32::MAX), None),
            Err(error) => (0, Some(error.to_problem())),
        };
        ProviderTest {
            provider: provider.to_owned(),
            works: problem.is_none(),
            took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            models,
            problem,
        }
    }
}

/// The built-in tools. Opens no database.
#[must_use]
pub fn tools() -> Vec<ToolSummary> {
    slipway_runner::tool_summaries()
}
