//! Tests of an agent: suites, what came of their cases, and how they are changed, as their page shows them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::Finding;
use crate::id::ReportId;
use crate::model::ModelRef;
use crate::version::Hunk;
use crate::{AgentName, ContentHash, RunId, Timestamp, Usd};

/// How models answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Recordings were played: the same again each time.
    Replay,
    /// Models were asked, and recorded.
    Record,
    /// Models were asked.
    Live,
}

impl Mode {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Replay => "replay",
            Self::Record => "record",
            Self::Live => "live",
        }
    }
}

/// What came of an attempt, or of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is as expected.
    Passed,
    /// It is not.
    Failed,
    /// Nobody could say, which never counts as passed.
    Unjudged,
}

/// An agent's tests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestsPage {
    /// The agent.
    pub agent: AgentName,
    /// What people call it.
    pub title: String,
    /// Its newest version.
    pub version: ContentHash,
    /// Whether what would be tested now is a draft that differs from that version.
    pub draft: bool,
    /// Its suites, by file.
    pub suites: Vec<SuiteEntry>,
    /// The file of the suite that the rest is about; none where the agent has no suite.
    pub suite: Option<String>,
    /// The reports of the suite, one for each version that was tested and the newest for the draft, the newest last;
    /// at most eight.
    pub columns: Vec<ReportColumn>,
    /// The suite's cases, in their order, each with what came of it in each of the reports.
    pub rows: Vec<CaseRow>,
    /// What the newest report changed against the one before it.
    pub change: Option<ReportChange>,
    /// What is being run now, in any process.
    pub running: Option<TestProgress>,
    /// The newest report that was cut off and can be gone on with.
    pub unfinished: Option<TestProgress>,
}

/// A suite in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuiteEntry {
    /// Its file, such as `tests/receipts.toml`.
    pub file: String,
    /// What people call it.
    pub title: String,
    /// Its concrete cases.
    pub cases: u32,
    /// Whether every case can be played offline.
    pub replayable: bool,
    /// What is wrong with it; empty when it can be run.
    pub findings: Vec<Finding>,
}

/// A report of a suite, as a column of its page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportColumn {
    /// The report.
    pub report: ReportId,
    /// The version that was tested; none is the draft.
    pub version: Option<ContentHash>,
    /// When it began.
    pub at: Timestamp,
    /// How models answered.
    pub mode: Mode,
    /// Whether it ran to its end.
    pub complete: bool,
    /// The suite's cases that passed.
    pub passed: u32,
    /// The suite's cases that were run.
    pub of: u32,
    /// The 95% interval (Wilson) of the share that passed, from 0 to 1.
    pub interval: (f64, f64),
    /// What the runs cost; none where that is not known of all.
    pub cost_usd: Option<Usd>,
    /// Milliseconds that it took.
    pub took_ms: u64,
}

/// A concrete case with what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRow {
    /// The case: 16 hex digits.
    pub case: String,
    /// What people call it, with its row of a table and its place in a matrix.
    pub title: String,
    /// Its name in the suite.
    pub name: String,
    /// The line of the suite's file where it begins, from 1.
    pub line: u32,
    /// Words to choose it by.
    pub tags: Vec<String>,
    /// The model of the matrix, where the suite has one.
    pub model: Option<ModelRef>,
    /// The recording that it plays.
    pub recording: Option<String>,
    /// What came of it in each column; none where it was not there or not run.
    pub cells: Vec<Option<CaseCell>>,
}

/// What came of a case in one report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseCell {
    /// What came of it.
    pub outcome: Outcome,
    /// Attempts that passed.
    pub passed: u32,
    /// Attempts.
    pub of: u32,
}

/// What a report changed against another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportChange {
    /// The report.
    pub report: ReportId,
    /// The one before it.
    pub against: ReportId,
    /// That one's version; none is a draft.
    pub against_version: Option<ContentHash>,
    /// Cases that passed and do not any more.
    pub broken: u32,
    /// Cases that did not pass and do now.
    pub fixed: u32,
    /// Cases whose difference luck could have made.
    pub flaky: u32,
    /// Cases that are as they were.
    pub unchanged: u32,
    /// What else is to be said, in sentences: the change of cost and time with their intervals.
    pub words: Vec<String>,
}

/// How far the running of tests is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestProgress {
    /// The report that is being made.
    pub report: ReportId,
    /// The agent.
    pub agent: AgentName,
    /// The suites that are run, by file.
    pub suites: Vec<String>,
    /// How models answer.
    pub mode: Mode,
    /// Attempts that are over.
    pub done: u32,
    /// All attempts.
    pub of: u32,
    /// Attempts that passed.
    pub passed: u32,
    /// Attempts that did not.
    pub failed: u32,
    /// The cases under way, by their titles; at most a few.
    pub now: Vec<String>,
    /// What the runs cost so far, as far as anyone knows.
    pub cost_usd: Usd,
    /// Whether it is over.
    pub over: bool,
    /// Why it ended before its end, in a sentence.
    pub stopped: Option<String>,
}

/// Which tests of an agent are run, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestOrder {
    /// How models answer.
    pub mode: Mode,
    /// The files of the suites; none is all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suites: Vec<String>,
    /// The cases by their ids; none is all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<String>,
    /// Only cases that did not pass in the newest report.
    #[serde(default)]
    pub failed: bool,
    /// What all of it may cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_usd: Option<Usd>,
    /// Go on with this report, which was cut off; then only the mode's word of this order counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<ReportId>,
}

/// One case in one report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CasePage {
    /// The case.
    pub case: String,
    /// What people call it.
    pub title: String,
    /// Its suite's file.
    pub suite: String,
    /// The line where it begins, from 1.
    pub line: u32,
    /// The recording that it plays.
    pub recorded: Option<RecordedFrom>,
    /// Its attempts in this report, in their order.
    pub attempts: Vec<AttemptEntry>,
    /// The attempt that is shown: the one that was asked for, else the most telling one.
    pub shown: Option<AttemptPage>,
    /// When a person called what came of it a regression.
    pub regression: Option<Timestamp>,
}

/// Where a recording is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedFrom {
    /// Its name: it lies in `recordings/NAME.jsonl`.
    pub name: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// The model that answered.
    pub model: ModelRef,
    /// Its model calls.
    pub calls: u32,
    /// When a person last accepted that the agent asks otherwise.
    pub accepted_at: Option<Timestamp>,
}

/// An attempt in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptEntry {
    /// From 1.
    pub number: u32,
    /// What came of it.
    pub outcome: Outcome,
    /// Its run, where it is kept among the runs.
    pub run: Option<RunId>,
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttemptPage {
    /// From 1.
    pub number: u32,
    /// What came of it.
    pub outcome: Outcome,
    /// Why there was no run to judge.
    pub error: Option<String>,
    /// Each expectation with what came of it.
    pub checks: Vec<CheckEntry>,
    /// How what the agent asked differs from its recording, where that ended the run.
    pub mismatch: Option<Mismatch>,
    /// The answer, or its beginning.
    pub answer: Option<String>,
    /// What the run cost; none when nobody knows.
    pub cost_usd: Option<Usd>,
    /// Milliseconds that the run took.
    pub latency_ms: u64,
    /// Model calls and tool calls.
    pub steps: u32,
    /// Its run, where it is kept among the runs.
    pub run: Option<RunId>,
    /// Whether its events are kept, for [`crate::command::ShowAttempt`].
    pub traced: bool,
}

/// An expectation with what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckEntry {
    /// What was expected, in words.
    pub what: String,
    /// What came of it.
    pub outcome: Outcome,
    /// Why, in one sentence.
    pub why: Option<String>,
    /// What was expected, where it can be shown beside what came.
    pub expected: Option<String>,
    /// What came.
    pub got: Option<String>,
    /// More of why, in lines.
    pub details: Option<String>,
    /// The lines that differ, where both are texts of several lines.
    pub diff: Vec<Hunk>,
    /// A model's verdict by a rubric.
    pub judged: Option<JudgedBy>,
}

/// A model's verdict by a rubric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgedBy {
    /// The model.
    pub model: String,
    /// What it gave, from 0 to 1; none when its answer could not be read.
    pub score: Option<f64>,
    /// Its reasons.
    pub reasoning: String,
    /// What asking cost; none when nobody knows.
    pub cost_usd: Option<Usd>,
    /// What the person said of it: whether the expectation is met.
    pub label: Option<bool>,
}

/// How what an agent asks differs from its recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mismatch {
    /// What differs, in one sentence, such as `tool call 5, read_table, returned something else`.
    pub what: String,
    /// The file of the package that changed, such as `instructions.md`, where that is what differs.
    pub file: Option<String>,
    /// The lines that differ: as recorded, and now.
    pub diff: Vec<Hunk>,
    /// That file's text as it was recorded, to go back to; none for recordings that did not keep it.
    pub recorded_text: Option<String>,
}

/// A suite as it is edited: its text and, where it is TOML, what it says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuitePage {
    /// Its file.
    pub file: String,
    /// The hash of its content; who saves it says that they saw this.
    pub content: ContentHash,
    /// Its text.
    pub text: String,
    /// What it says, as JSON; none while it is not TOML.
    pub values: Option<Value>,
    /// What is wrong with it; empty when it can be run.
    pub findings: Vec<Finding>,
    /// The agent's tools, for forms.
    pub tools: Vec<String>,
    /// The package's recordings, for forms.
    pub recordings: Vec<String>,
}

/// What a person saved from a run as a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedTest {
    /// The agent.
    pub agent: AgentName,
    /// The suite's file.
    pub suite: String,
    /// The case's name.
    pub name: String,
    /// The case's id.
    pub case: String,
    /// The recording's name.
    pub recording: String,
    /// Files of the working folder that were copied into the package for it.
    pub files: Vec<String>,
    /// Whether the tools really run when it is played; else the recording answers for them.
    pub tools_run: bool,
    /// What else the person must know.
    pub notes: Vec<String>,
}

/// From what cases are proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum ProposeFrom {
    /// The agent's instructions and tools.
    Agent,
    /// Its past runs, failed ones first.
    Runs,
    /// A case of the suite: the same task as others would put it.
    Case {
        /// The case's name.
        name: String,
    },
    /// Attacks through every tool's results, and by talk.
    Attacks,
}

/// A case that is proposed. It counts when a person adds it to a suite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedCase {
    /// Its name.
    pub name: String,
    /// Why it is worth having, in one sentence.
    pub why: String,
    /// Its `[[case]]`, TOML.
    pub toml: String,
}

/// What became of accepting that an agent asks otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedBehaviour {
    /// The recording that was changed.
    pub recording: String,
    /// What it says now that it did not say before, in sentences.
    pub changes: Vec<String>,
    /// Other cases that play the same recording.
    pub also: Vec<String>,
}

/// What a report is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reporter {
    /// Text for a terminal.
    Console,
    /// JSON, which can be compared with later.
    Json,
    /// JUnit XML, as CI servers read it.
    Junit,
    /// One HTML file that fetches and runs nothing.
    Html,
    /// Markdown, for a pull request.
    Markdown,
}

impl Reporter {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Console,
        Self::Json,
        Self::Junit,
        Self::Html,
        Self::Markdown,
    ];

    /// Its name on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::Json => "json",
            Self::Junit => "junit",
            Self::Html => "html",
            Self::Markdown => "markdown",
        }
    }

    /// How a file of it ends, without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Console => "txt",
            Self::Json => "json",
            Self::Junit => "xml",
            Self::Html => "html",
            Self::Markdown => "md",
        }
    }
}
