//! `cargo xtask fuzz`: the readers of what providers answer, given what a fuzzer comes up with.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use crate::process;
use crate::project::Project;

const VERSION: &str = "0.13.2";

/// The crate that holds the targets, which is no member of the workspace.
const FOLDER: &str = "crates/providers/fuzz";

/// How long each target runs unless told otherwise.
const SECONDS: u32 = 60;

/// Bytes of the longest input that the fuzzer makes up.
const LONGEST: usize = 16 << 10;

/// What was asked for.
struct Wanted {
    target: Option<String>,
    seconds: u32,
}

/// Runs one target, or each in turn, and stops at the first that fails.
pub(crate) fn fuzz(project: &Project, args: &[String]) -> Result<ExitCode> {
    let wanted = wanted(args)?;
    let folder = project.root().join(FOLDER);
    let all = targets(&folder)?;
    let targets = match wanted.target {
        None => all,
        Some(target) if all.contains(&target) => vec![target],
        Some(target) => bail!(
            "there is no target {target:?}; there are {}",
            all.join(", ")
        ),
    };
    let tool = tool(project)?;
    for target in targets {
        // Where the fuzzer keeps what it finds; what is committed is only read.
        let corpus = folder.join("corpus").join(&target);
        std::fs::create_dir_all(&corpus)
            .with_context(|| format!("could not make {}", corpus.display()))?;
        let mut command = std::process::Command::new(&tool);
        command
            .current_dir(&folder)
            // The instruments are not stable yet; this makes the stable compiler give them.
            .env("RUSTC_BOOTSTRAP", "1")
            .args(["run", "--fuzz-dir", ".", "--target-dir"])
            .arg(project.target().join("fuzz"))
            .arg(&target)
            .arg(&corpus)
            .arg(folder.join("seeds").join(&target))
            .arg("--")
            .arg(format!("-max_total_time={}", wanted.seconds))
            .arg(format!("-max_len={LONGEST}"))
            .args(["-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1"]);
        process::run(&mut command).with_context(|| {
            format!(
                "{target} failed; the input lies in {FOLDER}/artifacts/{target}. Mend what reads it, and keep the input in {FOLDER}/seeds/{target}"
            )
        })?;
    }
    Ok(ExitCode::SUCCESS)
}

fn wanted(args: &[String]) -> Result<Wanted> {
    let mut wanted = Wanted {
        target: None,
        seconds: SECONDS,
    };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--seconds" => {
                let seconds = args.next().and_then(|text| text.parse().ok());
                wanted.seconds = seconds
                    .filter(|seconds| *seconds > 0)
                    .context("--seconds wants a number of seconds from 1 on")?;
            }
            option if option.starts_with('-') => {
                bail!("{option} is not known; there is --seconds N")
            }
            target if wanted.target.is_none() => wanted.target = Some(target.to_owned()),
            more => bail!("one target at a time, or all of them; {more:?} is one too many"),
        }
    }
    Ok(wanted)
}

/// The targets, as their files are called.
fn targets(folder: &Path) -> Result<Vec<String>> {
    let files = folder.join("fuzz_targets");
    let listed =
        std::fs::read_dir(&files).with_context(|| format!("could not read {}", files.display()))?;
    let mut targets = Vec::new();
    for file in listed {
        let path = file?.path();
        targets.extend(
            path.file_stem()
                .and_then(|name| name.to_str())
                .map(str::to_owned),
        );
    }
    targets.sort();
    Ok(targets)
}

/// `cargo-fuzz` of the version that is known to work.
fn tool(project: &Project) -> Result<PathBuf> {
    let root = project
        .target()
        .join("tools")
        .join(format!("cargo-fuzz-{VERSION}"));
    let program = root
        .join("bin")
        .join(format!("cargo-fuzz{}", std::env::consts::EXE_SUFFIX));
    if program.is_file() {
        return Ok(program);
    }
    eprintln!("Compiling cargo-fuzz {VERSION} into target/tools, once.");
    let mut install = project.cargo();
    install.args([
        "install",
        "cargo-fuzz",
        "--version",
        VERSION,
        "--locked",
        "--debug",
        "--quiet",
    ]);
    process::run(install.arg("--root").arg(&root))?;
    Ok(program)
}
