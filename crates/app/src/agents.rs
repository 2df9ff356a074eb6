//! Agents: list, show, make, import, export.

use std::path::{Path, PathBuf};

use slipway_agent::package::{Existing, Package};
use slipway_contract::agent::{AgentDetail, AgentSummary, AgentTool};
use slipway_contract::run::RunSummary;
use slipway_contract::{AgentName, ErrorCode, Problem};
use slipway_store::{AgentRecord, AgentSource, RunQuery};

use crate::problem::{from_io, from_package, from_store};
use crate::target::text_of;
use crate::{App, Target, examples, validate};

impl App {
    /// All agents, the newest changed first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn list_agents(&self) -> Result<Vec<AgentSummary>, Problem> {
        let rows = self
            .store()
            .agents()
            .await
            .map_err(|error| from_store(&error))?;
        let mut agents = Vec::with_capacity(rows.len());
        for row in rows {
            let summary = match self.version(row.version).await {
                Ok(package) => self.summary(&row, &package).await?,
                // One agent that cannot be read must not hide the others.
                Err(problem) => self.unreadable(&row, &problem).await?,
            };
            agents.push(summary);
        }
        Ok(agents)
    }

    /// One agent's page.
    ///
    /// # Errors
    /// There is no such agent, or its folder's package is not valid now.
    pub async fn show_agent(&self, name: &AgentName) -> Result<AgentDetail, Problem> {
        let found = self.find(&Target::Agent(name.clone()), None).await?;
        let row = self
            .store()
            .agent(name)
            .await
            .map_err(|error| from_store(&error))?;
        let row = row.ok_or_else(|| {
            Problem::new(
                ErrorCode::NotFound,
                format!("there is no agent named {name}"),
            )
        })?;
        let package = found.package;
        let filter = RunQuery {
            agent: Some(name.clone()),
            limit: 50,
            ..RunQuery::default()
        };
        let runs = self
            .store()
            .runs(&filter)
            .await
            .map_err(|error| from_store(&error))?;
        let manifest = package.manifest();
        Ok(AgentDetail {
            summary: self.summary(&row, &package).await?,
            instructions: package.instructions().to_owned(),
            readme: package.readme().map(str::to_owned),
            tools: manifest
                .tools
                .iter()
                .map(|entry| AgentTool {
                    name: entry.tool.to_string(),
                    approval: entry.approval,
                })
                .collect(),
            permissions: package.permissions(),
            budget_usd: manifest.limits.budget_usd,
            runs,
        })
    }

    async fn last_run(&self, agent: &AgentName) -> Result<Option<RunSummary>, Problem> {
        let filter = RunQuery {
            agent: Some(agent.clone()),
            limit: 1,
            ..RunQuery::default()
        };
        let runs = self.store().runs(&filter).await;
        let runs = runs.map_err(|error| from_store(&error))?;
        Ok(runs.into_iter().next())
    }

    async fn unreadable(
        &self,
        row: &AgentRecord,
        problem: &Problem,
    ) -> Result<AgentSummary, Problem> {
        Ok(AgentSummary {
            name: row.name.clone(),
            title: row.name.to_string(),
            description: format!("This agent cannot be read: {}", problem.message),
            version: row.version,
            model: String::new(),
            folder: folder_of(row).map(str::to_owned),
            updated_at: row.updated_at,
            last_run: self.last_run(&row.name).await?,
        })
    }

    async fn summary(&self, row: &AgentRecord, package: &Package) -> Result<AgentSummary, Problem> {
        let last_run = self.last_run(&row.name).await?;
        let manifest = package.manifest();
        Ok(AgentSummary {
            name: row.name.clone(),
            title: manifest.agent.title.clone(),
            description: manifest.agent.description.clone(),
            version: package.content_hash(),
            model: manifest.model.model.to_string(),
            folder: folder_of(row).map(str::to_owned),
            updated_at: row.updated_at,
            last_run,
        })
    }

    /// Imports a folder or an archive into this workspace. Starts nothing and connects nowhere.
    ///
    /// # Errors
    /// The package is not valid, or an agent of this name is there and `replace` is not set.
    pub async fn import(&self, path: &Path, replace: bool) -> Result<AgentSummary, Problem> {
        let package = validate::read(path)?;
        let name = package.manifest().agent.name.clone();
        let existing = self
            .store()
            .agent(&name)
            .await
            .map_err(|error| from_store(&error))?;
        if let Some(row) = existing
            && !replace
        {
            let (message, help) = match folder_of(&row) {
                Some(folder) => (
                    format!("an agent named {name} is here already, from the folder {folder}"),
                    "Import with --replace to list the imported package instead; the folder stays as it is.",
                ),
                None if row.version == package.content_hash() => {
                    return self.summary(&row, &package).await;
                }
                None => (
                    format!(
                        "an agent named {name} is here already, in another version ({})",
                        row.version.short()
                    ),
                    "Import with --replace to make this its new version; the old one stays stored.",
                ),
            };
            return Err(Problem::new(ErrorCode::Conflict, message).help(help));
        }
        self.keep_version(&package).await?;
        let row = self.row_of(&package, AgentSource::Imported);
        self.store()
            .import_agent(&row)
            .await
            .map_err(|error| from_store(&error))?;
        self.summary(&row, &package).await
    }

    /// Lists a folder's agent in this workspace, so that it can be found and run by its name.
    ///
    /// # Errors
    /// The package is not valid, or another agent has its name.
    pub async fn add_folder(&self, folder: &Path) -> Result<AgentSummary, Problem> {
        let folder = crate::target::existing_folder(folder)?;
        let package = self.read_folder(&folder)?;
        self.list_folder(&folder, &package).await
    }

    /// Lists a folder's agent as this package, which was read from there.
    pub(crate) async fn list_folder(
        &self,
        folder: &Path,
        package: &Package,
    ) -> Result<AgentSummary, Problem> {
        let name = &package.manifest().agent.name;
        let text = text_of(folder)?.to_owned();
        let existing = self
            .store()
            .agent(name)
            .await
            .map_err(|error| from_store(&error))?;
        if existing.is_some_and(|row| folder_of(&row) != Some(&text)) {
            return Err(Problem::new(
                ErrorCode::Conflict,
                format!("another agent named {name} is here already"),
            )
            .help("Give one of them another name in its agent.toml."));
        }
        self.keep_version(package).await?;
        self.list_as(package, AgentSource::Folder(text)).await
    }

    pub(crate) async fn list_as(
        &self,
        package: &Package,
        source: AgentSource,
    ) -> Result<AgentSummary, Problem> {
        let row = self.row_of(package, source);
        self.store()
            .put_agent(&row)
            .await
            .map_err(|error| from_store(&error))?;
        self.summary(&row, package).await
    }

    fn row_of(&self, package: &Package, source: AgentSource) -> AgentRecord {
        AgentRecord {
            name: package.manifest().agent.name.clone(),
            source,
            version: package.content_hash(),
            updated_at: self.runner().world().clock.now(),
        }
    }

    /// Unpacks the example agents into this home and lists them. Those that are here stay as they are.
    ///
    /// # Errors
    /// A file cannot be written.
    pub async fn add_examples(&self) -> Result<Vec<AgentSummary>, Problem> {
        let mut added = Vec::new();
        for example in examples() {
            let taken = self
                .store()
                .agent(&example.name)
                .await
                .map_err(|error| from_store(&error))?;
            if taken.is_some() {
                continue;
            }
            let folder = self.home().examples().join(example.name.as_str());
            if !folder.join("agent.toml").is_file() {
                example.unpack(&folder)?;
            }
            added.push(self.add_folder(&folder).await?);
        }
        Ok(added)
    }

    /// Writes an agent's package to an archive or, where `to` is a folder's path, to a folder.
    ///
    /// # Errors
    /// There is no such agent, or something is in the way.
    pub async fn export(&self, target: &Target, to: Option<&Path>) -> Result<PathBuf, Problem> {
        let package = self.find(target, None).await?.package;
        let name = &package.manifest().agent.name;
        let to = to.map_or_else(
            || PathBuf::from(format!("{name}.slipway")),
            Path::to_path_buf,
        );
        let extension = to.extension().filter(|_| !ends_in_separator(&to));
        let archive = extension.is_some_and(|extension| extension == "slipway") && !to.is_dir();
        if let Some(extension) = extension.filter(|_| !archive && !to.is_dir()) {
            let message = format!(
                "an agent is not written as .{}: {} would be a folder of that name",
                extension.display(),
                to.display()
            );
            return Err(Problem::new(ErrorCode::InvalidInput, message).help(format!(
                "For an archive, end the name in .slipway. For a folder, end it in {}.",
                std::path::MAIN_SEPARATOR
            )));
        }
        if archive {
            let bytes = package
                .files()
                .to_archive()
                .map_err(|error| from_package(&error))?;
            write_new(&to, &bytes)?;
        } else {
            package
                .files()
                .write_folder(&to, Existing::Refuse)
                .map_err(|error| from_package(&error))?;
        }
        Ok(to)
    }

    /// Takes an agent out of this workspace. Its runs and versions stay; so does its folder.
    ///
    /// # Errors
    /// There is no such agent.
    pub async fn remove_agent(&self, name: &AgentName) -> Result<(), Problem> {
        match self
            .store()
            .remove_agent(name)
            .await
            .map_err(|error| from_store(&error))?
        {
            true => Ok(()),
            false => Err(Problem::new(
                ErrorCode::NotFound,
                format!("there is no agent named {name} here"),
            )),
        }
    }
}

/// The folder of an agent that was opened as one.
pub(crate) fn folder_of(row: &AgentRecord) -> Option<&str> {
    match &row.source {
        AgentSource::Folder(folder) => Some(folder),
        AgentSource::Imported => None,
    }
}

/// Makes a new agent's folder.
///
/// # Errors
/// The folder's name is no agent name, or something is there already.
pub fn new_agent(folder: &Path, name: Option<AgentName>) -> Result<AgentName, Problem> {
    let name = match name {
        Some(name) => name,
        None => folder
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .parse()
            .map_err(|error: slipway_contract::id::InvalidId| {
                Problem::new(ErrorCode::InvalidInput, error.to_string())
                    .help("Name the agent with --name, or choose a folder whose name is one.")
            })?,
    };
    let package = Package::new_from_template(&name).map_err(|error| from_package(&error))?;
    if let Some(parent) = folder
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        std::fs::create_dir_all(parent).map_err(|error| from_io("made", parent, &error))?;
    }
    package
        .files()
        .write_folder(folder, Existing::Refuse)
        .map_err(|error| from_package(&error))?;
    Ok(name)
}

/// Writes a file that must not be there yet.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    use std::io::Write as _;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .map_err(|error| {
            if error.kind() == std::io::ErrorKind::AlreadyExists {
                Problem::new(
                    ErrorCode::Conflict,
                    format!(
                        "{} is there already, and nothing is written over it",
                        path.display()
                    ),
                )
            } else {
                from_io("written", path, &error)
            }
        })?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(|error| from_io("written", path, &error))
}

fn ends_in_separator(path: &Path) -> bool {
    let text = path.as_os_str().as_encoded_bytes();
    text.last()
        .is_some_and(|last| std::path::is_separator(char::from(*last)))
}
