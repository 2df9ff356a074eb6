//! Looking through runs: which, in what order, what they come to.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::run::{RunState, RunSummary};
use crate::tool::Effect;
use crate::version::Hunk;
use crate::{AgentName, RunId, StepId, Timestamp, Usd};

/// Which runs. What is left empty narrows nothing; of several in a list, any will do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RunFilter {
    /// What they are now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<RunState>,
    /// Whose they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<AgentName>,
    /// The models that they began with, `provider/model`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<String>,
    /// They cost this or more. One whose cost nobody knows is in no range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_cost_usd: Option<Usd>,
    /// They cost this or less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_cost_usd: Option<Usd>,
    /// They were made then or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// They were made before then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Words that were asked or said in them, each as a whole word or the beginning of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl RunFilter {
    /// Whether it narrows nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What a list of runs is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunColumn {
    /// When they were made.
    #[default]
    Started,
    /// How long they took; those that have not ended come last.
    Took,
    /// What they cost; those of which nobody knows it come last.
    Cost,
    /// The tokens that they used.
    Tokens,
}

/// The order of a list of runs; the newest, longest, dearest come first unless it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct RunOrder {
    /// What counts.
    #[serde(default)]
    pub by: RunColumn,
    /// The other way round.
    #[serde(default)]
    pub ascending: bool,
}

/// A page of a list of runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunQuery {
    /// Which runs.
    #[serde(default)]
    pub filter: RunFilter,
    /// Their order.
    #[serde(default)]
    pub order: RunOrder,
    /// Only those that come after this run in the list: a place that stays where it is when new
    /// runs are made. Nothing follows a run that is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<RunId>,
    /// So many of them are passed over.
    #[serde(default)]
    pub skip: u32,
    /// The most runs.
    pub limit: u32,
}

impl Default for RunQuery {
    fn default() -> Self {
        Self {
            filter: RunFilter::default(),
            order: RunOrder::default(),
            after: None,
            skip: 0,
            limit: 50,
        }
    }
}

impl RunQuery {
    /// The newest runs of this state or of these.
    #[must_use]
    pub fn of_states(states: &[RunState]) -> Self {
        let filter = RunFilter {
            states: states.to_vec(),
            ..RunFilter::default()
        };
        Self {
            filter,
            ..Self::default()
        }
    }
}

/// How many runs a filter leaves, and what they come to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RunTotals {
    /// All of them.
    pub all: RunSum,
    /// Day by day in the person's time zone, the newest first; no day without a run.
    pub days: Vec<DaySum>,
}

/// What some runs come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RunSum {
    /// How many they are.
    pub runs: u64,
    /// What they cost, as far as it is known.
    pub cost_usd: Usd,
    /// Of how many nobody knows what they cost.
    pub unknown: u64,
}

/// What the runs of a day come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaySum {
    /// The day.
    pub day: Date,
    /// What its runs come to.
    #[serde(flatten)]
    pub sum: RunSum,
}

/// What was spent in a month, from every priced call of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthSpend {
    /// Today, in the person's time zone.
    pub today: Date,
    /// The first instant of the month.
    pub since: Timestamp,
    /// The first instant after it.
    pub until: Timestamp,
    /// What was spent.
    pub spent_usd: Usd,
    /// What is set aside for calls under way, and for those whose outcome nobody knows.
    pub reserved_usd: Usd,
    /// The budget of all agents together for a month, where the person set one.
    pub limit_usd: Option<Usd>,
    /// What is left of it.
    pub left_usd: Option<Usd>,
    /// What was spent on each day up to today.
    pub days: Vec<DaySpend>,
    /// What each agent spent, the most first.
    pub agents: Vec<AgentSpend>,
}

/// What was spent on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaySpend {
    /// The day.
    pub day: Date,
    /// What was spent on it.
    pub spent_usd: Usd,
}

/// What an agent spent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentSpend {
    /// The agent.
    pub agent: AgentName,
    /// Its title, as its newest run knew it.
    pub title: String,
    /// What it spent.
    pub spent_usd: Usd,
}

/// What needs a person, and what goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HomePage {
    /// The runs that wait for a person, the longest waiting first.
    pub needs: Vec<NeedsYou>,
    /// How many wait, listed or not.
    pub needing: u64,
    /// The runs at work, the newest first.
    pub working: Vec<AtWork>,
    /// How many are at work, listed or not.
    pub at_work: u64,
    /// The newest runs that ended.
    pub recent: Vec<RunSummary>,
    /// How many ended since the beginning of today.
    pub ended_today: u64,
    /// What was spent this month.
    pub spend: MonthSpend,
}

/// A run that waits for a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NeedsYou {
    /// The run: parked or cut off.
    pub run: RunSummary,
    /// Since when.
    pub since: Timestamp,
    /// What it asks; nothing where it was cut off and only wants to be taken up.
    pub asks: Vec<Asking>,
    /// Its working folder, where paths start that are not absolute; empty where it is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub workdir: String,
    /// Why it could not be read what it asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<crate::Problem>,
}

/// An open question of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asking {
    /// The question.
    pub approval: crate::approval::Approval,
    /// When it was asked.
    pub at: Timestamp,
}

/// A run at work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AtWork {
    /// The run.
    pub run: RunSummary,
    /// The model calls that it made, the one under way among them.
    pub step: u32,
    /// The most that it may make.
    pub max_steps: u32,
    /// What it does now, newest call first; nothing between two steps.
    pub doing: Vec<Doing>,
}

/// What a run does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "doing", rename_all = "snake_case")]
pub enum Doing {
    /// It waits for a model's answer.
    Asks {
        /// The model, `provider/model`.
        model: String,
    },
    /// It waits before it asks the model again.
    Waits,
    /// It calls a tool.
    Calls {
        /// The tool.
        tool: String,
        /// The first words of what it is called with.
        with: String,
        /// What the call does to the world.
        effect: Effect,
    },
}

/// Two runs beside each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunComparison {
    /// The one.
    pub one: RunSummary,
    /// The other.
    pub other: RunSummary,
    /// What was asked of the one, whole.
    pub asked_one: String,
    /// What was asked of the other.
    pub asked_other: String,
    /// The steps, those that correspond beside each other.
    pub steps: Vec<StepPair>,
    /// What differs between the answers; empty where they are the same, none where they are too
    /// long to compare.
    pub answers: Option<Vec<Hunk>>,
}

/// What two runs did at the same place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepPair {
    /// What the one did; none where only the other did something.
    pub one: Option<StepFacts>,
    /// What the other did.
    pub other: Option<StepFacts>,
    /// Whether both did the same with the same outcome.
    pub same: bool,
}

/// A step, as a comparison shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepFacts {
    /// The step.
    pub step: StepId,
    /// The tool that was called; none for a model call.
    pub tool: Option<String>,
    /// The first words of what it was called with, or of what the model answered.
    pub words: String,
    /// Milliseconds that it took.
    pub took_ms: Option<u64>,
    /// What it cost; nothing for a tool call, none where nobody knows.
    pub cost_usd: Option<Usd>,
    /// Tokens in and out of a model call.
    pub tokens: Option<(u64, u64)>,
    /// Whether it failed.
    pub failed: bool,
}

/// Runs that were written as files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedRuns {
    /// The folder that was made for them.
    pub folder: String,
    /// How many runs.
    pub runs: u64,
    /// Those that could not be read, and why; the others are there.
    pub skipped: Vec<(RunId, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_named_by_its_length_alone() {
        let query: RunQuery = serde_json::from_str(r#"{"limit": 10}"#).unwrap();
        let newest = RunQuery {
            limit: 10,
            ..RunQuery::default()
        };
        assert_eq!(query, newest);
        assert!(query.filter.is_empty());
        for bad in [r#"{"limit": -1}"#, "{}"] {
            assert!(serde_json::from_str::<RunQuery>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_filter_crosses_as_it_is() {
        let filter = RunFilter {
            states: vec![RunState::CutOff, RunState::Parked],
            agents: vec!["clerk".parse().unwrap()],
            models: vec!["openai/x".to_owned()],
            min_cost_usd: Some("0.10".parse().unwrap()),
            max_cost_usd: Some("2".parse().unwrap()),
            since: Some(Timestamp::UNIX_EPOCH),
            until: Some(Timestamp::MAX),
            text: Some("report".to_owned()),
        };
        let json = serde_json::to_string(&filter).unwrap();
        assert_eq!(serde_json::from_str::<RunFilter>(&json).unwrap(), filter);
        assert_eq!(
            serde_json::to_string(&RunFilter::default()).unwrap(),
            "{}",
            "what narrows nothing is not sent"
        );
    }
}
