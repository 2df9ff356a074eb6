//! `cargo xtask shots`: pictures of every page in both themes, made from the window itself.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::process;
use crate::project::{DESKTOP_FEATURE, Project};
use crate::setup::{self, System};
use crate::ui;

/// The ignored test that opens the window and writes the pictures.
const WRITER: &str = "needs_window::shots::writes_a_picture_of_every_page";
const FOLDER: &str = "docs/screenshots";

/// Builds the window and replaces the pictures in `docs/screenshots`.
pub(crate) fn write(project: &Project) -> Result<ExitCode> {
    if !System::here().is_linux() {
        bail!("pictures are made on Linux, where a window can be driven on a display of its own");
    }
    setup::ensure(&[setup::WINDOW, setup::WINDOW_TESTS].concat())?;
    setup::web_view()?;
    ui::build(project, ui::Profile::Dev)?;
    process::run(project.cargo().args([
        "build",
        "--package",
        "slipway-cli",
        "--package",
        "slipway-desktop",
        "--bins",
        "--features",
        DESKTOP_FEATURE,
    ]))?;
    process::run(
        project
            .cargo()
            .args(["test", "--package", "slipway-tests", "--test", "all", "--"])
            .args(["--ignored", "--exact", WRITER])
            .env("SLIPWAY_BIN", project.binary("debug", "slipway"))
            .env(
                "SLIPWAY_DESKTOP_BIN",
                project.binary("debug", "slipway-desktop"),
            )
            .env("SLIPWAY_SHOTS", project.root().join(FOLDER)),
    )?;
    eprintln!("The pictures are in {FOLDER}. Look at them before you keep them.");
    Ok(ExitCode::SUCCESS)
}
