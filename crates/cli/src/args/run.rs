//! `slipway run`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use slipway_app::Approve;
use slipway_contract::id::InvalidId;
use slipway_contract::model::ModelRef;
use slipway_contract::money::InvalidAmount;
use slipway_contract::{ErrorCode, Problem, Usd};

/// Run an agent from a folder, or by its name
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway run ./expense-report
  slipway run expense-report --input 'Only October'
  slipway run . --input @task.md --model local/llama3.2
  git log | slipway run ./changelog-writer --input -
  slipway run ./agent --input 'What is wrong here?' --attach screenshot.png --attach manual.pdf
  slipway run ./agent --json --approve never   Unattended: parks at the first question
  slipway run ./agent -m openai/gpt-5-mini -m local/llama3.2   Side by side; nobody is asked

Exit codes:
  0  succeeded           1    failed
  2  wrong use, an invalid package, or no usable model
  3  parked: it waits for a person; `slipway runs show ID` says for what
  4  over its budget     130  cancelled with Ctrl-C, or ended with `slipway runs resolve --stop`
  The run was let go of, and `slipway runs resume ID` takes it up:
  143  by SIGTERM        129  because the terminal closed
  141  because the reader of the output went away")]
pub(crate) struct RunArgs {
    /// A folder (`.`, or anything with a slash), or the name of an agent of this workspace
    #[arg(value_name = "FOLDER|NAME")]
    pub(crate) agent: String,

    /// What you say to the agent: a text, @FILE for a file's content, or - for stdin
    #[arg(short, long, value_name = "TEXT|@FILE|-", allow_hyphen_values = true)]
    pub(crate) input: Option<String>,

    /// An image (PNG, JPEG, GIF, WebP) or a PDF that goes with it; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) attach: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) flags: RunFlags,

    /// The folder in which the agent works, instead of its own
    #[arg(long, value_name = "DIR")]
    pub(crate) workdir: Option<PathBuf>,

    /// Make a recording of this name, to be played with --model recording/NAME
    #[arg(long, value_name = "NAME")]
    pub(crate) record: Option<String>,
}

/// What holds for every run that is started here.
#[derive(Debug, Args)]
pub(crate) struct RunFlags {
    /// Another model than the agent's own: openai/…, anthropic/…, local/…, recording/…; with `run`,
    /// several are compared side by side
    #[arg(short, long, value_name = "PROVIDER/MODEL", value_parser = one_model)]
    pub(crate) model: Vec<ModelRef>,

    /// A model to fall back to when the model fails for good; several are asked in this order, and
    /// `none` falls back to none [default: the agent's own, or none with --model]
    #[arg(long, value_name = "PROVIDER/MODEL|none")]
    pub(crate) fallback: Vec<FallbackChoice>,

    /// What happens when the run asks something [default: ask at a terminal, else never]
    #[arg(
        long,
        value_name = "WHAT",
        hide_possible_values = true,
        long_help = "\
What happens when the run asks something:
  ask    You are asked here (the default at a terminal)
  allow  Whatever is asked and not denied is granted and approved, for this run
  never  The run parks at the first question (the default without a terminal)"
    )]
    pub(crate) approve: Option<ApproveChoice>,

    /// The most that the run may cost, in US dollars; `none` for no limit
    #[arg(long, value_name = "USD|none", allow_hyphen_values = true)]
    pub(crate) budget: Option<Budget>,

    /// Keep the run off the network
    #[arg(long)]
    pub(crate) no_network: bool,
}

/// `--fallback`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FallbackChoice {
    /// This model.
    To(ModelRef),
    /// No other model.
    None,
}

impl FallbackChoice {
    /// The models of all that was given; none where nothing was.
    pub(crate) fn models(given: Vec<Self>) -> Result<Option<Vec<ModelRef>>, Problem> {
        let count = given.len();
        let models: Vec<ModelRef> = given
            .into_iter()
            .filter_map(|choice| match choice {
                Self::To(model) => Some(model),
                Self::None => None,
            })
            .collect();
        match (count, models.len()) {
            (0, _) => Ok(None),
            (1, 0) => Ok(Some(models)),
            (count, named) if count == named => Ok(Some(models)),
            _ => {
                let message = "--fallback none stands alone: it falls back to no model";
                Err(Problem::new(ErrorCode::InvalidInput, message))
            }
        }
    }
}

impl FromStr for FallbackChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.eq_ignore_ascii_case("none") {
            Ok(Self::None)
        } else {
            one(text, "--fallback").map(Self::To)
        }
    }
}

fn one_model(text: &str) -> Result<ModelRef, String> {
    one(text, "--model")
}

/// The model of this name; `a,b` is what people write who mean several.
fn one(text: &str, flag: &str) -> Result<ModelRef, String> {
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    let named: Result<Vec<ModelRef>, _> = parts.iter().map(|part| part.parse()).collect();
    match named {
        Ok(several) if several.len() > 1 => {
            let flags: Vec<String> = several
                .iter()
                .map(|model| format!("{flag} {model}"))
                .collect();
            Err(format!(
                "it names several models; give each a flag of its own: {}",
                flags.join(" ")
            ))
        }
        _ => text.parse().map_err(|error: InvalidId| error.to_string()),
    }
}

/// `--budget`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Budget {
    /// No more than this.
    At(Usd),
    /// Whatever it costs.
    Unlimited,
}

impl Budget {
    pub(crate) const fn amount(self) -> Option<Usd> {
        match self {
            Self::At(most) => Some(most),
            Self::Unlimited => None,
        }
    }
}

impl FromStr for Budget {
    type Err = InvalidAmount;

    fn from_str(text: &str) -> Result<Self, InvalidAmount> {
        if text.eq_ignore_ascii_case("none") {
            Ok(Self::Unlimited)
        } else {
            text.parse().map(Self::At)
        }
    }
}

/// `--approve`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ApproveChoice {
    Ask,
    Allow,
    Never,
}

impl ApproveChoice {
    pub(crate) const fn to_app(self) -> Approve {
        match self {
            Self::Ask => Approve::Ask,
            Self::Allow => Approve::Allow,
            Self::Never => Approve::Never,
        }
    }
}
