//! Checking a package. Starts nothing, connects nowhere, writes nothing, opens no database.

use std::path::Path;

use slipway_agent::package::Package;
use slipway_contract::model::ModelRef;
use slipway_contract::permission::Permission;
use slipway_contract::{AgentName, ContentHash, ErrorCode, Problem};

use crate::problem::from_package;

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

/// The providers that this version knows.
const PROVIDERS: [&str; 3] = ["openai", "local", "recording"];

/// A later version may know more providers, so an unknown one does not make a package invalid.
fn note_on(model: &ModelRef) -> Option<String> {
    let provider = model.provider.as_str();
    if PROVIDERS.contains(&provider) {
        return None;
    }
    let meant = PROVIDERS
        .into_iter()
        .filter(|known| strsim::jaro_winkler(known, provider) > 0.8)
        .map(|known| format!("; did you mean \"{known}/{}\"?", model.model))
        .next()
        .unwrap_or_else(|| format!(": it knows {}", PROVIDERS.join(", ")));
    Some(format!(
        "model.use: this version of Slipway knows no provider \"{provider}\"{meant}"
    ))
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
        notes: note_on(&package.manifest().model.model)
            .into_iter()
            .collect(),
    })
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
