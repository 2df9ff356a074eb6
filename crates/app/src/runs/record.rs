//! Making a recording of a run.

use std::path::PathBuf;

use slipway_agent::package::{Package, PackagePath};
use slipway_agent::ports::journal::Journal as _;
use slipway_contract::version::VersionReason;
use slipway_contract::{ErrorCode, Problem, RunId};

use super::read::from_journal;
use slipway_store::{AgentSource, Made};

use crate::App;
use crate::problem::{from_io, from_package, from_store};
use crate::target::Found;

/// What a recording says of itself.
const NOTE: &str = "Recorded from a run. The model's answers are played; tools really run.";

/// A recording's name becomes a file's and a model's.
pub(super) fn check_name(name: &str) -> Result<(), Problem> {
    name.parse::<slipway_contract::AgentName>()
        .map(drop)
        .map_err(|_| {
            let shown: String = name.chars().take(40).collect();
            Problem::new(
                ErrorCode::InvalidInput,
                format!("{shown:?} is no name for a recording"),
            )
            .help("Use lower-case letters, digits and hyphens, such as october.")
        })
}

impl App {
    /// Writes a recording of a run into its folder's package, or into a new version of its
    /// imported agent.
    pub(super) async fn record(
        &self,
        run: RunId,
        found: &Found,
        name: &str,
    ) -> Result<PathBuf, Problem> {
        let events = self
            .store()
            .read(run)
            .await
            .map_err(|error| from_journal(&error))?;
        let bytes = slipway_runner::recording_of(&events, NOTE).map_err(|error| {
            Problem::new(
                ErrorCode::WrongState,
                format!("no recording was made: {error}"),
            )
        })?;
        let path = format!("recordings/{name}.jsonl");
        if let Some(folder) = found.folder() {
            let place = folder.join(&path);
            let parent = folder.join("recordings");
            std::fs::create_dir_all(&parent).map_err(|error| from_io("made", &parent, &error))?;
            std::fs::write(&place, bytes).map_err(|error| from_io("written", &place, &error))?;
            return Ok(place);
        }
        let package_path: PackagePath = path
            .parse()
            .map_err(|_| Problem::new(ErrorCode::Internal, format!("{path} is no package path")))?;
        let files = self
            .imported_now(&found.package)
            .await?
            .files()
            .clone()
            .with(package_path, bytes.clone())
            .map_err(|error| from_package(&error))?;
        let tools = self.tool_names();
        let tools: Vec<&str> = tools.iter().map(String::as_str).collect();
        let package = Package::from_files(files, &tools).map_err(|error| from_package(&error))?;
        self.keep_version(&package).await?;
        let made = Made {
            why: VersionReason::Saved,
            note: Some(format!("with the recording {name}")),
        };
        self.list_as(&package, AgentSource::Imported, &made).await?;
        let agent = &package.manifest().agent.name;
        let draft = self.store().draft(agent).await;
        if draft.map_err(|error| from_store(&error))?.is_some() {
            // Who edits the agent meanwhile saves the recording with it.
            self.edit_draft(agent, None, &path, Some(bytes)).await?;
        }
        Ok(PathBuf::from(path))
    }

    /// The imported agent as it is here now, which is what a recording is added to: a folder's
    /// agent of this name, or one that behaves in another way, is another agent.
    async fn imported_now(&self, package: &Package) -> Result<Package, Problem> {
        let name = &package.manifest().agent.name;
        let row = self
            .store()
            .agent(name)
            .await
            .map_err(|error| from_store(&error))?;
        let other = || {
            let message = format!("the agent {name} is not here any more as the run knew it");
            Problem::new(ErrorCode::Conflict, message)
        };
        let row = row.filter(|row| row.source == AgentSource::Imported);
        let current = self.version(row.ok_or_else(other)?.version).await?;
        if current.behaviour_hash() == package.behaviour_hash() {
            Ok(current)
        } else {
            Err(other())
        }
    }
}
