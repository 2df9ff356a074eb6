//! `cargo xtask build`: the release build and its installers.

use std::process::ExitCode;

use anyhow::{Result, bail};

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
    println!(
        "The installers are in {}",
        project.target().join("release/bundle").display()
    );
    Ok(ExitCode::SUCCESS)
}
