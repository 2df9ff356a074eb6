//! Watching a run.

use slipway_contract::event::RunEvent;

/// Someone who watches a run: a terminal, the window, a test.
pub trait Observer: Send + Sync {
    /// Called for each event after it was journalled, and for deltas as they arrive. Must not block.
    fn event(&self, event: &RunEvent);
}

/// Nobody watches.
impl Observer for () {
    fn event(&self, _: &RunEvent) {}
}
