//! Agents: show, add, and what lists say of them.

mod aside;
mod card;
mod changes;
mod list;
mod make;
#[cfg(test)]
mod tests;

pub(crate) use changes::ToldAgents;
pub use make::templates;
pub(crate) use make::{new_package, renamed};

use std::path::Path;

use slipway_agent::package::Package;
use slipway_contract::agent::{AgentDetail, AgentSummary, AgentTool};
use slipway_contract::history::{RunFilter, RunQuery};
use slipway_contract::version::VersionReason;
use slipway_contract::{AgentName, ErrorCode, Problem};
use slipway_store::{AgentRecord, AgentSource, Made};

use crate::problem::from_store;
use crate::target::text_of;
use crate::{App, Example, Target, examples};

impl App {
    /// One agent's page.
    ///
    /// # Errors
    /// There is no such agent, or neither what it is now nor its newest version can be read.
    pub async fn show_agent(&self, name: &AgentName) -> Result<AgentDetail, Problem> {
        let row = self.listed(name).await?;
        // Of one that cannot be run now, what is known is its newest version.
        let (package, problem) = match self.find(&Target::Agent(name.clone()), None).await {
            Ok(found) => (found.package, None),
            Err(problem) => match self.version(row.version).await {
                Ok(package) => (package, Some(self.with_a_remedy(&row, problem))),
                Err(_) => return Err(problem),
            },
        };
        let filter = RunQuery {
            filter: RunFilter {
                agents: vec![name.clone()],
                ..RunFilter::default()
            },
            ..RunQuery::default()
        };
        let runs = self
            .store()
            .runs(&filter)
            .await
            .map_err(|error| from_store(&error))?;
        let manifest = package.manifest();
        Ok(AgentDetail {
            summary: AgentSummary {
                problem,
                ..self.summary(&row, &package).await?
            },
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

    /// The problem of an agent's folder or draft, with the way back to a version.
    fn with_a_remedy(&self, row: &AgentRecord, problem: Problem) -> Problem {
        let name = &row.name;
        let anew = format!("slipway agents restore {name} VERSION");
        let said = problem.help.clone().unwrap_or_default();
        match folder_of(row) {
            Some(folder) if !said.contains(&anew) => {
                let said = match said.as_str() {
                    "" => format!("Correct what lies in {folder}."),
                    said => said.to_owned(),
                };
                let help = format!(
                    "{said}\nOr write it anew from a version: slipway agents versions {name}, {anew}"
                );
                problem.help(help)
            }
            _ => problem,
        }
    }

    pub(crate) async fn summary(
        &self,
        row: &AgentRecord,
        package: &Package,
    ) -> Result<AgentSummary, Problem> {
        let shown = self.store().agent_row(&row.name).await;
        let shown = shown.map_err(|error| from_store(&error))?;
        let manifest = package.manifest();
        let mut summary = AgentSummary {
            name: row.name.clone(),
            title: manifest.agent.title.clone(),
            description: manifest.agent.description.clone(),
            tags: manifest.agent.tags.clone(),
            version: package.content_hash(),
            model: manifest.model.model.to_string(),
            folder: folder_of(row).map(str::to_owned),
            updated_at: row.updated_at,
            archived_at: None,
            last_run: None,
            cost_this_month: None,
            problem: None,
        };
        if let Some(shown) = shown {
            summary.updated_at = shown.record.updated_at;
            summary.archived_at = shown.archived_at;
            summary.last_run = shown.last_run;
            summary.cost_this_month = shown.cost_this_month;
        }
        Ok(summary)
    }

    /// Lists a folder's agent in this workspace, so that it can be found and run by its name.
    ///
    /// # Errors
    /// The package is not valid, or another agent has its name.
    pub async fn add_folder(&self, folder: &Path) -> Result<AgentSummary, Problem> {
        let folder = crate::target::existing_folder(folder)?;
        let package = self.read_folder(&folder)?;
        let made = Made::by(VersionReason::Saved);
        self.list_folder(&folder, &package, &made).await
    }

    /// Lists a folder's agent as this package, which was read from there.
    pub(crate) async fn list_folder(
        &self,
        folder: &Path,
        package: &Package,
        made: &Made,
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
        self.list_as(package, AgentSource::Folder(text), made).await
    }

    pub(crate) async fn list_as(
        &self,
        package: &Package,
        source: AgentSource,
        made: &Made,
    ) -> Result<AgentSummary, Problem> {
        let row = self.row_of(package, source);
        self.store()
            .put_agent(&row, made)
            .await
            .map_err(|error| from_store(&error))?;
        self.summary(&row, package).await
    }

    /// What an imported agent is, now that a run of it begins, is a version of it from here on.
    pub(crate) async fn settle_draft(&self, package: &Package) -> Result<(), Problem> {
        let name = &package.manifest().agent.name;
        let draft = self
            .store()
            .draft(name)
            .await
            .map_err(|error| from_store(&error))?;
        if draft.is_some_and(|draft| draft.hash == package.content_hash()) {
            let row = self.row_of(package, AgentSource::Imported);
            self.store()
                .put_agent(&row, &Made::by(VersionReason::BeforeRun))
                .await
                .map_err(|error| from_store(&error))?;
        }
        Ok(())
    }

    pub(crate) fn row_of(&self, package: &Package, source: AgentSource) -> AgentRecord {
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
            if self.is_here(&example.name).await? {
                continue;
            }
            added.push(self.unpack_example(&example).await?);
        }
        Ok(added)
    }

    /// Unpacks one example into this home and lists it. One that is here stays as it is.
    ///
    /// # Errors
    /// There is no such example, or a file cannot be written.
    pub async fn add_example(&self, example: &str) -> Result<AgentSummary, Problem> {
        let example = Example::named(example)?;
        if self.is_here(&example.name).await? {
            return self.agent_summary(&example.name).await;
        }
        self.unpack_example(&example).await
    }

    async fn unpack_example(&self, example: &Example) -> Result<AgentSummary, Problem> {
        let folder = self.home().examples().join(example.name.as_str());
        if !folder.join("agent.toml").is_file() {
            example.unpack(&folder)?;
        }
        self.add_folder(&folder).await
    }

    pub(crate) async fn is_here(&self, name: &AgentName) -> Result<bool, Problem> {
        let row = self.store().agent(name).await;
        Ok(row.map_err(|error| from_store(&error))?.is_some())
    }
}

/// The folder of an agent that was opened as one.
pub(crate) fn folder_of(row: &AgentRecord) -> Option<&str> {
    match &row.source {
        AgentSource::Folder(folder) => Some(folder),
        AgentSource::Imported => None,
    }
}
