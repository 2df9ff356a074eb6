//! `cargo xtask build`: the release build and its installers.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};

use crate::installed;
use crate::process;
use crate::project::{DESKTOP_FEATURE, Project};
use crate::setup::{self, System};
use crate::ui;

const TAURI_CLI: &str = "@tauri-apps/cli@2.12.5";

/// Builds the window and the command line in release mode and bundles them for this system.
pub(crate) fn build(project: &Project, args: &[String]) -> Result<ExitCode> {
    let named = match args {
        [] => None,
        [named] => Some(named.as_str()),
        _ => bail!("the formats are one word, such as `deb,appimage`"),
    };
    let system = System::here();
    if system.is_linux() {
        setup::ensure(setup::WINDOW)?;
        setup::ensure(setup::BUNDLE_LINUX)?;
    }
    setup::ensure(setup::BUNDLE)?;
    setup::web_view()?;
    ui::build(project, ui::Profile::Release)?;
    process::run(ui::embed_release(project.cargo().args([
        "build",
        "--release",
        "--package",
        "slipway-desktop",
        "--package",
        "slipway-cli",
        "--bins",
        "--features",
        DESKTOP_FEATURE,
    ])))?;
    let formats = match system {
        System::Debian | System::Linux => "deb",
        System::MacOs => "app,dmg",
        System::Windows => "msi",
    };
    let formats = named.unwrap_or(formats);
    // Only the bundling is Tauri's: its own build would pick the workspace's default member.
    let mut bundler = setup::npx(TAURI_CLI)?;
    bundler.args(["tauri", "bundle", "--ci", "--bundles", formats]);
    process::run(bundler.current_dir(project.root()))?;
    if system == System::Debian && formats.split(',').any(|format| format == "deb") {
        make_smaller(project, &installed::newest(project)?)?;
    }
    println!(
        "The installers are in {}",
        project.target().join("release/bundle").display()
    );
    Ok(ExitCode::SUCCESS)
}

/// Packs a package for Debian anew: the bundler packs with gzip, and xz makes a third less of it.
fn make_smaller(project: &Project, package: &Path) -> Result<()> {
    let unpacked = project.target().join("release/bundle/deb-unpacked");
    if unpacked.exists() {
        fs::remove_dir_all(&unpacked)
            .with_context(|| format!("could not clear {}", unpacked.display()))?;
    }
    let mut unpack = Command::new("dpkg-deb");
    unpack
        .arg("--raw-extract")
        .args([package, unpacked.as_path()]);
    process::run(&mut unpack)?;
    let mut pack = Command::new("dpkg-deb");
    pack.args(["--build", "--root-owner-group", "-Zxz", "-z9"])
        .args([unpacked.as_path(), package]);
    process::run(&mut pack)
}
