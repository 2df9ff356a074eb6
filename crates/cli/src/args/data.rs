//! `slipway data`.

use clap::{Args, Subcommand};

/// Show where everything is kept and how much it is, or delete all of it
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway data                          The same as `slipway data show`
  slipway data delete --confirm \"delete everything\"

Copies: slipway snapshots; everything as plain files: slipway export --all.")]
pub(crate) struct DataArgs {
    #[command(subcommand)]
    pub(crate) command: Option<DataCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DataCommand {
    /// Show where everything is kept, and how much it is by kind; changes nothing
    #[command(after_help = "\
Examples:
  slipway data show
  slipway data show --json")]
    Show,
    /// Delete everything for good: agents, versions, runs, budgets, snapshots, working folders
    #[command(after_help = "\
Examples:
  slipway data delete --confirm \"delete everything\"
  slipway data delete --confirm \"delete everything\" --keys

It refuses while a window or a run has the database open. Folders of agents elsewhere, back-ups
and exports stay.")]
    Delete {
        /// What says that it is meant: the words `delete everything`
        #[arg(
            long,
            value_name = "WORDS",
            default_value = "",
            hide_default_value = true
        )]
        confirm: String,
        /// The keys too, in the keychain and in the sealed file
        #[arg(long)]
        keys: bool,
    },
}
