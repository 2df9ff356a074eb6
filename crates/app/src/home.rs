//! Where this machine's data lies.

use std::path::{Path, PathBuf};

use slipway_contract::{ErrorCode, Problem};

/// The folder of all local data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home(PathBuf);

impl Home {
    /// The folder that `SLIPWAY_HOME` names, else the platform's own for application data.
    ///
    /// # Errors
    /// Neither is there.
    pub fn find() -> Result<Self, Problem> {
        if let Some(named) = std::env::var_os("SLIPWAY_HOME").filter(|value| !value.is_empty()) {
            return std::path::absolute(&named).map(Self).map_err(|error| {
                let message = format!(
                    "SLIPWAY_HOME ({}) is no folder: {error}",
                    named.to_string_lossy()
                );
                Problem::new(ErrorCode::InvalidInput, message)
            });
        }
        directories::ProjectDirs::from("app", "", "Slipway")
            .map(|dirs| Self(dirs.data_dir().to_path_buf()))
            .ok_or_else(|| {
                Problem::new(
                    ErrorCode::Storage,
                    "this system names no folder for application data",
                )
                .help("Set SLIPWAY_HOME to a folder of your own.")
            })
    }

    /// A home in this folder.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        Self(folder.to_path_buf())
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.0.join("slipway.db")
    }

    /// Says that the database was found damaged, and how; not there where it was not.
    #[must_use]
    pub(crate) fn damage_mark(&self) -> PathBuf {
        self.0.join("slipway.db.damaged")
    }

    /// The person's own prices of models.
    #[must_use]
    pub fn prices(&self) -> PathBuf {
        self.0.join("prices.toml")
    }

    /// The person's own providers of models.
    #[must_use]
    pub fn providers(&self) -> PathBuf {
        self.0.join("providers.toml")
    }

    /// Earlier contents of files that tools changed.
    #[must_use]
    pub fn backups(&self) -> PathBuf {
        self.0.join("backups")
    }

    /// Copies of working folders, in which models were compared.
    #[must_use]
    pub fn comparisons(&self) -> PathBuf {
        self.0.join("comparisons")
    }

    /// What went over the wire.
    #[must_use]
    pub fn wire(&self) -> PathBuf {
        self.0.join("wire")
    }

    /// What the vault keeps: names, and the sealed file.
    #[must_use]
    pub fn secrets(&self) -> PathBuf {
        self.0.join("secrets")
    }

    /// Who is signed in to the cloud here, without any secret.
    #[must_use]
    pub fn cloud(&self) -> PathBuf {
        self.0.join("cloud")
    }

    /// The working folder of an imported agent, unless the person names another.
    #[must_use]
    pub fn workdir_of(&self, agent: &slipway_contract::AgentName) -> PathBuf {
        self.0.join("work").join(agent.as_str())
    }

    /// Where the examples are unpacked for the window.
    #[must_use]
    pub fn examples(&self) -> PathBuf {
        self.0.join("examples")
    }
}
