//! The journal in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use slipway_contract::{RunId, Timestamp};

use super::lease::MemoryLeases;
use super::ledger::MemoryLedger;
use super::lock;
use crate::event::Recorded;
use crate::ports::journal::{Append, Fork, Head, Journal, JournalError, NewRun};
use crate::ports::lease::Lease;

/// A journal in memory; clones share it.
#[derive(Clone)]
pub struct MemoryJournal {
    leases: MemoryLeases,
    /// Without one, no append settles anything.
    ledger: Option<MemoryLedger>,
    runs: Arc<Mutex<HashMap<RunId, Row>>>,
}

struct Row {
    parent: Option<Fork>,
    head: Head,
    events: Vec<Recorded>,
}

impl Row {
    fn last(&self) -> u64 {
        let prefix = self.parent.map_or(0, |fork| fork.seq);
        self.events.last().map_or(prefix, |event| event.seq)
    }
}

impl MemoryJournal {
    /// An empty journal over these leases.
    #[must_use]
    pub fn new(leases: MemoryLeases) -> Self {
        Self {
            leases,
            ledger: None,
            runs: Arc::default(),
        }
    }

    /// The same, whose appends settle in this ledger.
    #[must_use]
    pub fn settling(self, ledger: MemoryLedger) -> Self {
        Self {
            ledger: Some(ledger),
            ..self
        }
    }

    /// The run's row as its last append left it.
    #[must_use]
    pub fn head(&self, run: RunId) -> Option<Head> {
        lock(&self.runs).get(&run).map(|row| row.head.clone())
    }
}

#[async_trait]
impl Journal for MemoryJournal {
    async fn create(&self, new: NewRun) -> Result<Lease, JournalError> {
        let mut runs = lock(&self.runs);
        if runs.contains_key(&new.run) {
            return Err(JournalError::Exists(new.run));
        }
        if let Some(fork) = new.parent {
            let parent = runs.get(&fork.run).ok_or(JournalError::Unknown(fork.run))?;
            let last = parent.last();
            if fork.seq > last {
                return Err(out_of_order(fork.run, last, fork.seq + 1));
            }
        }
        follows(new.run, new.parent.map_or(0, |fork| fork.seq), &new.events)?;
        agrees(&new.head)?;
        let ledger = self.ledger.as_ref();
        if !ledger.is_none_or(|ledger| ledger.make(new.run, &new.reserved)) {
            return Err(JournalError::Unreserved(new.run));
        }
        let lease = self.leases.take(new.run)?;
        let row = Row {
            parent: new.parent,
            head: new.head,
            events: new.events.into_iter().map(to_the_millisecond).collect(),
        };
        runs.insert(new.run, row);
        Ok(lease)
    }

    async fn append(&self, append: Append) -> Result<(), JournalError> {
        let mut runs = lock(&self.runs);
        let row = runs
            .get_mut(&append.run)
            .ok_or(JournalError::Unknown(append.run))?;
        if !self.leases.is_newest(append.run, append.token) {
            return Err(JournalError::Fenced(append.run));
        }
        if row.head.status.is_end() {
            return Err(JournalError::Ended(append.run));
        }
        follows(append.run, row.last(), &append.events)?;
        agrees(&append.head)?;
        row.events
            .extend(append.events.into_iter().map(to_the_millisecond));
        row.head = append.head;
        if let Some(ledger) = &self.ledger {
            ledger.settle(&append.settled);
            if let Some(announced) = &append.announced {
                ledger.end(append.run, announced);
            }
        }
        if append.release {
            self.leases.let_go(Lease {
                run: append.run,
                token: append.token,
            });
        }
        Ok(())
    }

    async fn read(&self, run: RunId) -> Result<Vec<Recorded>, JournalError> {
        let runs = lock(&self.runs);
        let mut segments = Vec::new();
        let mut next = Some(Fork { run, seq: u64::MAX });
        while let Some(Fork { run, seq }) = next {
            let row = runs.get(&run).ok_or(JournalError::Unknown(run))?;
            segments.push(row.events.iter().filter(move |event| event.seq <= seq));
            next = row.parent.map(|fork| Fork {
                run: fork.run,
                seq: fork.seq.min(seq),
            });
        }
        Ok(segments.into_iter().rev().flatten().cloned().collect())
    }
}

fn follows(run: RunId, last: u64, events: &[Recorded]) -> Result<(), JournalError> {
    let expected = last + 1..;
    match events
        .iter()
        .zip(expected)
        .find(|(event, seq)| event.seq != *seq)
    {
        Some((event, _)) => Err(out_of_order(run, last, event.seq)),
        None => Ok(()),
    }
}

fn out_of_order(run: RunId, last: u64, first: u64) -> JournalError {
    JournalError::OutOfOrder { run, last, first }
}

fn agrees(head: &Head) -> Result<(), JournalError> {
    if head.is_consistent() {
        Ok(())
    } else {
        let message = format!("the row contradicts itself: {head:?}");
        Err(JournalError::Storage(message))
    }
}

/// As a database keeps it, so that no test passes with finer times.
fn to_the_millisecond(mut event: Recorded) -> Recorded {
    event.at = Timestamp::from_millisecond(event.at.as_millisecond()).unwrap_or(event.at);
    event
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::clock::ManualClock;
    use crate::memory::contract;

    #[tokio::test]
    async fn keeps_the_contract() {
        contract::journal::journal_contract(async || {
            let leases = MemoryLeases::new(Arc::new(ManualClock::new()));
            (MemoryJournal::new(leases.clone()), leases)
        })
        .await;
    }
}
