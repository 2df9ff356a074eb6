//! `slipway rules`.

use clap::{Args, Subcommand};
use slipway_contract::AgentName;

/// List and remove what you decided for good, or make an agent ask
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "\
Examples:
  slipway rules                     The same as `slipway rules list`
  slipway rules remove 1a2b3c4
  slipway runs approve 5d6e7f8 --always     Makes a rule of an answer")]
pub(crate) struct RulesArgs {
    #[command(subcommand)]
    pub(crate) command: Option<RulesCommand>,

    #[command(flatten)]
    pub(crate) list: ListRulesArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    List(ListRulesArgs),
    /// Show a rule: what it covers, for which agent, since when
    #[command(after_help = "\
Examples:
  slipway rules show 1a2b3c4
  slipway rules show 1a2b3c4 --json")]
    Show {
        /// The rule's id, or its first digits
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Take a rule back, for good; running agents ask again from their next question on
    #[command(after_help = "\
Examples:
  slipway rules remove 1a2b3c4")]
    Remove {
        /// The rule's id, or its first digits
        #[arg(value_name = "ID")]
        id: String,
    },
    Add(AddRuleArgs),
}

/// List rules, the newest first
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway rules list
  slipway rules list --agent expense-report
  slipway rules list --all --json    Also those that were removed")]
pub(crate) struct ListRulesArgs {
    /// Only the rules of this agent
    #[arg(long, value_name = "NAME")]
    pub(crate) agent: Option<AgentName>,

    /// Also the rules that were removed
    #[arg(long)]
    pub(crate) all: bool,
}

/// Make an agent ask before each call of a tool, or never call it, whatever its package says
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["ask", "deny"]))]
#[command(after_help = "\
Examples:
  slipway rules add expense-report write_file --ask
  slipway rules add ./expense-report http_request --deny")]
pub(crate) struct AddRuleArgs {
    /// The agent: its folder, or its name
    #[arg(value_name = "FOLDER|NAME")]
    pub(crate) agent: String,

    /// The tool
    #[arg(value_name = "TOOL")]
    pub(crate) tool: String,

    /// Ask each time; a rule that allows a call still does
    #[arg(long)]
    pub(crate) ask: bool,

    /// Never call it
    #[arg(long)]
    pub(crate) deny: bool,
}
