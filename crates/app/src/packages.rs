//! Packages: import, export, and a new one to begin from.

use std::path::{Path, PathBuf};

use slipway_agent::package::Existing;
use slipway_contract::agent::AgentSummary;
use slipway_contract::version::VersionReason;
use slipway_contract::{AgentName, ContentHash, ErrorCode, Problem};
use slipway_store::{AgentSource, Made};

use crate::agents::{folder_of, new_package, renamed};
use crate::problem::{from_io, from_package, from_store};
use crate::{App, Target, validate};

/// How a package is imported.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Import {
    /// Only the package of this hash: what a person saw.
    pub hash: Option<ContentHash>,
    /// In the place of an agent that has its name.
    pub replace: bool,
    /// Under another name.
    pub name: Option<AgentName>,
}

impl App {
    /// Imports a folder or an archive into this workspace. Starts nothing and connects nowhere.
    ///
    /// # Errors
    /// The package is not valid, or an agent of this name is there and `replace` is not set.
    pub async fn import(&self, path: &Path, replace: bool) -> Result<AgentSummary, Problem> {
        let import = Import {
            replace,
            ..Import::default()
        };
        self.import_package(path, import).await
    }

    /// The same, with more to say about how.
    ///
    /// # Errors
    /// As [`Self::import`]; [`ErrorCode::Conflict`], too, where the package is another than the one
    /// that is wanted.
    pub async fn import_package(
        &self,
        path: &Path,
        import: Import,
    ) -> Result<AgentSummary, Problem> {
        let place = path.to_owned();
        let read = tokio::task::spawn_blocking(move || validate::read(&place)).await;
        let package = read.map_err(|error| stopped(&error))??;
        if import
            .hash
            .is_some_and(|hash| hash != package.content_hash())
        {
            return Err(changed_since(path));
        }
        let package = match &import.name {
            None => package,
            Some(name) => {
                self.must_be_free(name).await?;
                self.package_of(renamed(package.files(), Some(name), None)?)?
            }
        };
        let name = package.manifest().agent.name.clone();
        let existing = self
            .store()
            .agent(&name)
            .await
            .map_err(|error| from_store(&error))?;
        if let Some(row) = existing
            && !import.replace
        {
            let (message, help) = match folder_of(&row) {
                Some(folder) => (
                    format!("an agent named {name} is here already, from the folder {folder}"),
                    "Import with --replace to list the imported package instead (the folder stays as it is), or with --name under another name.",
                ),
                None if row.version == package.content_hash() => {
                    return self.summary(&row, &package).await;
                }
                None => (
                    format!(
                        "an agent named {name} is here already, in another version ({})",
                        row.version.short()
                    ),
                    "Import with --replace to make this its new version (the old one stays stored), or with --name under another name.",
                ),
            };
            return Err(Problem::new(ErrorCode::Conflict, message).help(help));
        }
        self.save_stored_draft(&name, "before another package was imported")
            .await?;
        self.keep_version(&package).await?;
        let row = self.row_of(&package, AgentSource::Imported);
        self.store()
            .import_agent(&row, &Made::by(VersionReason::Imported))
            .await
            .map_err(|error| from_store(&error))?;
        self.summary(&row, &package).await
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
        if is_archive("an agent", &to, &[".slipway"])? {
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
}

pub(crate) fn stopped(error: &tokio::task::JoinError) -> Problem {
    Problem::new(
        ErrorCode::Internal,
        format!("reading the package stopped: {error}"),
    )
}

fn changed_since(path: &Path) -> Problem {
    let message = format!(
        "nothing was imported: {} holds another package than the one that was shown",
        path.display()
    );
    Problem::new(ErrorCode::Conflict, message).help("Look at what is there now, and import that.")
}

/// Makes a new agent's folder, blank or from a template.
///
/// # Errors
/// The folder's name is no agent name, something is there already, or there is no such template.
pub fn new_agent(
    folder: &Path,
    name: Option<AgentName>,
    template: Option<&str>,
) -> Result<AgentName, Problem> {
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
    let package = new_package(&name, None, template)?;
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

/// Whether a file's name asks for an archive; else it is a folder's.
///
/// # Errors
/// The name ends like that of another kind of file, which nobody wants as a folder.
pub(crate) fn is_archive(what: &str, to: &Path, endings: &[&str]) -> Result<bool, Problem> {
    if to.is_dir() || ends_in_separator(to) {
        return Ok(false);
    }
    let name = to.file_name().unwrap_or_default();
    let name = name.to_string_lossy().to_lowercase();
    let is_named = |ending: &&str| name.ends_with(*ending) && name.len() > ending.len();
    if endings.iter().any(is_named) {
        return Ok(true);
    }
    let Some(extension) = to.extension() else {
        return Ok(false);
    };
    let message = format!(
        "{what} is not written as .{}: {} would be a folder of that name",
        extension.display(),
        to.display()
    );
    Err(Problem::new(ErrorCode::InvalidInput, message).help(format!(
        "For an archive, end the name in {}. For a folder, end it in {}.",
        endings.join(" or "),
        std::path::MAIN_SEPARATOR
    )))
}

fn ends_in_separator(path: &Path) -> bool {
    let text = path.as_os_str().as_encoded_bytes();
    text.last()
        .is_some_and(|last| std::path::is_separator(char::from(*last)))
}
