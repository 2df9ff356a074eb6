//! The runs that this process drives.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use slipway_agent::driver::Control;
use slipway_contract::{ErrorCode, Problem, RunId};

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
    ///
    /// # Errors
    /// It is listed already: who drives it stays the one who stops it.
    pub fn add(&self, run: RunId, control: Control) -> Result<LiveRun, Problem> {
        match self.lock().entry(run) {
            Entry::Vacant(place) => place.insert(control),
            Entry::Occupied(_) => {
                let message = format!("the run {} is being driven", run.short());
                return Err(Problem::new(ErrorCode::Busy, message));
            }
        };
        Ok(LiveRun {
            runs: self.clone(),
            run,
        })
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

    /// Cancels all runs.
    pub fn cancel_all(&self) {
        self.lock()
            .values()
            .for_each(|control| control.cancel.cancel());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_driven_once_and_stopped_by_its_driver() {
        let runs = LiveRuns::default();
        let run = RunId::from_random([7; 10]);
        let first = Control::default();
        let live = runs.add(run, first.clone()).unwrap();
        let second = runs.add(run, Control::default()).unwrap_err();
        assert_eq!(second.code, ErrorCode::Busy);
        runs.control(run).unwrap().cancel.cancel();
        assert!(first.cancel.is_cancelled(), "the first driver's control");
        drop(live);
        assert!(runs.is_empty());
        assert!(runs.add(run, Control::default()).is_ok());
    }
}
