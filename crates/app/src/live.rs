//! The runs that this process drives.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use slipway_agent::driver::Control;
use slipway_contract::RunId;

/// The runs that this process drives, with how each is stopped.
#[derive(Debug, Clone, Default)]
pub struct LiveRuns(Arc<Mutex<HashMap<RunId, Control>>>);

/// A run is in the list until this is dropped.
#[derive(Debug)]
pub struct LiveRun {
    runs: LiveRuns,
    run: RunId,
}

impl LiveRuns {
    /// Lists a run.
    #[must_use]
    pub fn add(&self, run: RunId, control: Control) -> LiveRun {
        self.lock().insert(run, control);
        LiveRun {
            runs: self.clone(),
            run,
        }
    }

    /// How a run is stopped, if this process drives it.
    #[must_use]
    pub fn control(&self, run: RunId) -> Option<Control> {
        self.lock().get(&run).cloned()
    }

    /// Lets go of all runs, so that each can be resumed.
    pub fn detach_all(&self) {
        self.lock()
            .values()
            .for_each(|control| control.detach.cancel());
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<RunId, Control>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for LiveRun {
    fn drop(&mut self) {
        self.runs.lock().remove(&self.run);
    }
}
