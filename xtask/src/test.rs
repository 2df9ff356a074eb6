//! `cargo xtask test`: everything built once, every test run, the runner's summary last.

mod arguments;
mod peers;
mod postgres;
mod summary;

use std::io::{BufRead as _, BufReader};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, Result, bail};

use self::arguments::Arguments;
use self::postgres::Postgres;
use self::summary::Sum;
use crate::process;
use crate::project::{DESKTOP_FEATURE, Project};
use crate::setup::{self, System};
use crate::ui;

/// Variables of the person at the keyboard that would change what a test sees, by how they begin.
const PERSONAL: &[&str] = &[
    "OPENAI_",
    "ANTHROPIC_",
    "GOOGLE_",
    "GEMINI_",
    "SLIPWAY_",
    "NO_COLOR",
    "DATABASE_URL",
    "REDIS_URL",
    "VAULT_",
    "OTEL_",
    "PG",
];

/// Sets the machine up, builds the window and both programs, and runs every test.
pub(crate) fn test(project: &Project, args: &[String]) -> Result<ExitCode> {
    let arguments = Arguments::parse(args);
    match System::here() {
        System::Debian => setup::ensure(&[setup::WINDOW, &peers::needs()].concat())?,
        System::Linux => setup::ensure(setup::WINDOW)?,
        System::MacOs | System::Windows => {}
    }
    setup::web_view()?;
    let skipped = peers::left_out(project, arguments.may_skip)?;
    ui::build(project, ui::Profile::Dev)?;
    // The same packages, targets and features as the runner asks for, so that nothing is compiled twice. Without
    // xtask, whose program is running.
    process::run(project.cargo().args([
        "build",
        "--workspace",
        "--exclude",
        "xtask",
        "--lib",
        "--bins",
        "--tests",
        "--features",
        DESKTOP_FEATURE,
    ]))?;
    for peer in &skipped {
        eprintln!(
            "skipped: {} is not installed (tests named `{}`)",
            peer.name, peer.marker
        );
    }
    let skips: Vec<&str> = skipped
        .iter()
        .flat_map(|peer| ["--skip", peer.marker])
        .collect();
    let postgres = match setup::postgres_programs() {
        Some(_) => Some(Postgres::start()?),
        None => None,
    };
    if process::succeeds(project.cargo().args(["nextest", "--version"])) {
        with_nextest(project, &arguments, &skips, postgres.as_ref())
    } else {
        with_cargo_test(project, &arguments, &skips, postgres.as_ref())
    }
}

fn with_nextest(
    project: &Project,
    arguments: &Arguments<'_>,
    skips: &[&str],
    postgres: Option<&Postgres>,
) -> Result<ExitCode> {
    // nextest runs no doc tests. They come first, so that its summary is the last line.
    let mut documented = true;
    if arguments.are_empty() {
        let mut command = runner(
            project,
            &["test", "--doc", "--quiet", "--no-fail-fast"],
            postgres,
        );
        documented = process::run(&mut command).is_ok();
    }
    let mut command = runner(project, &["nextest", "run", "--no-fail-fast"], postgres);
    command
        .args(&arguments.runner)
        .arg("--")
        .args(skips)
        .args(&arguments.binary);
    process::run(&mut command)?;
    if !documented {
        bail!("a doc test failed; see above, before the other tests");
    }
    Ok(ExitCode::SUCCESS)
}

fn with_cargo_test(
    project: &Project,
    arguments: &Arguments<'_>,
    skips: &[&str],
    postgres: Option<&Postgres>,
) -> Result<ExitCode> {
    let mut command = runner(project, &["test", "--no-fail-fast"], postgres);
    command
        .args(&arguments.runner)
        .arg("--")
        .args(skips)
        .args(&arguments.binary);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .context("could not start cargo test")?;
    let output = child.stdout.take().context("cargo test has no output")?;
    // Each test binary prints a summary of its own.
    let mut sum = Sum::default();
    for line in BufReader::new(output).lines() {
        let line = line.context("cargo test wrote something that is not UTF-8")?;
        println!("{line}");
        sum.add(&line);
    }
    let status = child.wait().context("could not wait for cargo test")?;
    println!("\nAll test binaries together:\n{sum}");
    if !status.success() {
        bail!("cargo test ended with {status}");
    }
    Ok(ExitCode::SUCCESS)
}

fn runner(project: &Project, args: &[&str], postgres: Option<&Postgres>) -> Command {
    let mut command = project.cargo();
    for (name, _) in std::env::vars_os() {
        if PERSONAL
            .iter()
            .any(|start| name.to_string_lossy().starts_with(start))
        {
            command.env_remove(name);
        }
    }
    command
        .args(args)
        .args(["--workspace", "--features", DESKTOP_FEATURE])
        // A test that forgets to choose a home must not find the person's own, nor their keychain.
        .env("SLIPWAY_HOME", project.target().join("test-home"))
        .env("SLIPWAY_KEYCHAIN", "off")
        .env("SLIPWAY_BIN", project.binary("debug", "slipway"))
        .env(
            "SLIPWAY_DESKTOP_BIN",
            project.binary("debug", "slipway-desktop"),
        )
        .env(
            "SLIPWAY_CLOUD_BIN",
            project.binary("debug", "slipway-cloud"),
        );
    if let Some(postgres) = postgres {
        command.env("SLIPWAY_TEST_POSTGRES", &postgres.url);
    }
    command
}
