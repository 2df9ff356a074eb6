//! `slipway agents`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use slipway_contract::{AgentName, ContentHash};

/// List agents, save and compare their versions, go back to one
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway agents                        The same as `slipway agents list`
  slipway agents show expense-report
  slipway agents save expense-report --note \"before the new tax rules\"
  slipway agents diff expense-report    What was changed since
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
    /// Make a version of what an agent is now
    #[command(after_help = "\
Examples:
  slipway agents save expense-report
  slipway agents save expense-report --note \"before the new tax rules\"

A version holds the whole package and never changes. One is also made before every run.")]
    Save {
        /// The agent
        #[arg(value_name = "NAME")]
        agent: AgentName,
        /// What to remember about it
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    /// List the versions of an agent, the newest first
    #[command(after_help = "\
Examples:
  slipway agents versions expense-report
  slipway agents versions expense-report --json")]
    Versions {
        /// The agent
        #[arg(value_name = "NAME")]
        agent: AgentName,
    },
    /// Show what differs between two versions, or since one
    #[command(after_help = "\
Examples:
  slipway agents diff expense-report                   Since its newest version
  slipway agents diff expense-report 1a2b3c4           Since that version
  slipway agents diff expense-report 1a2b3c4 5d6e7f8   Between the two

A version is named by the first digits of its hash, what the agent is now by the word draft.")]
    Diff {
        /// The agent
        #[arg(value_name = "NAME")]
        agent: AgentName,
        /// Before: a version [default: the newest]
        #[arg(value_name = "VERSION")]
        from: Option<String>,
        /// After: a version [default: what the agent is now]
        #[arg(value_name = "VERSION")]
        to: Option<String>,
    },
    /// Go back to a version: everything that its package holds
    #[command(after_help = "\
Examples:
  slipway agents versions expense-report
  slipway agents restore expense-report 1a2b3c4

What the agent is now is saved as a version first. In an agent's folder only the package's own
files are written; what lies beside them stays. Permissions that you took back stay taken back.")]
    Restore {
        /// The agent
        #[arg(value_name = "NAME")]
        agent: AgentName,
        /// The first digits of the version's hash
        #[arg(value_name = "VERSION")]
        version: String,
    },
    Draft(DraftArgs),
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

/// Show what an agent is now, change one of its files, take changes back
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway agents draft show expense-report
  slipway agents draft put expense-report instructions.md < new.md
  slipway agents draft discard expense-report")]
pub(crate) struct DraftArgs {
    #[command(subcommand)]
    pub(crate) command: DraftCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DraftCommand {
    /// Show what an agent is now, and what keeps it from being run; or print one of its files
    #[command(after_help = "\
Examples:
  slipway agents draft show expense-report
  slipway agents draft show expense-report instructions.md > old.md")]
    Show {
        /// The agent
        #[arg(value_name = "NAME")]
        agent: AgentName,
        /// Print this file as it is
        #[arg(value_name = "FILE")]
        file: Option<String>,
    },
    /// Write one file of an agent's draft, from stdin
    #[command(after_help = "\
Examples:
  slipway agents draft put expense-report instructions.md < new.md
  slipway agents draft put expense-report files/rates.csv --from rates.csv
  slipway agents draft put expense-report tests/old.toml --remove

The draft may be invalid in between; then it cannot be run. With --seen nothing is written when
somebody else has changed the draft meanwhile; `slipway agents draft show NAME --json` has the hash.")]
    Put {
        /// The agent
        #[arg(value_name = "NAME")]
        agent: AgentName,
        /// The file's path in the package
        #[arg(value_name = "FILE")]
        file: String,
        /// Take the content from this file instead of stdin
        #[arg(long, value_name = "PATH")]
        from: Option<PathBuf>,
        /// Remove the file
        #[arg(long, conflicts_with = "from")]
        remove: bool,
        /// The hash of the draft that the change is made to
        #[arg(long, value_name = "HASH")]
        seen: Option<ContentHash>,
    },
    /// Take back everything that was changed since the newest version
    #[command(after_help = "\
Examples:
  slipway agents diff expense-report
  slipway agents draft discard expense-report")]
    Discard {
        /// The agent
        #[arg(value_name = "NAME")]
        agent: AgentName,
        /// The hash of the draft that is meant
        #[arg(long, value_name = "HASH")]
        seen: Option<ContentHash>,
    },
}
