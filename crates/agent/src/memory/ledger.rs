//! The budget ledger in memory.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use async_trait::async_trait;
use slipway_contract::{RunId, Usd};

use super::lock;
use crate::ports::ledger::{Attempt, BudgetLedger, LedgerError};

/// Money counted in memory.
#[derive(Debug, Default)]
pub struct MemoryLedger {
    amounts: Mutex<HashMap<Attempt, Usd>>,
    settled: Mutex<HashSet<Attempt>>,
}

impl MemoryLedger {
    /// An empty ledger.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything settled and reserved for the run.
    #[must_use]
    pub fn committed(&self, run: RunId) -> Usd {
        lock(&self.amounts)
            .iter()
            .filter(|(attempt, _)| attempt.run == run)
            .fold(Usd::ZERO, |sum, (_, amount)| sum.plus(*amount))
    }
}

#[async_trait]
impl BudgetLedger for MemoryLedger {
    async fn reserve(&self, attempt: Attempt, amount: Usd, limit: Usd) -> Result<(), LedgerError> {
        let mut amounts = lock(&self.amounts);
        if amounts
            .get(&attempt)
            .is_some_and(|reserved| *reserved >= amount)
            || lock(&self.settled).contains(&attempt)
        {
            return Ok(());
        }
        let committed = amounts
            .iter()
            .filter(|(other, _)| other.run == attempt.run && **other != attempt)
            .fold(Usd::ZERO, |sum, (_, amount)| sum.plus(*amount));
        if committed.plus(amount) > limit {
            let left = limit.minus(committed).max(Usd::ZERO);
            return Err(LedgerError::OverBudget {
                amount,
                left,
                limit,
            });
        }
        amounts.insert(attempt, amount);
        Ok(())
    }

    async fn settle(&self, attempt: Attempt, cost: Usd) -> Result<(), LedgerError> {
        lock(&self.amounts).insert(attempt, cost);
        lock(&self.settled).insert(attempt);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::contract;

    #[tokio::test]
    async fn keeps_the_contract() {
        contract::ledger::ledger_contract(async || MemoryLedger::new()).await;
    }
}
