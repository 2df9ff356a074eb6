//! Leases in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use slipway_contract::{RunId, Timestamp};

use super::lock;
use crate::ports::clock::Clock;
use crate::ports::lease::{FencingToken, LEASE, Lease, LeaseError, Leases};

/// Leases in memory. Clones share them; each clone stands for an owner of its own.
#[derive(Clone)]
pub struct MemoryLeases {
    clock: Arc<dyn Clock>,
    rows: Arc<Mutex<HashMap<RunId, Row>>>,
}

#[derive(Default)]
struct Row {
    token: u64,
    held_until: Option<Timestamp>,
    asked_to_cancel: bool,
}

impl MemoryLeases {
    /// No leases yet.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            rows: Arc::default(),
        }
    }

    pub(super) fn take(&self, run: RunId) -> Result<Lease, LeaseError> {
        let now = self.clock.now();
        let mut rows = lock(&self.rows);
        let row = rows.entry(run).or_default();
        if row.held_until.is_some_and(|until| until > now) {
            let owner = "this process".to_owned();
            return Err(LeaseError::Held { owner });
        }
        row.token += 1;
        row.held_until = Some(end(now));
        row.asked_to_cancel = false;
        let token = FencingToken(row.token);
        Ok(Lease { run, token })
    }

    pub(super) fn is_newest(&self, run: RunId, token: FencingToken) -> bool {
        lock(&self.rows)
            .get(&run)
            .is_some_and(|row| row.token == token.0)
    }

    pub(super) fn let_go(&self, lease: Lease) {
        if let Some(row) = lock(&self.rows).get_mut(&lease.run)
            && row.token == lease.token.0
        {
            row.held_until = None;
        }
    }
}

#[async_trait]
impl Leases for MemoryLeases {
    async fn acquire(&self, run: RunId) -> Result<Lease, LeaseError> {
        self.take(run)
    }

    async fn renew(&self, lease: &Lease) -> Result<(), LeaseError> {
        let until = end(self.clock.now());
        match lock(&self.rows).get_mut(&lease.run) {
            Some(row) if row.token == lease.token.0 && row.held_until.is_some() => {
                row.held_until = Some(until);
                Ok(())
            }
            _ => Err(LeaseError::Lost),
        }
    }

    async fn release(&self, lease: &Lease) -> Result<(), LeaseError> {
        self.let_go(*lease);
        Ok(())
    }

    async fn ask_to_cancel(&self, run: RunId) -> Result<(), LeaseError> {
        if let Some(row) = lock(&self.rows).get_mut(&run) {
            row.asked_to_cancel = true;
        }
        Ok(())
    }

    async fn is_asked_to_cancel(&self, lease: &Lease) -> Result<bool, LeaseError> {
        let rows = lock(&self.rows);
        let row = rows.get(&lease.run);
        Ok(row.is_some_and(|row| row.token == lease.token.0 && row.asked_to_cancel))
    }
}

fn end(now: Timestamp) -> Timestamp {
    now.checked_add(LEASE).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::clock::ManualClock;
    use crate::memory::contract;

    #[tokio::test]
    async fn keeps_the_contract() {
        contract::lease::lease_contract(async || {
            let clock = ManualClock::new();
            (MemoryLeases::new(Arc::new(clock.clone())), clock)
        })
        .await;
    }
}
