//! Budgets as reservations: the worst case is set aside before a call is made.

use async_trait::async_trait;
use slipway_contract::{RunId, StepId, Usd};

/// What a reservation is for. Asking again for the same attempt gives the same reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Attempt {
    /// The run.
    pub run: RunId,
    /// The step.
    pub step: StepId,
    /// From 1.
    pub attempt: u32,
}

/// Where money is counted.
#[async_trait]
pub trait BudgetLedger: Send + Sync {
    /// Sets `amount` aside if everything settled and reserved for the run stays within `limit`.
    ///
    /// # Errors
    /// [`LedgerError::OverBudget`] when it does not fit.
    async fn reserve(&self, attempt: Attempt, amount: Usd, limit: Usd) -> Result<(), LedgerError>;

    /// Replaces a reservation by what the call cost. A reservation that is never settled stays.
    ///
    /// # Errors
    /// Only storage can fail.
    async fn settle(&self, attempt: Attempt, cost: Usd) -> Result<(), LedgerError>;
}

/// Why money could not be set aside.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// It does not fit the budget.
    #[error("the next call may cost {amount} and {left} is left of the budget of {limit}")]
    OverBudget {
        /// What was to be reserved.
        amount: Usd,
        /// What is left.
        left: Usd,
        /// The limit.
        limit: Usd,
    },
    /// The place where money is counted failed.
    #[error("the budget ledger could not be written: {0}")]
    Storage(String),
}
