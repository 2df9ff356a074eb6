//! A run as plain lines: the same events as `--json` shows.

use std::path::Path;

use slipway_contract::event::RunEvent;
use slipway_contract::{ErrorCode, Problem, RunId};

use crate::App;
use crate::packages::write_new;

impl App {
    /// A run's events as JSON lines.
    ///
    /// # Errors
    /// There is no such run, or its journal cannot be read.
    pub async fn export_run(&self, run: RunId) -> Result<String, Problem> {
        let detail = self.show_run(run).await?;
        detail.events.iter().map(line).collect()
    }

    /// Writes a run's events as JSON lines to a new file; answers how many there were.
    ///
    /// # Errors
    /// As [`Self::export_run`]; the file is there already or cannot be written.
    pub async fn export_run_to(&self, run: RunId, to: &Path) -> Result<usize, Problem> {
        let lines = self.export_run(run).await?;
        write_new(to, lines.as_bytes())?;
        Ok(lines.lines().count())
    }
}

fn line(event: &RunEvent) -> Result<String, Problem> {
    let mut line = serde_json::to_string(event).map_err(|error| {
        Problem::new(
            ErrorCode::Internal,
            format!("an event could not be written: {error}"),
        )
    })?;
    line.push('\n');
    Ok(line)
}
