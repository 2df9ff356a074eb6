//! `cargo xtask cloud`: the cloud's server on this machine, with its data below `target/`.

use std::process::ExitCode;

use anyhow::Result;

use crate::process;
use crate::project::Project;

/// What may be done while the server runs, with the same data.
const BESIDE: &str = "
While it runs, in another terminal:
  cargo xtask cloud seed                              fill the empty database with people and agents
  cargo xtask cloud admin create --email ADDRESS      make an account without a letter
  cargo xtask cloud admin                             what else there is for who runs it

";

/// Builds the server and starts it: on SQLite, with no settings, unless the environment has some.
pub(crate) fn cloud(project: &Project, args: &[String]) -> Result<ExitCode> {
    process::run(
        project
            .cargo()
            .args(["build", "--package", "slipway-cloud"]),
    )?;
    let mut command = std::process::Command::new(project.binary("debug", "slipway-cloud"));
    if std::env::var_os("SLIPWAY_CLOUD_DATA").is_none() {
        command.env("SLIPWAY_CLOUD_DATA", project.target().join("cloud"));
    }
    let args: &[String] = if args.is_empty() {
        eprint!("{BESIDE}");
        &["serve".to_owned()]
    } else {
        args
    };
    process::become_program(command.args(args))
}
