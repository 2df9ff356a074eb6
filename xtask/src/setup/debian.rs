//! Installing packages on Debian and its kin.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use super::Need;
use crate::process;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Privilege {
    Root,
    /// sudo that asks for no password.
    Sudo,
    None,
}

/// Installs the packages of these needs, or names the command that would and stops.
pub(super) fn install(needs: &[&Need]) -> Result<()> {
    let packages: Vec<&str> = needs.iter().map(|need| need.debian).collect();
    let privilege = privilege();
    if privilege == Privilege::None {
        bail!(
            "these are missing, and installing them needs root:\n{}\nInstall them and try again:\n\n    \
             sudo apt-get install --no-install-recommends {}\n",
            super::listed(needs),
            packages.join(" ")
        );
    }
    eprintln!("Installing Debian packages, with what they depend on; this can take minutes:");
    for need in needs {
        eprintln!("  {}: {}", need.debian, need.why);
    }
    let mut updated = false;
    if !has_lists() {
        apt(privilege, &["update", "--quiet"])?;
        updated = true;
    }
    let mut install = vec!["install", "--yes", "--quiet", "--no-install-recommends"];
    install.extend(&packages);
    let result = apt(privilege, &install);
    if result.is_err() && !updated {
        eprintln!("The package lists may be out of date: updating them and trying once more.");
        apt(privilege, &["update", "--quiet"])?;
        return apt(privilege, &install);
    }
    result
}

fn apt(privilege: Privilege, args: &[&str]) -> Result<()> {
    let mut command = match privilege {
        Privilege::Sudo => {
            let mut sudo = Command::new("sudo");
            // sudo drops the environment, so the variable is set on its far side.
            sudo.args(["-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
            sudo
        }
        Privilege::Root | Privilege::None => {
            let mut apt = Command::new("apt-get");
            apt.env("DEBIAN_FRONTEND", "noninteractive");
            apt
        }
    };
    // apt-get says more than two thousand lines, which only matter when it fails.
    process::output(command.args(args)).map(drop)
}

fn privilege() -> Privilege {
    if process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0") {
        Privilege::Root
    } else if process::succeeds(Command::new("sudo").args(["-n", "true"])) {
        Privilege::Sudo
    } else {
        Privilege::None
    }
}

/// Whether `apt-get update` has ever run: images are shipped with the lists left out.
fn has_lists() -> bool {
    let Ok(entries) = Path::new("/var/lib/apt/lists").read_dir() else {
        return false;
    };
    entries
        .flatten()
        .any(|entry| entry.file_name().to_string_lossy().contains("Packages"))
}
