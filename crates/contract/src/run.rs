//! Runs: their states, ends and figures.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::approval::Approval;
use crate::event::RunEvent;
use crate::{AgentName, ContentHash, RunId, Timestamp, Usd};

/// What a run is; at any time exactly one of these, the last three reached once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// Made, not begun.
    Queued,
    /// At work.
    Running,
    /// Waits for a person.
    Parked,
    /// Done.
    Succeeded,
    /// Ended with a reason.
    Failed,
    /// Stopped by a person.
    Cancelled,
}

impl RunStatus {
    /// Whether the run has ended.
    #[must_use]
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }

    /// The word as it is stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Parked => "parked",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// What a run is, as a person would say it: its status, but for one that was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Made, not begun; whoever made it is about to.
    Queued,
    /// At work.
    Running,
    /// Begun, not ended, and nobody drives it: it can be taken up again.
    CutOff,
    /// Waits for a person.
    Parked,
    /// Done.
    Succeeded,
    /// Ended with a reason.
    Failed,
    /// Stopped by a person.
    Cancelled,
}

impl RunState {
    /// What a run of this status is, whether or not somebody drives it.
    #[must_use]
    pub const fn of(status: RunStatus, driven: bool) -> Self {
        match status {
            RunStatus::Queued | RunStatus::Running if !driven => Self::CutOff,
            RunStatus::Queued => Self::Queued,
            RunStatus::Running => Self::Running,
            RunStatus::Parked => Self::Parked,
            RunStatus::Succeeded => Self::Succeeded,
            RunStatus::Failed => Self::Failed,
            RunStatus::Cancelled => Self::Cancelled,
        }
    }
}

/// Why a run waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParkReason {
    /// The package asks for something that is not granted yet.
    Grant,
    /// A tool call waits for approval.
    Approval,
    /// A call that changes something was cut off, and only a person can say whether it happened.
    OutcomeUnknown,
    /// A budget applies, and the model's price is unknown.
    Price,
}

/// Why a run ended, as a word to branch on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The model gave its final answer.
    Answered,
    /// A person stopped it.
    CancelledByPerson,
    /// `limits.max_steps` was reached.
    MaxSteps,
    /// `limits.timeout` passed.
    Timeout,
    /// The next call did not fit the budget.
    OverBudget,
    /// A budget applies and the model's price is unknown.
    PriceUnknown,
    /// The model kept making the same call that fails.
    RepeatedFailure,
    /// The final answer does not fit `[output]`, also after one repair.
    InvalidOutput,
    /// The model answered nothing, also when asked again.
    EmptyAnswer,
    /// The answer reached the limit of output tokens.
    AnswerTooLong,
    /// The model or its provider refused.
    Refused,
    /// The provider stopped for a reason that this version does not know.
    UnknownStop,
    /// The model could not be reached or failed, also when tried again.
    Model,
    /// The context window is too small for the task, also after compaction.
    ContextTooLong,
    /// A tool failed in a way that ends the run.
    Tool,
    /// A recording was played and the world was not as recorded.
    RecordingMismatch,
    /// The person refused what the package asks for.
    NotGranted,
    /// Nobody answered a question in time.
    ApprovalExpired,
    /// The person stopped a run whose call's outcome was unknown.
    Stopped,
}

impl EndReason {
    /// The word as it is stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::CancelledByPerson => "cancelled_by_person",
            Self::MaxSteps => "max_steps",
            Self::Timeout => "timeout",
            Self::OverBudget => "over_budget",
            Self::PriceUnknown => "price_unknown",
            Self::RepeatedFailure => "repeated_failure",
            Self::InvalidOutput => "invalid_output",
            Self::EmptyAnswer => "empty_answer",
            Self::AnswerTooLong => "answer_too_long",
            Self::Refused => "refused",
            Self::UnknownStop => "unknown_stop",
            Self::Model => "model",
            Self::ContextTooLong => "context_too_long",
            Self::Tool => "tool",
            Self::RecordingMismatch => "recording_mismatch",
            Self::NotGranted => "not_granted",
            Self::ApprovalExpired => "approval_expired",
            Self::Stopped => "stopped",
        }
    }
}

/// A run's end: never "succeeded" with a reason that says otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct End {
    /// One of the three last states.
    pub status: RunStatus,
    /// Why, to branch on.
    pub reason: EndReason,
    /// Why, in words: what happened, to what, what the person can do. Empty on success.
    pub message: String,
    /// The final answer: JSON where `[output]` exists, else a string.
    pub output: Option<Value>,
}

/// What a model call, or a run, used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tokens {
    /// Tokens sent.
    pub input_tokens: u64,
    /// Tokens answered.
    pub output_tokens: u64,
    /// Of the tokens sent, those that the provider had cached.
    #[serde(default)]
    pub cached_tokens: u64,
    /// Of the tokens sent, those that the provider wrote to its cache; none where it does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write_tokens: Option<u64>,
    /// Of the tokens answered, those of reasoning; none where the provider does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning_tokens: Option<u64>,
}

/// Who says what a model call cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CostFrom {
    /// Its tokens, at the price that is known.
    #[default]
    Price,
    /// The provider, with its answer.
    Provider,
}

impl CostFrom {
    /// Whether it is reckoned from tokens.
    #[must_use]
    pub const fn is_price(&self) -> bool {
        matches!(self, Self::Price)
    }
}

/// A run's figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens sent, all calls.
    pub input_tokens: u64,
    /// Tokens answered, all calls.
    pub output_tokens: u64,
    /// What it cost; none when a price is unknown, or what became of a call is.
    pub cost_usd: Option<Usd>,
    /// The most that it can have cost, where `cost_usd` is unknown only because an attempt was cut
    /// off: what is known, and the worst case of each such attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_at_most_usd: Option<Usd>,
    /// Model calls, each attempt counted.
    pub model_calls: u32,
    /// Tool calls made.
    pub tool_calls: u32,
}

impl Default for Usage {
    fn default() -> Self {
        Self {
            input_tokens: 0,
            output_tokens: 0,
            cost_usd: Some(Usd::ZERO),
            cost_at_most_usd: None,
            model_calls: 0,
            tool_calls: 0,
        }
    }
}

/// A run as lists show it. As JSON it also says its `run_id`, as events call it, and its `state`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct RunSummary {
    /// The run.
    pub id: RunId,
    /// The agent.
    pub agent: AgentName,
    /// The agent's title.
    pub title: String,
    /// The version.
    pub version: ContentHash,
    /// The model, `provider/model`.
    pub model: String,
    /// The run whose journal it continues.
    pub parent: Option<RunId>,
    /// What it is now. A run that says running but that nobody drives was cut off.
    pub status: RunStatus,
    /// Whether a process drives it now.
    pub driven: bool,
    /// Why it waits, when parked.
    pub parked: Option<ParkReason>,
    /// Its end, when ended.
    pub end: Option<End>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// The first words of its input.
    pub input: String,
    /// Its figures so far.
    pub usage: Usage,
    /// Its budget.
    pub budget_usd: Option<Usd>,
}

impl RunSummary {
    /// What it is, as a person would say it.
    #[must_use]
    pub const fn state(&self) -> RunState {
        RunState::of(self.status, self.driven)
    }
}

impl Serialize for RunSummary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Shown<'a> {
            #[serde(flatten, serialize_with = "RunSummary::serialize")]
            summary: &'a RunSummary,
            run_id: RunId,
            state: RunState,
        }
        Serialize::serialize(
            &Shown {
                summary: self,
                run_id: self.id,
                state: self.state(),
            },
            serializer,
        )
    }
}

impl<'de> Deserialize<'de> for RunSummary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }
}

/// A run with everything its page shows. Its events may be read later than the rest: they are most of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunDetail<E = RunEvent> {
    /// The summary.
    pub summary: RunSummary,
    /// What it asks now.
    pub approvals: Vec<Approval>,
    /// Its journalled events, its parent's prefix first, from the one that was asked for.
    pub events: Vec<E>,
    /// More events come after these.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    /// Its working folder, where paths start that are not absolute; empty where it is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub workdir: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(status: RunStatus, driven: bool) -> RunSummary {
        let summary = serde_json::json!({
            "id": RunId::from_random([0xab; 10]), "agent": "clerk", "title": "", "model": "openai/x",
            "version": ContentHash::from_bytes([1; 32]), "parent": null, "status": status,
            "driven": driven, "parked": null, "end": null, "created_at": "2026-11-22T10:00:00Z",
            "finished_at": null, "input": "", "budget_usd": null, "usage": Usage::default(),
        });
        serde_json::from_value(summary).unwrap()
    }

    #[test]
    fn json_says_the_state_and_the_id_as_events_do_and_is_read_again() {
        for (status, driven, state) in [
            (RunStatus::Running, true, "running"),
            (RunStatus::Running, false, "cut_off"),
            (RunStatus::Queued, false, "cut_off"),
            (RunStatus::Queued, true, "queued"),
            (RunStatus::Parked, false, "parked"),
            (RunStatus::Cancelled, false, "cancelled"),
        ] {
            let summary = summary(status, driven);
            let json = serde_json::to_value(&summary).unwrap();
            assert_eq!(json["state"], state);
            assert_eq!(json["status"], status.as_str(), "what was there stays");
            assert_eq!(json["run_id"], json["id"]);
            assert_eq!(serde_json::from_value::<RunSummary>(json).unwrap(), summary);
        }
    }
}
