//! `slipway new`, `validate`, `import` and `export`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};
use slipway_contract::{AgentName, ContentHash};

/// Make an agent's folder: blank, from a template or from an example
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway new ./meeting-notes                 A new agent to begin from
  slipway new ./contracts --template folder-questions
  slipway new --example expense-report        An example with its data, in ./expense-report
  slipway new ./mine --example link-checker")]
pub(crate) struct NewArgs {
    /// The folder to make [default with --example: the example's name]
    #[arg(value_name = "FOLDER", required_unless_present = "example")]
    pub(crate) folder: Option<PathBuf>,

    /// The agent's name, where it is not the folder's
    #[arg(long, value_name = "NAME", conflicts_with = "example")]
    pub(crate) name: Option<AgentName>,

    /// Begin from this template
    #[arg(long, value_name = "TEMPLATE", conflicts_with = "example", value_parser = template_names())]
    pub(crate) template: Option<String>,

    /// Begin from this example
    #[arg(long, value_name = "EXAMPLE", value_parser = PossibleValuesParser::new(example_names()))]
    pub(crate) example: Option<String>,
}

/// The words that `--template` takes, each with what its agents do.
pub(super) fn template_names() -> PossibleValuesParser {
    let value = |template: slipway_contract::agent::AgentTemplate| {
        PossibleValue::new(template.name).help(template.description)
    };
    PossibleValuesParser::new(slipway_app::templates().into_iter().map(value))
}

fn example_names() -> Vec<String> {
    slipway_app::examples()
        .into_iter()
        .map(|example| example.name.to_string())
        .collect()
}

/// Check a package without running anything
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway validate                        The package in this folder
  slipway validate ./expense-report
  slipway validate received.slipway --json

Nothing is run, connected to or written. What is wrong is listed with its file, line and key.")]
pub(crate) struct ValidateArgs {
    /// A folder, or a .slipway archive
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
}

/// Bring an agent into this workspace, or a whole workspace
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway import received.slipway
  slipway import ./expense-report
  slipway import received.slipway --preview What it is and asks for; nothing is imported
  slipway import newer.slipway --replace
  slipway import theirs.slipway --name their-report
  slipway import --all backup.tar.gz        Everything of an export, into an empty home

Nothing is run or connected to. When an imported agent runs, everything it wants is asked first.
With --all what you had granted is granted again: import only what you exported yourself.")]
pub(crate) struct ImportArgs {
    /// A .slipway archive, or a folder; with --all what `slipway export --all` wrote
    #[arg(value_name = "PATH")]
    pub(crate) path: PathBuf,

    /// Make this the new version of an agent that is here; the old version stays stored
    #[arg(long, conflicts_with = "all")]
    pub(crate) replace: bool,

    /// Show what the package is and asks for, and import nothing
    #[arg(long, conflicts_with_all = ["all", "replace", "name", "hash"])]
    pub(crate) preview: bool,

    /// Import it under another name, beside an agent that is here
    #[arg(long, value_name = "NAME", conflicts_with_all = ["all", "replace"])]
    pub(crate) name: Option<AgentName>,

    /// Import it only if this is its content hash, as --preview shows it
    #[arg(long, value_name = "HASH", conflicts_with = "all")]
    pub(crate) hash: Option<ContentHash>,

    /// Bring in everything of an export: agents, versions, drafts, runs, what was granted
    #[arg(long)]
    pub(crate) all: bool,
}

/// Write an agent to one file or a folder, or everything
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway export expense-report                         To expense-report.slipway
  slipway export ./expense-report --output ~/er.slipway
  slipway export expense-report --output ./a-copy       To a folder
  slipway export --all backup.tar.gz                    Everything that is kept here

The same files always make the same archive, byte for byte. --all writes every agent with its
versions and draft, every run with its journal, and what was granted, as plain files; no keys.")]
pub(crate) struct ExportArgs {
    /// A folder (`.`, or anything with a slash), or the name of an agent of this workspace
    #[arg(
        value_name = "FOLDER|NAME",
        required_unless_present = "all",
        conflicts_with = "all"
    )]
    pub(crate) agent: Option<String>,

    /// Write everything to this folder, or to an archive whose name ends in .tar, .tar.gz or .tgz
    #[arg(long, value_name = "PATH")]
    pub(crate) all: Option<PathBuf>,

    /// An archive that ends in .slipway, or a folder to make [default: NAME.slipway]
    #[arg(short, long, value_name = "PATH", conflicts_with = "all")]
    pub(crate) output: Option<PathBuf>,
}
