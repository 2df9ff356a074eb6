//! The journal's events: all that is ever stored of a run, and the only thing its state comes from.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use slipway_contract::approval::{Answer, AnsweredBy, Approval};
use slipway_contract::event::KeptResult;
use slipway_contract::message::{Content, StopReason};
use slipway_contract::model::ModelRef;
use slipway_contract::run::{CostFrom, End, ParkReason, Tokens};
use slipway_contract::tool::Effect;
use slipway_contract::{CallId, RunId, StepId, Timestamp, Usd};

use crate::machine::Verdicts;
use crate::machine::compaction::Compaction;
use crate::ports::model::{Billing, ModelErrorKind};
use crate::ports::tool::Found;
use crate::spec::RunSpec;

/// The version of the event format. Old versions stay readable for good.
pub const FORMAT: u32 = 1;

/// An event in its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// Its place in the run's journal, from 1 without gaps; a continued run counts on from
    /// its parent's prefix.
    pub seq: u64,
    /// When it was recorded.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// What happened. Intents (`…Requested`) are journalled before what they announce begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The run began.
    Started {
        /// Its fixed facts.
        spec: Box<RunSpec>,
    },
    /// An ended run's conversation goes on in this run.
    Continued {
        /// The run whose prefix this one shares.
        parent: RunId,
        /// This run's fixed facts; its input is the further message.
        spec: Box<RunSpec>,
    },
    /// A step of another run is made again, or was edited by the person, and this run goes on from
    /// there. The shared prefix ends before the step: at the answer that asked for it where it is
    /// a tool call.
    Forked {
        /// The run whose prefix this one shares.
        parent: RunId,
        /// This run's fixed facts.
        spec: Box<RunSpec>,
        /// The step.
        from: StepId,
        /// The results that calls of the same answer had in the parent, and the edited one.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        settled: Vec<KeptResult>,
        /// Calls of the same answer that the parent began and that may have happened.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        unknown: Vec<StepId>,
        /// The model's answer as the person edited it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer: Option<Vec<Content>>,
        /// What schemas say of it; none in journals from before this was written down.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        verdicts: Option<Verdicts>,
    },
    /// The run was taken up again: what was under way when it stopped has an unknown outcome.
    Resumed,
    /// A model call is about to be made.
    ModelRequested {
        /// The step.
        step: StepId,
        /// From 1.
        attempt: u32,
        /// Who is asked.
        model: ModelRef,
        /// The most tokens that the answer may have.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_output_tokens: Option<u32>,
        /// The worst case that was reserved; none for what costs nothing, or nobody knows how much.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reserved_usd: Option<Usd>,
        /// Whether it was reserved within a budget, to which the answer's limit then keeps it.
        #[serde(default, skip_serializing_if = "is_false")]
        budgeted: bool,
        /// Whether the model is told of tools in words, since it has no tool calls of its own.
        #[serde(default, skip_serializing_if = "is_false")]
        prompted: bool,
        /// Whether nobody knew what it costs: what becomes of it is then unknown money.
        #[serde(default, skip_serializing_if = "is_false")]
        unpriced: bool,
    },
    /// A model answered.
    ModelResponded {
        /// The step.
        step: StepId,
        /// The attempt that succeeded.
        attempt: u32,
        /// The answer.
        content: Vec<Content>,
        /// Why it stopped.
        stop: StopReason,
        /// What it used.
        usage: Tokens,
        /// Whether the provider did not say what it used: `usage` is an estimate, and what it cost
        /// nobody knows.
        #[serde(default, skip_serializing_if = "is_false")]
        usage_estimated: bool,
        /// What it cost; none when the price is unknown, or what it used.
        cost_usd: Option<Usd>,
        /// Who says so.
        #[serde(default, skip_serializing_if = "CostFrom::is_price")]
        cost_from: CostFrom,
        /// Milliseconds to the first piece.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        first_token_ms: Option<u64>,
        /// Milliseconds in all.
        took_ms: u64,
        /// What schemas say of it; none in journals from before this was written down.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        verdicts: Option<Verdicts>,
        /// The provider's id of the request.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request_id: Option<String>,
    },
    /// An attempt at a model call failed.
    ModelFailed {
        /// The step.
        step: StepId,
        /// The attempt.
        attempt: u32,
        /// What kind of failure.
        kind: ModelErrorKind,
        /// What happened and what can be done.
        message: String,
        /// Milliseconds to wait before the next attempt, decided with the provider's word and
        /// chance; none when it is not tried again.
        retry_in_ms: Option<u64>,
        /// The model that is asked from now on, for this step and those that follow.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<ModelRef>,
        /// What the attempt may have cost.
        #[serde(default)]
        billing: Billing,
        /// The provider's id of the request.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request_id: Option<String>,
    },
    /// A model that was to be asked cannot serve, which was found out without asking it.
    ModelSkipped {
        /// The step.
        step: StepId,
        /// The model.
        model: ModelRef,
        /// Why, and what can be done.
        message: String,
        /// The model that is asked from now on, for this step and those that follow.
        next: ModelRef,
    },
    /// The provider billed more than was agreed for an answer that it gave.
    ModelOverbilled {
        /// The step.
        step: StepId,
        /// The attempt.
        attempt: u32,
        /// Who billed.
        model: ModelRef,
        /// The most output tokens that the request allowed.
        announced_output_tokens: u32,
        /// The output tokens that were billed.
        billed_output_tokens: u64,
        /// The worst case that was reserved.
        reserved_usd: Usd,
        /// What was billed beyond it.
        beyond_usd: Usd,
    },
    /// The wait before the next attempt is over.
    WaitEnded {
        /// The step.
        step: StepId,
    },
    /// Older parts of the conversation were left out of what the model is given.
    Compacted {
        /// What was left out.
        #[serde(flatten)]
        compaction: Compaction,
    },
    /// A tool call is about to be made.
    ToolRequested {
        /// The step.
        step: StepId,
        /// From 1.
        attempt: u32,
        /// The call.
        call_id: CallId,
        /// The tool.
        tool: String,
        /// The arguments.
        arguments: Value,
        /// What it does to the world.
        effect: Effect,
    },
    /// A tool call was refused before it began; the model is told why.
    ToolRejected {
        /// The step.
        step: StepId,
        /// The call.
        call_id: CallId,
        /// The tool, as the model named it.
        tool: String,
        /// Why, for the model.
        message: String,
    },
    /// A tool call ended.
    ToolReturned {
        /// The step.
        step: StepId,
        /// The call.
        call_id: CallId,
        /// The tool.
        tool: String,
        /// The result.
        result: Value,
        /// Whether it failed in a way that the model can act on.
        is_error: bool,
        /// Milliseconds that it took.
        took_ms: u64,
    },
    /// A tool call failed in a way that ends the run.
    ToolFailed {
        /// The step.
        step: StepId,
        /// The call.
        call_id: CallId,
        /// What happened.
        message: String,
    },
    /// Whether a tool call happened is unknown (it was cut off or timed out).
    ToolOutcomeUnknown {
        /// The step.
        step: StepId,
        /// The call.
        call_id: CallId,
    },
    /// The tool is about to be asked whether a call of unknown outcome happened. It only looks.
    ReconcileRequested {
        /// The step.
        step: StepId,
        /// The call.
        call_id: CallId,
    },
    /// What the tool found out about a call of unknown outcome.
    Reconciled {
        /// The step.
        step: StepId,
        /// The call.
        call_id: CallId,
        /// The tool.
        tool: String,
        /// What it found.
        found: Found,
    },
    /// A person is asked.
    ApprovalRequested(Approval),
    /// A person (or their rule) answered.
    ApprovalResolved {
        /// The step that asked.
        step: StepId,
        /// What was asked; must match.
        binding: slipway_contract::ContentHash,
        /// The answer.
        answer: Answer,
        /// Who answered.
        #[serde(flatten)]
        by: AnsweredBy,
    },
    /// Nobody is here to answer: the driver lets go of the run.
    Parked {
        /// Why.
        reason: ParkReason,
    },
    /// The run ended.
    Finished(End),
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
const fn is_false(value: &bool) -> bool {
    !*value
}
