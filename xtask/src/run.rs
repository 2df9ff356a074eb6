//! `cargo xtask run`: from a fresh clone to a running Slipway.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::process;
use crate::project::{DESKTOP_FEATURE, Project};
use crate::setup::{self, System};
use crate::ui;

const EXAMPLE: &str = "examples/expense-report";
const DMABUF: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// Where Slipway can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Screen {
    Display,
    Terminal,
}

impl Screen {
    pub(crate) fn here() -> Self {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        if !System::here().is_linux() || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY") {
            Self::Display
        } else {
            Self::Terminal
        }
    }
}

/// Opens the window, or runs an example agent where there is no display.
pub(crate) fn run(project: &Project, args: &[String]) -> Result<ExitCode> {
    match Screen::here() {
        Screen::Display => open_window(project, args),
        Screen::Terminal => run_example(project, args),
    }
}

fn open_window(project: &Project, args: &[String]) -> Result<ExitCode> {
    if System::here().is_linux() {
        setup::ensure(setup::WINDOW)?;
    }
    setup::web_view()?;
    ui::build(project, ui::Profile::Dev)?;
    process::run(project.cargo().args([
        "build",
        "--package",
        "slipway-desktop",
        "--bin",
        "slipway-desktop",
        "--features",
        DESKTOP_FEATURE,
    ]))?;
    let mut window = Command::new(project.binary("debug", "slipway-desktop"));
    // WebKit shows a blank window with NVIDIA's driver otherwise; what the user chose stays.
    if Path::new("/proc/driver/nvidia").exists() && std::env::var_os(DMABUF).is_none() {
        window.env(DMABUF, "1");
    }
    process::become_program(window.args(args))
}

fn run_example(project: &Project, args: &[String]) -> Result<ExitCode> {
    eprintln!(
        "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open.\n\
         Running the agent in {EXAMPLE} in this terminal instead."
    );
    process::run(
        project
            .cargo()
            .args(["build", "--package", "slipway-cli", "--bin", "slipway"]),
    )?;
    let mut slipway = Command::new(project.binary("debug", "slipway"));
    slipway
        .current_dir(project.root())
        .args(["run", EXAMPLE])
        .args(args);
    process::become_program(&mut slipway)
}
