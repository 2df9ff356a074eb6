//! Libraries from PyPI, pinned by a list, in an environment of their own.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::process;

/// Python, as it is started.
pub(super) const PROGRAM: &str = if cfg!(windows) { "python" } else { "python3" };

/// Makes the environment hold what the list says; nothing happens when it does already.
pub(crate) fn environment(folder: &Path, list: &Path) -> Result<()> {
    let wanted = std::fs::read_to_string(list)
        .with_context(|| format!("could not read {}", list.display()))?;
    let mark = folder.join("installed.txt");
    if std::fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    eprintln!("installing from PyPI what {} lists", list.display());
    if folder.exists() {
        std::fs::remove_dir_all(folder)
            .with_context(|| format!("could not clear {}", folder.display()))?;
    }
    process::run(Command::new(PROGRAM).args(["-m", "venv"]).arg(folder))?;
    let python = folder.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    process::run(
        Command::new(python)
            .args(["-m", "pip", "install", "--quiet", "--no-deps"])
            .args(["--disable-pip-version-check", "--only-binary", ":all:"])
            .arg("--requirement")
            .arg(list),
    )?;
    std::fs::write(&mark, wanted).with_context(|| format!("could not write {}", mark.display()))
}
