//! What a run left behind: what assertions look at.

mod from_events;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use slipway_contract::run::{EndReason, RunStatus};
use slipway_contract::{RunId, Usd};

pub use from_events::EvidenceBuilder;

/// What a run left behind.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The run; the last one of several turns.
    pub run: Option<RunId>,
    /// What the person said, in turn.
    pub input: Vec<String>,
    /// What the run is, and why.
    pub state: State,
    /// The final answer: JSON where the agent has an output schema, else a text.
    pub answer: Option<Value>,
    /// The calls of tools that began, in their order.
    pub calls: Vec<Call>,
    /// The questions about calls of tools, in their order.
    pub questions: Vec<AskedCall>,
    /// The files that the run wrote.
    pub files: WrittenFiles,
    /// Its figures.
    pub figures: Figures,
}

/// What became of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It ended.
    Ended {
        /// How.
        status: RunStatus,
        /// Why, to branch on.
        reason: EndReason,
        /// Why, in words.
        message: String,
    },
    /// It waits for a person.
    Parked {
        /// Why, in words.
        why: &'static str,
        /// Whether it waits for the approval of a tool's call.
        for_approval: bool,
    },
    /// Its events end without an end.
    CutOff,
    /// It was refused before it began, such as for its input.
    Refused {
        /// Why, in words.
        why: String,
    },
}

/// A call of a tool that began.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The tool.
    pub tool: String,
    /// Its arguments.
    pub arguments: Value,
    /// What it returned; none when it did not return.
    pub result: Option<Value>,
    /// Whether it failed in a way that the model could act on.
    pub is_error: bool,
}

/// A question about a tool's call.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedCall {
    /// The tool.
    pub tool: String,
    /// The arguments that were asked about.
    pub arguments: Value,
    /// Whether it was allowed; none while nobody answered.
    pub allowed: Option<bool>,
}

/// The files that a run wrote, by path from its working folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum WrittenFiles {
    /// Nobody looked.
    #[default]
    Unknown,
    /// These, and no others.
    Known(BTreeMap<String, Arc<[u8]>>),
}

/// A run's figures, all turns together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    /// What it cost; none when that is unknown.
    pub cost_usd: Option<Usd>,
    /// The most that it can have cost, where that alone is known.
    pub cost_at_most_usd: Option<Usd>,
    /// What it was allowed to cost.
    pub budget_usd: Option<Usd>,
    /// Milliseconds from its first event to its last, without the time that it waited for a person.
    pub latency_ms: u64,
    /// Model calls and tool calls together, as `limits.max_steps` counts them.
    pub steps: u32,
    /// Tokens sent and answered.
    pub tokens: u64,
}

impl Evidence {
    /// The same, with the files that the run wrote.
    #[must_use]
    pub fn with_files(mut self, files: BTreeMap<String, Arc<[u8]>>) -> Self {
        self.files = WrittenFiles::Known(files);
        self
    }

    /// The answer as text: a string as it is, other JSON as JSON.
    #[must_use]
    pub fn answer_text(&self) -> Option<String> {
        self.answer.as_ref().map(|answer| match answer {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    }
}
