//! `cargo xtask try-deb`: the package for Debian, installed in a Debian that has nothing else, started, and removed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};

use crate::process;
use crate::project::Project;
use crate::setup;

/// Which Debian: the oldest with the web view that Slipway is built on.
const SUITE: &str = "bookworm";

/// What is done in there.
const SCRIPT: &str = include_str!("installed.sh");

/// Tries a package: the one that is named, else the newest that was built.
pub(crate) fn try_deb(project: &Project, args: &[String]) -> Result<ExitCode> {
    let package = match args {
        [] => newest(project)?,
        [named] => PathBuf::from(named),
        _ => bail!("it takes one package"),
    };
    if process::output(Command::new("id").arg("-u"))?.trim() != "0" {
        bail!("a Debian of its own can only be made as root");
    }
    setup::ensure(setup::DEBIAN)?;
    let root = project.target().join("try-deb");
    clear(&root)?;
    let mut bootstrap = Command::new("debootstrap");
    bootstrap.args(["--variant=minbase", SUITE]).arg(&root);
    process::run(&mut bootstrap)?;
    furnish(&root, &package)?;
    // Its mounts are its own, and gone when it ends.
    let script = r#"mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" sh /try.sh"#;
    let mut inside = Command::new("unshare");
    inside
        .args(["--mount", "--fork", "sh", "-c", script])
        .arg(&root);
    process::run(&mut inside)?;
    clear(&root)?;
    println!("{} installs, starts and goes again", package.display());
    Ok(ExitCode::SUCCESS)
}

/// The newest package that was built.
pub(crate) fn newest(project: &Project) -> Result<PathBuf> {
    let folder = project.target().join("release/bundle/deb");
    let found = fs::read_dir(&folder).into_iter().flatten().flatten();
    let packages = found
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "deb"));
    packages
        .max_by_key(|path| path.metadata().and_then(|known| known.modified()).ok())
        .with_context(|| {
            format!(
                "{} holds no package: run `cargo xtask build`",
                folder.display()
            )
        })
}

/// The package, the script, and how this machine reaches Debian's archive.
fn furnish(root: &Path, package: &Path) -> Result<()> {
    let copy = |from: &Path, to: &str| {
        fs::copy(from, root.join(to))
            .map(drop)
            .with_context(|| format!("could not copy {}", from.display()))
    };
    copy(package, "slipway.deb")?;
    fs::write(root.join("try.sh"), SCRIPT).context("could not write the script")?;
    for file in ["etc/resolv.conf", "etc/hosts"] {
        copy(&Path::new("/").join(file), file)?;
    }
    for folder in ["etc/apt", "etc/ssl/certs", "usr/share/keyrings"] {
        let mut command = Command::new("cp");
        command.args(["--recursive", "--dereference", "--force"]);
        command.arg(Path::new("/").join(folder).join("."));
        fs::create_dir_all(root.join(folder))?;
        process::output(command.arg(root.join(folder)))?;
    }
    Ok(())
}

fn clear(root: &Path) -> Result<()> {
    if root.exists() {
        fs::remove_dir_all(root).with_context(|| format!("could not clear {}", root.display()))?;
    }
    Ok(())
}
