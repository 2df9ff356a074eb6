//! Drafts: an agent as it is being edited. An agent of a folder has its draft there; any other
//! agent has it in the store, until it is saved as a version or run.

mod conflict;
mod edit;
mod form;
mod page;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::path::{Path, PathBuf};

use slipway_agent::package::{Files, Package, PackagePath, hash};
use slipway_contract::error::Finding;
use slipway_contract::version::{Draft, DraftFile, RestoredVersion, VersionReason};
use slipway_contract::{AgentName, ContentHash, ErrorCode, Problem};
use slipway_store::{AgentRecord, Made};

use crate::App;
use crate::agents::folder_of;
use crate::problem::{from_io, from_package, from_store};

/// An agent as it is now, saved or not.
pub(crate) struct Present {
    pub(crate) files: Files,
    pub(crate) place: DraftPlace,
}

/// Where an agent's draft is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DraftPlace {
    /// In the agent's folder.
    Folder(PathBuf),
    /// In the store, because the agent has no folder.
    Store,
    /// In the store, because the agent's folder is not on this machine.
    NoFolder(PathBuf),
}

impl Present {
    pub(crate) fn hash(&self) -> ContentHash {
        hash::content(&self.files)
    }
}

impl App {
    /// The agent's row, or who is here instead.
    pub(crate) async fn listed(&self, name: &AgentName) -> Result<AgentRecord, Problem> {
        let row = self
            .store()
            .agent(name)
            .await
            .map_err(|error| from_store(&error))?;
        match row {
            Some(row) => Ok(row),
            None => Err(self.no_such_agent(name).await),
        }
    }

    /// What an agent is now: its folder or, without one, its draft or its version.
    pub(crate) async fn present(&self, row: &AgentRecord) -> Result<Present, Problem> {
        let place = place_of(row);
        if let DraftPlace::Folder(folder) = &place {
            let files = Files::read_folder(folder).map_err(|error| from_package(&error))?;
            return Ok(Present { files, place });
        }
        let draft = self
            .store()
            .draft(&row.name)
            .await
            .map_err(|error| from_store(&error))?;
        let files = match draft {
            None => self.version_files(row.version).await?,
            Some(draft) => {
                let mut files = self.version_files(draft.base).await?;
                for (path, content) in draft.changes {
                    let path = stored_path(&path)?;
                    files = match content {
                        Some(content) => files
                            .with(path, content)
                            .map_err(|error| from_package(&error))?,
                        None => files.without(&path),
                    };
                }
                files
            }
        };
        Ok(Present { files, place })
    }

    /// An agent's draft: what is there now, with what is wrong with it.
    ///
    /// # Errors
    /// There is no such agent, or its files cannot be read.
    pub async fn draft(&self, agent: &AgentName) -> Result<Draft, Problem> {
        let row = self.listed(agent).await?;
        let present = self.present(&row).await?;
        Ok(self.shown(&row, &present))
    }

    /// The content of a file of an agent's draft.
    ///
    /// # Errors
    /// As [`Self::draft`]; there is no such file.
    pub async fn draft_file(&self, agent: &AgentName, path: &str) -> Result<Vec<u8>, Problem> {
        let row = self.listed(agent).await?;
        let present = self.present(&row).await?;
        let content = present.files.get(path).map(<[u8]>::to_vec);
        content.ok_or_else(|| no_such_file(agent, path))
    }

    /// Takes back everything that was changed since the agent's newest version. What it was is
    /// saved as a version first. Of a folder's agent only the package's own files are put back.
    ///
    /// # Errors
    /// [`ErrorCode::Conflict`] when the draft is not the one that was seen.
    pub async fn discard_draft(
        &self,
        agent: &AgentName,
        seen: Option<ContentHash>,
    ) -> Result<Draft, Problem> {
        let row = self.listed(agent).await?;
        let was = self.present(&row).await?.hash();
        self.discard_draft_for(agent, seen.unwrap_or(was)).await?;
        self.draft(agent).await
    }

    /// The same, and says what was kept, so that it can be taken up again.
    ///
    /// # Errors
    /// As there.
    pub async fn discard_draft_for(
        &self,
        agent: &AgentName,
        seen: ContentHash,
    ) -> Result<RestoredVersion, Problem> {
        let row = self.listed(agent).await?;
        if self.present(&row).await?.hash() != seen {
            return Err(changed_meanwhile(agent));
        }
        self.restore_agent(agent, &row.version.to_string()).await
    }

    /// Saves a draft that lies in the store as a version, because it is about to go.
    pub(crate) async fn save_stored_draft(
        &self,
        agent: &AgentName,
        why: &str,
    ) -> Result<(), Problem> {
        let row = self.store().agent(agent).await;
        let Some(row) = row.map_err(|error| from_store(&error))? else {
            return Ok(());
        };
        let draft = self.store().draft(agent).await;
        if draft.map_err(|error| from_store(&error))?.is_none() {
            return Ok(());
        }
        let present = self.present(&row).await?;
        if !matches!(present.place, DraftPlace::Folder(_)) {
            let made = Made {
                why: VersionReason::Saved,
                note: Some(why.to_owned()),
            };
            self.keep_as_version(&row, &present, &made).await?;
        }
        Ok(())
    }

    pub(crate) fn shown(&self, row: &AgentRecord, present: &Present) -> Draft {
        let hash = present.hash();
        let file = |(path, bytes): (&PackagePath, &[u8])| DraftFile {
            path: path.to_string(),
            size: bytes.len() as u64,
            content: hash::content_of(bytes),
        };
        Draft {
            agent: row.name.clone(),
            hash,
            version: row.version,
            changed: hash != row.version,
            folder: folder_of(row).map(str::to_owned),
            files: present.files.iter().map(file).collect(),
            findings: self.findings(&row.name, present.files.clone()),
        }
    }

    /// What keeps these files from being a version of this agent.
    pub(crate) fn findings(&self, agent: &AgentName, files: Files) -> Vec<Finding> {
        match self.package_of(files) {
            Err(problem) => problem.findings,
            Ok(package) if package.manifest().agent.name != *agent => vec![Finding {
                file: "agent.toml".to_owned(),
                line: None,
                column: None,
                key: Some("agent.name".to_owned()),
                message: format!(
                    "it names another agent, {}, and this one is {agent}",
                    package.manifest().agent.name
                ),
                fix: None,
            }],
            Ok(_) => Vec::new(),
        }
    }

    /// The package that these files make.
    pub(crate) fn package_of(&self, files: Files) -> Result<Package, Problem> {
        let tools = self.tool_names();
        let tools: Vec<&str> = tools.iter().map(String::as_str).collect();
        Package::from_files(files, &tools).map_err(|error| from_package(&error))
    }

    /// Keeps other processes from writing drafts into folders until it is dropped.
    pub(crate) async fn lock_drafts(&self) -> Result<File, Problem> {
        let path = self.home().folder().join("drafts.lock");
        let lock = {
            let path = path.clone();
            move || {
                let mut options = File::options();
                options.create(true).truncate(false).write(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let file = options.open(&path)?;
                file.lock()?;
                Ok(file)
            }
        };
        tokio::task::spawn_blocking(lock)
            .await
            .unwrap_or_else(|error| Err(std::io::Error::other(error)))
            .map_err(|error| from_io("locked", &path, &error))
    }
}

pub(crate) fn place_of(row: &AgentRecord) -> DraftPlace {
    match folder_of(row) {
        None => DraftPlace::Store,
        Some(folder) => {
            let folder = Path::new(folder);
            let is_gone = folder
                .symlink_metadata()
                .is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound);
            if is_gone {
                DraftPlace::NoFolder(folder.to_owned())
            } else {
                DraftPlace::Folder(folder.to_owned())
            }
        }
    }
}

pub(crate) fn stored_path(path: &str) -> Result<PackagePath, Problem> {
    path.parse().map_err(|_| {
        let message = format!("what is stored holds a file that no package has: {path:?}");
        Problem::new(ErrorCode::Storage, message)
    })
}

pub(crate) fn no_such_file(agent: &AgentName, path: &str) -> Problem {
    Problem::new(ErrorCode::NotFound, format!("{agent} has no file {path:?}")).help(format!(
        "`slipway agents draft show {agent}` lists its files."
    ))
}

pub(crate) fn changed_meanwhile(agent: &AgentName) -> Problem {
    let message =
        format!("{agent} was changed by somebody else meanwhile, and nothing was written");
    Problem::new(ErrorCode::Conflict, message)
        .help("Look at what is there now, and make the change again.")
}
