//! New agents: blank, from a template, as a copy of another one; and another title.

use slipway_agent::package::edit::ManifestText;
use slipway_agent::package::path::MANIFEST;
use slipway_agent::package::{Files, Package, TEMPLATES, Template};
use slipway_contract::agent::{AgentExample, AgentSummary, AgentTemplate};
use slipway_contract::version::VersionReason;
use slipway_contract::visible::deceives;
use slipway_contract::{AgentName, ErrorCode, Problem};
use slipway_store::{AgentSource, Made};

use crate::problem::from_package;
use crate::{App, examples};

/// The most bytes of a name.
const NAME: usize = 64;
/// The most characters of a title, as the format has it.
const TITLE: usize = 100;

/// What a new agent can begin from.
#[must_use]
pub fn templates() -> Vec<AgentTemplate> {
    let tools = slipway_runner::tool_names();
    let tools: Vec<&str> = tools.iter().map(String::as_str).collect();
    TEMPLATES
        .into_iter()
        .filter_map(|template| {
            let name: AgentName = template.name.parse().ok()?;
            let package = Package::from_template(template, &name, &tools).ok()?;
            let manifest = package.manifest();
            Some(AgentTemplate {
                name: template.name.to_owned(),
                title: manifest.agent.title.clone(),
                description: manifest.agent.description.clone(),
                tools: manifest
                    .tools
                    .iter()
                    .map(|entry| entry.tool.to_string())
                    .collect(),
            })
        })
        .collect()
}

impl App {
    /// Makes an agent in this workspace, without a folder: blank, or from a template.
    ///
    /// # Errors
    /// Another agent has the name, the title is none, or there is no such template.
    pub async fn create_agent(
        &self,
        name: &AgentName,
        title: Option<&str>,
        template: Option<&str>,
    ) -> Result<AgentSummary, Problem> {
        self.must_be_free(name).await?;
        let package = new_package(name, title, template)?;
        let made = Made {
            why: VersionReason::Saved,
            note: Some(match template {
                Some(template) => format!("new, from the template {template}"),
                None => "new".to_owned(),
            }),
        };
        self.keep_version(&package).await?;
        self.list_as(&package, AgentSource::Imported, &made).await
    }

    /// Copies an agent's package as it is now, saved or not, under another name. Nothing that was
    /// granted to it is granted to the copy.
    ///
    /// # Errors
    /// There is no such agent, its package is not valid, or another agent has the name.
    pub async fn duplicate_agent(
        &self,
        agent: &AgentName,
        name: &AgentName,
        title: Option<&str>,
    ) -> Result<AgentSummary, Problem> {
        let row = self.listed(agent).await?;
        self.must_be_free(name).await?;
        let present = self.present(&row).await?;
        let findings = self.findings(agent, present.files.clone());
        if !findings.is_empty() {
            let message = format!("{agent} cannot be duplicated: it is not valid");
            let mut problem = Problem::new(ErrorCode::InvalidPackage, message)
                .help("Correct what the findings name, or go back to a version of it.");
            problem.findings = findings;
            return Err(problem);
        }
        let package = self.package_of(renamed(&present.files, Some(name), title)?)?;
        let made = Made {
            why: VersionReason::Saved,
            note: Some(format!("copied from {agent}")),
        };
        self.keep_version(&package).await?;
        self.list_as(&package, AgentSource::Imported, &made).await
    }

    /// Gives an agent another title: in its agent.toml, where the author's comments stay.
    ///
    /// # Errors
    /// There is no such agent, the title is none, or its agent.toml is not TOML.
    pub async fn rename_agent(
        &self,
        agent: &AgentName,
        title: &str,
    ) -> Result<AgentSummary, Problem> {
        let draft = self.draft(agent).await?;
        let text = self.draft_file(agent, MANIFEST).await?;
        let text = retitled(&text, None, Some(title))?;
        self.edit_draft(agent, Some(draft.hash), MANIFEST, Some(text))
            .await?;
        self.agent_summary(agent).await
    }

    /// The example agents that come with Slipway.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn list_examples(&self) -> Result<Vec<AgentExample>, Problem> {
        let mut listed = Vec::new();
        for example in examples() {
            let package = example.package()?;
            let about = &package.manifest().agent;
            listed.push(AgentExample {
                is_here: self.is_here(&example.name).await?,
                name: example.name,
                title: about.title.clone(),
                description: about.description.clone(),
            });
        }
        Ok(listed)
    }

    pub(crate) async fn must_be_free(&self, name: &AgentName) -> Result<(), Problem> {
        if self.is_here(name).await? {
            let message = format!("another agent named {name} is here already");
            return Err(Problem::new(ErrorCode::Conflict, message).help("Choose another name."));
        }
        Ok(())
    }

    /// A name like this one that nobody has.
    pub(crate) async fn free_name(&self, like: &AgentName) -> Result<AgentName, Problem> {
        let like = like.as_str();
        for number in 2..10_000_u32 {
            let ending = format!("-{number}");
            let most = NAME.saturating_sub(ending.len());
            // A name is ASCII, and ends in no hyphen.
            let stem = like.get(..like.len().min(most)).unwrap_or("agent");
            let name = format!("{}{ending}", stem.trim_end_matches('-'));
            if let Ok(name) = name.parse()
                && !self.is_here(&name).await?
            {
                return Ok(name);
            }
        }
        let message = format!("there are too many agents with names like {like}");
        Err(Problem::new(ErrorCode::Conflict, message))
    }
}

/// The package of a new agent.
pub(crate) fn new_package(
    name: &AgentName,
    title: Option<&str>,
    template: Option<&str>,
) -> Result<Package, Problem> {
    let tools = slipway_runner::tool_names();
    let tools: Vec<&str> = tools.iter().map(String::as_str).collect();
    let package = match template {
        None => Package::new_from_template(name),
        Some(template) => {
            let found = Template::named(template).ok_or_else(|| no_such_template(template))?;
            Package::from_template(found, name, &tools)
        }
    };
    let package = package.map_err(|error| from_package(&error))?;
    let Some(title) = title else {
        return Ok(package);
    };
    let files = renamed(package.files(), None, Some(title))?;
    let files = retold(&files, &package.manifest().agent.title, title)?;
    Package::from_files(files, &tools).map_err(|error| from_package(&error))
}

/// A new agent's texts name its title.
fn retold(files: &Files, before: &str, title: &str) -> Result<Files, Problem> {
    let title = title.trim();
    let mut told = files.clone();
    for (path, bytes) in files.iter() {
        if path.as_str() == MANIFEST {
            continue;
        }
        let text = String::from_utf8_lossy(bytes);
        for (begin, end) in [("# ", "\n"), ("You are ", ".")] {
            let first = format!("{begin}{before}{end}");
            if let Some(rest) = text.strip_prefix(&first) {
                let text = format!("{begin}{title}{end}{rest}");
                told = told
                    .with(path.clone(), text.into_bytes())
                    .map_err(|error| from_package(&error))?;
            }
        }
    }
    Ok(told)
}

/// The same files, whose agent.toml says another name or title.
pub(crate) fn renamed(
    files: &Files,
    name: Option<&AgentName>,
    title: Option<&str>,
) -> Result<Files, Problem> {
    let text = files.get(MANIFEST).unwrap_or_default();
    let text = retitled(text, name, title)?;
    let path = MANIFEST
        .parse()
        .map_err(|_| Problem::new(ErrorCode::Internal, "agent.toml is no path"))?;
    files
        .clone()
        .with(path, text)
        .map_err(|error| from_package(&error))
}

fn retitled(
    text: &[u8],
    name: Option<&AgentName>,
    title: Option<&str>,
) -> Result<Vec<u8>, Problem> {
    let text = std::str::from_utf8(text)
        .map_err(|_| Problem::new(ErrorCode::InvalidPackage, "agent.toml is not UTF-8 text"))?;
    let mut toml = ManifestText::parse(text)
        .map_err(|error| Problem::new(ErrorCode::InvalidPackage, error.to_string()))?;
    let title = title.map(checked_title).transpose()?;
    let name = name.map(|name| ("name", name.as_str()));
    for (key, value) in name.into_iter().chain(title.map(|title| ("title", title))) {
        toml.set(&["agent".into(), key.into()], &value.into())
            .map_err(|error| Problem::new(ErrorCode::InvalidPackage, error.to_string()))?;
    }
    Ok(toml.to_string().into_bytes())
}

fn checked_title(title: &str) -> Result<&str, Problem> {
    let title = title.trim();
    let wrong = if title.is_empty() {
        "a title has at least one character".to_owned()
    } else if title.chars().count() > TITLE {
        let count = title.chars().count();
        format!("the title has {count} characters, and {TITLE} are the most")
    } else if let Some(hidden) = title.chars().find(|c| c.is_control() || deceives(*c)) {
        format!("the title holds {hidden:?}, which people cannot see")
    } else {
        return Ok(title);
    };
    Err(Problem::new(ErrorCode::InvalidInput, wrong).help("Write another title."))
}

fn no_such_template(name: &str) -> Problem {
    let names: Vec<&str> = TEMPLATES.iter().map(|template| template.name).collect();
    let name: String = name.chars().take(80).collect();
    let message = format!("there is no template named {name:?}");
    Problem::new(ErrorCode::NotFound, message)
        .help(format!("The templates are: {}.", names.join(", ")))
}
