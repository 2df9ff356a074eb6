//! The project's own commands: `cargo xtask COMMAND`.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool talks to its terminal"
)]

mod bench;
mod bundle;
mod cloud;
mod doctor;
mod fuzz;
mod installed;
mod licences;
mod lint;
mod process;
mod project;
mod run;
mod setup;
mod shots;
mod test;
mod ui;

use std::process::ExitCode;

use anyhow::Result;

use crate::project::Project;

const HELP: &str = "\
cargo xtask COMMAND

  run [ARGS…]      Build Slipway and open it; without a display, run an example agent in the terminal.
  cloud [ARGS…]    Build the cloud's server and start it, on SQLite and without any settings;
                   ARGS are another of its commands.
  test [ARGS…]     Build everything and run every test. ARGS go to the test runner;
                   --no-skip fails when a test would be left out for want of a program.
  lint             Check formatting, clippy, the direction of dependencies, licences and sources.
  bench [ARGS…]    Run the benchmarks in release mode.
  fuzz [TARGET]    Give the readers of providers' answers what a fuzzer comes up with;
                   --seconds N says for how long each (60).
  licences         Write the list of licences that Slipway shows of what ships.
  shots            Write a picture of every page of the window to docs/screenshots, in both themes.
  build [FORMATS]  Make the release build and its installers: those named, else this system's usual ones
                   (deb; also appimage on Linux, app,dmg on a Mac, msi on Windows).
  try-deb [FILE]   Install the package for Debian in a Debian of its own, start it, remove it. Wants root.
  doctor           Say what this machine has and lacks; changes nothing.

Commands install what they need and say so first; what needs root is only installed on Debian and its kin,
as root or with a sudo that asks no password. Elsewhere they say what to install and stop.";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    match dispatch(&command, &rest) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask {command}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: &str, args: &[String]) -> Result<ExitCode> {
    let takes_none = matches!(command, "lint" | "licences" | "shots" | "doctor");
    if takes_none && !args.is_empty() {
        eprintln!(
            "xtask {command} takes no arguments, but got: {}\n\n{HELP}",
            args.join(" ")
        );
        return Ok(ExitCode::from(2));
    }
    match command {
        "run" => run::run(&Project::open()?, args),
        "cloud" => cloud::cloud(&Project::open()?, args),
        "test" => test::test(&Project::open()?, args),
        "lint" => lint::lint(&Project::open()?),
        "licences" => licences::write(&Project::open()?),
        "shots" => shots::write(&Project::open()?),
        "bench" => bench::bench(&Project::open()?, args),
        "fuzz" => fuzz::fuzz(&Project::open()?, args),
        "build" => bundle::build(&Project::open()?, args),
        "try-deb" => installed::try_deb(&Project::open()?, args),
        "doctor" => Ok(doctor::doctor()),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        "" => {
            eprintln!("{HELP}");
            Ok(ExitCode::from(2))
        }
        unknown => {
            eprintln!("xtask knows no command `{unknown}`.\n\n{HELP}");
            Ok(ExitCode::from(2))
        }
    }
}
