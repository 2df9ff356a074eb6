//! Budgets of the person: the table `budgets`.

use std::sync::Arc;

use rusqlite::{Connection, params};
use slipway_agent::policy::period::Span;
use slipway_agent::ports::ledger::{Budget, Draw, Scope};
use slipway_contract::budget::{BudgetKey, BudgetSummary, InvalidPeriod, Period};
use slipway_contract::id::InvalidId;
use slipway_contract::{AgentName, Usd};

use crate::Store;
use crate::columns;
use crate::error::StoreError;
use crate::reservations::{self, usd};
use crate::spend;
use crate::writer::{Durability, WriteFailure};

impl Store {
    /// Sets a budget, in place of the one there was for the same.
    ///
    /// # Errors
    /// Only storage can fail.
    pub async fn set_budget(&self, key: &BudgetKey, limit: Usd) -> Result<(), StoreError> {
        let (key, zone, now) = (key.clone(), self.zone().clone(), self.clock().now());
        let write = move |connection: &Connection| -> Result<(), StoreError> {
            connection
                .prepare_cached(
                    "INSERT INTO budgets (agent, period, limit_usd, set_at) \
                     VALUES (?1, ?2, ?3, ?4) ON CONFLICT (agent, period) DO UPDATE \
                     SET limit_usd = excluded.limit_usd, set_at = excluded.set_at",
                )?
                .execute(params![
                    name(&key),
                    key.period.as_str(),
                    columns::of_usd(limit),
                    now.as_millisecond()
                ])?;
            // What was spent before is added up now, and not before the next call.
            spend::of(connection, name(&key), Span::of(key.period, now, &zone))?;
            Ok(())
        };
        self.writer().write(Durability::Now, write).await?;
        self.settlements().send_modify(|count| *count += 1);
        Ok(())
    }

    /// Removes a budget, and says whether there was one. What was spent stays known.
    ///
    /// # Errors
    /// Only storage can fail.
    pub async fn remove_budget(&self, key: &BudgetKey) -> Result<bool, StoreError> {
        let key = key.clone();
        let write = move |connection: &Connection| -> Result<bool, StoreError> {
            let removed = connection
                .prepare_cached("DELETE FROM budgets WHERE agent = ?1 AND period = ?2")?
                .execute(params![name(&key), key.period.as_str()])?;
            connection
                .prepare_cached("DELETE FROM spend WHERE agent = ?1")?
                .execute([name(&key)])?;
            Ok(removed > 0)
        };
        let removed = self.writer().write(Durability::Now, write).await?;
        self.settlements().send_modify(|count| *count += 1);
        Ok(removed)
    }

    /// The budgets with how they stand now: those of all agents first.
    ///
    /// # Errors
    /// Only storage can fail.
    pub async fn budget_summaries(&self) -> Result<Vec<BudgetSummary>, StoreError> {
        let (zone, now) = (self.zone().clone(), self.clock().now());
        let owner = Arc::clone(self.owner());
        let read = move |connection: &Connection| -> Result<Vec<BudgetSummary>, StoreError> {
            reservations::of_runs_that_never_were(connection, now)?;
            let budgets = select(
                connection,
                "SELECT agent, period, limit_usd FROM budgets ORDER BY agent, period",
                [],
            )?;
            let summary = |(key, limit): (BudgetKey, Usd)| {
                let span = Span::of(key.period, now, &zone);
                let sums = spend::of(connection, name(&key), span)?;
                let committed = sums.spent.plus(sums.reserved).plus(sums.beyond);
                let bounded = key.period != Period::Total;
                Ok(BudgetSummary {
                    limit_usd: limit,
                    spent_usd: sums.spent,
                    reserved_usd: sums.reserved,
                    unknown_usd: spend::unheard_of(connection, name(&key), span, (&*owner, now))?,
                    beyond_usd: sums.beyond,
                    left_usd: limit.minus(committed).max(Usd::ZERO),
                    since: bounded.then_some(span.since),
                    until: bounded.then_some(span.until),
                    key,
                })
            };
            budgets.into_iter().map(summary).collect()
        };
        self.writer().write(Durability::WithTheNext, read).await
    }
}

/// The budgets that apply to a draw: its run's, and those of the person.
pub(crate) fn applying(connection: &Connection, draw: &Draw) -> Result<Vec<Budget>, WriteFailure> {
    let person = select(
        connection,
        "SELECT agent, period, limit_usd FROM budgets WHERE agent IN ('', ?1)",
        [draw.agent.as_str()],
    )?;
    let person = person.into_iter().map(|(key, limit)| Budget {
        scope: Scope::Person(key),
        limit,
    });
    Ok(draw.limits().chain(person).collect())
}

fn select(
    connection: &Connection,
    sql: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<(BudgetKey, Usd)>, WriteFailure> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(values, |row| {
        let columns: (String, String, String) = row.try_into()?;
        Ok(columns)
    })?;
    let mut budgets = Vec::new();
    for row in rows {
        let (agent, period, limit) = row?;
        let unreadable =
            |message: String| WriteFailure::Failed(format!("the table budgets: {message}"));
        let agent: Option<AgentName> = match agent.as_str() {
            "" => None,
            name => Some(
                name.parse()
                    .map_err(|error: InvalidId| unreadable(error.to_string()))?,
            ),
        };
        let period: Period = period
            .parse()
            .map_err(|error: InvalidPeriod| unreadable(error.to_string()))?;
        budgets.push((BudgetKey { agent, period }, usd(&limit)?));
    }
    Ok(budgets)
}

/// The agent's column: empty for all agents together.
fn name(key: &BudgetKey) -> &str {
    key.agent.as_ref().map_or("", |agent| agent.as_str())
}
