//! Budgets as reservations: the worst case is set aside before a call is made.
//!
//! Every priced attempt has a reservation, also where no budget applies, so that a budget that is
//! set later knows what was spent before. What an attempt cost replaces its reservation in the
//! transaction of the append that journals the outcome (see [`super::journal::Append`]).

use async_trait::async_trait;
use slipway_contract::budget::BudgetKey;
use slipway_contract::{AgentName, RunId, StepId, Timestamp, Usd};

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

/// Who wants to spend, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draw {
    /// For which attempt.
    pub attempt: Attempt,
    /// The run whose budget it draws from: its own, or that of the run it was started by.
    pub root: RunId,
    /// The agent, for budgets of the person.
    pub agent: AgentName,
    /// The instant that decides which day and month it falls in.
    pub at: Timestamp,
    /// The limit of the root run; the person's own budgets the ledger knows by itself.
    pub limit: Option<Usd>,
    /// The limit of the attempt's own run, where that draws from another's budget.
    pub own: Option<Usd>,
}

impl Draw {
    /// The limits that the draw brings with it: its run's own, and that of the runs with which it
    /// shares one.
    pub fn limits(&self) -> impl Iterator<Item = Budget> + use<> {
        let run = self.attempt.run;
        let of_root = match self.root == run {
            true => Scope::Run(run),
            false => Scope::Shared(self.root),
        };
        let budget = |scope, limit| Budget { scope, limit };
        let own = self.own.map(|limit| budget(Scope::Run(run), limit));
        let of_root = self.limit.map(|limit| budget(of_root, limit));
        own.into_iter().chain(of_root)
    }
}

/// What an attempt may cost at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorstCase {
    /// With the answer's limit that is announced where a budget applies.
    pub within: Usd,
    /// Where none applies, and the answer may be as long as the model can make it.
    pub freely: Usd,
}

/// What a limit is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// A run, with what draws from its budget.
    Run(RunId),
    /// Several runs together, by the one from whose budget they draw.
    Shared(RunId),
    /// A budget of the person.
    Person(BudgetKey),
}

/// A limit that applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// What it is for.
    pub scope: Scope,
    /// The most that may be spent.
    pub limit: Usd,
}

impl Budget {
    /// The budget as messages name it.
    #[must_use]
    pub fn name(&self) -> String {
        let limit = self.limit.display_exact();
        match &self.scope {
            Scope::Run(_) => format!("this run's budget of {limit}"),
            Scope::Shared(_) => format!("the budget of {limit} that it shares with other runs"),
            Scope::Person(key) => format!("the budget of {limit} ({key})"),
        }
    }
}

/// Whether a reservation is bounded by anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reserved {
    /// No budget applies.
    Freely,
    /// It fits every budget that applies.
    Within,
}

/// Why a reservation does not fit, told for the budget that leaves least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortfall {
    /// The budget.
    pub budget: Budget,
    /// What was to be reserved.
    pub amount: Usd,
    /// What calls cost so far, with what was billed beyond what was agreed.
    pub spent: Usd,
    /// What is set aside for other calls.
    pub reserved: Usd,
    /// The part of that which belongs to calls under way, and so may come free.
    pub outstanding: Usd,
}

impl Shortfall {
    /// The worse of a budget that was found too small before and this one, if it is too small:
    /// the one that leaves less even when everything under way comes free.
    #[must_use]
    pub fn worse(before: Option<Self>, this: Self) -> Option<Self> {
        let committed = this.spent.plus(this.reserved);
        if committed.plus(this.amount) <= this.budget.limit {
            return before;
        }
        let key = |shortfall: &Self| (shortfall.left_at_best(), shortfall.left());
        match before {
            Some(before) if key(&before) <= key(&this) => Some(before),
            _ => Some(this),
        }
    }

    /// What is left now.
    #[must_use]
    pub fn left(&self) -> Usd {
        let committed = self.spent.plus(self.reserved);
        self.budget.limit.minus(committed).max(Usd::ZERO)
    }

    /// What would be left if every call under way turned out to cost nothing.
    #[must_use]
    pub fn left_at_best(&self) -> Usd {
        let kept = self.spent.plus(self.reserved).minus(self.outstanding);
        self.budget.limit.minus(kept).max(Usd::ZERO)
    }
}

/// What an attempt came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// It is known.
    Known {
        /// What was agreed: never more than was reserved where a budget applied.
        agreed: Usd,
        /// What was billed beyond it.
        beyond: Usd,
    },
    /// Nobody knows what became of the attempt: its reservation stays for good.
    Unknown,
}

impl Cost {
    /// Nothing was billed.
    pub const NOTHING: Self = Self::Known {
        agreed: Usd::ZERO,
        beyond: Usd::ZERO,
    };
}

/// An attempt whose outcome is being journalled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settlement {
    /// The attempt.
    pub attempt: Attempt,
    /// What it came to.
    pub cost: Cost,
}

/// A number that rises whenever money may have come free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Seen(pub u64);

/// Where money is counted; the same store as the journal's, whose appends settle.
#[async_trait]
pub trait BudgetLedger: Send + Sync {
    /// Sets the worst case aside in every budget that applies, or in none.
    ///
    /// An attempt that was reserved before counts at the new instant, with the larger amount
    /// where that fits; one that was settled is left as it is.
    ///
    /// # Errors
    /// [`LedgerError::OverBudget`] when it does not fit one of them.
    async fn reserve(&self, draw: &Draw, worst: WorstCase) -> Result<Reserved, LedgerError>;

    /// Lets go of all that is reserved for a run that was not made: its journal never will. Where
    /// there is such a run, nothing happens.
    ///
    /// # Errors
    /// Only storage can fail; then what is reserved for it stays for a while.
    async fn forget(&self, run: RunId) -> Result<(), LedgerError>;

    /// The budgets that apply to this draw.
    ///
    /// # Errors
    /// Only storage can fail.
    async fn budgets(&self, draw: &Draw) -> Result<Vec<Budget>, LedgerError>;

    /// What [`BudgetLedger::freed`] goes by; taken before a reservation is tried.
    fn seen(&self) -> Seen;

    /// Returns once this process has settled something after `seen`. What other processes settle
    /// is not heard of: who waits tries again now and then.
    async fn freed(&self, seen: Seen);
}

/// Why money could not be set aside.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// It does not fit a budget.
    #[error("the next call may cost {amount}, and {name} leaves {left}", amount = .0.amount.display_exact(), name = .0.budget.name(), left = .0.left().display_exact())]
    OverBudget(Box<Shortfall>),
    /// The place where money is counted failed.
    #[error("the budget ledger could not be written: {0}")]
    Storage(String),
}
