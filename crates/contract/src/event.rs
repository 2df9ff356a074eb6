//! A run's public events: the lines of `--json` and the window's stream.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::approval::{Answer, AnsweredBy, Approval};
use crate::message::{AttachmentSummary, Content, StopReason};
use crate::run::{CostFrom, EndReason, ParkReason, RunStatus, Tokens, Usage};
use crate::tool::Effect;
use crate::{AgentName, CallId, ContentHash, RunId, StepId, Timestamp, Usd};

/// One event of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunEvent {
    /// The run.
    pub run_id: RunId,
    /// When, in UTC.
    pub at: Timestamp,
    /// Its place in the run's journal; absent for what is not journalled (deltas).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// What happened.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// What happened in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum EventKind {
    /// The run began.
    #[serde(rename = "run.started")]
    RunStarted {
        /// The agent.
        agent: AgentName,
        /// The agent's title.
        title: String,
        /// The version.
        version: ContentHash,
        /// The model, `provider/model`.
        model: String,
        /// The person's input.
        input: String,
        /// The run's money limit.
        budget_usd: Option<Usd>,
        /// The models that are asked in turn when the model fails for good.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        fallback: Vec<String>,
        /// The files that go with the input.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<AttachmentSummary>,
    },
    /// A further message continued an ended run's conversation.
    #[serde(rename = "run.continued")]
    RunContinued {
        /// The run whose journal this one continues.
        parent: RunId,
        /// The person's message.
        input: String,
        /// The files that go with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<AttachmentSummary>,
    },
    /// A step of another run is made again or was edited, and this run goes on from there.
    #[serde(rename = "run.forked")]
    RunForked {
        /// The run whose journal this one shares up to the step.
        parent: RunId,
        /// The person's input.
        input: String,
        /// The step.
        from: StepId,
        /// Whether the person edited it; else it is made again.
        edited: bool,
        /// The model's answer, where that was edited.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer: Option<Vec<Content>>,
        /// The results that calls of the same answer have from the parent, and the edited one.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        results: Vec<KeptResult>,
    },
    /// The run was taken up again after a stop, a crash or an answer.
    #[serde(rename = "run.resumed")]
    RunResumed {},
    /// A model call begins.
    #[serde(rename = "model.requested")]
    ModelRequested {
        /// The step.
        step: StepId,
        /// From 1.
        attempt: u32,
        /// The provider.
        provider: String,
        /// The model.
        model: String,
        /// Whether the model is told of tools in words, since it has no tool calls of its own.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        prompted: bool,
        /// The most that the call can cost, where it was reserved for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reserved_usd: Option<Usd>,
    },
    /// A piece of the answer arrived; not journalled.
    #[serde(rename = "model.delta")]
    ModelDelta {
        /// The step.
        step: StepId,
        /// The piece's number, from 0.
        index: u64,
        /// The text.
        text: String,
    },
    /// A piece of the model's reasoning arrived; not journalled. All of it is in the answer.
    #[serde(rename = "model.reasoning")]
    ModelReasoning {
        /// The step.
        step: StepId,
        /// The piece's number, from 0; pieces of the answer count for themselves.
        index: u64,
        /// The text.
        text: String,
    },
    /// The whole answer arrived.
    #[serde(rename = "model.responded")]
    ModelResponded {
        /// The step.
        step: StepId,
        /// The answer.
        content: Vec<Content>,
        /// Why the model stopped.
        stop: StopReason,
        /// What it used.
        usage: Tokens,
        /// Whether `usage` is an estimate from above, since the provider did not say.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        usage_estimated: bool,
        /// What it cost; none when the price is unknown, or what it used.
        cost_usd: Option<Usd>,
        /// Who says so.
        #[serde(default, skip_serializing_if = "CostFrom::is_price")]
        cost_from: CostFrom,
        /// Milliseconds from the request to the first piece.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        first_token_ms: Option<u64>,
        /// Milliseconds from the request to the end.
        took_ms: u64,
    },
    /// The provider billed more than was reserved for the call. What was agreed is spent from the
    /// budgets, and the rest is recorded beside them.
    #[serde(rename = "model.overbilled")]
    ModelOverbilled {
        /// The step.
        step: StepId,
        /// From 1.
        attempt: u32,
        /// The provider.
        provider: String,
        /// The model.
        model: String,
        /// The most output tokens that the request allowed.
        announced_output_tokens: u32,
        /// The output tokens that were billed.
        billed_output_tokens: u64,
        /// The worst case that was reserved.
        reserved_usd: Usd,
        /// What was billed beyond it.
        beyond_usd: Usd,
    },
    /// A model call failed.
    #[serde(rename = "model.failed")]
    ModelFailed {
        /// The step.
        step: StepId,
        /// From 1.
        attempt: u32,
        /// What happened and what can be done.
        message: String,
        /// Milliseconds until the next attempt; none when there is none.
        retry_in_ms: Option<u64>,
        /// The model that is asked from now on instead, `provider/model`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next_model: Option<String>,
        /// The provider's id of the request.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request_id: Option<String>,
    },
    /// A model was passed over without being asked, and another is asked from now on.
    #[serde(rename = "model.skipped")]
    ModelSkipped {
        /// The step.
        step: StepId,
        /// The provider.
        provider: String,
        /// The model.
        model: String,
        /// Why it cannot serve, and what can be done.
        message: String,
        /// The model that is asked from now on instead, `provider/model`.
        next_model: String,
    },
    /// The conversation was shortened to fit the model's context window.
    #[serde(rename = "context.compacted")]
    ContextCompacted {
        /// Estimated tokens before.
        tokens_before: u64,
        /// Estimated tokens after.
        tokens_after: u64,
        /// Tool results whose text was left out.
        results_elided: u32,
        /// Older turns that were left out.
        turns_dropped: u32,
    },
    /// A tool call begins.
    #[serde(rename = "tool.requested")]
    ToolRequested {
        /// The step.
        step: StepId,
        /// The call.
        call_id: CallId,
        /// The tool.
        tool: String,
        /// The arguments.
        arguments: Value,
        /// What it does to the world.
        effect: Effect,
    },
    /// A person is asked.
    #[serde(rename = "approval.requested")]
    ApprovalRequested(Approval),
    /// The question was answered.
    #[serde(rename = "approval.resolved")]
    ApprovalResolved {
        /// The step that asked.
        step: StepId,
        /// What the answer is bound to.
        binding: ContentHash,
        /// The answer.
        #[serde(flatten)]
        answer: Answer,
        /// Who answered.
        #[serde(flatten)]
        by: AnsweredBy,
    },
    /// A tool call ended, or was refused before it began.
    #[serde(rename = "tool.returned")]
    ToolReturned {
        /// The step.
        step: StepId,
        /// The call.
        call_id: CallId,
        /// The tool.
        tool: String,
        /// The result as the model reads it.
        result: Value,
        /// Whether it failed in a way that the model can act on.
        is_error: bool,
        /// Milliseconds that it took; none when it never began.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        took_ms: Option<u64>,
        /// Bytes of the whole result as it is written, where only its beginning is here: the window
        /// gets no more at once than it can show, and asks for the rest in pieces.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        whole_bytes: Option<u64>,
    },
    /// The run waits for a person; the last event until somebody answers.
    #[serde(rename = "run.parked")]
    RunParked {
        /// Why.
        reason: ParkReason,
    },
    /// The run ended.
    #[serde(rename = "run.finished")]
    RunFinished {
        /// How.
        status: RunStatus,
        /// Why, to branch on.
        reason: EndReason,
        /// Why, in words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        message: String,
        /// The final answer: JSON where `[output]` exists, else a string.
        output: Option<Value>,
        /// The run's figures.
        usage: Usage,
    },
}

/// A tool call's result that a forked run has from its parent, or from the person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptResult {
    /// The call's step.
    pub step: StepId,
    /// The call.
    pub call_id: CallId,
    /// The tool.
    pub tool: String,
    /// The result.
    pub result: Value,
    /// Whether it failed in a way that the model can act on.
    pub is_error: bool,
}
