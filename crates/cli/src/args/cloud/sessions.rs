//! `slipway cloud sessions`.

use clap::{Args, Subcommand};
use slipway_contract::cloud::SessionId;

/// See where you are signed in, and sign out elsewhere
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway cloud sessions                The same as `slipway cloud sessions list`
  slipway cloud sessions end-others     Sign out everywhere but here")]
pub(crate) struct SessionsArgs {
    #[command(subcommand)]
    pub(crate) command: Option<SessionsCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SessionsCommand {
    /// List where you are signed in: browsers, windows, command lines
    #[command(after_help = "\
Examples:
  slipway cloud sessions list
  slipway cloud sessions list --json")]
    List,
    /// Sign out somewhere else
    #[command(after_help = "\
Examples:
  slipway cloud sessions end 01890a5d-ac96-774b-bcce-b302099a8057

On this machine: slipway cloud logout")]
    End {
        /// The session's id, from the list
        #[arg(value_name = "ID", value_parser = super::words::session)]
        id: SessionId,
    },
    /// Sign out everywhere but here
    #[command(after_help = "\
Examples:
  slipway cloud sessions end-others
  slipway cloud sessions end-others --yes    Without a question")]
    EndOthers {
        /// Ask nothing
        #[arg(long)]
        yes: bool,
    },
}
