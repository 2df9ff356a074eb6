//! What other processes do to runs, such as `slipway run` in a terminal while the window is open.

use std::time::Duration;

use slipway_contract::{Problem, RunId};
use slipway_store::RunWatch;

use crate::App;
use crate::problem::from_store;

/// How often it is looked. A look at a database that nobody wrote to reads one number.
const LOOK: Duration = Duration::from_millis(400);

/// Follows what becomes of runs.
pub struct Elsewhere {
    app: App,
    watch: RunWatch,
}

impl App {
    /// Begins to follow what becomes of runs, whoever drives them.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn elsewhere(&self) -> Result<Elsewhere, Problem> {
        let watch = self.store().watch_runs().await;
        Ok(Elsewhere {
            app: self.clone(),
            watch: watch.map_err(|error| from_store(&error))?,
        })
    }
}

impl Elsewhere {
    /// Waits until runs changed, and tells which of them another process drives or drove: of its
    /// own, this process hears by itself. None of them is among those that changed where the
    /// answer is empty.
    pub async fn next(&mut self) -> Vec<RunId> {
        loop {
            tokio::time::sleep(LOOK).await;
            match self.watch.changed().await {
                Ok(changed) if changed.is_empty() => {}
                Ok(mut changed) => {
                    changed.retain(|run| self.app.live().control(*run).is_none());
                    return changed;
                }
                // A locked or a full disk: the next look tells it all.
                Err(error) => tracing::debug!(%error, "it could not be seen what became of runs"),
            }
        }
    }
}
