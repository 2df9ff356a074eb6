//! Everything that is kept here as plain files, and back.

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use serde::Serialize;
use slipway_contract::data::ErrandKind;
use slipway_contract::{ErrorCode, Problem};
use slipway_store::{AgentSource, ExportCounts, ExportError, FolderDraft, SettingsFile};

use crate::App;
use crate::drafts::{DraftPlace, place_of};
use crate::packages::{is_archive, write_new};
use crate::problem::{from_io, from_store};

/// The files of the home that hold settings, beside the database. Keys are in none of them.
const SETTINGS: &[&str] = &["prices.toml", "providers.toml"];

/// How the names of archives of everything end.
const ARCHIVES: &[&str] = &[".tar", ".tar.gz", ".tgz"];

/// What was exported or brought in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Transfer {
    /// The folder or archive.
    pub path: PathBuf,
    /// How many of each.
    #[serde(flatten)]
    pub counts: ExportCounts,
    /// What the person should know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl App {
    /// Writes everything to a new folder or to an archive. No key or password is in it.
    ///
    /// # Errors
    /// Something is there already, or a file cannot be written.
    pub async fn export_all(&self, to: &Path) -> Result<Transfer, Problem> {
        is_archive("everything", to, ARCHIVES)?;
        let errand = self.errands().begin(ErrandKind::Export)?;
        let mut notes = Vec::new();
        let folders = self.folder_drafts(&mut notes).await?;
        let counts = self
            .store()
            .export_all(to, folders, self.settings()?, errand.progress())
            .await
            .map_err(|error| from_export(&error))?;
        Ok(Transfer {
            path: to.to_owned(),
            counts,
            notes,
        })
    }

    /// Brings everything of an export into this home, which must be empty. All of it is checked
    /// before anything is written; nothing is run.
    ///
    /// # Errors
    /// The export is not whole, or there is something here already.
    pub async fn import_all(&self, from: &Path) -> Result<Transfer, Problem> {
        let errand = self.errands().begin(ErrandKind::Import)?;
        let source = self
            .store()
            .check_export(from, errand.progress())
            .await
            .map_err(|error| from_export(&error))?;
        let settings = source.settings().map_err(|error| from_export(&error))?;
        let written = self.write_settings(settings)?;
        let counts = match self.store().import_all(source).await {
            Ok(counts) => counts,
            Err(error) => {
                for place in written {
                    // The error is what there is to tell.
                    let _ = std::fs::remove_file(place);
                }
                return Err(from_export(&error));
            }
        };
        let mut notes = Vec::new();
        for row in self.store().agents().await.map_err(|e| from_store(&e))? {
            if let DraftPlace::NoFolder(folder) = place_of(&row) {
                notes.push(format!(
                    "the folder of {name} is not here ({}): slipway agents restore {name} VERSION writes it",
                    folder.display(),
                    name = row.name,
                ));
            }
        }
        Ok(Transfer {
            path: from.to_owned(),
            counts,
            notes,
        })
    }

    /// The files of the home that hold settings.
    fn settings(&self) -> Result<Vec<SettingsFile>, Problem> {
        let mut settings = Vec::new();
        for name in SETTINGS {
            let place = self.home().folder().join(name);
            match std::fs::read(&place) {
                Ok(content) => settings.push(SettingsFile {
                    name: (*name).to_owned(),
                    content,
                }),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(from_io("read", &place, &error)),
            }
        }
        Ok(settings)
    }

    /// Writes settings that are not there yet, and answers which files that were.
    fn write_settings(&self, settings: Vec<SettingsFile>) -> Result<Vec<PathBuf>, Problem> {
        let mut written = Vec::new();
        for SettingsFile { name, content } in settings {
            if !SETTINGS.contains(&name.as_str()) {
                let message = format!("the export holds {name}, which this Slipway does not know");
                return Err(Problem::new(ErrorCode::InvalidInput, message));
            }
            let place = self.home().folder().join(name);
            if std::fs::read(&place).is_ok_and(|there| there == content) {
                continue;
            }
            write_new(&place, &content)?;
            written.push(place);
        }
        Ok(written)
    }

    /// What lies in the folders of agents; one that cannot be read must not keep the rest here.
    async fn folder_drafts(&self, notes: &mut Vec<String>) -> Result<Vec<FolderDraft>, Problem> {
        let mut drafts = Vec::new();
        for row in self.store().agents().await.map_err(|e| from_store(&e))? {
            if row.source == AgentSource::Imported {
                continue;
            }
            if let DraftPlace::NoFolder(folder) = place_of(&row) {
                notes.push(format!(
                    "the folder of {} is not here ({}): its versions are exported",
                    row.name,
                    folder.display()
                ));
                continue;
            }
            match self.present(&row).await {
                Ok(present) => drafts.push(FolderDraft {
                    agent: row.name.clone(),
                    hash: present.hash(),
                    files: present
                        .files
                        .iter()
                        .map(|(path, bytes)| (path.to_string(), bytes.to_vec()))
                        .collect(),
                }),
                Err(problem) => notes.push(format!(
                    "the folder of {} could not be read, so that only its versions are exported: {}",
                    row.name, problem.message
                )),
            }
        }
        Ok(drafts)
    }
}

fn from_export(error: &ExportError) -> Problem {
    let (code, help) = match error {
        ExportError::Occupied(_) => (ErrorCode::Conflict, Some("Choose another name.")),
        ExportError::NotEmpty(_) => (
            ErrorCode::Conflict,
            Some("Set SLIPWAY_HOME to a new folder, and import there."),
        ),
        ExportError::Foreign { .. } => (
            ErrorCode::InvalidInput,
            Some("`slipway export --all FOLDER` makes one. For a single agent, leave out --all."),
        ),
        ExportError::Refused { .. } => (
            ErrorCode::InvalidInput,
            Some("Export again where it came from, or take another copy of it."),
        ),
        ExportError::Newer { .. } => (ErrorCode::InvalidInput, Some("Update Slipway here.")),
        ExportError::Stopped => (ErrorCode::WrongState, None),
        ExportError::Store(error) => return from_store(error),
        _ => (ErrorCode::Storage, None),
    };
    let problem = Problem::new(code, error.to_string());
    match help {
        Some(help) => problem.help(help),
        None => problem,
    }
}
