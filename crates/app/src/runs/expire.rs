//! Runs whose questions nobody answered in time.

use std::sync::Arc;

use slipway_agent::driver::{Control, DriveError};
use slipway_contract::RunId;
use slipway_runner::{Attendance, RunError};

use crate::App;
use crate::approve::Nobody;

impl App {
    /// Ends the parked runs of which a question has expired. Nobody works on a parked run, so this
    /// is done whenever runs are looked at. A run that somebody takes up just now is theirs to end,
    /// and one that cannot be ended hides no other.
    pub async fn end_expired(&self) {
        let now = self.runner().world().clock.now();
        match self.store().expired_runs(now).await {
            Ok(expired) => {
                for run in expired {
                    self.end_if_expired(run).await;
                }
            }
            Err(error) if error.is_damage() => self.suspicion().raise(),
            Err(error) => {
                tracing::warn!(%error, "runs whose questions expired could not be found");
            }
        }
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
                self.suspicion().raise();
                tracing::warn!(%run, %error, "a run whose question expired could not be ended");
            }
        }
    }
}
