//! The budget ledger in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::tz::TimeZone;
use slipway_contract::budget::BudgetKey;
use slipway_contract::{AgentName, RunId, Timestamp, Usd};
use tokio::sync::watch;

use super::lock;
use crate::policy::period::Span;
use crate::ports::ledger::{
    Attempt, Budget, BudgetLedger, Cost, Draw, LedgerError, Reserved, Scope, Seen, Settlement,
    Shortfall, WorstCase,
};

/// Money counted in memory; clones share it.
#[derive(Debug, Clone)]
pub struct MemoryLedger {
    entries: Arc<Mutex<BTreeMap<Attempt, Entry>>>,
    /// The runs that were made.
    runs: Arc<Mutex<BTreeSet<RunId>>>,
    budgets: Arc<Vec<(BudgetKey, Usd)>>,
    zone: TimeZone,
    freed: Arc<watch::Sender<u64>>,
}

#[derive(Debug, Clone)]
struct Entry {
    root: RunId,
    agent: AgentName,
    at: Timestamp,
    amount: Usd,
    cost: Option<Cost>,
}

impl Entry {
    fn spent(&self) -> Usd {
        match self.cost {
            Some(Cost::Known { agreed, beyond }) => agreed.plus(beyond),
            _ => Usd::ZERO,
        }
    }

    fn reserved(&self) -> Usd {
        match self.cost {
            Some(Cost::Known { .. }) => Usd::ZERO,
            _ => self.amount,
        }
    }

    fn outstanding(&self) -> Usd {
        match self.cost {
            None => self.amount,
            Some(_) => Usd::ZERO,
        }
    }
}

impl Default for MemoryLedger {
    fn default() -> Self {
        Self::new(Vec::new(), TimeZone::UTC)
    }
}

impl MemoryLedger {
    /// An empty ledger of a person with these budgets, in this time zone.
    #[must_use]
    pub fn new(budgets: Vec<(BudgetKey, Usd)>, zone: TimeZone) -> Self {
        Self {
            entries: Arc::default(),
            runs: Arc::default(),
            budgets: Arc::new(budgets),
            zone,
            freed: Arc::new(watch::Sender::new(0)),
        }
    }

    /// Everything settled and reserved for the run, without what was billed beyond.
    #[must_use]
    pub fn committed(&self, run: RunId) -> Usd {
        let entries = lock(&self.entries);
        let of_run = entries.iter().filter(|(attempt, _)| attempt.run == run);
        of_run.fold(Usd::ZERO, |sum, (_, entry)| {
            sum.plus(match entry.cost {
                Some(Cost::Known { agreed, .. }) => agreed,
                _ => entry.amount,
            })
        })
    }

    /// Counts what attempts cost; a journal calls it in its append.
    pub(super) fn settle(&self, settlements: &[Settlement]) {
        if settlements.is_empty() {
            return;
        }
        let mut entries = lock(&self.entries);
        for Settlement { attempt, cost } in settlements {
            if let Some(entry) = entries.get_mut(attempt) {
                entry.cost = Some(*cost);
            }
        }
        self.freed.send_modify(|count| *count += 1);
    }

    /// Counts the run among those that are there, if all of this is reserved still; a journal
    /// calls it when it makes one.
    pub(super) fn make(&self, run: RunId, reserved: &[Attempt]) -> bool {
        let entries = lock(&self.entries);
        let is_open = |attempt| {
            entries
                .get(attempt)
                .is_some_and(|entry| entry.cost.is_none())
        };
        let all = reserved.iter().all(is_open);
        if all {
            lock(&self.runs).insert(run);
        }
        all
    }

    /// Lets go of what is reserved for an ended run and was not announced.
    pub(super) fn end(&self, run: RunId, announced: &[Attempt]) {
        let left: Vec<Settlement> = lock(&self.entries)
            .iter()
            .filter(|(attempt, entry)| {
                attempt.run == run && entry.cost.is_none() && !announced.contains(attempt)
            })
            .map(|(attempt, _)| Settlement {
                attempt: *attempt,
                cost: Cost::NOTHING,
            })
            .collect();
        self.settle(&left);
    }

    fn applying(&self, draw: &Draw) -> Vec<Budget> {
        let person = self
            .budgets
            .iter()
            .filter(|(key, _)| key.agent.as_ref().is_none_or(|agent| *agent == draw.agent))
            .map(|(key, limit)| Budget {
                scope: Scope::Person(key.clone()),
                limit: *limit,
            });
        draw.limits().chain(person).collect()
    }

    /// How a budget stands without the draw's own attempt.
    fn standing(
        &self,
        entries: &BTreeMap<Attempt, Entry>,
        budget: &Budget,
        draw: &Draw,
        amount: Usd,
    ) -> Shortfall {
        let mut shortfall = Shortfall {
            budget: budget.clone(),
            amount,
            spent: Usd::ZERO,
            reserved: Usd::ZERO,
            outstanding: Usd::ZERO,
        };
        for (attempt, entry) in entries {
            if *attempt == draw.attempt || !self.counts(&budget.scope, draw, (attempt, entry)) {
                continue;
            }
            shortfall.spent = shortfall.spent.plus(entry.spent());
            shortfall.reserved = shortfall.reserved.plus(entry.reserved());
            if attempt.run != draw.attempt.run {
                shortfall.outstanding = shortfall.outstanding.plus(entry.outstanding());
            }
        }
        shortfall
    }

    fn counts(&self, scope: &Scope, draw: &Draw, (attempt, entry): (&Attempt, &Entry)) -> bool {
        match scope {
            Scope::Run(run) | Scope::Shared(run) => entry.root == *run || attempt.run == *run,
            Scope::Person(key) => {
                key.agent.as_ref().is_none_or(|agent| *agent == entry.agent)
                    && Span::of(key.period, draw.at, &self.zone).holds(entry.at)
            }
        }
    }
}

#[async_trait]
impl BudgetLedger for MemoryLedger {
    async fn reserve(&self, draw: &Draw, worst: WorstCase) -> Result<Reserved, LedgerError> {
        let mut entries = lock(&self.entries);
        let before = entries.get(&draw.attempt).cloned();
        let budgets = self.applying(draw);
        let (reserved, amount) = match budgets.is_empty() {
            true => (Reserved::Freely, worst.freely),
            false => (Reserved::Within, worst.within),
        };
        let larger = match before {
            Some(Entry { cost: Some(_), .. }) => return Ok(reserved),
            Some(entry) => entry.amount.max(amount),
            None => amount,
        };
        let misfit = |amount: Usd| {
            budgets.iter().fold(None, |worst, budget| {
                let standing = self.standing(&entries, budget, draw, amount);
                Shortfall::worse(worst, standing)
            })
        };
        let amount = match misfit(larger) {
            None => larger,
            Some(_) => match misfit(amount) {
                None => amount,
                Some(shortfall) => return Err(LedgerError::OverBudget(Box::new(shortfall))),
            },
        };
        let entry = Entry {
            root: draw.root,
            agent: draw.agent.clone(),
            at: draw.at,
            amount,
            cost: None,
        };
        entries.insert(draw.attempt, entry);
        Ok(reserved)
    }

    async fn forget(&self, run: RunId) -> Result<(), LedgerError> {
        let mut entries = lock(&self.entries);
        if !lock(&self.runs).contains(&run) {
            entries.retain(|attempt, entry| attempt.run != run || entry.cost.is_some());
            self.freed.send_modify(|count| *count += 1);
        }
        Ok(())
    }

    async fn budgets(&self, draw: &Draw) -> Result<Vec<Budget>, LedgerError> {
        Ok(self.applying(draw))
    }

    fn seen(&self) -> Seen {
        Seen(*self.freed.borrow())
    }

    async fn freed(&self, seen: Seen) {
        // The sender lives as long as this ledger.
        let _ = self
            .freed
            .subscribe()
            .wait_for(|count| *count > seen.0)
            .await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::clock::ManualClock;
    use crate::memory::contract;
    use crate::memory::journal::MemoryJournal;
    use crate::memory::lease::MemoryLeases;

    #[tokio::test]
    async fn keeps_the_contract() {
        contract::ledger::ledger_contract(async |budgets| {
            let leases = MemoryLeases::new(Arc::new(ManualClock::new()));
            let ledger = MemoryLedger::new(budgets, contract::ledger::zone());
            (ledger.clone(), MemoryJournal::new(leases).settling(ledger))
        })
        .await;
    }
}
