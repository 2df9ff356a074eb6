//! `slipway runs`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use slipway_contract::StepId;
use slipway_contract::rule::ArgumentPattern;
use slipway_contract::run::RunState;

use super::{ApproveChoice, FilterArgs, RunFlags, SortChoice};

/// List runs, look at one, answer what it asks, take it up again
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway runs                    The same as `slipway runs list`
  slipway runs show 1a2b3c4       What a run did, and what it waits for
  slipway runs approve 1a2b3c4")]
pub(crate) struct RunsArgs {
    #[command(subcommand)]
    pub(crate) command: Option<RunsCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RunsCommand {
    List(ListArgs),
    Show(ShowArgs),
    Again(AgainArgs),
    Continue(ContinueArgs),
    Retry(RetryArgs),
    Resume(ResumeArgs),
    Approve(AnswerArgs),
    Deny(DenyArgs),
    Resolve(ResolveArgs),
    Cancel(CancelArgs),
    Export(ExportRunArgs),
    Compare(CompareRunsArgs),
    SaveAsTest(SaveAsTestArgs),
    Wire(WireArgs),
}

/// Runs in a list when nothing else is said.
const MOST_LISTED: u32 = 20;

/// List runs, the newest first
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway runs list
  slipway runs list --status parked          What waits for you
  slipway runs list --status cut-off         What `slipway runs resume` takes up
  slipway runs list --search 'tax number'    In which both words were asked or said
  slipway runs list --since 7d --min-cost 0.10 --sort cost
  slipway runs list --agent expense-report --json
  slipway runs list --totals                 How many on each day, and what they cost

Words are found as whole words or by their beginning, in capitals or not. With --json each line is
a run; for the next page, give the last line's run_id to --after.")]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) filter: FilterArgs,

    /// What comes first: the newest, the longest, the dearest, the one with the most tokens
    #[arg(long, value_name = "COLUMN", default_value = "started")]
    pub(crate) sort: SortChoice,

    /// The other way round
    #[arg(long)]
    pub(crate) reverse: bool,

    /// Only runs that come after this one in the list
    #[arg(long, value_name = "RUN")]
    pub(crate) after: Option<String>,

    /// At most this many
    #[arg(short = 'n', long, value_name = "COUNT", default_value_t = MOST_LISTED, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) limit: u32,

    /// Only how many there are on each day, and what they cost
    #[arg(long, conflicts_with_all = ["sort", "reverse", "after"])]
    pub(crate) totals: bool,
}

impl Default for ListArgs {
    fn default() -> Self {
        Self {
            filter: FilterArgs::default(),
            sort: SortChoice::Started,
            reverse: false,
            after: None,
            limit: MOST_LISTED,
            totals: false,
        }
    }
}

/// `--status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusChoice {
    Queued,
    Running,
    Parked,
    /// Begun, and nobody drives it: `slipway runs resume` takes it up
    CutOff,
    Succeeded,
    Failed,
    Cancelled,
}

impl StatusChoice {
    /// The state that it stands for.
    pub(crate) const fn state(self) -> RunState {
        match self {
            Self::Queued => RunState::Queued,
            Self::Running => RunState::Running,
            Self::Parked => RunState::Parked,
            Self::CutOff => RunState::CutOff,
            Self::Succeeded => RunState::Succeeded,
            Self::Failed => RunState::Failed,
            Self::Cancelled => RunState::Cancelled,
        }
    }
}

/// Show what a run did, and what it waits for
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway runs show 1a2b3c4
  slipway runs show 1a2b3c4 --json
  slipway runs show 1a2b3c4 --command   The command that begins the same run once more")]
pub(crate) struct ShowArgs {
    #[command(flatten)]
    pub(crate) run: RunArg,

    /// Print only the command that begins the same run once more
    #[arg(long)]
    pub(crate) command: bool,
}

/// Which run.
#[derive(Debug, Args)]
pub(crate) struct RunArg {
    /// The run's id, or its first digits
    #[arg(value_name = "ID")]
    pub(crate) id: String,
}

/// Which of the things that a run asks.
#[derive(Debug, Args)]
pub(crate) struct QuestionArgs {
    #[command(flatten)]
    pub(crate) run: RunArg,

    /// The step that asks, where a run asks several things
    #[arg(long, value_name = "STEP", value_parser = step)]
    pub(crate) step: Option<StepId>,
}

/// Whether an answer makes a rule.
#[derive(Debug, Args)]
pub(crate) struct ForGood {
    /// Answer such calls like this from now on: `slipway rules` lists and removes the rule
    #[arg(long)]
    pub(crate) always: bool,

    /// Which arguments the rule covers, as it is shown [default: asked at a terminal]
    #[arg(long, value_name = "PATTERN", requires = "always")]
    pub(crate) pattern: Option<ArgumentPattern>,
}

/// How a run goes on once it is taken up.
#[derive(Debug, Args)]
pub(crate) struct GoingOn {
    /// What happens when the run asks something [default: ask at a terminal, else never]
    #[arg(long, value_name = "WHAT")]
    pub(crate) approve: Option<ApproveChoice>,
}

fn step(text: &str) -> Result<StepId, std::num::ParseIntError> {
    text.parse().map(StepId)
}

/// Begin a run once more as it was begun, or with other words: the same version in the same folder
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway runs again 1a2b3c4                          The same words, the same files
  slipway runs again 1a2b3c4 --input 'Only October'   Other words in their place
  slipway runs again 1a2b3c4 --model local/llama3.2

It is the version that ran, also where the agent was changed since; `slipway run` runs the agent as
it is now. Of a run that goes on from another, the conversation begins anew from its first message.
The run itself stays as it is. What it was granted for itself alone is asked again.")]
pub(crate) struct AgainArgs {
    #[command(flatten)]
    pub(crate) run: RunArg,

    /// What you say this time: a text, @FILE for a file's content, or - for stdin [default: what
    /// you said, with the files that went with it]
    #[arg(short, long, value_name = "TEXT|@FILE|-", allow_hyphen_values = true)]
    pub(crate) input: Option<String>,

    /// An image (PNG, JPEG, GIF, WebP) or a PDF that goes with it; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) attach: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) flags: RunFlags,
}

/// Send a further message to an ended run; a new run goes on with the conversation
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway runs continue 1a2b3c4 --input 'Now as a table'
  slipway runs continue 1a2b3c4 --input @more.md
  slipway runs continue 1a2b3c4 --input 'And this one?' --attach next.png")]
pub(crate) struct ContinueArgs {
    #[command(flatten)]
    pub(crate) run: RunArg,

    /// The message: a text, @FILE for a file's content, or - for stdin
    #[arg(short, long, value_name = "TEXT|@FILE|-", allow_hyphen_values = true)]
    pub(crate) input: String,

    /// An image (PNG, JPEG, GIF, WebP) or a PDF that goes with it; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) attach: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) flags: RunFlags,
}

/// Make a step of a run again, or go on from it as you edit it, in a new run
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("edit").args(["answer", "result"]))]
#[command(after_help = "\
Examples:
  slipway runs show 1a2b3c4                       See the steps and their numbers
  slipway runs retry 1a2b3c4 --step 4             Ask the model, or call the tool, once more
  slipway runs retry 1a2b3c4 --step 4 --model local/llama3.2
  slipway runs retry 1a2b3c4 --step 5 --result @corrected.json
  slipway runs retry 1a2b3c4 --step 6 --answer 'What it should have said'

What came before the step is shared with the run and not done again; the run itself stays as it is.
A call that changes something asks again, also where it was approved in that run.")]
pub(crate) struct RetryArgs {
    #[command(flatten)]
    pub(crate) run: RunArg,

    /// The step, a model call or a tool call
    #[arg(long, value_name = "STEP", value_parser = step)]
    pub(crate) step: StepId,

    /// Go on as if the model had answered this: a text, or the `content` of an event as JSON
    #[arg(long, value_name = "TEXT|@FILE|-", allow_hyphen_values = true)]
    pub(crate) answer: Option<String>,

    /// Go on as if the tool had returned this: JSON, or a text
    #[arg(long, value_name = "TEXT|@FILE|-", allow_hyphen_values = true)]
    pub(crate) result: Option<String>,

    #[command(flatten)]
    pub(crate) flags: RunFlags,
}

/// Take up a run that was cut off or is parked
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway runs resume 1a2b3c4     What was done is not done again; open questions are asked here")]
pub(crate) struct ResumeArgs {
    #[command(flatten)]
    pub(crate) run: RunArg,

    #[command(flatten)]
    pub(crate) going_on: GoingOn,
}

/// Allow what a parked run asks, and go on with it
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway runs show 1a2b3c4               See what exactly it asks
  slipway runs approve 1a2b3c4
  slipway runs approve 1a2b3c4 --step 5   Where it asks several things
  slipway runs approve 1a2b3c4 --always   Make a rule of it; what it covers is shown first
  slipway runs approve 1a2b3c4 --always --pattern 'path = \"out/*.md\", content = anything'")]
pub(crate) struct AnswerArgs {
    #[command(flatten)]
    pub(crate) question: QuestionArgs,

    #[command(flatten)]
    pub(crate) for_good: ForGood,

    #[command(flatten)]
    pub(crate) going_on: GoingOn,
}

/// Refuse what a parked run asks, and go on with it
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway runs deny 1a2b3c4
  slipway runs deny 1a2b3c4 --reason 'Write to out/ instead'")]
pub(crate) struct DenyArgs {
    #[command(flatten)]
    pub(crate) question: QuestionArgs,

    /// Why, for the model
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) reason: String,

    #[command(flatten)]
    pub(crate) for_good: ForGood,

    #[command(flatten)]
    pub(crate) going_on: GoingOn,
}

/// Say whether a call that was cut off happened, and go on
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("outcome").required(true).args(["happened", "not_happened", "stop"]))]
#[command(after_help = "\
Examples:
  slipway runs resolve 1a2b3c4 --happened 'The message was posted'
  slipway runs resolve 1a2b3c4 --not-happened    It is done now
  slipway runs resolve 1a2b3c4 --stop            The run ends as cancelled (exit code 130)")]
pub(crate) struct ResolveArgs {
    #[command(flatten)]
    pub(crate) question: QuestionArgs,

    /// It happened, and this is what it returned
    #[arg(long, value_name = "TEXT|@FILE")]
    pub(crate) happened: Option<String>,

    /// It did not happen: do it now
    #[arg(long)]
    pub(crate) not_happened: bool,

    /// End the run
    #[arg(long)]
    pub(crate) stop: bool,

    #[command(flatten)]
    pub(crate) going_on: GoingOn,
}

/// End a run that is parked or was cut off
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway runs cancel 1a2b3c4")]
pub(crate) struct CancelArgs {
    #[command(flatten)]
    pub(crate) run: RunArg,
}

/// Write a run's events as JSON lines, or many runs as files of a folder
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("which").required(true).args(["id", "folder"]))]
#[command(after_help = "\
Examples:
  slipway runs export 1a2b3c4 > run.jsonl
  slipway runs export 1a2b3c4 --output run.jsonl
  slipway runs export --folder runs-of-november --since 2026-11-01 --until 2026-12-01
  slipway runs export --folder failed --status failed --agent expense-report

The folder gets a file of events for each run, and runs.jsonl, which lists them.")]
pub(crate) struct ExportRunArgs {
    /// The run: the first digits of its id are enough
    #[arg(value_name = "RUN")]
    pub(crate) id: Option<String>,

    /// The file to write, which must not be there yet
    #[arg(short, long, value_name = "FILE", requires = "id")]
    pub(crate) output: Option<PathBuf>,

    /// Every run that the filter leaves, each in a file of this folder, which must not be there
    /// yet or be empty
    #[arg(long, value_name = "FOLDER", conflicts_with = "id")]
    pub(crate) folder: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) filter: FilterArgs,
}

/// Lay two runs side by side: their figures, their steps, their answers
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway runs compare 1a2b3c4 9f8e7d6
  slipway runs compare 1a2b3c4 9f8e7d6 --json")]
pub(crate) struct CompareRunsArgs {
    /// The one run
    #[arg(value_name = "RUN")]
    pub(crate) one: String,

    /// The other run
    #[arg(value_name = "OTHER")]
    pub(crate) other: String,
}

/// Make a test of a run: a case with a recording, which plays without key and network
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway runs save-as-test 1a2b3c4
  slipway runs save-as-test 1a2b3c4 --suite receipts --name 'October has 43 rows'
  slipway test ./expense-report          Runs it from then on")]
pub(crate) struct SaveAsTestArgs {
    /// The run
    #[arg(value_name = "RUN")]
    pub(crate) run: String,

    /// The suite that gets the case [default: the agent's first, else tests/runs.toml]
    #[arg(long, value_name = "FILE|NAME")]
    pub(crate) suite: Option<String>,

    /// The case's name [default: the beginning of what was said]
    #[arg(long, value_name = "TEXT")]
    pub(crate) name: Option<String>,
}

/// Show what went over the wire at a run's model calls, or copy it as a curl command
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("part").args(["curl", "request", "response"]))]
#[command(after_help = "\
Examples:
  slipway runs wire 1a2b3c4                      The model calls, with sizes and times
  slipway runs wire 1a2b3c4 --step 1             What was sent and what came back
  slipway runs wire 1a2b3c4 --step 1 --curl | sh Send it again, with the key in your environment
  slipway runs wire 1a2b3c4 --step 1 --response > answer.txt
  slipway runs wire 1a2b3c4 --step 1 --json

Keys are in none of it: where one was sent stands its name, such as $OPENAI_API_KEY. It is kept for
30 days and up to 256 MiB; SLIPWAY_WIRE=off keeps none of it.")]
pub(crate) struct WireArgs {
    #[command(flatten)]
    pub(crate) run: RunArg,

    /// The model call
    #[arg(long, value_name = "STEP", value_parser = step)]
    pub(crate) step: Option<StepId>,

    /// Which attempt at it [default: all; of what is printed for another program, the last]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) attempt: Option<u32>,

    /// Print a command for sh that sends the same again
    #[arg(long)]
    pub(crate) curl: bool,

    /// Print the request's body as it was sent
    #[arg(long)]
    pub(crate) request: bool,

    /// Print the answer's body as it came
    #[arg(long)]
    pub(crate) response: bool,
}
