//! The command line.

use clap::{Parser, Subcommand};

/// Slipway's cloud: accounts, organizations, keys, and agents shared by their owners.
///
/// Settings come from the environment; `slipway-cloud settings` lists them. It starts without any.
#[derive(Debug, Parser)]
#[command(name = "slipway-cloud", version, propagate_version = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Takes requests, until SIGTERM or Ctrl-C: then finishes those that run.
    Serve,
    /// Carries letters away, until SIGTERM or Ctrl-C. `serve` does so too, unless SLIPWAY_CLOUD_WORKER=false.
    Worker,
    /// Brings the database's tables up to date. `serve` does so too.
    Migrate,
    /// Writes the description of the API (OpenAPI 3.1, JSON).
    Openapi,
    /// Lists every setting, as a file to begin with.
    Settings,
}
