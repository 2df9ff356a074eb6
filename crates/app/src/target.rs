//! What a person names: a folder, or an agent of this workspace.

use std::path::{Path, PathBuf};

use slipway_agent::package::Package;
use slipway_contract::{AgentName, ErrorCode, Problem};
use slipway_runner::Origin;

use crate::App;
use crate::drafts::{DraftPlace, place_of};
use crate::problem::{from_package, from_store};

/// More names than these are no help.
const MANY: usize = 50;

/// An agent by what a person writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A folder with a package.
    Folder(PathBuf),
    /// An agent of this workspace.
    Agent(AgentName),
}

impl Target {
    /// Reads an argument: one that is `.` or `..` or holds a separator is a folder.
    ///
    /// # Errors
    /// It is neither a folder nor a valid name.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        if text == "." || text == ".." || text.contains(['/', std::path::MAIN_SEPARATOR]) {
            return Ok(Self::Folder(PathBuf::from(text)));
        }
        text.parse().map(Self::Agent).map_err(|error| {
            let problem = Problem::new(ErrorCode::InvalidInput, error.to_string());
            if Path::new(text).is_dir() {
                problem.help(format!("For the folder, write ./{text}"))
            } else {
                problem
            }
        })
    }
}

/// A version that was found, and where it came from.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) package: Package,
    pub(crate) origin: Origin,
    /// Absolute.
    pub(crate) workdir: PathBuf,
    /// Whether the working folder is the imported agent's own, which is made when a run starts.
    pub(crate) own_workdir: bool,
}

impl Found {
    /// The folder, for a folder's package.
    pub(crate) fn folder(&self) -> Option<&Path> {
        match &self.origin {
            Origin::Folder(folder) => Some(folder),
            Origin::Imported => None,
        }
    }
}

impl App {
    /// Reads the version that a target names.
    pub(crate) async fn find(
        &self,
        target: &Target,
        workdir: Option<&Path>,
    ) -> Result<Found, Problem> {
        match target {
            Target::Folder(folder) => self.find_in(folder, workdir),
            Target::Agent(name) => {
                let row = self.listed(name).await?;
                if let DraftPlace::NoFolder(folder) = place_of(&row) {
                    return Err(without_folder(name, &folder));
                }
                if let Some(folder) = crate::agents::folder_of(&row) {
                    return self.find_in(Path::new(folder), workdir);
                }
                let present = self.present(&row).await?;
                let package = self.package_of(present.files).map_err(|problem| {
                    problem.help(format!(
                        "Correct it (slipway agents draft put {name} FILE), or take back what was changed (slipway agents draft discard {name})."
                    ))
                })?;
                Ok(Found {
                    package,
                    origin: Origin::Imported,
                    own_workdir: workdir.is_none(),
                    workdir: match workdir {
                        Some(named) => existing_folder(named)?,
                        None => self.own_workdir(name)?,
                    },
                })
            }
        }
    }

    fn find_in(&self, folder: &Path, workdir: Option<&Path>) -> Result<Found, Problem> {
        let folder = existing_folder(folder)?;
        let package = self.read_folder(&folder)?;
        let workdir = workdir.map_or_else(|| Ok(folder.clone()), existing_folder)?;
        Ok(Found {
            package,
            origin: Origin::Folder(folder),
            workdir,
            own_workdir: false,
        })
    }

    pub(crate) fn read_folder(&self, folder: &Path) -> Result<Package, Problem> {
        let tools = self.tool_names();
        let tools: Vec<&str> = tools.iter().map(String::as_str).collect();
        Package::read_folder(folder, &tools).map_err(|error| from_package(&error))
    }

    pub(crate) async fn no_such_agent(&self, name: &AgentName) -> Problem {
        let names: Vec<String> = match self.store().agents().await {
            Ok(rows) => rows.into_iter().map(|row| row.name.to_string()).collect(),
            Err(error) => return from_store(&error),
        };
        let problem = Problem::new(
            ErrorCode::NotFound,
            format!("there is no agent named {name} here"),
        );
        if self.removed_at(name).await.is_some() {
            return problem.help(format!(
                "It was removed; put it back: slipway agents remove {name} --undo"
            ));
        }
        if Path::new(name.as_str()).is_dir() {
            return problem.help(format!("For the folder, write ./{name}"));
        }
        match names.as_slice() {
            [] => problem.help("Import one (slipway import FILE), make one (slipway new FOLDER), or run a folder (slipway run ./FOLDER)."),
            some if some.len() > MANY => problem.help("`slipway agents list --search TEXT` finds the agents that are here."),
            some => problem.help(format!("The agents here are: {}.", some.join(", "))),
        }
    }

    /// The folder may not be there yet; its path is the one that it will have.
    pub(crate) fn own_workdir(&self, name: &AgentName) -> Result<PathBuf, Problem> {
        let folder = self.home().workdir_of(name);
        let mut above = folder.as_path();
        while std::fs::symlink_metadata(above).is_err() {
            let Some(parent) = above.parent() else { break };
            above = parent;
        }
        let below = folder.strip_prefix(above).unwrap_or(Path::new(""));
        let above = existing_folder(above)?;
        Ok(if below.as_os_str().is_empty() {
            above
        } else {
            above.join(below)
        })
    }
}

fn without_folder(name: &AgentName, folder: &Path) -> Problem {
    let message = format!("the folder of {name} is not here: {}", folder.display());
    Problem::new(ErrorCode::NotFound, message).help(format!(
        "Put it back, or write it anew from a version: slipway agents versions {name}, slipway agents restore {name} VERSION"
    ))
}

/// The absolute path of a folder that is there, its links resolved.
pub(crate) fn existing_folder(folder: &Path) -> Result<PathBuf, Problem> {
    let found = folder.canonicalize().map_err(|error| {
        Problem::new(
            ErrorCode::NotFound,
            format!(
                "the folder {} could not be opened: {error}",
                folder.display()
            ),
        )
    })?;
    text_of(&found)?;
    if found.is_dir() {
        Ok(found)
    } else {
        let message = format!("{} is a file, and a folder is needed", folder.display());
        let problem = Problem::new(ErrorCode::InvalidInput, message);
        let archive = folder
            .extension()
            .is_some_and(|extension| extension == "slipway");
        Err(if archive {
            problem.help("Import the archive first: slipway import FILE")
        } else if folder.ends_with("agent.toml") {
            problem.help("Name the folder that the file is in.")
        } else {
            problem
        })
    }
}

/// A folder's path as it is stored and journalled: a changed one is another folder.
pub(crate) fn text_of(folder: &Path) -> Result<&str, Problem> {
    folder.to_str().ok_or_else(|| {
        let message = format!(
            "the folder {} cannot be used: its path is not valid UTF-8",
            folder.display()
        );
        Problem::new(ErrorCode::InvalidInput, message).help("Rename the folder, or choose another.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_make_a_folder() {
        assert_eq!(Target::parse(".").unwrap(), Target::Folder(".".into()));
        assert_eq!(
            Target::parse("examples/x").unwrap(),
            Target::Folder("examples/x".into())
        );
        assert_eq!(
            Target::parse("expense-report").unwrap(),
            Target::Agent("expense-report".parse().unwrap())
        );
        assert!(Target::parse("Not A Name").is_err());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_folder_whose_path_is_no_text_is_refused() {
        use std::os::unix::ffi::OsStrExt as _;
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join(std::ffi::OsStr::from_bytes(b"odd-\xff"));
        std::fs::create_dir(&odd).unwrap();
        let problem = existing_folder(&odd).unwrap_err();
        assert_eq!(problem.code, ErrorCode::InvalidInput);
        assert!(problem.message.contains("not valid UTF-8"), "{problem}");
    }
}
