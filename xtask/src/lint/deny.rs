//! Licences, banned crates and sources, by cargo-deny. Advisories need the network's newest state and are checked by
//! the project's workflow.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::process;
use crate::project::Project;

const VERSION: &str = "0.20.2";

/// Holds the dependency tree against `deny.toml`.
pub(super) fn check(project: &Project) -> Result<()> {
    let program = match process::find("cargo-deny") {
        Some(installed) => installed,
        None => compiled(project)?,
    };
    let mut command = Command::new(program);
    // Duplicates are worth a look now and then, not a hundred lines at every check.
    command.args([
        "--log-level",
        "error",
        "check",
        "licenses",
        "bans",
        "sources",
    ]);
    process::run(command.current_dir(project.root()))
}

/// A cargo-deny of the checkout's own, compiled when it is not there: unoptimized and without the advisories' network
/// part, which takes a third of the time.
fn compiled(project: &Project) -> Result<PathBuf> {
    let root = project
        .target()
        .join("tools")
        .join(format!("cargo-deny-{VERSION}"));
    let program = root
        .join("bin")
        .join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    if program.is_file() {
        return Ok(program);
    }
    eprintln!(
        "Compiling cargo-deny {VERSION} into target/tools, once: it checks licences and sources."
    );
    let mut install = project.cargo();
    install.args([
        "install",
        "cargo-deny",
        "--version",
        VERSION,
        "--locked",
        "--debug",
        "--no-default-features",
    ]);
    process::run(install.arg("--quiet").arg("--root").arg(&root))?;
    Ok(program)
}
