//! The window's pages: compiled to wasm and put together in a folder that the desktop package embeds.

mod dist;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context as _, Result};

use crate::process;
use crate::project::Project;
use crate::setup;

const WASM: &str = "wasm32-unknown-unknown";
const BINARYEN: &str = "binaryen@132.0.0";

/// How the pages are compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Fast to compile.
    Dev,
    /// Small to load; wants npm for wasm-opt.
    Release,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "wasm-release",
        }
    }

    /// Cargo's folder of this profile.
    fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "wasm-release",
        }
    }

    /// Where the pages are put together; each profile has a folder of its own, so that one build does not undo the
    /// other. The first is that of `tauri.conf.json`.
    fn pages(self) -> &'static str {
        match self {
            Self::Dev => "ui/dist",
            Self::Release => "ui/dist-release",
        }
    }
}

/// Makes a build of the desktop package embed the pages of the release.
pub(crate) fn embed_release(build: &mut Command) -> &mut Command {
    let pages = Profile::Release.pages();
    let config = serde_json::json!({"build": {"frontendDist": pages}});
    build.env("TAURI_CONFIG", config.to_string())
}

/// Compiles the pages and brings their folder up to date, which it gives; what did not change is not written again, so
/// that the desktop package is not compiled for nothing.
pub(crate) fn build(project: &Project, profile: Profile) -> Result<PathBuf> {
    setup::wasm_target()?;
    process::run(project.cargo().args([
        "build",
        "--package",
        "slipway-ui",
        "--target",
        WASM,
        "--profile",
        profile.name(),
    ]))?;
    let compiled = project
        .target()
        .join(WASM)
        .join(profile.folder())
        .join("slipway-ui.wasm");
    let bound = project.target().join("ui").join(profile.folder());
    let wasm = bound.join("slipway-ui_bg.wasm");
    // The step's own settings count as an input of it.
    let settings = project.root().join("xtask/src/bindgen.rs");
    if !is_newer(&wasm, &compiled) || !is_newer(&wasm, &settings) {
        bind(project, profile, &compiled, &bound)?;
    }
    let pages = project.root().join(profile.pages());
    dist::assemble(&project.root().join("ui"), &bound, &pages)?;
    Ok(pages)
}

/// Makes sure that `ui/dist` exists: the desktop package does not compile without it, not even for a check.
pub(crate) fn ensure_dist(project: &Project) -> Result<()> {
    let folder = project.root().join(Profile::Dev.pages());
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("could not create {}", folder.display()))
}

fn bind(project: &Project, profile: Profile, compiled: &Path, bound: &Path) -> Result<()> {
    if bound.exists() {
        std::fs::remove_dir_all(bound)
            .with_context(|| format!("could not clear {}", bound.display()))?;
    }
    let mut command = project.cargo();
    command.args([
        "run",
        "--quiet",
        "--package",
        "xtask",
        "--features",
        "bindgen",
        "--bin",
        "xtask-bindgen",
        "--",
    ]);
    command.arg(compiled).arg(bound);
    if profile == Profile::Release {
        command.arg("--release");
    }
    process::run(&mut command)?;
    match profile {
        Profile::Dev => Ok(()),
        Profile::Release => optimize(project, bound),
    }
}

fn optimize(project: &Project, bound: &Path) -> Result<()> {
    let wasm = bound.join("slipway-ui_bg.wasm");
    let smaller = bound.join("optimized.wasm");
    let mut command = setup::npx(BINARYEN)?;
    command
        .args(["wasm-opt", "-Oz"])
        .arg(&wasm)
        .arg("--output")
        .arg(&smaller);
    process::run(command.current_dir(project.root()))?;
    std::fs::rename(&smaller, &wasm)
        .with_context(|| format!("could not replace {}", wasm.display()))
}

fn is_newer(output: &Path, input: &Path) -> bool {
    match (modified(output), modified(input)) {
        (Some(output), Some(input)) => output >= input,
        _ => false,
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata()
        .and_then(|metadata| metadata.modified())
        .ok()
}
