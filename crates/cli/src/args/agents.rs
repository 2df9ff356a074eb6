//! `slipway agents`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use slipway_contract::agent::AgentSort;
use slipway_contract::{AgentName, ContentHash};

use super::place::Place;

/// List, make, copy, archive and remove agents; save and compare their versions
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway agents                        The same as `slipway agents list`
  slipway agents list --search invoice --sort cost
  slipway agents new reading-list --template folder-questions
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
    List(AgentListArgs),
    /// Make an agent in this workspace, blank or from a template
    #[command(after_help = "\
Examples:
  slipway agents new meeting-notes
  slipway agents new contracts --template folder-questions --title \"What our contracts say\"
  slipway agents draft show contracts

It has no folder; `slipway new FOLDER` makes one that has. `slipway agents draft` edits it.")]
    New {
        /// Its name
        #[arg(value_name = "NAME")]
        agent: AgentName,
        /// Its title [default: its name in words]
        #[arg(long, value_name = "TEXT")]
        title: Option<String>,
        /// Begin from this template
        #[arg(long, value_name = "TEMPLATE", value_parser = super::packages::template_names())]
        template: Option<String>,
    },
    /// Copy an agent's package, as it is now, under another name
    #[command(after_help = "\
Examples:
  slipway agents duplicate expense-report expense-report-2027
  slipway agents duplicate expense-report travel --title \"Travel report\"

The copy has no folder, no runs, and nothing that was granted to the other one. Files beside an
agent's folder are no part of its package and are not copied.")]
    Duplicate {
        /// The agent
        #[arg(value_name = "NAME")]
        agent: AgentName,
        /// The copy's name
        #[arg(value_name = "NEW-NAME")]
        name: AgentName,
        /// The copy's title [default: the agent's]
        #[arg(long, value_name = "TEXT")]
        title: Option<String>,
    },
    /// Give an agent another title
    #[command(after_help = "\
Examples:
  slipway agents rename expense-report \"Expenses of the team\"

The title is in agent.toml; comments there stay. The name stays, and everything that goes by it.")]
    Rename {
        /// The agent
        #[arg(value_name = "NAME")]
        agent: AgentName,
        /// The title
        #[arg(value_name = "TITLE")]
        title: String,
    },
    /// Put an agent aside: it is no longer listed and otherwise stays as it is
    #[command(after_help = "\
Examples:
  slipway agents archive expense-report
  slipway agents list --archived")]
    Archive {
        /// The agent
        #[arg(value_name = "NAME")]
        agent: AgentName,
    },
    /// Put an archived agent back among those in use
    #[command(after_help = "\
Examples:
  slipway agents unarchive expense-report")]
    Unarchive {
        /// The agent
        #[arg(value_name = "NAME")]
        agent: AgentName,
    },
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
  slipway agents remove expense-report
  slipway agents remove expense-report --undo     Put it back, within 30 days
  slipway agents list --removed

What was granted to it is taken back, and granted again when the agent is put back.")]
    Remove {
        /// The agent
        #[arg(value_name = "NAME")]
        agent: AgentName,
        /// Put back an agent that was removed
        #[arg(long)]
        undo: bool,
    },
    /// Put the example agents, with their data, into this workspace
    #[command(after_help = "\
Examples:
  slipway agents add-examples
  slipway run expense-report")]
    AddExamples,
}

/// List the agents of this workspace
#[derive(Debug, Default, Args)]
#[command(after_help = "\
Examples:
  slipway agents list
  slipway agents list --search \"invoice tax\" --tag finance
  slipway agents list --sort cost
  slipway agents list --archived
  slipway agents list --removed
  slipway agents list --json

Each word of --search is in the name, the title, the description or a tag.")]
pub(crate) struct AgentListArgs {
    /// Only agents in which each of these words occurs
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    /// Only agents with this tag; several narrow it down
    #[arg(long = "tag", value_name = "TAG")]
    pub(crate) tags: Vec<String>,
    /// The order
    #[arg(long, value_name = "ORDER", default_value = "used")]
    pub(crate) sort: Order,
    /// Those that were archived instead
    #[arg(long, conflicts_with = "removed")]
    pub(crate) archived: bool,
    /// Those that were removed and can be put back instead
    #[arg(long, conflicts_with_all = ["search", "tags", "sort"])]
    pub(crate) removed: bool,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Order {
    /// Those that ran last come first
    #[default]
    Used,
    /// By title
    Name,
    /// Those that cost most this month come first
    Cost,
    /// Those that were changed last come first
    Changed,
}

impl Order {
    pub(crate) const fn sort(self) -> AgentSort {
        match self {
            Self::Used => AgentSort::Used,
            Self::Name => AgentSort::Name,
            Self::Cost => AgentSort::Cost,
            Self::Changed => AgentSort::Changed,
        }
    }
}

/// Show what an agent is now, change one of its files, take changes back
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway agents draft show expense-report
  slipway agents draft put expense-report instructions.md < new.md
  slipway agents draft set expense-report limits.max_steps 24
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
    /// Change a value of agent.toml; its comments, and everything else in it, stay
    #[command(after_help = "\
Examples:
  slipway agents draft set expense-report model.use openai/gpt-5
  slipway agents draft set expense-report limits.max_steps 24
  slipway agents draft set expense-report limits.budget_usd '\"0.50\"'
  slipway agents draft set expense-report tools[0].approval ask
  slipway agents draft set expense-report tools[1] '{\"use\": \"read_file\"}'
  slipway agents draft set expense-report input.properties.month '{\"type\": \"string\"}'

VALUE is JSON, and what is no JSON is a text. Tables on the way are made; a list may grow by one at
its end.")]
    Set {
        /// The agent
        #[arg(value_name = "NAME")]
        agent: AgentName,
        /// The way to the value: keys with points between, places in lists in brackets, from 0
        #[arg(value_name = "KEY")]
        key: Place,
        /// The value
        #[arg(value_name = "VALUE", allow_hyphen_values = true)]
        value: String,
        /// The hash of the agent.toml that the change is made to
        #[arg(long, value_name = "HASH")]
        seen: Option<ContentHash>,
    },
    /// Take a value out of agent.toml, with the comments that belong to it
    #[command(after_help = "\
Examples:
  slipway agents draft unset expense-report limits.timeout
  slipway agents draft unset expense-report tools[1]")]
    Unset {
        /// The agent
        #[arg(value_name = "NAME")]
        agent: AgentName,
        /// The way to the value
        #[arg(value_name = "KEY")]
        key: Place,
        /// The hash of the agent.toml that the change is made to
        #[arg(long, value_name = "HASH")]
        seen: Option<ContentHash>,
    },
    /// Give a file of an agent's draft another path
    #[command(after_help = "\
Examples:
  slipway agents draft move expense-report files/rates.csv files/2026/rates.csv")]
    Move {
        /// The agent
        #[arg(value_name = "NAME")]
        agent: AgentName,
        /// The file's path in the package
        #[arg(value_name = "FILE")]
        file: String,
        /// Its new path, where nothing is yet
        #[arg(value_name = "PATH")]
        to: String,
        /// The hash of the content that was seen
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
