//! `cargo xtask bench`: the benchmarks, in release mode, with the machine that they ran on.

use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::process;
use crate::project::{DESKTOP_FEATURE, Project};
use crate::setup::{self, BUNDLE, NGINX, POSTGRES, System, WINDOW, WINDOW_TESTS};
use crate::ui;

/// The window that the built one is measured against.
const EMPTY_WINDOW: &str = "slipway-empty-window";

/// Builds what is measured in release mode and runs every benchmark of the workspace.
pub(crate) fn bench(project: &Project, args: &[String]) -> Result<ExitCode> {
    setup::ensure(&[POSTGRES, NGINX])?;
    let mut command = project.cargo();
    // By the glob, Cargo takes the benchmarks alone and not every crate's tests too.
    command.args(["bench", "--workspace", "--bench", "*"]);
    for krate in ["slipway-desktop", "slipway-ui", "xtask", EMPTY_WINDOW] {
        command.args(["--exclude", krate]);
    }
    if !args.is_empty() {
        command.arg("--").args(args);
    }
    let mut build = project.cargo();
    build.args(["build", "--release", "--bins", "--package", "slipway-cli"]);
    build.args(["--package", "slipway-cloud"]);
    if can_measure_windows() {
        command
            .env("SLIPWAY_PAGES", ui::build(project, ui::Profile::Release)?)
            .env(
                "SLIPWAY_DESKTOP_BIN",
                project.binary("release", "slipway-desktop"),
            )
            .env("SLIPWAY_EMPTY_BIN", project.binary("release", EMPTY_WINDOW));
        // In one build, so that both are of the same Tauri with the same features.
        build.args(["--package", "slipway-desktop", "--package", EMPTY_WINDOW]);
        build.args(["--features", DESKTOP_FEATURE]);
        ui::embed_release(&mut build);
    }
    process::run(&mut build)?;
    describe_machine();
    command
        .env("SLIPWAY_BIN", project.binary("release", "slipway"))
        .env(
            "SLIPWAY_CLOUD_BIN",
            project.binary("release", "slipway-cloud"),
        );
    process::run(&mut command)?;
    Ok(ExitCode::SUCCESS)
}

/// Whether the window can be built and driven here; says what is missing.
fn can_measure_windows() -> bool {
    if !System::here().is_linux() {
        return false;
    }
    let missing = setup::missing(&[WINDOW, WINDOW_TESTS, BUNDLE].concat());
    for need in &missing {
        eprintln!(
            "the window is not measured: {} is not installed ({})",
            need.name, need.why
        );
    }
    missing.is_empty()
}

fn describe_machine() {
    let cores = std::thread::available_parallelism()
        .map_or_else(|_| "unknown".to_owned(), |count| count.to_string());
    let rustc = process::output(Command::new("rustc").arg("--version")).unwrap_or_default();
    println!(
        "system  {} {}",
        std::env::consts::OS,
        std::env::consts::ARCH
    );
    println!("cpu     {}", cpu().unwrap_or_else(|| "unknown".to_owned()));
    println!("cores   {cores}");
    println!("rustc   {}", rustc.trim());
}

fn cpu() -> Option<String> {
    match std::env::consts::OS {
        "linux" => {
            let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
            let line = text.lines().find(|line| line.starts_with("model name"))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        }
        "macos" => {
            let text =
                process::output(Command::new("sysctl").args(["-n", "machdep.cpu.brand_string"]))
                    .ok()?;
            Some(text.trim().to_owned())
        }
        _ => std::env::var("PROCESSOR_IDENTIFIER").ok(),
    }
}
