//! Prebuilt tools that come from npm, each pinned by who calls for it.

use std::process::Command;

use anyhow::Result;

use super::need::BUNDLE;

/// `npx` with one package at its exact version, which npm fetches into its cache when it is not there.
pub(crate) fn npx(package: &str) -> Result<Command> {
    super::ensure(BUNDLE)?;
    // On Windows npx is a script, which only starts under its whole name.
    let mut command = Command::new(if cfg!(windows) { "npx.cmd" } else { "npx" });
    command.args(["--yes", "--package", package, "--"]);
    Ok(command)
}
