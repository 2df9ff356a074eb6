//! `cargo xtask bench`: the benchmarks, in release mode, with the machine that they ran on.

use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::process;
use crate::project::Project;

/// Builds the command line in release mode and runs every benchmark of the workspace.
pub(crate) fn bench(project: &Project, args: &[String]) -> Result<ExitCode> {
    process::run(project.cargo().args([
        "build",
        "--release",
        "--package",
        "slipway-cli",
        "--bin",
        "slipway",
    ]))?;
    describe_machine();
    let mut command = project.cargo();
    // By the glob, Cargo takes the benchmarks alone and not every crate's tests too.
    command.args(["bench", "--workspace", "--bench", "*"]);
    for krate in ["slipway-desktop", "slipway-ui", "xtask"] {
        command.args(["--exclude", krate]);
    }
    if !args.is_empty() {
        command.arg("--").args(args);
    }
    process::run(command.env("SLIPWAY_BIN", project.binary("release", "slipway")))?;
    Ok(ExitCode::SUCCESS)
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
