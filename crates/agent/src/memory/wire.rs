//! What went over the wire, in memory.

use std::sync::Mutex;

use slipway_contract::RunId;

use super::lock;
use crate::ports::model::Unclean;
use crate::ports::wire::{WireLog, WireRecord};

/// Keeps everything, in the order in which it came.
#[derive(Debug, Default)]
pub struct MemoryWire(Mutex<Vec<WireRecord>>);

impl MemoryWire {
    /// What was kept of this run, oldest first.
    #[must_use]
    pub fn of(&self, run: RunId) -> Vec<WireRecord> {
        let kept = lock(&self.0);
        kept.iter()
            .filter(|record| record.run == run)
            .cloned()
            .collect()
    }
}

impl WireLog for MemoryWire {
    fn is_on(&self) -> bool {
        true
    }

    fn keep(&self, record: WireRecord<Unclean>) {
        lock(&self.0).push(record.cleaned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::contract;

    #[test]
    fn the_log_keeps_the_contract() {
        let log = MemoryWire::default();
        contract::wire::wire_log_contract(&log, |run| log.of(run));
    }

    #[test]
    fn nobody_keeps_nothing() {
        assert!(!().is_on(), "so nothing is collected");
    }
}
