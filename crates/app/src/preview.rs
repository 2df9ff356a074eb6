//! Looking at a package before it is imported. Starts nothing, connects nowhere, keeps nothing.

use std::path::Path;

use slipway_agent::package::Package;
use slipway_contract::agent::{AgentTool, PackageName, PackagePreview};
use slipway_contract::{AgentName, Problem};

use crate::agents::folder_of;
use crate::packages::stopped;
use crate::problem::from_store;
use crate::{App, validate};

impl App {
    /// What a folder or an archive says of itself and asks for. Its import is bound to the hash.
    ///
    /// # Errors
    /// There is no valid package.
    pub async fn preview_package(&self, path: &Path) -> Result<PackagePreview, Problem> {
        let place = path.to_owned();
        let read = tokio::task::spawn_blocking(move || validate::read(&place)).await;
        let package = read.map_err(|error| stopped(&error))??;
        let manifest = package.manifest();
        let about = &manifest.agent;
        let models = std::iter::once(&manifest.model.model).chain(&manifest.model.fallback);
        Ok(PackagePreview {
            path: path.display().to_string(),
            name: about.name.clone(),
            title: about.title.clone(),
            description: about.description.clone(),
            version: about.version.clone(),
            license: about.license.clone(),
            authors: about.authors.clone(),
            tags: about.tags.clone(),
            models: models.map(ToString::to_string).collect(),
            tools: tools(&package),
            permissions: package.permissions(),
            files: package.files().len() as u64,
            size: package.files().total_bytes(),
            hash: package.content_hash(),
            standing: self.standing(&about.name, &package).await?,
            notes: validate::notes(&package),
        })
    }

    async fn standing(&self, name: &AgentName, package: &Package) -> Result<PackageName, Problem> {
        let row = self.store().agent(name).await;
        let Some(row) = row.map_err(|error| from_store(&error))? else {
            return Ok(PackageName::Free);
        };
        if folder_of(&row).is_none() && row.version == package.content_hash() {
            return Ok(PackageName::Same);
        }
        let summary = self.agent_summary(name).await?;
        Ok(PackageName::Taken {
            title: summary.title,
            folder: summary.folder,
            version: row.version,
            free: self.free_name(name).await?,
        })
    }
}

fn tools(package: &Package) -> Vec<AgentTool> {
    let tools = package.manifest().tools.iter();
    tools
        .map(|entry| AgentTool {
            name: entry.tool.to_string(),
            approval: entry.approval,
        })
        .collect()
}
