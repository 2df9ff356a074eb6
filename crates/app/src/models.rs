//! Models and tools as they are listed.

use slipway_contract::model::ModelSummary;
use slipway_contract::tool::ToolSummary;

use crate::App;

impl App {
    /// The models that can be used now, and why others cannot. With a wrong `prices.toml`
    /// ([`App::check_prices`]) the prices are those that Slipway ships with.
    pub async fn list_models(&self) -> Vec<ModelSummary> {
        self.runner().world().providers.list().await
    }
}

/// The built-in tools. Opens no database.
#[must_use]
pub fn tools() -> Vec<ToolSummary> {
    slipway_runner::tool_summaries()
}
