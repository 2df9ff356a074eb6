//! `slipway test`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};
use slipway_contract::Usd;
use slipway_contract::model::ModelRef;
use slipway_contract::test::Reporter;

/// Test an agent: run its suites, and see what changed
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("mode").args(["replay", "record", "live"]))]
#[command(group = ArgGroup::new("against_what").args(["baseline", "against", "no_compare"]))]
#[command(group = ArgGroup::new("instead").args(["accept", "list", "last", "propose", "watch", "resume"]))]
#[command(after_help = "\
Examples:
  slipway test ./expense-report                  Play the recordings: no key, no network, no cost
  slipway test ./expense-report --failed         Only what did not pass when it was last run
  slipway test ./expense-report --live --budget 0.50
  slipway test ./expense-report --record --case 'Sums match the table'
  slipway test ./expense-report --accept --case 'Sums match the table'
  slipway test . --reporter junit --output report.xml      For a CI server
  slipway test . --last --reporter markdown                The same report again, for a pull request
  slipway test . --baseline main.json                      What changed against another report
  slipway test . --attacks --live                Attacks through every tool's results, and by talk
  slipway test . --propose runs                  Cases from past runs, as TOML to be reviewed
  slipway runs save-as-test 1a2b3c4              Make a test of a run

Exit codes:
  0  every case that was run passed        1    a case did not pass, or was not recorded
  2  wrong use, a suite that is not valid, or nothing to run
  4  the budget for all of it is used up   130  cancelled with Ctrl-C
  143 by SIGTERM: `slipway test … --resume` goes on")]
pub(crate) struct TestArgs {
    /// A folder (`.`, or anything with a slash), or the name of an agent of this workspace
    #[arg(value_name = "FOLDER|NAME")]
    pub(crate) agent: String,

    /// Play the recordings; cases without one are left out (the default)
    #[arg(long)]
    pub(crate) replay: bool,

    /// Ask the models, and write recordings of what they answer into the package
    #[arg(long)]
    pub(crate) record: bool,

    /// Ask the models
    #[arg(long)]
    pub(crate) live: bool,

    /// Only the suite of this file or name; may be given several times
    #[arg(long, value_name = "FILE|NAME", help_heading = "Which cases")]
    pub(crate) suite: Vec<String>,

    /// Only cases whose title holds this
    #[arg(long, value_name = "TEXT", help_heading = "Which cases")]
    pub(crate) case: Option<String>,

    /// Only cases with this tag; may be given several times
    #[arg(long, value_name = "TAG", help_heading = "Which cases")]
    pub(crate) tag: Vec<String>,

    /// Only cases that did not pass when they were last run
    #[arg(long, help_heading = "Which cases")]
    pub(crate) failed: bool,

    /// Only cases that the difference to a version touches [default: the newest version]
    #[arg(long, value_name = "VERSION", num_args = 0..=1, default_missing_value = "", help_heading = "Which cases")]
    pub(crate) changed: Option<String>,

    /// The ready suite of attacks, instead of the agent's own suites
    #[arg(long, conflicts_with = "suite", help_heading = "Which cases")]
    pub(crate) attacks: bool,

    /// How the report is written
    #[arg(
        long,
        value_name = "REPORTER",
        default_value = "console",
        help_heading = "The report"
    )]
    pub(crate) reporter: ReporterChoice,

    /// Write the report into this file, and a summary to the terminal
    #[arg(short, long, value_name = "FILE", help_heading = "The report")]
    pub(crate) output: Option<PathBuf>,

    /// Compare with a report in a file, as --reporter json writes it
    #[arg(long, value_name = "FILE", help_heading = "The report")]
    pub(crate) baseline: Option<PathBuf>,

    /// Compare with the newest report of this version [default: the report before]
    #[arg(long, value_name = "VERSION", help_heading = "The report")]
    pub(crate) against: Option<String>,

    /// Compare with nothing
    #[arg(long, help_heading = "The report")]
    pub(crate) no_compare: bool,

    /// The most that all of it may cost, in US dollars
    #[arg(
        long,
        value_name = "USD",
        allow_hyphen_values = true,
        help_heading = "How it runs"
    )]
    pub(crate) budget: Option<Usd>,

    /// How many attempts are made at once [default: 8 with models, else one for each processor]
    #[arg(short, long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=256), help_heading = "How it runs")]
    pub(crate) jobs: Option<u16>,

    /// The most calls a minute to each provider
    #[arg(long, value_name = "COUNT", help_heading = "How it runs")]
    pub(crate) rate: Option<NonZeroU32>,

    /// Another model than the agent's own
    #[arg(
        short,
        long,
        value_name = "PROVIDER/MODEL",
        help_heading = "How it runs"
    )]
    pub(crate) model: Option<ModelRef>,

    /// The model that judges by rubrics [default: the agent's own, with --live and --record]
    #[arg(long, value_name = "PROVIDER/MODEL", help_heading = "How it runs")]
    pub(crate) judge: Option<ModelRef>,

    /// The model that makes embeddings for `similar_to` [default: texts are compared by words]
    #[arg(long, value_name = "PROVIDER/MODEL", help_heading = "How it runs")]
    pub(crate) embeddings: Option<ModelRef>,

    /// What happens when a run asks what its case does not answer
    #[arg(
        long,
        value_name = "WHAT",
        default_value = "never",
        hide_possible_values = true,
        help_heading = "How it runs",
        long_help = "\
What happens when a run asks what its case does not answer:
  never  It waits, which most cases do not pass (the default)
  allow  Whatever is asked and no case denies is granted and approved"
    )]
    pub(crate) approve: TestApprove,

    /// Keep the runs off the network
    #[arg(long, help_heading = "How it runs")]
    pub(crate) no_network: bool,

    /// Go on with the newest report that was cut off; what is over is not run again
    #[arg(long, help_heading = "Instead")]
    pub(crate) resume: bool,

    /// Run again whenever the package changes, until Ctrl-C
    #[arg(long, conflicts_with_all = ["record", "live", "output"], help_heading = "Instead")]
    pub(crate) watch: bool,

    /// Take what the agent asks now in the chosen cases as what it should ask; the answers stay
    #[arg(long, help_heading = "Instead")]
    pub(crate) accept: bool,

    /// List the cases that would be run
    #[arg(long, help_heading = "Instead")]
    pub(crate) list: bool,

    /// Write the newest report again
    #[arg(long, help_heading = "Instead")]
    pub(crate) last: bool,

    /// Print proposed cases as TOML: from `agent`, `runs`, `attacks`, or as `case:NAME` would be put by others
    #[arg(long, value_name = "FROM", help_heading = "Instead")]
    pub(crate) propose: Option<String>,
}

/// `--reporter`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReporterChoice {
    /// Text for a terminal, failures first
    Console,
    /// JSON, which can be compared with later
    Json,
    /// JUnit XML, as CI servers read it
    Junit,
    /// One HTML file that fetches and runs nothing
    Html,
    /// Markdown, for a pull request
    Markdown,
}

impl From<ReporterChoice> for Reporter {
    fn from(choice: ReporterChoice) -> Self {
        match choice {
            ReporterChoice::Console => Self::Console,
            ReporterChoice::Json => Self::Json,
            ReporterChoice::Junit => Self::Junit,
            ReporterChoice::Html => Self::Html,
            ReporterChoice::Markdown => Self::Markdown,
        }
    }
}

/// `--approve`, where nobody can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestApprove {
    /// It waits.
    Never,
    /// Everything is granted and approved that no case denies.
    Allow,
}
