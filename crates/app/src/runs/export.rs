//! A run as plain lines: the same events as `--json` shows.

use slipway_contract::event::RunEvent;
use slipway_contract::{ErrorCode, Problem, RunId};

use crate::App;

impl App {
    /// A run's events as JSON lines.
    ///
    /// # Errors
    /// There is no such run, or its journal cannot be read.
    pub async fn export_run(&self, run: RunId) -> Result<String, Problem> {
        let detail = self.show_run(run).await?;
        detail.events.iter().map(line).collect()
    }
}

fn line(event: &RunEvent) -> Result<String, Problem> {
    let mut line = serde_json::to_string(event)
        .map_err(|error| Problem::new(ErrorCode::Internal, format!("an event could not be written: {error}")))?;
    line.push('\n');
    Ok(line)
}
