//! `slipway privacy`.

use clap::Args;

/// Show what leaves this machine: models that are asked, hosts and programs that you granted
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway privacy
  slipway privacy --json

Slipway itself sends nothing: no figures of use, no reports of crashes.
A grant goes with its agent: slipway agents remove. To remove a key: slipway secrets remove.")]
pub(crate) struct PrivacyArgs {}
