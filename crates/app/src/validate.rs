//! Checking a package. Starts nothing, connects nowhere, writes nothing, opens no database.

use std::path::Path;

use slipway_agent::package::Package;
use slipway_agent::package::manifest::ModelChoice;
use slipway_contract::model::ModelRef;
use slipway_contract::permission::Permission;
use slipway_contract::{AgentName, ContentHash, ErrorCode, Problem};

use crate::problem::from_package;
use crate::{Home, providers};

/// What is known of a valid package.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Validated {
    /// The agent.
    pub name: AgentName,
    /// Its title.
    pub title: String,
    /// Hash of all files.
    pub version: ContentHash,
    /// Hash of the files that decide how it behaves.
    pub behaviour: ContentHash,
    /// How many files it has.
    pub files: usize,
    /// All that it asks for.
    pub permissions: Vec<Permission>,
    /// What is allowed and hardly meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// What hardly is meant: a provider that neither this version nor the person's own file knows. A
/// later version or another person may know it, so that it does not make a package invalid.
fn notes_on(model: &ModelChoice) -> Vec<String> {
    let own = Home::find().ok().map(|home| home.providers());
    let file = own.as_deref().unwrap_or_else(|| Path::new(""));
    let named = std::iter::once(("model.use", &model.model));
    let named = named.chain(model.fallback.iter().map(|model| ("model.fallback", model)));
    let wrong = |(key, model): (&str, &ModelRef)| {
        // What is wrong in that file is not this package's.
        let problem = providers::check(file, &model.provider)
            .err()
            .filter(|problem| problem.code == ErrorCode::NotFound)?;
        let help = problem.help.unwrap_or_default();
        Some(format!(
            "{key} names {model}, and {}. {help}",
            problem.message
        ))
    };
    named.filter_map(wrong).collect()
}

/// Checks a folder or an archive.
///
/// # Errors
/// Everything that is wrong, each with file, line and key.
pub fn validate(path: &Path) -> Result<Validated, Problem> {
    let package = read(path)?;
    Ok(Validated {
        name: package.manifest().agent.name.clone(),
        title: package.manifest().agent.title.clone(),
        version: package.content_hash(),
        behaviour: package.behaviour_hash(),
        files: package.files().len(),
        permissions: package.permissions(),
        notes: notes_on(&package.manifest().model),
    })
}

/// What is allowed and hardly meant.
pub(crate) fn notes(package: &Package) -> Vec<String> {
    notes_on(&package.manifest().model)
}

/// Reads a package from a folder or an archive.
pub(crate) fn read(path: &Path) -> Result<Package, Problem> {
    let tools: Vec<String> = slipway_runner::tool_names();
    let tools: Vec<&str> = tools.iter().map(String::as_str).collect();
    let unreadable = |error: std::io::Error| {
        Problem::new(
            ErrorCode::NotFound,
            format!("{} could not be opened: {error}", path.display()),
        )
    };
    let found = std::fs::metadata(path).map_err(unreadable)?;
    if found.is_dir() {
        return Package::read_folder(path, &tools).map_err(|error| from_package(&error));
    }
    if !found.is_file() {
        let message = format!("{} is neither a folder nor a file", path.display());
        return Err(Problem::new(ErrorCode::InvalidInput, message));
    }
    if found.len() > slipway_agent::package::MAX_ARCHIVE_BYTES {
        let most = slipway_agent::package::MAX_ARCHIVE_BYTES >> 20;
        let message = format!(
            "{} is larger than an archive may be ({most} MiB)",
            path.display()
        );
        return Err(Problem::new(ErrorCode::InvalidPackage, message));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    Package::read_archive(&bytes, &tools).map_err(|error| from_package(&error))
}
