//! Runs whose questions nobody answered in time.

use std::sync::Arc;

use slipway_agent::driver::{Control, DriveError};
use slipway_contract::{Problem, RunId};
use slipway_runner::{Attendance, RunError};

use crate::App;
use crate::approve::Nobody;
use crate::problem::from_store;

impl App {
    /// Ends the parked runs of which a question has expired. Nobody works on a parked run, so this
    /// is done whenever runs are looked at. A run that somebody takes up just now is theirs to end,
    /// and one that cannot be ended hides no other.
    pub async fn end_expired(&self) {
        if let Err(problem) = self.end_each_expired().await {
            tracing::warn!(%problem, "runs whose questions expired could not be found");
        }
    }

    async fn end_each_expired(&self) -> Result<(), Problem> {
        let now = self.runner().world().clock.now();
        let expired = self.store().expired_runs(now).await;
        for run in expired.map_err(|error| from_store(&error))? {
            self.end_if_expired(run).await;
        }
        Ok(())
    }

    async fn end_if_expired(&self, run: RunId) {
        let attendance = Attendance {
            approvals: Arc::new(Nobody),
            observer: self.broadcast(),
            control: Control::default(),
        };
        match self.runner().expire(run, &attendance).await {
            Ok(_) | Err(RunError::Drive(DriveError::Lease(_))) => {}
            Err(error) => {
                tracing::warn!(%run, %error, "a run whose question expired could not be ended");
            }
        }
    }
}
