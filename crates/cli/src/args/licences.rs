//! `slipway licences`.

use clap::Args;

/// List the packages that ship with Slipway and their licences, or print the licence of one
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway licences
  slipway licences serde        The text of its licence
  slipway licences --json")]
pub(crate) struct LicencesArgs {
    /// Print the licence of this package
    pub(crate) package: Option<String>,
}
