//! Where the project's files are, and its Cargo.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::process;

/// The desktop package's feature without which a debug build looks for a development server.
pub(crate) const DESKTOP_FEATURE: &str = "slipway-desktop/custom-protocol";

/// The checkout that xtask belongs to.
pub(crate) struct Project {
    root: PathBuf,
    target: PathBuf,
}

impl Project {
    /// Finds the checkout and its target folder; fails when Cargo cannot read the workspace.
    pub(crate) fn open() -> Result<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest
            .parent()
            .context("xtask has no folder above it")?
            .to_path_buf();
        let mut project = Self {
            root,
            target: PathBuf::new(),
        };
        let metadata = project.metadata(&["--no-deps"])?;
        let target = metadata["target_directory"]
            .as_str()
            .context("cargo metadata names no target folder")?;
        project.target = PathBuf::from(target);
        Ok(project)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The Cargo that started xtask, in the checkout.
    pub(crate) fn cargo(&self) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.current_dir(&self.root);
        command
    }

    /// What `cargo metadata` says of the workspace.
    pub(crate) fn metadata(&self, args: &[&str]) -> Result<Value> {
        let mut command = self.cargo();
        command
            .args(["metadata", "--format-version", "1"])
            .args(args);
        let text = process::output(&mut command)?;
        serde_json::from_str(&text).context("cargo metadata did not write JSON")
    }

    /// The path of a built program.
    pub(crate) fn binary(&self, profile: &str, name: &str) -> PathBuf {
        self.target
            .join(profile)
            .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }
}
