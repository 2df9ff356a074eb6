//! `slipway agents`.

use clap::{Args, Subcommand};
use slipway_contract::AgentName;

/// List the agents of this workspace
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway agents                        The same as `slipway agents list`
  slipway agents show expense-report
  slipway agents add-examples           Put the example agents into this workspace")]
pub(crate) struct AgentsArgs {
    #[command(subcommand)]
    pub(crate) command: Option<AgentsCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AgentsCommand {
    /// List the agents of this workspace, the newest changed first
    #[command(after_help = "\
Examples:
  slipway agents list
  slipway agents list --json")]
    List,
    /// Show an agent: its model, tools, what it asks for, its newest runs
    #[command(after_help = "\
Examples:
  slipway agents show expense-report")]
    Show {
        /// The agent
        #[arg(value_name = "NAME")]
        agent: AgentName,
    },
    /// Take an agent out of this workspace; its folder, its versions and its runs stay
    #[command(after_help = "\
Examples:
  slipway agents remove expense-report")]
    Remove {
        /// The agent
        #[arg(value_name = "NAME")]
        agent: AgentName,
    },
    /// Put the example agents, with their data, into this workspace
    #[command(after_help = "\
Examples:
  slipway agents add-examples
  slipway run expense-report")]
    AddExamples,
}
