//! `cargo xtask lint`: what must hold of the code without running it.

mod deny;
mod edges;
mod graph;
mod rules;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::licences;
use crate::process;
use crate::project::{DESKTOP_FEATURE, Project};
use crate::setup::{self, Component, System};
use crate::ui;

/// Runs every check, from the quickest to the slowest, and stops at the first that fails.
pub(crate) fn lint(project: &Project) -> Result<ExitCode> {
    setup::component(project, Component::Rustfmt)?;
    setup::component(project, Component::Clippy)?;
    setup::wasm_target()?;
    if System::here().is_linux() {
        // Not even a check of the desktop package gets by without WebKit's headers.
        setup::ensure(setup::WINDOW)?;
    }
    setup::web_view()?;

    process::run(project.cargo().args(["fmt", "--all", "--check"]))?;
    dependencies(project)?;
    deny::check(project)?;
    licences::check(project)?;
    ui::ensure_dist(project)?;
    process::run(project.cargo().args([
        "clippy",
        "--workspace",
        "--exclude",
        "slipway-ui",
        "--all-targets",
        "--features",
        DESKTOP_FEATURE,
        "--features",
        "xtask/bindgen",
        "--",
        "--deny",
        "warnings",
    ]))?;
    process::run(project.cargo().args([
        "clippy",
        "--package",
        "slipway-ui",
        "--all-targets",
        "--target",
        "wasm32-unknown-unknown",
        "--",
        "--deny",
        "warnings",
    ]))?;
    println!("lint: all checks passed");
    Ok(ExitCode::SUCCESS)
}

fn dependencies(project: &Project) -> Result<()> {
    let graph = graph::Graph::read(project)?;
    let wrong = edges::check(&graph, rules::RULES);
    if !wrong.is_empty() {
        let text: Vec<String> = wrong.iter().map(ToString::to_string).collect();
        bail!(
            "dependencies must point one way (docs/ARCHITECTURE.md):\n\n{}\n",
            text.join("\n\n")
        );
    }
    println!(
        "The dependencies of {} crates point the allowed way.",
        graph.members().len()
    );
    Ok(())
}
