//! Everything as plain files, as the window writes it and brings it in.

use std::path::Path;

use slipway_contract::data::MovedData;
use slipway_contract::{ErrorCode, Problem};

use super::back_up::dated;
use crate::{App, Transfer};

impl App {
    /// Writes everything into a new folder within this one. No key or password is in it.
    ///
    /// # Errors
    /// The folder is not there or cannot be written, or it was stopped.
    pub async fn export_data(&self, folder: &Path) -> Result<MovedData, Problem> {
        if !folder.is_dir() {
            let message = format!("{} is no folder", folder.display());
            return Err(Problem::new(ErrorCode::NotFound, message)
                .help("Choose a folder that is there: a new one is made in it."));
        }
        let written = self.export_all(&folder.join(dated("export"))).await?;
        Ok(moved(written))
    }

    /// Brings in everything of an export, into a home in which nothing is yet.
    ///
    /// # Errors
    /// The export is not whole, there is something here already, or it was stopped.
    pub async fn import_data(&self, from: &Path) -> Result<MovedData, Problem> {
        let brought = self.import_all(from).await.map_err(|problem| {
            if problem.code == ErrorCode::Conflict {
                let help = "Back up what is here and delete everything first, or start Slipway with SLIPWAY_HOME set to a new folder.";
                return problem.help(help);
            }
            problem
        })?;
        Ok(moved(brought))
    }
}

fn moved(transfer: Transfer) -> MovedData {
    MovedData {
        path: transfer.path.display().to_string(),
        agents: transfer.counts.agents,
        versions: transfer.counts.versions,
        runs: transfer.counts.runs,
        notes: transfer.notes,
    }
}
