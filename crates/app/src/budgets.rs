//! Budgets of the person: for all agents together or for one, by day, by month or in total.

use jiff::tz::TimeZone;
use slipway_contract::budget::{BudgetKey, BudgetSummary};
use slipway_contract::{AgentName, Problem, Timestamp, Usd};

use crate::App;
use crate::problem::from_store;

impl App {
    /// The budgets with how they stand now.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn list_budgets(&self) -> Result<Vec<BudgetSummary>, Problem> {
        self.store()
            .budget_summaries()
            .await
            .map_err(|error| from_store(&error))
    }

    /// Sets a budget, and says how it stands. It holds for every call that is made from now on.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn set_budget(&self, key: &BudgetKey, limit: Usd) -> Result<BudgetSummary, Problem> {
        self.store()
            .set_budget(key, limit)
            .await
            .map_err(|error| from_store(&error))?;
        let budgets = self.list_budgets().await?;
        budgets
            .into_iter()
            .find(|budget| budget.key == *key)
            .ok_or_else(|| gone(key))
    }

    /// Whether there is such an agent in this workspace.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn knows_agent(&self, agent: &AgentName) -> Result<bool, Problem> {
        let known = self.store().agent(agent).await;
        Ok(known.map_err(|error| from_store(&error))?.is_some())
    }

    /// Removes a budget; what was spent stays known.
    ///
    /// # Errors
    /// There is none, or the database cannot be written.
    pub async fn remove_budget(&self, key: &BudgetKey) -> Result<(), Problem> {
        let removed = self.store().remove_budget(key).await;
        match removed.map_err(|error| from_store(&error))? {
            true => Ok(()),
            false => Err(gone(key)),
        }
    }
}

/// A time as the clock on this machine's wall shows it.
#[must_use]
pub fn local_time(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system())
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}

fn gone(key: &BudgetKey) -> Problem {
    Problem::new(
        slipway_contract::ErrorCode::NotFound,
        format!("there is no budget ({key})"),
    )
    .help("`slipway budgets` lists them.")
}
