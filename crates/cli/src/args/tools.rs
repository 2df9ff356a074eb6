//! `slipway tools`.

use clap::{Args, Subcommand};

/// List the built-in tools
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway tools                   The same as `slipway tools list`
  slipway tools show read_table   What it does, and the schema of its arguments")]
pub(crate) struct ToolsArgs {
    #[command(subcommand)]
    pub(crate) command: Option<ToolsCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ToolsCommand {
    /// List the built-in tools
    #[command(after_help = "\
Examples:
  slipway tools list
  slipway tools list --json")]
    List,
    /// Show what a tool does, what it needs, and the schema of its arguments
    #[command(after_help = "\
Examples:
  slipway tools show read_table")]
    Show {
        /// The tool
        #[arg(value_name = "NAME")]
        tool: String,
    },
}
